"""Steps on the whole claim: deductible, ceiling, tiers, proportion, indication, not covered."""

from typing import Any

import pytest

from gateway.kernel import money
from gateway.kernel.problem import Kind
from gateway.settlement.claim import ClaimKind, Counters
from gateway.settlement.shapes import DrugIndication
from tests.unit.settlement.sheets import (
    BANDS,
    CEILING,
    DEDUCTIBLES,
    claim,
    counting,
    line,
    rule,
    run,
    spent,
)

TIERS = ("tiers", {"bands": BANDS})


def deductible(per: str, **rest: Any) -> tuple[str, dict[str, Any]]:
    return "deductible", {"amount": DEDUCTIBLES, "per": per, **rest}


YEARLY = deductible("year", layer="chronic")


def ceiling(base: str = "after_deductible") -> tuple[str, dict[str, Any]]:
    return "ceiling", {"amount": CEILING, "base": base}


# deductible


@pytest.mark.parametrize(
    ("level", "borne"), [("township", "300.00"), ("city_hospital", "500.00"), ("outside_city", "1000.00")]
)
def test_the_deductible_of_an_admission_is_that_of_the_level(level: str, borne: str) -> None:
    working = counting("2000.00", deductible("admission"), level=level)

    assert money.text(working.deductible) == borne
    assert working.counted == money.of("2000.00") - working.deductible


def test_the_deductible_is_never_more_than_what_is_in_scope() -> None:
    working = counting("120.00", deductible("admission"))

    assert (working.deductible, working.counted) == (money.of("120.00"), 0)


def test_each_admission_bears_its_own_whatever_the_year_has_borne() -> None:
    working = counting("2000.00", deductible("admission"), used=spent(deductible="500.00"))

    assert money.text(working.deductible) == "500.00"


@pytest.mark.parametrize(
    ("level", "borne_before", "borne"),
    [
        ("city_hospital", "0.00", "500.00"),
        ("city_hospital", "120.00", "380.00"),  # 500.00 - 120.00
        ("city_hospital", "500.00", "0.00"),
        ("outside_city", "500.00", "500.00"),  # a higher level bears the difference
        ("township", "500.00", "0.00"),  # a lower one nothing, and gives nothing back
    ],
)
def test_the_yearly_deductible_is_shared_by_all_levels(level: str, borne_before: str, borne: str) -> None:
    working = counting("2000.00", YEARLY, used=spent("chronic", deductible=borne_before), level=level)

    assert money.text(working.deductible) == borne
    assert working.moved["chronic", "2015"] == Counters(deductible=working.deductible)


def test_the_yearly_deductible_asks_its_own_layer_only() -> None:
    working = counting("2000.00", YEARLY, used=spent("basic", deductible="500.00"))

    assert money.text(working.deductible) == "500.00"


def test_last_years_deductible_is_forgotten() -> None:
    working = counting("2000.00", YEARLY, used={("chronic", "2014"): Counters(deductible=50000)})

    assert money.text(working.deductible) == "500.00"


# ceiling


def test_what_counts_is_trimmed_to_what_the_year_has_left() -> None:
    # 120000.00 - 119000.00 = 1000.00
    working = counting("5000.00", ceiling(), used=spent(counted="119000.00"))

    assert money.text(working.counted) == "1000.00"


@pytest.mark.parametrize("used", ["120000.00", "130000.00"])
def test_beyond_the_ceiling_nothing_counts(used: str) -> None:
    assert counting("5000.00", ceiling(), used=spent(counted=used)).counted == 0


@pytest.mark.parametrize(
    ("base", "counted"),
    [
        ("after_deductible", "120000.00"),  # min(179500.00, 120000.00 - 0.00)
        ("before_deductible", "119500.00"),  # min(179500.00, 120000.00 - 500.00)
    ],
)
def test_the_ceiling_may_count_the_deductible_or_not(base: str, counted: str) -> None:
    working = counting("180000.00", deductible("admission"), ceiling(base))

    assert money.text(working.counted) == counted


def test_before_the_deductible_the_years_deductibles_count_too() -> None:
    # 120000.00 - (100000.00 + 1500.00 + 500.00) = 18000.00
    used = spent(counted="100000.00", deductible="1500.00")

    assert money.text(
        counting("50000.00", deductible("admission"), ceiling("before_deductible"), used=used).counted
    ) == ("18000.00")


