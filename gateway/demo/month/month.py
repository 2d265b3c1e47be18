"""The whole month: an empty home, money, care, a reconciled day, closing, clearing, payment, and what it came to."""

import itertools
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from gateway.api.serve import serving
from gateway.datasets.books.statements import Report, report
from gateway.demo.day import FEEDS, OK, logged
from gateway.demo.findings import find_in_plain_text
from gateway.demo.home import ANCHORS, LOG, complete, make_home, settings_of
from gateway.demo.intake import Sent
from gateway.demo.month import after, clearing, day_match, money_in, paying, visits
from gateway.demo.month.by_hand import Worked, worked_out
from gateway.demo.month.centre import Centre, play_centre
from gateway.demo.month.clock import MonthClock
from gateway.demo.month.expected import COUNTS
from gateway.demo.month.places import MONTH, OFFICER, SCHEME, month_members
from gateway.demo.month.plan import RECONCILED_ON, make_care_of_month
from gateway.demo.month.scene import Scene, Told
from gateway.demo.month.ties import Tie, end_ties, figures_tie, month_ties
from gateway.demo.people import make_town
from gateway.demo.scenario import Scenario
from gateway.demo.site import Site
from gateway.exchange.closing.kept import kept_assessments
from gateway.exchange.feeds import load_sender
from gateway.kernel import money
from gateway.store.anchors import append_anchor, read_anchors
from gateway.store.values import Verification
from gateway.system import open_system

HOME = Path("var/demo-month")
CENTRE = "centre"
"""Folder of the settlement centre's gateway, in the home."""
FED, SPENT = 1_800_000_00, 95_000_00 + 4_500_00
"""What is moved into the expenditure account, and what leaves it besides payments of clearings: advance and premium."""


@dataclass(frozen=True, slots=True)
class Month:
    """Everything that is shown and checked; clearings, payments and findings as an officer reads them.

    `assessments`: by institution, as the closing kept them; `worked`: the same amounts due by hand; `reports`: of the
    month and the one after.
    """

    files: list[Sent]
    unsteady: list[str]
    scenarios: list[Scenario]
    ties: list[Tie]
    counts: Mapping[str, int]
    clearings: list[dict[str, Any]]
    payments: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    assessments: Mapping[str, Mapping[str, Any]]
    worked: list[Worked]
    reports: tuple[Report, ...]
    centre: Centre
    verification: Verification
    anchors: int
    readable: list[str]

    def differences(self) -> list[str]:
        """Everything that is not as it must be, in words; [] on a good month."""
        found = [
            f"{each.name}: expected {each.expected!r}, was {each.actual!r}" for each in self.scenarios if not each.ok
        ]
        found += [
            f"{each.name}: {money.text(each.one)} is not {money.text(each.other)}" for each in self.ties if not each.ok
        ]
        found += [
            f"{name}: expected {COUNTS.get(name, 0)}, counted {self.counts.get(name, 0)}"
            for name in sorted(COUNTS.keys() | self.counts.keys())
            if COUNTS.get(name, 0) != self.counts.get(name, 0)
        ]
        found += [f"file {each.name}: status {each.status}" for each in self.files if each.status != OK]
        found += [f"visit {each}" for each in self.unsteady]
        problems = (*self.verification.problems, *self.centre.verification.problems)
        found += [f"verify: {problem.code} {problem.en}" for problem in problems]
        return found + [f"readable in {each}" for each in self.readable]


def run_month(home: Path, told: Told) -> Month:
    """Play the month in a home folder. HomeError when the folder is not the demonstration's to empty."""
    access = make_home(home, month_members())
    clock = MonthClock(money_in.FIRST)
    town = make_town()
    with logged(home / LOG), closing(open_system(settings_of(home), clock=clock)) as system:
        with serving(system) as addresses, ExitStack() as stack:
            senders = {feed: load_sender(system.settings.adapters, feed) for feed in FEEDS}
            site = Site(addresses, access, senders, clock, itertools.count(1), [])
            scene = stack.enter_context(closing(Scene(site, clock, town, system.store, {})))
            files = _play(scene, told)
            told("centre", 0, 1)
            centre = play_centre(home / CENTRE)
            told("verify", 0, 1)
            system.store.seal()
            month = _look(scene, home, files, centre)
        told("verify", 1, 1)
    complete(home)
    return month


