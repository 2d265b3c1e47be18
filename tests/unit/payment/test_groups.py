"""The grouper: the first group that takes a case, in the version of its day."""

from datetime import date

import pytest

from gateway.kernel.dated import Dated
from gateway.payment.groups import Group, Grouper
from gateway.payment.payment import Payment, group_of
from gateway.policies.load import PolicyBook, load_all
from gateway.settlement.rule import Wording

WORDS = Wording("组", "group")
OLD = Grouper((Group("OLD", WORDS, frozenset(), ("J",)),))
NEW = Grouper(
    (
        Group("CHILD", WORDS, frozenset({"inpatient"}), ("J18", "J12"), below_age=17),
        Group("LONG", WORDS, frozenset(), ("J18",), least_days=31),
        Group("LUNG", WORDS, frozenset({"inpatient"}), ("J18", "J12"), most_days=30),
        Group("FINE", WORDS, frozenset(), ("J18.900",)),
        Group("REST", WORDS, frozenset({"maternity"}), ()),
    )
)
PAYMENT = Payment(
    "test", "v", b"", (), groupers=(Dated(OLD, date(2014, 1, 1), date(2014, 12, 31)), Dated(NEW, date(2015, 1, 1)))
)


def group(
    main: str = "J18.9", *, kind: str = "inpatient", days: int = 5, age: int = 40, day: date = date(2015, 6, 1)
) -> str:
    return group_of(PAYMENT, kind=kind, diagnoses=(main, "I10"), days=days, age=age, day=day)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (group(), "LUNG"),
        (group(age=16), "CHILD"),
        (group(age=17), "LUNG"),
        (group(days=30), "LUNG"),
        (group(days=31), "LONG"),
        (group("J18.900", kind="outpatient"), "FINE"),
        (group("J18.900"), "LUNG"),
        (group("K35"), ""),
        (group("K35", kind="maternity"), "REST"),
        (group("", kind="maternity"), "REST"),
        (group(day=date(2014, 6, 1)), "OLD"),
        (group(day=date(2013, 6, 1)), ""),
    ],
)
def test_the_first_group_that_takes_the_case(found: str, expected: str) -> None:
    assert found == expected


def test_without_diagnoses_or_a_payment_file_there_is_no_group() -> None:
    facts = {"kind": "inpatient", "days": 5, "age": 40, "day": date(2015, 6, 1)}

    assert group_of(PAYMENT, diagnoses=(), kind="inpatient", days=5, age=40, day=date(2015, 6, 1)) == ""
    assert group_of(None, diagnoses=("J18",), **facts) == ""  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def book() -> PolicyBook:
    return load_all()


@pytest.mark.parametrize(
    ("main", "kind", "age", "expected"),
    [
        ("I21.000", "inpatient", 60, "FR23"),
        ("J18.900", "inpatient", 5, "ES25"),
        ("J18.900", "inpatient", 50, "ES23"),
        ("O82.000", "maternity", 28, "OB25"),
        ("H25.901", "day_surgery", 70, "CB39"),
        ("I10.x00", "outpatient", 70, ""),
    ],
)
def test_the_shipped_groups(book: PolicyBook, main: str, kind: str, age: int, expected: str) -> None:
    payment = book.policies["100000-modern"].payment

    assert group_of(payment, kind=kind, diagnoses=(main,), days=3, age=age, day=date(2022, 1, 1)) == expected
