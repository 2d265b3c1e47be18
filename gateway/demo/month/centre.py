"""The community settlement centre 结算中心: a gateway of its own area keeps the books of two centres for a month.

Their whole income in, their budgets out, basic care and public health never mixed, subsidies by level of government, an
old deficit written down by half; and the twelfth of the global budget that the insurance prepays, set off at the close.
"""

import itertools
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gateway.api.serve import serving
from gateway.datasets.books.centres import centre_report
from gateway.datasets.books.statements import Report, report
from gateway.demo.home import make_home, settings_of
from gateway.demo.month.clock import MonthClock
from gateway.demo.month.office import Office, Said, close_period
from gateway.demo.month.places import ACCOUNTANT, CENTRE_AREA, CENTRE_SCHEME, CENTRES, MONTH, centre_members
from gateway.demo.month.ties import Tie, figures_tie
from gateway.demo.scenario import Scenario
from gateway.demo.site import Site
from gateway.kernel.money import text
from gateway.ledger.accounts import CHART, Account
from gateway.ledger.centre import Reported
from gateway.ledger.flows.centres import BASIC_CARE, PUBLIC_HEALTH
from gateway.settlement.working import BASIC
from gateway.store.values import Verification
from gateway.system import open_system

BEGUN_ON, BALANCED_ON = date(2015, 3, 2), date(2015, 4, 1)
ONE, TWO = CENTRES

EVENTS: tuple[Mapping[str, str], ...] = (
    # the insurance prepays a twelfth of each centre's global budget: 6000000.00 / 12, 360000.00 / 12
    {"event": "balance-opened", "fund": BASIC, "amount": "1000000.00"},
    {"event": "to-expenditure", "fund": BASIC, "amount": "530000.00"},
    {"event": "advance-paid", "fund": BASIC, "party": ONE, "amount": "500000.00"},
    {"event": "advance-paid", "fund": BASIC, "party": TWO, "amount": "30000.00"},
    {"event": "centre-deficit-taken-over", "fund": BASIC_CARE, "party": ONE, "amount": "50000.00"},
    {"event": "centre-income-paid-in", "fund": BASIC_CARE, "party": ONE, "amount": "320000.00"},
    {"event": "centre-income-paid-in", "fund": BASIC_CARE, "party": TWO, "amount": "110000.00"},
    {"event": "centre-income-paid-in", "fund": PUBLIC_HEALTH, "party": ONE, "amount": "18000.00"},
    # 90000.00 by district 1 : town 2; 40000.00 by 1 : 1
    {"event": "centre-running-claimed", "fund": BASIC_CARE, "amount": "90000.00"},
    {"event": "centre-prevention-claimed", "fund": PUBLIC_HEALTH, "amount": "40000.00"},
    {"event": "subsidy-received", "fund": BASIC_CARE, "party": "district", "amount": "30000.00"},
    {"event": "subsidy-received", "fund": BASIC_CARE, "party": "town", "amount": "60000.00"},
    {"event": "subsidy-received", "fund": PUBLIC_HEALTH, "party": "district", "amount": "20000.00"},
    {"event": "subsidy-received", "fund": PUBLIC_HEALTH, "party": "town", "amount": "20000.00"},
    {"event": "to-fiscal", "fund": BASIC_CARE, "amount": "430000.00"},
    {"event": "to-fiscal", "fund": PUBLIC_HEALTH, "amount": "18000.00"},
    {"event": "to-expenditure", "fund": BASIC_CARE, "amount": "500000.00"},
    {"event": "to-expenditure", "fund": PUBLIC_HEALTH, "amount": "58000.00"},
    {"event": "centre-budget-paid", "fund": BASIC_CARE, "party": ONE, "amount": "300000.00"},
    {"event": "centre-budget-paid", "fund": BASIC_CARE, "party": TWO, "amount": "120000.00"},
    {"event": "centre-budget-paid", "fund": PUBLIC_HEALTH, "party": ONE, "amount": "35000.00"},
    {"event": "centre-deficit-covered", "fund": BASIC_CARE, "party": ONE, "amount": "25000.00"},
)
SET_OFF = (Account.PROVIDER_PAYABLE, Account.ADVANCES_TO_PROVIDERS)
REPORTED = (
    Reported(BASIC_CARE, ONE, 320_000_00, 300_000_00, 25_000_00),
    Reported(PUBLIC_HEALTH, ONE, 18_000_00, 35_000_00, 0),
    Reported(BASIC_CARE, TWO, 110_000_00, 120_000_00, 0),
)
"""What the month must come to, as the events above add up."""


@dataclass(frozen=True, slots=True)
class Centre:
    """The centre's month: what was tried, its report, its statements, and the recount of its books."""

    scenarios: list[Scenario]
    lines: tuple[Reported, ...]
    report: Report
    ties: list[Tie]
    verification: Verification


def play_centre(home: Path) -> Centre:
    """Play it in a home of its own. HomeError when the folder is not the demonstration's."""
    access = make_home(home, centre_members())
    clock = MonthClock(BEGUN_ON)
    settings = settings_of(home, area=CENTRE_AREA)
    with closing(open_system(settings, clock=clock)) as system:
        with serving(system) as addresses:
            site = Site(addresses, access, {}, clock, itertools.count(1), [])
            with closing(Office(site, ACCOUNTANT)) as office:
                scenarios = _play(office)
                clock.turn_to(BALANCED_ON)
                closed = close_period(office, CENTRE_SCHEME, MONTH)
        system.store.seal()
        lines = centre_report(system.store, CENTRE_SCHEME, MONTH)
        made = report(system.store, CENTRE_SCHEME, MONTH)
        owed, advanced = (made.sheets[0].fen(CHART[each].number) for each in SET_OFF)
        scenarios += [
            Scenario("centre-advances-set-off", MONTH, "0.00, 0.00", f"{text(owed)}, {text(advanced)}"),
            Scenario("centre-month-closed", MONTH, "closed", closed),
            Scenario("centre-report", MONTH, str(REPORTED), str(lines)),
        ]
        return Centre(scenarios, lines, made, figures_tie(system.store, made), system.store.verify())


def _play(office: Office) -> list[Scenario]:
    said = [_report(office, number, told) for number, told in enumerate(EVENTS, 1)]
    refused = sorted(each.told for each in said if not each.ok)
    mixed = _report(
        office, 99, {"event": "centre-budget-paid", "fund": PUBLIC_HEALTH, "party": TWO, "amount": "60000.00"}
    )
    return [
        Scenario("centre-events", f"JS-2015-03-01 … {len(EVENTS):02d}", "[]", str(refused)),
        Scenario("centre-funds-kept-apart", "JS-2015-03-99", "refused: station-short", mixed.told),
    ]


def _report(office: Office, number: int, told: Mapping[str, str]) -> Said:
    station = {"station": "fiscal-account"} if told["event"] in ("subsidy-received", "balance-opened") else {}
    reference = f"JS-2015-03-{number:02d}"
    common = {"scheme": CENTRE_SCHEME, "day": BEGUN_ON.isoformat(), "reference": reference}
    return office.post("/fund/events", {**told, **station, **common})
