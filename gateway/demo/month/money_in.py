"""Money comes in and moves along the two lines: people by the police, contributions by the bank, the rest by events.

Income account → fiscal account → expenditure account; what the fund owes institutions is paid from the last alone.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from gateway.demo.intake import LEVY, Sent, register_people, send_file
from gateway.demo.month.office import Said
from gateway.demo.month.places import ACCOUNTANT, INCOME_ACCOUNT, SCHEME
from gateway.demo.month.plan import RECONCILED_ON
from gateway.demo.month.scene import Scene
from gateway.demo.people import Resident
from gateway.kernel.calendar import BUSINESS_ZONE

FIRST, CREDITED_ON, MOVED_ON = date(2015, 3, 1), date(2015, 3, 2), date(2015, 3, 5)
LATE_PAYERS = 4
"""Residents who pay in the middle of the month; the last of them is told by the day's statement alone."""
BROUGHT = "3000000.00"
"""What older books bring forward, in the fiscal account."""
TWELFTH = "95000.00"
"""The advance of a twelfth of 1 200 000.00 less the quality deposit of 5 %."""
INSURER = "INS-MODEL-1"

Told = dict[str, str]


def arrive(scene: Scene) -> list[Sent]:
    """The town by files of the police, and all but the late payers by a notification of the bank."""
    files = register_people(scene.site, scene.town)
    scene.on(CREDITED_ON)
    payers = scene.town.residents[:-LATE_PAYERS]
    return [*files, notify(scene, "MONTH-1", payers, on=CREDITED_ON)]


def notify(scene: Scene, name: str, payers: Sequence[Resident], *, on: date) -> Sent:
    """A camt.054 of contributions on the fund's income account."""
    bank = scene.site.senders["bank"]
    body = bank.credit_file(
        [credit_of(bank, payer) for payer in payers],
        account=INCOME_ACCOUNT,
        message_id=name,
        created_at=datetime.combine(on, time(18), BUSINESS_ZONE),
        booked_on=on,
    )
    return send_file(scene.site, "bank", name, len(payers), body)


def credit_of(bank: Any, payer: Resident) -> Any:
    """A resident's contribution as the bank books it."""
    return bank.credit(payer.citizen_id, payer.name, LEVY, f"CM{payer.number + 1:06d}")


def fund_month(scene: Scene) -> None:
    """Opening balance, the expenditure account's means, an advance, contributions moved on, the subsidy."""
    event(scene, "balance-opened", "QC-2015", BROUGHT, FIRST, station="fiscal-account")
    advance: Told = {"party": "H32118200101"}
    early = event(scene, "advance-paid", "YF-2015-03-00", TWELFTH, CREDITED_ON, **advance)
    scene.tried("money-stands-elsewhere", "YF-2015-03-00", expected="refused: station-short", actual=early.told)
    event(scene, "to-expenditure", "BK-2015-03-01", "1200000.00", CREDITED_ON)
    first = event(scene, "advance-paid", "YF-2015-03-01", TWELFTH, CREDITED_ON, **advance)
    again = event(scene, "advance-paid", "YF-2015-03-01", TWELFTH, CREDITED_ON, **advance)
    scene.tried(
        "event-reported-twice",
        "YF-2015-03-01",
        expected="the same entry",
        actual="the same entry" if first.ok and first.body == again.body else again.told,
    )
    scene.on(MOVED_ON)
    paid = len(scene.town.residents) - LATE_PAYERS
    event(scene, "to-fiscal", "SJ-2015-03-01", f"{200 * paid}.00", MOVED_ON)
    event(
        scene, "subsidy-received", "CZ-2015-01", f"{430 * paid}.00", MOVED_ON, party="government",
        station="fiscal-account",
    )  # fmt: skip
    event(scene, "premium-paid", "DB-2015-01", "4500.00", MOVED_ON, party=INSURER)


def fund_later(scene: Scene) -> None:
    """Interest, and money that an institution had got twice: claimed back, received, paid over."""
    day = date(2015, 3, 31)
    scene.on(day)
    event(scene, "interest-received", "LX-2015-Q1", "1234.56", day, station="fiscal-account")
    event(scene, "recovery-claimed", "ZH-2015-01", "1200.00", day, party="H32110000001")
    event(scene, "recovery-received", "ZH-2015-02", "1200.00", day, party="H32110000001")
    event(scene, "to-fiscal", "SJ-2015-03-02", f"{200 * LATE_PAYERS + 1200}.00", day)
    event(
        scene, "subsidy-received", "CZ-2015-02", f"{430 * LATE_PAYERS}.00", day, party="government",
        station="fiscal-account",
    )  # fmt: skip


def assign_held(scene: Scene) -> None:
    """The credit that no notification told was held under its own number: it is the last payer's contribution."""
    [holder] = scene.store.party_balances("unapplied-receipts")
    payer = scene.town.residents[-1]
    said = event(
        scene, "held-applied", "HX-2015-01", LEVY, RECONCILED_ON, party=holder, to_party=payer.citizen_id
    )  # fmt: skip
    scene.tried("credit-told-by-the-statement-alone", holder, expected="done", actual=said.told)


def event(scene: Scene, name: str, reference: str, amount: str, day: date, **more: str) -> Said:
    """Report an event of the fund `basic`."""
    told = {"event": name, "scheme": SCHEME, "fund": "basic", "amount": amount, "day": day.isoformat()}
    return scene.office(ACCOUNTANT).post("/fund/events", {**told, "reference": reference, **more})
