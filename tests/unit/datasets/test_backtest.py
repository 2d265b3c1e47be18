"""A back-test: nothing differs under the policy that decided; a change comes to what its decisions come to."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import msgspec
import pytest

from gateway.datasets.backtest.fold import assignment_of
from gateway.datasets.backtest.rows import Row, chunks, read_record, stored_rows
from gateway.datasets.backtest.run import run_here, run_pool
from gateway.datasets.backtest.totals import Group, Payers, Sums, Totals, add_up, flat, from_flat, overall
from gateway.kernel.problem import Refusal
from gateway.policies.cases import area_case_files, read_case_file
from gateway.policies.load import SHIPPED, AreaPolicy, load_all, load_area
from gateway.settlement.adjudicate import adjudicate
from gateway.settlement.adjudicate import settle as settle_all
from gateway.settlement.claim import Case, Movement
from gateway.settlement.decision import Decision
from gateway.settlement.record import record as write_record
from gateway.store.store import Store
from tests.bench.bench_policy import decided, plan, rows
from tests.unit.datasets.conftest import RESIDENT, SPAN, Draft, loaded, settle, settle_a_year
from tests.unit.exchange.town import Town, cancellation
from tests.unit.store.jobs import settlement, visit

RATE = ('      value: "0.85"', '      value: "0.90"')
"""The township's rate in the shipped policy, and in the draft."""


def backtest(store: Store, draft: AreaPolicy, *, span: tuple[date, date] = SPAN) -> Sums:
    first, last = span
    found = stored_rows(store, draft.policy.scheme, from_on=first, to_on=last)
    return run_here(found, assignment_of(draft, from_on=first, to_on=last))


def decided_again(found: Iterable[Row], draft: AreaPolicy) -> dict[Group, Totals]:
    """The same by the core's own fold, claim by claim."""
    records = [read_record(row.record) for row in found]
    claims = [
        replace(
            record.claim,
            lines=tuple(
                line._replace(
                    terms=draft.catalogue.terms(
                        line.code, level=record.claim.level, day=line.served_on or record.claim.to_on
                    )
                )
                for line in record.claim.lines
            ),
        )
        for record in records
    ]
    sums: list[Sums] = []
    outcomes = settle_all([Case(claim) for claim in claims], lambda _claim: draft.policy)
    for record, outcome in zip(records, outcomes, strict=True):
        assert isinstance(outcome, Decision)
        claim = record.claim
        before = Payers(sum(record.funds.values()), record.account, record.institution_share, record.cash)
        under = Payers(outcome.fund_total, outcome.account, outcome.institution_share, outcome.cash)
        group = Group(claim.person.category, claim.level, claim.kind.value)
        sums.append({group: Totals(1, 0, outcome.total, before, under)})
    return add_up(sums)


def test_under_the_policy_that_decided_no_group_differs(town: Town) -> None:
    ids = settle_a_year(town)
    [last] = [each for each in town.settlements() if each.id == ids[-1]]
    assert not town.operate("cancel", cancellation(settlement=last.id)).codes

    sums = backtest(town.store, load_area(SHIPPED / RESIDENT))

    assert set(sums) == {
        Group("resident", "city_hospital", "inpatient"),
        Group("resident", "township", "inpatient"),
    }
    assert {totals.difference for totals in sums.values()} == {(0, 0, 0, 0)}
    whole = overall(sums)
    standing = [each for each in town.settlements() if each.state.value == "effective"]
    assert (whole.claims, whole.refused) == (len(standing), 0) == (11, 0)
    assert whole.total == sum(each.total for each in standing)
    assert whole.before.fund == sum(each.fund for each in standing)


def test_a_change_comes_to_the_sum_of_its_decisions(town: Town, draft: Draft) -> None:
    settle_a_year(town)
    changed = loaded(draft(*RATE))

    sums = backtest(town.store, changed)

    assert sums == decided_again(stored_rows(town.store, "resident", from_on=SPAN[0], to_on=SPAN[1]), changed)
    township = sums[Group("resident", "township", "inpatient")]
    assert township.difference.fund == 3 * round((432109 - 30000) * 0.05)
    assert township.difference.cash == -township.difference.fund
    assert sums[Group("resident", "city_hospital", "inpatient")].difference == (0, 0, 0, 0)