# tiers


@pytest.mark.parametrize(
    ("used", "yuan", "paid"),
    [
        ("0.00", "10000.00", "6000.00"),  # 10000.00 * 60%
        ("0.00", "10000.01", "6000.01"),  # + 0.01 * 65% = 0.0065
        ("0.00", "32180.45", "20417.29"),  # 6000.00 + 22180.45 * 65% = 14417.2925
        ("9000.00", "2000.00", "1250.00"),  # 1000.00 * 60% + 1000.00 * 65%
        ("10000.00", "1000.00", "650.00"),
        ("49999.99", "0.02", "0.02"),  # 0.01 * 65% = 0.0065 and 0.01 * 70% = 0.007, each rounded up
        ("119999.00", "1.00", "0.70"),
        ("120000.00", "1000.00", "0.00"),  # the last band's end limits what is paid
    ],
)
def test_the_tier_is_that_of_the_years_running_cost(used: str, yuan: str, paid: str) -> None:
    assert money.text(counting(yuan, TIERS, used=spent(counted=used)).funds["basic"]) == paid


@pytest.mark.parametrize(("yuan", "paid"), [("0.01", "0.01"), ("0.05", "0.03"), ("0.02", "0.01"), ("0.15", "0.09")])
def test_each_slice_rounds_half_up(yuan: str, paid: str) -> None:
    assert money.text(counting(yuan, TIERS).funds["basic"]) == paid


def test_a_half_fen_of_a_slice_is_rounded_up() -> None:
    # 0.30 * 65% = 0.195 → 0.20; in the first band 0.30 * 60% = 0.18
    assert money.text(counting("0.30", TIERS, used=spent(counted="20000.00")).funds["basic"]) == "0.20"


def test_no_band_pays_more_than_the_highest_rate_and_the_figure_cites_what_bound_it() -> None:
    working = counting("20000.00", ("tiers", {"bands": BANDS, "max_rate": money.rate("0.62")}))

    # 10000.00 * 60% + 10000.00 * 62% = 12200.00
    assert money.text(working.funds["basic"]) == "12200.00"
    assert [note.rule for note in working.notes[1:]] == [rule("bands"), rule("max_rate")]


# proportion


@pytest.mark.parametrize(
    ("yuan", "paid"),
    [("1000.00", "850.00"), ("0.10", "0.09"), ("0.30", "0.26"), ("0.01", "0.01"), ("12.50", "10.63")],
)
def test_a_proportion_rounds_half_up_once(yuan: str, paid: str) -> None:
    assert money.text(counting(yuan, ("proportion", {"rate": 8500})).funds["basic"]) == paid


def test_the_lower_of_rate_and_highest_rate_counts_and_is_cited() -> None:
    bound, free = (counting("100.00", ("proportion", {"rate": 8500, "max_rate": highest})) for highest in (8000, 9000))

    assert [(w.funds["basic"], w.notes[-1].rule.path) for w in (bound, free)] == [
        (8000, "parameters.max_rate"),
        (8500, "parameters.rate"),
    ]


# indication and exclusion


def test_special_drugs_are_payable_for_their_indications_and_every_other_line_is_named() -> None:
    drugs = (DrugIndication("D1", ("C92.1",)), DrugIndication("D2", ("C",)))
    on = claim(
        line("1.00", code="D1"),
        line("1.00", code="D2"),
        line("1.00", code="other"),
        kind=ClaimKind.SPECIAL_DRUG,
        diagnoses=("C50.900",),
    )

    refusals = run(on, ("indication", {"drugs": drugs})).refusals

    assert [(each.kind, each.code, each.path) for each in refusals] == [
        (Kind.RULE, "not-indicated", "Claim.item[0]"),
        (Kind.RULE, "not-indicated", "Claim.item[2]"),
    ]


def test_without_a_diagnosis_no_special_drug_is_payable() -> None:
    working = run(claim(line("1.00", code="D2")), ("indication", {"drugs": (DrugIndication("D2", ("C",)),)}))

    assert len(working.refusals) == 1


def test_what_is_not_covered_counts_nothing_and_says_why() -> None:
    working = counting("80.00", ("not_covered", {"reason": "not-yet"}))

    assert (working.counted, working.funds) == (0, {"basic": 0})
    assert working.notes[-1].rule == rule("reason")
