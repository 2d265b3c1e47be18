"""Policies at scale: the core under the plan with the most rules, and a back-test of very many claims.

The claims are made up, but each record is a real decision's: of a year of some people, repeated under other names.
"""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from statistics import median
from typing import NamedTuple

import msgspec

from gateway.datasets.backtest.fold import Assignment, assignment_of
from gateway.datasets.backtest.rows import Row
from gateway.datasets.backtest.run import run_here, run_pool
from gateway.datasets.backtest.totals import overall
from gateway.kernel.ids import ClaimId, InstitutionCode, PersonId
from gateway.kernel.quantity import ONE
from gateway.policies.load import AreaPolicy, load_all
from gateway.settlement.adjudicate import adjudicate, settle
from gateway.settlement.claim import Case, Claim, ClaimKind, Line, Person
from gateway.settlement.decision import Decision
from gateway.settlement.entries import entries_for
from gateway.settlement.record import record

RESIDENT, MODERN = "321182-resident", "100000-modern"
DAYS = {RESIDENT: date(2015, 1, 5), MODERN: date(2024, 1, 5)}
KINDS = {
    RESIDENT: (ClaimKind.INPATIENT, ClaimKind.CHRONIC),
    MODERN: (ClaimKind.INPATIENT, ClaimKind.OUTPATIENT, ClaimKind.INPATIENT),
}
CATEGORIES = {RESIDENT: ("resident",), MODERN: ("worker", "resident", "retiree")}
POOR = frozenset({"low_income"})
LINES, CLAIMS_EACH, PEOPLE = 10, 10, 400
_MADE_UP = b'"id":"P%08d"'
_encoder = msgspec.json.Encoder()


class Speed(NamedTuple):
    """Claims a second of a back-test, in this process and in a pool; `efficiency`: of the pool's, per core."""

    claims: int
    single: float
    pool: float
    workers: int

    @property
    def efficiency(self) -> float:
        return self.pool / (self.workers * self.single)


def plan(name: str) -> AreaPolicy:
    """A shipped policy by its id."""
    return load_all().policies[name]


def cases(area: AreaPolicy, *, people: int, each: int) -> list[Case]:
    """Claims of so many people in the order in which they are settled, `each` of every person within one year."""
    return [_case(area, person, number) for person in range(people) for number in range(each)]


def _case(area: AreaPolicy, person: int, number: int) -> Case:
    policy = area.policy
    kinds, categories, levels = KINDS[policy.id], CATEGORIES[policy.id], list(policy.levels)
    day = DAYS[policy.id] + timedelta(31 * number + person % 5)
    level = levels[(person + number) % min(3, len(levels))]
    codes = sorted(code for code, dated in area.catalogue.items.items() if dated[0].from_on <= day <= dated[0].to_on)
    start = person * 7 + number * 3
    lines = tuple(
        Line(n + 1, code, 5_000 + (start + n) % 97 * 6_789, ONE, area.catalogue.terms(code, level=level, day=day), day)
        for n, code in enumerate(codes[(start + n) % len(codes)] for n in range(LINES))
    )
    claim = Claim(
        id=ClaimId(f"C{person:08d}{number:04d}"),
        area=policy.area,
        scheme=policy.scheme,
        person=Person(
            PersonId(f"P{person:08d}"),
            categories[person % len(categories)],
            date(1950 + person % 40, 3, 1),
            "female",
            identities=POOR if person % 5 == 1 else frozenset(),
            account_balance=300_000,
        ),
        institution=InstitutionCode("H00000000000"),
        level=level,
        kind=kinds[(person + number) % len(kinds)],
        from_on=day - timedelta(3),
        to_on=day,
        lines=lines,
        diagnoses=("J18.900",),
    )
    return Case(claim)


def core(*, claims: int, rounds: int = 3, name: str = MODERN) -> float:
    """Ten-line claims decided and turned into entries, a second, one core; the median of the rounds."""
    area = plan(name)
    made = cases(area, people=max(1, claims // CLAIMS_EACH), each=CLAIMS_EACH)
    rates = []
    for _ in range(rounds):
        began = time.perf_counter()
        for case in made:
            outcome = adjudicate(case, area.policy)
            assert isinstance(outcome, Decision)
            entries_for(outcome, id="entry", booked_on=outcome.claim.to_on)
        rates.append(len(made) / (time.perf_counter() - began))
    return median(rates)


def decided(area: AreaPolicy, *, people: int, each: int) -> list[Row]:
    """The same claims settled in their order: a row for each that was not refused."""
    outcomes = settle(cases(area, people=people, each=each), lambda _claim: area.policy)
    found = (outcome for outcome in outcomes if isinstance(outcome, Decision))
    return [Row(d.claim.person.id, n, _encoder.encode(record(d))) for n, d in enumerate(found, 1)]


def rows(sample: list[Row], number: int) -> Iterator[Row]:
    """So many rows: the sample again and again, every time of other people."""
    return islice(_repeated(sample), number)


def _repeated(sample: list[Row]) -> Iterator[Row]:
    known = {row.person: n for n, row in enumerate(sample)}
    marks = {person: _MADE_UP % int(person.removeprefix("P")) for person in known}
    turn = 0
    while True:
        for person, number, encoded in sample:
            other = int(person.removeprefix("P")) + turn * len(sample)
            yield Row(f"P{other:08d}", number, encoded.replace(marks[person], _MADE_UP % other, 1))
        turn += 1


def backtest(*, claims: int, workers: int, single: int = 50_000, name: str = RESIDENT) -> Speed:
    """An unchanged draft over so many claims in a pool, against a part of them in this process before and after.

    Every run must come to 0.
    """
    area = plan(name)
    sample = decided(area, people=PEOPLE, each=CLAIMS_EACH)
    day = DAYS[name]
    assignment = assignment_of(area, from_on=date(day.year, 1, 1), to_on=date(day.year, 12, 31))
    part = min(single, claims)
    before = _timed(sample, part, assignment, workers=1)
    pool = _timed(sample, claims, assignment, workers=workers)
    after = _timed(sample, part, assignment, workers=1)
    return Speed(claims, (before + after) / 2, pool, workers)


def _timed(sample: list[Row], number: int, assignment: Assignment, *, workers: int) -> float:
    made = rows(sample, number)
    began = time.perf_counter()
    sums = run_here(made, assignment) if workers == 1 else run_pool(made, assignment, workers=workers)
    took = time.perf_counter() - began
    whole = overall(sums)
    assert whole.claims == number
    assert whole.difference == (0, 0, 0, 0), "the draft is the policy they were settled under"
    return number / took