def test_a_lower_ceiling_is_felt_by_the_claims_that_came_after(town: Town, draft: Draft) -> None:
    settle_a_year(town)
    changed = loaded(draft('      value: "120000.00"', '      value: "40000.00"'))

    sums = backtest(town.store, changed)

    assert sums == decided_again(stored_rows(town.store, "resident", from_on=SPAN[0], to_on=SPAN[1]), changed)
    assert sums[Group("resident", "township", "inpatient")].difference.fund < 0
    assert sums[Group("resident", "city_hospital", "inpatient")].difference.fund < 0


def test_claims_of_the_year_outside_the_span_stay_what_they_were(town: Town, draft: Draft) -> None:
    person = town.resident()
    settle(town, person, "10500.00", number=1, day="2015-01-10")
    settle(town, person, "10500.00", number=2, day="2015-02-10")
    # The first tier's rate is another; the year's first 10000.00 were counted before the span, so nothing falls in it.
    changed = loaded(draft('{up_to: "10000.00", rate: "0.60"}', '{up_to: "10000.00", rate: "0.50"}'))

    february = backtest(town.store, changed, span=(date(2015, 2, 1), date(2015, 2, 28)))
    whole_year = backtest(town.store, changed)

    assert (overall(february).claims, overall(february).difference.fund) == (1, 0)
    assert (overall(whole_year).claims, overall(whole_year).difference.fund) == (2, -100000)


def test_what_the_draft_refuses_the_person_bears(town: Town, draft: Draft) -> None:
    person = town.resident()
    settle(town, person, "1000.00", number=1, day="2015-01-10")
    ends = loaded(draft("    kinds: [inpatient", "    kinds: [maternity"))

    [(group, totals)] = backtest(town.store, ends).items()

    assert group == Group("resident", "city_hospital", "inpatient")
    assert (totals.claims, totals.refused) == (1, 1)
    assert totals.after == Payers(0, 0, 0, 100000)


def test_a_settlement_without_its_facts_is_named(store: Store) -> None:
    one = visit("p1", "b1")
    older = replace(settlement(one, "c1", "r1", 1), trace=b'{"notes":[]}')
    store.submit(lambda unit: unit.add_settlement(older)).result(30)

    with pytest.raises(Refusal) as refused:
        list(stored_rows(store, "resident", from_on=SPAN[0], to_on=SPAN[1]))

    assert [(problem.code, problem.path) for problem in refused.value.problems] == [("no-record", "ClaimResponse/r1")]


@pytest.mark.parametrize("name", [RESIDENT, "100000-modern"])
def test_every_runner_gives_the_same_sums(name: str) -> None:
    area = plan(name)
    sample = decided(area, people=40, each=6)
    span = date.fromisoformat(sample_day(sample)).year
    assignment = assignment_of(area, from_on=date(span, 3, 1), to_on=date(span, 12, 31))

    here = run_here(rows(sample, 3000), assignment)
    pool = run_pool(rows(sample, 3000), assignment, workers=2)

    assert here == pool
    assert overall(here).difference == (0, 0, 0, 0)
    assert 0 < overall(here).claims < 3000  # those before March are what was used before


def sample_day(sample: list[Row]) -> str:
    return read_record(sample[0].record).claim.to_on.isoformat()


def test_a_record_holds_every_fact_of_its_claim() -> None:
    book = load_all()
    for area in book.policies.values():
        for written in (each for file in area_case_files(area) for each in read_case_file(file, book)):
            outcome = adjudicate(written.case, written.policy.policy)
            if isinstance(outcome, Decision):
                kept = read_record(msgspec.json.encode(write_record(outcome)))
                lines = tuple(line._replace(terms=None) for line in outcome.claim.lines)
                assert kept.claim == replace(outcome.claim, lines=lines)
                assert sum(kept.funds.values()) + kept.account + kept.institution_share + kept.cash == kept.total
                assert [Movement(*moved) for moved in kept.moved] == list(outcome.movements)


def test_no_person_is_cut_in_two() -> None:
    made = [Row(person, n, f"{person}{n}".encode()) for person in "abc" for n in range(3)]

    assert list(chunks(made, size=2)) == [
        [b"a0", b"a1", b"a2"],
        [b"b0", b"b1", b"b2"],
        [b"c0", b"c1", b"c2"],
    ]
    assert list(chunks([], size=2)) == []


def test_sums_go_through_plain_columns_unchanged() -> None:
    group = Group("resident", "township", "inpatient")
    totals = Totals(2, 1, 500, Payers(1, 2, 3, 494), Payers(5, 6, 7, 482))

    assert from_flat(flat(group, totals)) == (group, totals)
    assert sum(totals.difference) == 0
