"""The catalogue step: every fen of a line is own expense, over a ceiling, first payment or in scope."""

import pytest

from gateway.kernel import money
from gateway.settlement.claim import ItemClass, Terms
from gateway.settlement.decision import Split
from gateway.settlement.shapes import DrugIndication
from tests.unit.settlement.sheets import CITED, claim, line, rule, run, terms

A, B, C = ItemClass.A, ItemClass.B, ItemClass.C


def split(yuan: str, on: Terms | None, *, count: str = "1", **arguments: object) -> Split:
    [found] = run(claim(line(yuan, on, count=count)), ("catalogue", dict(arguments))).lines
    return found


def parts(own: str = "0", over: str = "0", first: str = "0", in_scope: str = "0") -> Split:
    return Split(*map(money.of, (own, over, first, in_scope)))


def test_class_a_is_in_scope_whole() -> None:
    assert split("100.00", terms(A)) == parts(in_scope="100.00")


def test_class_c_and_what_is_off_the_catalogue_are_own_expense_whole_before_any_ceiling() -> None:
    assert split("100.00", terms(C, "1", ceiling="10.00")) == parts(own="100.00")
    assert split("100.00", None) == parts(own="100.00")


def test_a_class_c_line_never_has_a_first_payment_whatever_its_ratio() -> None:
    assert split("0.01", terms(C, "0.50")) == parts(own="0.01")


def test_what_is_above_the_unit_price_ceiling_is_over_limit() -> None:
    # 28 * 0.80 = 22.40; 23.80 - 22.40 = 1.40
    assert split("23.80", terms(A, ceiling="0.80"), count="28") == parts(over="1.40", in_scope="22.40")


def test_at_the_ceiling_nothing_is_over_it() -> None:
    assert split("22.40", terms(A, ceiling="0.80"), count="28") == parts(in_scope="22.40")
    assert split("22.39", terms(A, ceiling="0.80"), count="28") == parts(in_scope="22.39")


def test_a_ceiling_of_zero_leaves_nothing_in_scope() -> None:
    assert split("5.00", terms(B, "0.10", ceiling="0")) == parts(over="5.00")


def test_the_first_payment_is_taken_of_what_the_ceiling_allows() -> None:
    # 120.00 - 1 * 100.00 = 20.00; 100.00 * 10% = 10.00; 120.00 - 20.00 - 10.00 = 90.00
    assert split("120.00", terms(B, "0.10", ceiling="100.00")) == parts(over="20.00", first="10.00", in_scope="90.00")


@pytest.mark.parametrize(
    ("yuan", "ratio", "first"),
    [
        ("0.05", "0.10", "0.01"),  # 0.005 rounds up
        ("0.04", "0.10", "0.00"),  # 0.004 rounds down
        ("0.15", "0.10", "0.02"),  # 0.015 rounds up
        ("10.25", "0.10", "1.03"),  # 1.025 rounds up, never to even
        ("10.35", "0.10", "1.04"),  # 1.035 rounds up
        ("33.33", "0.30", "10.00"),  # 9.999
        ("0.01", "0.5000", "0.01"),  # 0.005 rounds up
        ("0.01", "1", "0.01"),
    ],
)
def test_the_first_payment_rounds_half_up_once_a_line(yuan: str, ratio: str, first: str) -> None:
    found = split(yuan, terms(B, ratio))

    assert money.text(found.first_payment) == first
    assert sum(found) == money.of(yuan)


def test_lines_are_rounded_each_on_its_own() -> None:
    working = run(claim(*[line("0.05", terms(B, "0.10"))] * 3), ("catalogue", {}))

    # three times 0.05 * 10% = 0.005, each 0.01: the sum rounded would be 0.02
    assert sum(each.first_payment for each in working.lines) == 3


def test_a_fractional_quantity_meets_the_ceiling_exactly() -> None:
    # 0.3333 * 0.15 = 0.049995 allows 0.05
    assert split("0.06", terms(A, ceiling="0.15"), count="0.3333") == parts(over="0.01", in_scope="0.05")


def test_a_bed_is_payable_to_the_standard_of_the_day() -> None:
    # 10 days * 30.00 = 300.00; 450.00 - 300.00 = 150.00
    found = split("450.00", terms(A, charge="bed"), count="10", bed_fee=money.of("30.00"))

    assert found == parts(over="150.00", in_scope="300.00")


def test_the_lower_of_bed_standard_and_price_ceiling_counts_and_is_the_one_cited() -> None:
    standard = run(claim(line("50.00", terms(A, ceiling="40.00", charge="bed"))), ("catalogue", {"bed_fee": 3000}))
    ceiling = run(claim(line("50.00", terms(A, ceiling="20.00", charge="bed"))), ("catalogue", {"bed_fee": 3000}))

    assert [(w.lines[0].over_limit, w.notes[0].rule) for w in (standard, ceiling)] == [
        (2000, rule("bed_fee")),
        (3000, CITED),
    ]


def test_the_bed_standard_touches_no_other_charge() -> None:
    assert split("50.00", terms(A, charge="nursing"), bed_fee=3000) == parts(in_scope="50.00")


def test_a_restricted_drug_without_its_indication_is_own_expense() -> None:
    drugs = (DrugIndication("X", ("C92.1",)),)
    other, indicated = (
        run(claim(line("10.00"), diagnoses=diagnoses), ("catalogue", {"restricted": drugs})).lines[0]
        for diagnoses in (("I10.x00",), ("I10.x00", "C92.100"))
    )

    assert other == parts(own="10.00")
    assert indicated == parts(in_scope="10.00")


def test_what_counts_is_the_sum_of_what_is_in_scope() -> None:
    working = run(claim(line("100.00"), line("50.00", None), line("10.00", terms(B, "0.10"))), ("catalogue", {}))

    assert working.in_scope == working.counted == money.of("109.00")
