"""What the public is told: the fund's figures, and care only where it is too much to point at somebody."""

import pytest

from gateway.datasets.books.disclosure import OTHER, few_together
from gateway.datasets.books.periods import span_of
from gateway.kernel.problem import Refusal
from gateway.store.values import Activity


def care(kind: str, cases: int) -> Activity:
    return Activity("", kind, cases + 1, 1, cases * 100, cases * 60, cases * 5)


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2015-06-30", ("2015-06-30", "2015-06-30")),
        ("2016-02", ("2016-02-01", "2016-02-29")),
        ("2015Q2", ("2015-04-01", "2015-06-30")),
        ("2015", ("2015-01-01", "2015-12-31")),
    ],
)
def test_a_period_is_a_day_a_month_a_quarter_or_a_year(period: str, days: tuple[str, str]) -> None:
    span = span_of(period)
    assert (span.from_on.isoformat(), span.to_on.isoformat()) == days


@pytest.mark.parametrize(
    "period", ["", "2015-13", "2015-02-30", "2015Q5", "15-06", "0000", "２０１５", "2015-6", "x" * 999]
)
def test_anything_else_is_refused_with_what_to_write(period: str) -> None:
    with pytest.raises(Refusal) as refusal:
        span_of(period)
    assert [problem.code for problem in refusal.value.problems] == ["bad-report-period"]


def test_small_kinds_of_care_are_summed_up_until_they_are_ten_cases() -> None:
    shown = few_together([care("chronic", 40), care("inpatient", 3), care("maternity", 1), care("pharmacy", 12)])
    assert [(each.kind, each.settled - each.cancelled) for each in shown] == [("chronic", 40), (OTHER, 16)]
    assert sum(each.fund for each in shown) == 56 * 60


def test_nothing_is_summed_up_where_every_kind_is_large() -> None:
    kinds = [care("chronic", 40), care("inpatient", 10)]
    assert few_together(kinds) == kinds


def test_no_care_at_all_is_told_where_all_of_it_is_too_little() -> None:
    assert few_together([care("inpatient", 3), care("maternity", 1)]) == []
