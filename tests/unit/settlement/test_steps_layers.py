"""Steps above the basic fund: subsidy by identity, waiver of fees, medical aid, approval ladder, sources of a fund."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel import money
from gateway.kernel.ids import AreaCode, ClaimId, InstitutionCode, PersonId
from gateway.kernel.quantity import ONE
from gateway.settlement.arguments import Arguments, Resolved
from gateway.settlement.claim import Case, Claim, ClaimKind, Counters, ItemClass, Line, Person, Spent, Terms
from gateway.settlement.decision import Note
from gateway.settlement.explain import explain_note
from gateway.settlement.rule import Rule
from gateway.settlement.steps import STEPS
from gateway.settlement.working import BASIC, Working

DAY, YEAR = date(2015, 3, 9), "2015"
LEVELS = ("clinic", "hospital")
CITED = Rule("test", "v1", "parameters.test", date(2015, 1, 1), "原文", "读法")
CONSULTATION, INJECTION = "001102000010000", "001204000010000"


def line(number: int, yuan: str, *, code: str = "X", charge: str = "drug") -> Line:
    return Line(number, code, money.of(yuan), ONE, Terms(ItemClass.A, 0, None, charge, CITED))


def claim(*lines: Line, identities: tuple[str, ...] = (), **rest: Any) -> Claim:
    made = Claim(
        id=ClaimId("3211820000000000000000000c0001"),
        area=AreaCode("321182"),
        scheme="resident",
        person=Person(
            PersonId("3211820000000000000000000p0001"), "resident", date(1950, 1, 1), "female", frozenset(identities)
        ),
        institution=InstitutionCode("H32118200001"),
        level="hospital",
        kind=ClaimKind.INPATIENT,
        from_on=DAY,
        to_on=DAY,
        lines=lines,
    )
    return replace(made, **rest)


def stay(yuan: str, *identities: str, **rest: Any) -> Claim:
    return claim(line(1, yuan), identities=identities, **rest)


def run(on: Claim, *steps: tuple[str, Mapping[str, Any]], spent: Spent | None = None) -> Working:
    """The sheet after the catalogue and some steps, their arguments as a policy file writes them."""
    working = Working(Case(on, spent or {}))
    for name, raw in (("catalogue", {}), *steps):
        kind = STEPS[name]
        read = {key: Resolved(kind.arguments[key].parse(value, LEVELS), CITED) for key, value in raw.items()}
        kind.build(Arguments(CITED, read))(working)
    return working


def used(layer: str, **yuan: str) -> Spent:
    return {(layer, YEAR): Counters(**{name: money.of(each) for name, each in yuan.items()})}


def arithmetic(note: Note) -> str:
    return explain_note(note).arithmetic


def basic(rate: str) -> tuple[str, Mapping[str, Any]]:
    return ("proportion", {"rate": rate})


SUBSIDY = (
    "subsidy",
    {"fund": "special_care", "rates": {"later_veteran": "0.50", "martyr_family": "0.80", "duty_death_family": "0.70"}},
)


def test_a_subsidy_is_a_rate_of_what_the_layers_before_left() -> None:
    working = run(stay("1000.01", "later_veteran"), basic("0.60"), SUBSIDY)

    # 1000.01 * 60% = 600.01; left 400.00; 400.00 * 50% = 200.00
    assert working.funds == {BASIC: 60_001, "special_care": 20_000}
    assert working.moved["special_care", YEAR] == Counters(counted=40_000, fund=20_000, own_share=20_000)
    assert arithmetic(working.notes[-1]) == "400.00 × 50 % = 200.00"


@pytest.mark.parametrize("identities", [("later_veteran", "martyr_family"), ("martyr_family", "duty_death_family")])
def test_of_several_identities_the_best_one_counts_alone(identities: tuple[str, ...]) -> None:
    working = run(stay("1000.00", *identities), SUBSIDY)

    assert working.funds["special_care"] == money.of("800.00")
    assert [note.rule.path for note in working.notes if note.figure.code == "subsidy"] == [
        "parameters.test.martyr_family"
    ]


def test_without_an_identity_of_the_list_nothing_is_said_and_nothing_moves() -> None:
    working = run(stay("1000.00", "low_income"), SUBSIDY)

    assert working.funds == {BASIC: 0}
    assert not working.moved


def test_an_amount_that_is_put_aside_is_no_own_share_to_subsidise() -> None:
    working = Working(Case(stay("1000.00", "martyr_family")))
    working.in_scope, working.aside = 100_000, 40_000
    STEPS["subsidy"].build(
        Arguments(CITED, {"fund": Resolved("special_care", CITED), "rates": Resolved({"martyr_family": 8000}, CITED)})
    )(working)

    # (1000.00 - 400.00) * 80% = 480.00
    assert working.funds["special_care"] == money.of("480.00")


VISIT = claim(
    line(1, "10.00", code=CONSULTATION, charge="consultation"),
    line(2, "2.00", code=INJECTION, charge="treatment"),
    line(3, "88.00"),
    diagnoses=("J06.9", "I10"),
)
FEE = {"fees": {"charges": ["consultation"]}, "rate": "1.00", "payer": "basic"}
FREE = {"fees": {"codes": ["001102", "001204"]}, "rate": "1.00", "payer": "institution", "diagnoses": ["J06"]}


def test_a_waiver_pays_the_own_part_of_a_fee_in_proportion() -> None:
    working = run(VISIT, basic("0.65"), ("waiver", FEE))

    # left 35.00; 35.00 * 10.00 / 100.00 = 3.50
    assert working.funds[BASIC] == money.of("68.50")
    assert arithmetic(working.notes[-1]) == "35.00 × 10.00 ÷ 100.00 × 100 % = 3.50"


def test_a_later_waiver_takes_the_lines_an_earlier_one_left() -> None:
    working = run(VISIT, basic("0.65"), ("waiver", FEE), ("waiver", FREE))

    # the consultation is waived whole; left 31.50; 31.50 * 2.00 / 90.00 = 0.70
    assert (working.funds[BASIC], working.institution_share) == (money.of("68.50"), money.of("0.70"))


def test_waivers_of_different_lines_come_to_the_same_in_either_order() -> None:
    injection = {**FREE, "fees": {"codes": [INJECTION]}}
    there = run(VISIT, basic("0.65"), ("waiver", FEE), ("waiver", injection))
    back = run(VISIT, basic("0.65"), ("waiver", injection), ("waiver", FEE))

    assert there.left == back.left == money.of("30.80")


def test_half_a_waiver_leaves_half_of_the_line_to_the_next() -> None:
    half = {**FEE, "rate": "0.50", "payer": "institution"}
    working = run(VISIT, basic("0.50"), ("waiver", half), ("waiver", FEE))

    # own part 5.00: 2.50 by the institution; then 47.50 * 5.00 / 95.00 = 2.50 by the fund
    assert (working.institution_share, working.funds[BASIC]) == (money.of("2.50"), money.of("52.50"))


@pytest.mark.parametrize(("diagnoses", "waived"), [(("J06.9",), True), (("I10", "J06.9"), False), ((), False)])
def test_a_waiver_for_listed_illness_asks_the_main_diagnosis(diagnoses: tuple[str, ...], waived: bool) -> None:
    working = run(replace(VISIT, diagnoses=diagnoses), ("waiver", FREE))

    assert bool(working.institution_share) is waived


def test_a_waiver_by_a_fund_of_its_own_moves_that_fund() -> None:
    working = run(VISIT, basic("0.65"), ("waiver", {**FEE, "payer": "aid"}))

    assert working.funds["aid"] == 350
    assert working.moved["aid", YEAR] == Counters(counted=1_000, fund=350)


def test_what_is_waived_first_does_not_count_any_more() -> None:
    working = run(VISIT, ("waiver", {**FEE, "payer": "institution"}), basic("1.00"))

    # 100.00 - 10.00 = 90.00 counts
    assert (working.counted, working.funds[BASIC], working.left) == (9_000, 9_000, 0)


def test_a_bill_without_the_fee_has_no_waiver() -> None:
    working = run(stay("50.00"), basic("0.65"), ("waiver", FEE))

    assert [note.figure.code for note in working.notes if note.figure.code == "waiver"] == []


AID = {"fund": "aid", "rate": "0.10", "from_cost": "50000.00", "at_least": "5000.00", "at_most": "20000.00"}


@pytest.mark.parametrize(
    ("yuan", "spent", "paid", "said"),
    [
        # left 60 %: below the threshold, at it, by the ratio, above the most
        ("49999.99", {}, "0.00", ["0.00 + 49999.99 = 49999.99 < 50000.00"]),
        (
            "50000.00",
            {},
            "5000.00",
            ["30000.00 × 10 % = 3000.00", "min(30000.00, max(3000.00, 5000.00 − 0.00)) = 5000.00"],
        ),
        ("100000.00", {}, "6000.00", ["60000.00 × 10 % = 6000.00"]),
        ("400000.00", {}, "20000.00", ["240000.00 × 10 % = 24000.00", "min(24000.00, 20000.00 − 0.00) = 20000.00"]),
        # with what the year has had
        ("10000.00", {"counted": "39999.99"}, "0.00", ["39999.99 + 10000.00 = 49999.99 < 50000.00"]),
        ("10000.00", {"counted": "60000.00", "fund": "5000.00"}, "600.00", ["6000.00 × 10 % = 600.00"]),
        (
            "10000.00",
            {"counted": "60000.00", "fund": "19900.00"},
            "100.00",
            ["6000.00 × 10 % = 600.00", "min(600.00, 20000.00 − 19900.00) = 100.00"],
        ),
        (
            "1000.00",
            {"counted": "49000.00"},
            "600.00",
            ["600.00 × 10 % = 60.00", "min(600.00, max(60.00, 5000.00 − 0.00)) = 600.00"],
        ),
    ],
)
def test_aid_begins_at_its_threshold_and_keeps_to_its_bounds(
    yuan: str, spent: Mapping[str, str], paid: str, said: list[str]
) -> None:
    working = run(stay(yuan), basic("0.40"), ("aid", AID), spent=used("aid", **spent))

    assert working.funds["aid"] == money.of(paid)
    assert [arithmetic(note) for note in working.notes if note.figure.code.startswith("aid")] == said
    moved = working.moved["aid", YEAR]
    assert (moved.counted, moved.fund, moved.own_share) == (money.of(yuan), money.of(paid), working.left)


def test_aid_without_bounds_is_the_ratio() -> None:
    working = run(stay("1000.00"), ("aid", {"fund": "aid", "rate": "0.10"}))

    assert working.funds["aid"] == money.of("100.00")


LADDER = [{"from": "15000.00", "by": "区 district"}, {"above": "20000.00", "by": "市 city"}]
APPROVAL = ("approval", {"fund": "aid", "ladder": LADDER})


@pytest.mark.parametrize(
    ("asked", "before", "approved", "allowed", "figure", "rung"),
    [
        ("14999.99", "0.00", False, "14999.99", "", ""),
        ("15000.00", "0.00", True, "15000.00", "approved-from", "区 district"),
        ("15000.00", "0.00", False, "14999.99", "held-from", "区 district"),
        ("20000.00", "0.00", True, "20000.00", "approved-from", "区 district"),
        ("20000.01", "0.00", True, "20000.01", "approved-above", "市 city"),
        ("20000.01", "0.00", False, "14999.99", "held-above", "市 city"),
        ("5000.00", "12000.00", False, "2999.99", "held-from", "区 district"),
        ("5000.00", "16000.00", False, "0.00", "held-above", "市 city"),
        ("0.01", "15000.00", True, "0.01", "approved-from", "区 district"),
    ],
)
def test_the_year_says_which_rung_approves(
    asked: str, before: str, approved: bool, allowed: str, figure: str, rung: str
) -> None:
    spent = used("aid", fund=before)
    aid = ("aid", {"fund": "aid", "rate": "1.00"})
    working = run(stay(asked, approved=approved), aid, APPROVAL, spent=spent)

    said = [note for note in working.notes if note.figure.code.startswith(("approved", "held"))]
    assert working.funds["aid"] == money.of(allowed)
    assert working.moved["aid", YEAR].fund == money.of(allowed)
    assert working.moved["aid", YEAR].own_share == working.left == money.of(asked) - money.of(allowed)
    assert [note.figure.code for note in said] == ([figure] if figure else [])
    assert all(note.rule.reading.startswith(rung) for note in said)
    assert [(note.before, note.after) for note in said] == ([(money.of(asked), money.of(allowed))] if figure else [])


def test_a_rung_explains_itself_in_figures() -> None:
    aid = ("aid", {"fund": "aid", "rate": "1.00"})
    working = run(stay("5000.00", approved=False), aid, APPROVAL, spent=used("aid", fund="12000.00"))

    assert (
        arithmetic(working.notes[-1])
        == "12000.00 + 5000.00 = 17000.00 ≥ 15000.00; min(5000.00, max(0.00, 14999.99 − 12000.00)) = 2999.99"
    )
    assert working.notes[-1].rule.path == "parameters.test[0]"


def test_nothing_paid_needs_nobody() -> None:
    working = run(stay("100.00", approved=False), APPROVAL, spent=used("aid", fund="30000.00"))

    assert [note.figure.code for note in working.notes if "held" in note.figure.code] == []


FOUR = {"person": "8093.00", "town": "4910.70", "county": "5256.50", "city": "3849.10"}
SOURCES = ("sources", {"fund": "basic", "parties": FOUR})


def shares(working: Working) -> dict[str, int]:
    return {
        layer.removeprefix("source:"): counters.fund
        for (layer, _), counters in working.moved.items()
        if layer.startswith("source:")
    }


def test_four_payers_share_what_their_fund_paid() -> None:
    working = run(stay("221.10"), basic("1.00"), SOURCES)

    # 22109.30 of them raise 221.10, in the order of their names: running sums 38.49, 91.06, 171.99, 221.10
    assert shares(working) == {"city": 3_849, "county": 5_257, "person": 8_093, "town": 4_911}
    assert arithmetic(working.notes[-1]) == "221.10 × 22109.30 ÷ 22109.30 − 171.99 = 49.11"


@given(st.integers(0, 10**9))
def test_parts_of_the_payers_add_up_and_none_is_negative(fen: int) -> None:
    working = run(stay(money.text(fen)), basic("1.00"), SOURCES)

    parts = shares(working).values()
    assert sum(parts) == fen
    assert min(parts, default=0) >= 0
    assert (working.funds, working.left) == ({BASIC: fen}, 0)


@given(
    st.lists(st.integers(1, 10**7), min_size=1, max_size=4),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
)
def test_whatever_the_rates_nobody_pays_more_than_is_left(
    amounts: list[int], paid: int, waived: int, subsidised: int
) -> None:
    bill = claim(
        *(
            line(n, money.text(fen), charge="consultation" if n % 2 else "drug")
            for n, fen in enumerate(amounts, start=1)
        ),
        identities=("martyr_family",),
    )

    def ratio(rate: int) -> str:
        return f"{rate / 10_000:.4f}"

    working = run(
        bill,
        basic(ratio(paid)),
        ("waiver", {"fees": {"charges": ["consultation"]}, "rate": ratio(waived), "payer": "institution"}),
        ("waiver", {"fees": {"charges": ["drug"]}, "rate": ratio(waived), "payer": "aid"}),
        ("subsidy", {"fund": "special_care", "rates": {"martyr_family": ratio(subsidised)}}),
    )

    assert working.left >= 0
    assert working.left + sum(working.funds.values()) + working.institution_share == sum(amounts)


@pytest.mark.parametrize(
    ("step", "argument", "raw"),
    [
        ("subsidy", "rates", {}),
        ("subsidy", "rates", ["0.80"]),
        ("subsidy", "rates", {"martyr_family": "1.01"}),
        ("waiver", "fees", {}),
        ("waiver", "fees", "consultation"),
        ("waiver", "fees", {"charges": ["visit"]}),
        ("waiver", "fees", {"charges": []}),
        ("waiver", "fees", {"items": ["001102"]}),
        ("waiver", "diagnoses", []),
        ("waiver", "diagnoses", [""]),
        ("approval", "ladder", []),
        ("approval", "ladder", [{"from": "15000.00"}]),
        ("approval", "ladder", [{"from": "1.00", "above": "2.00", "by": "区"}]),
        ("approval", "ladder", [{"from": "0.00", "by": "区"}]),
        ("approval", "ladder", [{"from": "20000.00", "by": "区"}, {"above": "15000.00", "by": "市"}]),
        ("sources", "parties", {}),
        ("sources", "parties", {"person": "0.00"}),
        ("sources", "parties", {"person": "-1.00"}),
    ],
)
def test_an_argument_that_says_nothing_sure_is_not_read(step: str, argument: str, raw: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        STEPS[step].arguments[argument].parse(raw, LEVELS)
