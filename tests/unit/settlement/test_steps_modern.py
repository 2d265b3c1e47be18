"""Steps of current practice: layers, limits, quotas, packages, restrictions, waiting, deductibles by order."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.kernel import money
from gateway.kernel.calendar import completed_years, one_day
from gateway.settlement.claim import Case, Counters
from gateway.settlement.explain import explain_note
from gateway.settlement.guard import guard_of
from gateway.settlement.steps import STEPS
from gateway.settlement.working import BASIC, FAMILY_ACCOUNT, Working
from tests.unit.settlement.sheet import DAY, LEVELS, PERSON, YEAR, claim, family, last, run, used, visit

CATASTROPHIC = {
    "fund": "catastrophic",
    "threshold": "1000.00",
    "bands": [{"up_to": "5000.00", "rate": "0.60"}, {"up_to": None, "rate": "0.80"}],
    "ceiling": "6000.00",
}


def test_a_layer_pays_on_what_is_left_above_its_threshold_in_its_bands() -> None:
    working = run(claim("10000.00"), ("proportion", {"rate": "0.30"}), ("layer", CATASTROPHIC))

    # left 7000.00; 7000.00 - 1000.00 = 6000.00; 5000.00 * 60% + 1000.00 * 80% = 3800.00
    assert working.funds == {BASIC: money.of("3000.00"), "catastrophic": money.of("3800.00")}
    assert working.left == money.of("3200.00")
    assert working.moved["catastrophic", YEAR] == Counters(
        counted=money.of("6000.00"),
        fund=money.of("3800.00"),
        own_share=money.of("3200.00"),
        deductible=money.of("1000"),
    )


def test_a_layer_goes_on_where_the_year_has_come_to() -> None:
    spent = used("catastrophic", deductible="900.00", counted="4000.00", fund="2400.00")
    working = run(claim("2100.00"), ("layer", CATASTROPHIC), spent=spent)

    # threshold left 100.00; 4000.00 to 6000.00: 1000.00 * 60% + 1000.00 * 80% = 1400.00
    assert working.funds["catastrophic"] == money.of("1400.00")
    assert [explain_note(note).arithmetic for note in working.notes[-4:]] == [
        "min(2100.00, 1000.00 − 900.00) = 100.00",
        "(5000.00 − 4000.00) × 60 % = 600.00",
        "(6000.00 − 5000.00) × 80 % = 800.00",
        "min(1400.00, 6000.00 − 2400.00) = 1400.00",
    ]


def test_a_layer_never_pays_above_its_ceiling_and_keeps_asked_and_allowed() -> None:
    spent = used("catastrophic", deductible="1000.00", counted="9000.00", fund="5990.00")
    working = run(claim("1000.00"), ("layer", CATASTROPHIC), spent=spent)

    assert working.funds["catastrophic"] == money.of("10.00")
    assert (working.notes[-1].before, working.notes[-1].after) == (money.of("800.00"), money.of("10.00"))
    assert last(working) == "min(800.00, 6000.00 − 5990.00) = 10.00"


def test_two_claims_of_a_layer_pay_what_one_would() -> None:
    first = run(claim("3000.00"), ("layer", CATASTROPHIC))
    second = run(claim("4000.00"), ("layer", CATASTROPHIC), spent=first.moved)
    once = run(claim("7000.00"), ("layer", CATASTROPHIC))

    assert first.funds["catastrophic"] + second.funds["catastrophic"] == once.funds["catastrophic"]


def test_layers_with_one_fund_may_have_counters_of_their_own() -> None:
    working = run(
        claim("100.00"), ("layer", {"fund": "aid", "layer": "relief", "bands": [{"up_to": None, "rate": "1.00"}]})
    )

    assert working.funds["aid"] == money.of("100.00")
    assert set(working.moved) == {("relief", YEAR)}


PERIODS = {"day": one_day(DAY), "month": "202503", "quarter": "2025Q1", "year": YEAR}


@pytest.mark.parametrize(("per", "period"), PERIODS.items())
def test_a_limit_of_cost_is_trimmed_to_what_the_period_has_left(per: str, period: str) -> None:
    limit = ("limit", {"amount": "500.00", "per": per, "of": "counted", "layer": "care"})
    working = run(visit("300.00"), limit, spent=used("care", period, counted="450.00"))

    assert working.counted == money.of("50.00")
    assert working.moved == {("care", period): Counters(counted=money.of("50.00"))}
    assert last(working) == "min(300.00, 500.00 − 450.00) = 50.00"


def test_a_limit_of_another_period_is_not_used() -> None:
    limit = ("limit", {"amount": "500.00", "per": "month", "of": "counted", "layer": "care"})

    assert run(visit("300.00"), limit, spent=used("care", "202502", counted="450.00")).counted == money.of("300.00")


def test_a_limit_of_a_fund_gives_the_rest_back_to_the_person() -> None:
    limit = ("limit", {"amount": "100.00", "per": "year", "of": "fund", "layer": "care"})
    working = run(visit("300.00"), ("proportion", {"rate": "0.50"}), limit, spent=used("care", fund="40.00"))

    assert working.funds == {BASIC: money.of("60.00")}
    assert working.left == money.of("240.00")
    assert (working.notes[-1].before, working.notes[-1].after) == (money.of("150.00"), money.of("60.00"))


def test_a_limit_may_trim_another_fund() -> None:
    aid = ("layer", {"fund": "aid", "bands": [{"up_to": None, "rate": "1.00"}]})

    working = run(visit("300.00"), aid, ("limit", {"amount": "80.00", "per": "treatment", "of": "fund", "fund": "aid"}))
    assert working.funds == {BASIC: 0, "aid": money.of("80.00")}


def test_a_day_of_a_stay_is_each_of_its_days() -> None:
    limit = ("limit", {"amount": "100.00", "per": "day", "of": "counted", "layer": "care"})

    working = run(claim("1000.00"), limit)
    assert working.counted == money.of("800.00")
    assert working.moved == {}


@pytest.mark.parametrize("per", ["treatment", "admission"])
def test_a_limit_at_once_has_no_counter_and_may_differ_by_level(per: str) -> None:
    limit = ("limit", {"amount": {"clinic": "100.00", "hospital": "200.00"}, "per": per, "of": "counted"})

    assert run(claim("1000.00"), limit).counted == money.of("200.00")
    assert run(claim("1000.00", level="clinic"), limit).counted == money.of("100.00")
    assert run(visit("1000.00"), limit).counted == money.of("200.00" if per == "treatment" else "1000.00")


@pytest.mark.parametrize(
    "arguments",
    [
        {"per": "month", "of": "counted"},
        {"per": "treatment", "of": "counted", "layer": "care"},
        {"per": "treatment", "of": "counted", "fund": "aid"},
    ],
)
def test_arguments_of_a_limit_that_do_not_fit_are_told(arguments: Mapping[str, str]) -> None:
    assert STEPS["limit"].wrong(arguments) is not None


def test_a_quota_is_of_the_disease_and_the_period() -> None:
    quota = ("quota", {"quotas": {"M03900": "600.00"}, "per": "quarter"})
    on = visit("300.00", disease="M03900")

    working = run(on, quota, spent=used("quota:M03900", "2025Q1", counted="500.00"))
    assert working.counted == money.of("100.00")
    assert working.moved == {("quota:M03900", "2025Q1"): Counters(counted=money.of("100.00"))}
    assert run(on, quota, spent=used("quota:M03900", "2024Q4", counted="600.00")).counted == money.of("300.00")


def test_a_disease_without_a_quota_is_refused() -> None:
    working = run(visit("300.00", disease="M99900"), ("quota", {"quotas": {"M03900": "600.00"}}))

    assert [(each.code, "M03900" in each.en) for each in working.refusals] == [("disease-not-listed", True)]


PRICES = [
    {"diagnoses": ["K35"], "codes": ["X1"], "price": "700.00"},
    {"diagnoses": ["K35"], "price": {"clinic": "400.00", "hospital": "500.00"}},
]


def test_a_package_leaves_what_is_above_its_price_to_the_institution() -> None:
    package = ("package", {"packages": PRICES, "per": "case"})
    working = run(claim("900.00", diagnoses=("K35.8",)), package, ("proportion", {"rate": "0.80"}))

    # 900.00 - 500.00 = 400.00 the institution's; 500.00 * 80% = 400.00; the person 100.00
    assert (working.institution_share, working.counted) == (money.of("400.00"), money.of("500.00"))
    assert working.left == money.of("100.00")


def test_the_first_package_that_fits_holds_and_none_leaves_the_claim_alone() -> None:
    package = ("package", {"packages": PRICES, "per": "case"})
    appendectomy = claim("900.00", diagnoses=("K35.8",))
    appendectomy = replace(appendectomy, lines=tuple(line._replace(code="X1") for line in appendectomy.lines))

    assert run(appendectomy, package).institution_share == money.of("200.00")
    assert run(claim("300.00", diagnoses=("K35.8",)), package).institution_share == 0
    assert run(claim("900.00", diagnoses=("I10", "K35.8")), package).institution_share == 0
    assert run(claim("900.00"), package).notes[-1].figure.code == "in-scope"


def test_a_price_of_a_day_is_times_the_days() -> None:
    package = ("package", {"packages": [{"diagnoses": ["F20"], "price": "100.00"}], "per": "day"})
    working = run(claim("900.00", diagnoses=("F20.0",)), package)

    assert working.institution_share == money.of("100.00")
    assert last(working) == "min(900.00, 100.00 × 8) = 800.00"


@pytest.mark.parametrize(
    ("item", "own"),
    [
        ({"sexes": ["female"]}, "30.00"),
        ({"sexes": ["male"]}, "0.00"),
        ({"age_from": "56"}, "30.00"),
        ({"age_from": "55"}, "0.00"),
        ({"age_below": "55"}, "30.00"),
        ({"age_below": "56"}, "0.00"),
        ({"diagnoses": ["E11"]}, "30.00"),
        ({"diagnoses": ["E11", "I1"]}, "0.00"),
        ({"codes": ["X"], "sexes": ["female"]}, "30.00"),
        ({"codes": ["Y"], "sexes": ["female"]}, "0.00"),
    ],
)
def test_a_line_outside_its_restriction_is_own_expense_whole(item: Mapping[str, Any], own: str) -> None:
    working = run(claim("10.00", "20.00", diagnoses=("I10",)), ("restriction", {"items": [item]}))

    assert sum(line.own_expense for line in working.lines) == money.of(own)
    assert working.in_scope == working.counted == money.of("30.00") - money.of(own)


def test_a_restriction_says_at_least_one_limit() -> None:
    wrong: list[list[Any]] = [
        [],
        [{}],
        [{"codes": ["X"]}],
        [{"sexes": ["other"]}],
        [{"age_from": "x"}],
        [{"height": "2"}],
    ]
    for raw in wrong:
        with pytest.raises(ValueError, match=r"restriction|sex|number"):
            STEPS["restriction"].arguments["items"].parse(raw, LEVELS)


def test_age_counts_from_the_birthday_on() -> None:
    assert [completed_years(date(2000, 2, 29), day) for day in (date(2018, 2, 28), date(2018, 3, 1))] == [17, 18]


@pytest.mark.parametrize(("joined", "own"), [(date(2024, 12, 1), "0.00"), (date(2024, 12, 2), "30.00"), (None, "0.00")])
def test_care_that_begins_in_the_waiting_period_is_own_expense(joined: date | None, own: str) -> None:
    on = claim("10.00", "20.00", person=replace(PERSON, insured_on=joined))
    working = run(on, ("waiting", {"days": "90"}))

    # 2024-12-01 and ninety days is 2025-03-01, the day of admission
    assert sum(line.own_expense for line in working.lines) == money.of(own)
    if working.in_scope == 0:
        assert last(working) == "89 < 90: 20.00"


BY_ORDER = {"amounts": [{"clinic": "100.00", "hospital": "300.00"}, {"clinic": "40.00", "hospital": "150.00"}]}


@pytest.mark.parametrize(("before", "amount"), [(0, "300.00"), (1, "150.00"), (2, "150.00"), (9, "150.00")])
def test_the_deductible_falls_with_the_order_of_admission(before: int, amount: str) -> None:
    spent = {(BASIC, YEAR): Counters(admissions=before)}

    assert run(claim("1000.00"), ("admission_deductible", BY_ORDER), spent=spent).deductible == money.of(amount)


@pytest.mark.parametrize(
    ("level", "came_from", "before", "amount"),
    [
        ("hospital", "clinic", 1, "200.00"),
        ("clinic", "hospital", 1, "0.00"),
        ("hospital", "hospital", 1, "0.00"),
        ("hospital", "clinic", 2, "110.00"),
        ("hospital", "clinic", 0, "200.00"),
    ],
)
def test_a_transfer_bears_the_difference_upwards_alone(level: str, came_from: str, before: int, amount: str) -> None:
    spent = {(BASIC, YEAR): Counters(admissions=before)}
    on = claim("1000.00", level=level, transfer_from=came_from)

    assert run(on, ("admission_deductible", BY_ORDER), spent=spent).deductible == money.of(amount)


@pytest.mark.parametrize(("transfer", "amount"), [("full", "300.00"), ("none", "0.00"), ("difference", "200.00")])
def test_a_policy_says_what_a_transfer_bears(transfer: str, amount: str) -> None:
    spent = {(BASIC, YEAR): Counters(admissions=1)}
    step = ("admission_deductible", {**BY_ORDER, "transfer": transfer})

    assert run(claim("1000.00", transfer_from="clinic"), step, spent=spent).deductible == money.of(amount)


def test_a_reduction_takes_points_off_all_that_counts_and_never_more_than_was_paid() -> None:
    paid = ("proportion", {"rate": "0.50"})

    working = run(claim("1000.01"), paid, ("reduction", {"points": "0.15"}))
    # 500.005 -> 500.01; 1000.01 * 15% = 150.0015 -> 150.00
    assert working.funds[BASIC] == money.of("350.01")
    assert last(working) == "max(0.00, 500.01 − 1000.01 × 15 %) = 350.01"
    assert run(claim("1000.00"), paid, ("reduction", {"points": "0.60"})).funds[BASIC] == 0


def test_the_family_pays_when_the_own_account_is_empty() -> None:
    steps = (("account", {"order": "last"}), ("family_account", {"amount": "50.00"}))

    working = run(claim("100.00", person=family("30.00", "500.00")), *steps)
    assert (working.account, working.account_shared, working.left) == (money.of("80.00"), money.of("50.00"), 2000)
    assert working.moved[FAMILY_ACCOUNT, YEAR] == Counters(counted=money.of("50.00"))
    assert run(claim("10.00", person=family("30.00", "500.00")), *steps).account_shared == 0


def test_bands_and_rates_may_differ_by_level() -> None:
    bands = {"clinic": [{"up_to": None, "rate": "0.90"}], "hospital": [{"up_to": None, "rate": "0.60"}]}
    rates = {"clinic": "0.90", "hospital": "0.60"}
    for level, paid in (("clinic", "90.00"), ("hospital", "60.00")):
        for step in (("tiers", {"bands": bands}), ("proportion", {"rate": rates})):
            assert run(claim("100.00", level=level), step).funds[BASIC] == money.of(paid)


def test_tiers_and_ceiling_of_a_layer_run_on_its_counter_alone() -> None:
    tiers = (
        "tiers",
        {"bands": [{"up_to": "100.00", "rate": "0.50"}, {"up_to": None, "rate": "0.80"}], "layer": "stays"},
    )
    ceiling = ("ceiling", {"amount": "150.00", "base": "after_deductible", "layer": "stays"})
    spent = {**used("stays", counted="90.00"), **used(BASIC, counted="9999.00")}
    working = run(claim("100.00"), ceiling, tiers, spent=spent)

    # min(100.00, 150.00 - 90.00) = 60.00; 10.00 * 50% + 50.00 * 80% = 45.00
    assert working.funds[BASIC] == money.of("45.00")
    assert working.moved == {("stays", YEAR): Counters(counted=money.of("60.00"))}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"diagnoses": ["I1"]}, True),
        ({"diagnoses": ["S", "T"]}, False),
        ({"not_diagnoses": ["S", "T"]}, True),
        ({"not_diagnoses": ["E11"]}, False),
        ({"diagnoses": ["E11"], "not_diagnoses": ["E11"]}, False),
    ],
)
def test_conditions_on_diagnoses_look_at_the_beginning(condition: Mapping[str, list[str]], holds: bool) -> None:
    assert guard_of(condition)(Working(Case(claim("1.00", diagnoses=("I10", "E11.9"))))) is holds