def _play(scene: Scene, told: Told) -> list[Sent]:
    told("money in", 0, 1)
    files = money_in.arrive(scene)
    money_in.fund_month(scene)
    plan = make_care_of_month(scene.town.ordinary)
    done = itertools.count(1)
    for from_on, to_on in ((date(2015, 3, 1), RECONCILED_ON), (day_match.NEXT, clearing.LAST)):
        visits.settle_until(scene, plan, from_on=from_on, to_on=to_on, done=lambda: told("care", next(done), len(plan)))
        if to_on == RECONCILED_ON:
            files += day_match.reconcile(scene)
    money_in.fund_later(scene)
    stay = visits.last_stay(scene, "city")
    visits.cancel(scene, stay, "cancelled-within-the-month")
    scene.cancelled.append(stay)

    told("closing", 0, 1)
    clearing.close_month(scene)
    told("clearing", 0, 1)
    clearing.apply_all(scene)
    clearing.review_and_approve(scene)
    told("payment", 0, 1)
    files += paying.pay(scene)
    after.fetch_remittances(scene)
    told("month after", 0, 1)
    after.cancel_late(scene)
    return files


def _look(scene: Scene, home: Path, files: list[Sent], centre: Centre) -> Month:
    store = scene.store
    clearings = clearing.clearings_of(scene, MONTH)
    later = clearing.clearings_of(scene, after.NEXT_MONTH)
    office = scene.office(OFFICER)
    payments = [office.get(f"/clearing/payments/{id}").value for each in clearings for id in each["payments"]]
    findings = office.get("/reconcile/findings").value["findings"]
    reports = tuple(report(store, SCHEME, month) for month in (MONTH, after.NEXT_MONTH))
    ties = month_ties(scene, reports[0], clearings, payments)
    ties += end_ties(scene, later, paying.paid_of(payments), fed=FED, spent=SPENT)
    for made in reports:
        ties += figures_tie(store, made)
    anchor = store.anchor(scene.clock.today)
    if anchor is not None:
        append_anchor(home / ANCHORS, anchor)
    anchors = read_anchors(home / ANCHORS)
    return Month(
        files=files,
        unsteady=[
            f"{each.outcome.key}: {', '.join(each.outcome.codes) or 'trial and settlement differ'}"
            for each in scene.visits
            if not (each.outcome.settled and each.outcome.steady)
        ],
        scenarios=[*scene.scenarios, *centre.scenarios],
        ties=[*ties, *centre.ties],
        counts=_counts(scene, clearings, payments, findings),
        clearings=clearings,
        payments=payments,
        findings=findings,
        assessments=kept_assessments(store, SCHEME, MONTH),
        worked=worked_out(scene),
        reports=reports,
        centre=centre,
        verification=store.verify(anchors),
        anchors=len(anchors),
        readable=find_in_plain_text(home, scene.town),
    )


def _counts(
    scene: Scene,
    clearings: Sequence[Mapping[str, Any]],
    payments: Sequence[Mapping[str, Any]],
    findings: Sequence[Mapping[str, Any]],
) -> dict[str, int]:
    methods = {item["method"] for each in clearings for item in each["methods"]}
    states = ("booked", "rejected", "returned")
    return {
        "people": scene.store.count("Patient"),
        "covered": scene.store.count("Coverage"),
        "visits settled": sum(1 for each in scene.visits if each.outcome.settled),
        "clearings": len(clearings),
        "methods of payment": len(methods),
        "payments": len(payments),
        **{f"payments {state}": sum(1 for each in payments if each["state"] == state) for state in states},
        "findings": len(findings),
        "findings open": sum(1 for each in findings if each["state"] == "open"),
    }
