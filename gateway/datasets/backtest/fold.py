"""The heart of a back-test: the claims of each person once more, in their order, under the draft.

The draft takes effect on the first day of the span. A claim of the same years decided for a day outside it happened as
it did: its movements count, it is not decided again. Counters under the draft start from there and are folded on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from gateway.datasets.backtest.rows import Record, read_record
from gateway.datasets.backtest.totals import Group, Payers, Totals
from gateway.kernel.calendar import Period
from gateway.policies.load import AreaPolicy, policy_from_body
from gateway.policies.read_institutions import Institutions
from gateway.settlement.adjudicate import Outcome, adjudicate, after
from gateway.settlement.catalogue import Catalogue
from gateway.settlement.claim import NOTHING, Case, Claim, Counters, Layer, Line
from gateway.settlement.decision import Decision
from gateway.settlement.policy import Policy
from gateway.settlement.working import ACCOUNT, FAMILY_ACCOUNT


@dataclass(frozen=True, slots=True)
class Assignment:
    """What every worker is told: the draft as bytes (it is opened once a process), and the span, both ends included."""

    body: bytes
    institutions: Institutions
    from_on: date
    to_on: date


def assignment_of(draft: AreaPolicy, *, from_on: date, to_on: date) -> Assignment:
    """The draft of a loaded folder for a span."""
    return Assignment(draft.body, draft.institutions, from_on, to_on)


class _Person:
    """A person's counters under the draft, and what the draft has drawn from accounts more than was drawn."""

    __slots__ = ("drawn", "family_drawn", "spent")

    def __init__(self) -> None:
        self.spent: dict[tuple[Layer, Period], Counters] = {}
        self.drawn = 0
        self.family_drawn = 0

    def happened(self, moved: Iterable[tuple[Layer, Period, Counters]]) -> None:
        for layer, period, delta in moved:
            self.spent[layer, period] = self.spent.get((layer, period), NOTHING).plus(delta)


def fold(records: Iterable[bytes], assignment: Assignment) -> dict[Group, Totals]:
    """Sums by group of records in which each person's stand together and in order."""
    policy, catalogue = _opened(assignment.body)
    found: dict[Group, Totals] = {}
    id, person = "", _Person()
    for each in records:
        record = read_record(each)
        claim = record.claim
        if claim.person.id != id:
            id, person = claim.person.id, _Person()
        if not assignment.from_on <= claim.decided_on <= assignment.to_on:
            person.happened(record.moved)
            continue
        outcome = _again(record, person, assignment.institutions, policy, catalogue)
        group = Group(claim.person.category, claim.level, claim.kind.value)
        found[group] = found.get(group, Totals()).plus(_totals(record, outcome))
    return found


@lru_cache(maxsize=2)
def _opened(body: bytes) -> tuple[Policy, Catalogue]:
    return policy_from_body(body)


def _again(
    record: Record, person: _Person, institutions: Institutions, policy: Policy, catalogue: Catalogue
) -> Outcome:
    claim = _under(record.claim, institutions, catalogue)
    drawn, family_drawn = record.drawn
    outcome = adjudicate(Case(claim, person.spent, drawn + person.drawn, family_drawn + person.family_drawn), policy)
    if isinstance(outcome, Decision):
        person.spent.update(after(person.spent, outcome.movements))
        person.drawn += sum(moved.delta.counted for moved in outcome.movements if moved.layer == ACCOUNT)
        person.family_drawn += sum(moved.delta.counted for moved in outcome.movements if moved.layer == FAMILY_ACCOUNT)
    person.drawn -= _counted(record, ACCOUNT)
    person.family_drawn -= _counted(record, FAMILY_ACCOUNT)
    return outcome


def _counted(record: Record, layer: Layer) -> int:
    return sum(delta.counted for moved, _, delta in record.moved if moved == layer)


def _under(claim: Claim, institutions: Institutions, catalogue: Catalogue) -> Claim:
    """The claim with the level and the terms of the draft; an institution it does not list keeps its level."""
    listed = institutions.on(claim.institution, claim.decided_on)
    level = listed.level if listed is not None else claim.level
    lines = tuple(_line(line, catalogue, level, claim.decided_on) for line in claim.lines)
    return replace(claim, level=level, lines=lines)


def _line(line: Line, catalogue: Catalogue, level: str, last: date) -> Line:
    terms = catalogue.terms(line.code, level=level, day=line.served_on or last)
    return Line(line.number, line.code, line.amount, line.quantity, terms, line.served_on)


def _totals(record: Record, outcome: Outcome) -> Totals:
    total = record.total
    before = Payers(sum(record.funds.values()), record.account, record.institution_share, record.cash)
    if not isinstance(outcome, Decision):
        return Totals(1, 1, total, before, Payers(0, 0, 0, total))
    under = Payers(outcome.fund_total, outcome.account, outcome.institution_share, outcome.cash)
    return Totals(1, 0, total, before, under)
