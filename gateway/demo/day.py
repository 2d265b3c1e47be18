"""The whole day: an empty home, people, contributions, visits, scenarios, bad input, and what it all came to."""

import itertools
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from gateway.api.serve import serving
from gateway.datasets.explanation import Explanation, explain_settlement
from gateway.demo.bad_input import refuse_all
from gateway.demo.clinics import settle_all
from gateway.demo.expected import COUNTS
from gateway.demo.findings import (
    ClaimParts,
    all_messages,
    count_everything,
    find_in_plain_text,
    ledger_lines,
    read_claims,
)
from gateway.demo.home import LOG, complete, make_home, settings_of
from gateway.demo.intake import Sent, post_contributions, register_people, report_changes
from gateway.demo.outcome import Outcome
from gateway.demo.people import Town, make_town
from gateway.demo.plan import Plan, make_plan
from gateway.demo.scenario import Scenario, Stage
from gateway.demo.scenarios import play
from gateway.demo.site import Site
from gateway.exchange.feeds import load_sender
from gateway.kernel.money import Fen
from gateway.store.store import Store
from gateway.store.values import Verification
from gateway.system import System, open_system

EXPLAINED = "unknown-code"
"""The scenario whose claim is explained: its lines meet every rule of the catalogue."""

PAYABLE = "resident/basic/provider-payable"
OK = 200
FEEDS = ("nhsa", "hl7v2", "bank", "police")

Told: TypeAlias = Callable[[str, int, int], None]
"""Is told how far the day is: the part of it, what is done of it, and how much there is."""


@dataclass(frozen=True, slots=True)
class Day:
    """Everything that is shown and checked. `unsteady`: visits refused, or whose trial and settlement differ."""

    files: list[Sent]
    unsteady: list[str]
    scenarios: list[Scenario]
    counts: Mapping[str, int]
    claims: list[ClaimParts]
    trial_balance: Mapping[str, Fen]
    verification: Verification
    readable: list[str]
    explained: Explanation | None

    @property
    def imbalance(self) -> Fen:
        return sum(self.trial_balance.values())

    def differences(self) -> list[str]:
        """Everything that is not as it must be, in words; [] on a good day."""
        found = [
            f"{each.name}: expected {each.expected!r}, was {each.actual!r}" for each in self.scenarios if not each.ok
        ]
        found += [
            f"{name}: expected {COUNTS.get(name, 0)}, counted {self.counts.get(name, 0)}"
            for name in sorted(COUNTS.keys() | self.counts.keys())
            if COUNTS.get(name, 0) != self.counts.get(name, 0)
        ]
        found += [f"file {each.name}: status {each.status}" for each in self.files if each.status != OK]
        found += [f"visit {each}" for each in self.unsteady]
        found += [f"claim {claim.id} does not add up" for claim in self.claims if not claim.adds_up]
        found += [f"ledger imbalance {self.imbalance}"] if self.imbalance else []
        owed, decided = -self.trial_balance.get(PAYABLE, 0), sum(sum(claim.funds.values()) for claim in self.claims)
        found += [f"the books owe institutions {owed}, the claims say {decided}"] if owed != decided else []
        found += [f"verify: {problem.code} {problem.en}" for problem in self.verification.problems]
        return found + [f"readable in {each}" for each in self.readable]


def run_day(home: Path, told: Told) -> Day:
    """Play the day in a home folder. HomeError when the folder is not the demonstration's to empty."""
    access = make_home(home)
    with logged(home / LOG), closing(open_system(settings_of(home))) as system:
        town = make_town()
        plan = make_plan(town.ordinary)
        with serving(system) as addresses:
            senders = {feed: load_sender(system.settings.adapters, feed) for feed in FEEDS}
            site = Site(addresses, access, senders, system.exchange.clock, itertools.count(1), [])
            files = _arrive(site, town, told)
            outcomes = _visit(site, plan, told)
            with closing(Stage(site, town, system.store)) as stage:
                told("scenarios", 0, 1)
                scenarios = play(stage)
                told("bad input", 0, 1)
                scenarios += refuse_all(stage)
        told("verify", 0, 1)
        day = _look(system, home, town, site.sent, files, outcomes, scenarios)
        told("verify", 1, 1)
    complete(home)
    return day


def _arrive(site: Site, town: Town, told: Told) -> list[Sent]:
    told("people", 0, 1)
    files = register_people(site, town)
    told("contributions", 0, 1)
    files += post_contributions(site, town)
    return files + report_changes(site, town)


def _visit(site: Site, plan: Plan, told: Told) -> list[Outcome]:
    whole = len(plan.nhsa) + len(plan.hl7v2) + len(plan.fhir)
    done = itertools.count(1)
    return settle_all(site, plan, lambda: told("visits", next(done), whole))


def _look(
    system: System,
    home: Path,
    town: Town,
    sent: list[str],
    files: list[Sent],
    outcomes: list[Outcome],
    scenarios: list[Scenario],
) -> Day:
    store = system.store
    messages = all_messages(store)
    keys = {each.name: each.key for each in scenarios}
    about = next((message.subject for message in messages if message.key == keys[EXPLAINED]), "")
    return Day(
        files=files,
        unsteady=[
            f"{each.key}: {', '.join(each.codes) or 'trial and settlement differ'}"
            for each in outcomes
            if not (each.settled and each.steady)
        ],
        scenarios=scenarios,
        counts=count_everything(store, sent, messages),
        claims=read_claims(store, messages),
        trial_balance=ledger_lines(store),
        verification=store.verify(),
        readable=find_in_plain_text(home, town),
        explained=_explained(store, about),
    )


@contextmanager
def logged(file: Path) -> Iterator[None]:
    """What the gateway logs goes to a file of the home, so that it too can be searched for names."""
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


def _explained(store: Store, settlement: str) -> Explanation | None:
    found = store.settlement(settlement) if settlement else None
    return explain_settlement(store, found) if found is not None else None
