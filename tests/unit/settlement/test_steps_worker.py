"""Steps of plans with a personal account, a unit fund and a pooled fund: account, exclusions, refusal, running tiers,
own shares by charge, remainders, relief by wage."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.kernel import money
from gateway.kernel.problem import Kind
from gateway.settlement.claim import Counters
from gateway.settlement.steps import STEPS
from tests.unit.settlement.worker_sheets import BANDS, LEVELS, PERSON, RUNNING, claim, line, paid, run

# account


def test_an_account_that_pays_first_leaves_the_rest_to_be_counted() -> None:
    working = run(claim(line("100.00"), balance="30.00"), ("account", {"order": "first"}))

    assert (working.account, working.left, working.counted) == (3000, 7000, 7000)


def test_the_cost_before_the_account_may_count() -> None:
    working = run(claim(line("100.00"), balance="30.00"), ("account", {"order": "first", "counts": "before_account"}))

    assert (working.account, working.left, working.counted) == (3000, 7000, 10000)


def test_an_account_that_pays_last_takes_what_the_funds_left() -> None:
    working = run(
        claim(line("100.00"), balance="30.00"), ("proportion", {"rate": "0.80"}), ("account", {"order": "last"})
    )

    assert (working.funds["basic"], working.account, working.left) == (8000, 2000, 0)


@pytest.mark.parametrize(
    ("covers", "account", "left"),
    [
        ("in_scope", "90.00", "0.00"),
        ("first_payment", "100.00", "0.00"),
        ("over_limit", "120.00", "0.00"),
        ("own_expense", "170.00", "0.00"),
    ],
)
def test_how_far_an_account_goes(covers: str, account: str, left: str) -> None:
    # 120.00 at a ceiling of 100.00 with 10 % first payment: 20.00 over, 10.00 first payment, 90.00 in scope
    bill = claim(
        line("120.00", item_class="B", first_payment="0.10", ceiling="100.00"),
        line("50.00", item_class="C"),
        balance="500.00",
    )

    working = run(bill, ("account", {"order": "last", "covers": covers}))

    assert (money.text(working.account), money.text(working.left)) == (account, left)


def test_an_account_pays_the_in_scope_cost_before_what_is_beyond() -> None:
    bill = claim(line("60.00"), line("50.00", item_class="C"), balance="80.00")

    working = run(bill, ("account", {"order": "last", "covers": "own_expense"}))

    assert (working.account, working.account_beyond, working.left) == (8000, 2000, 0)


def test_what_an_account_takes_first_is_named_by_charge() -> None:
    bill = claim(line("40.00"), line("60.00", "bed"), line("50.00", "high_tech_exam"), balance="80.00")
    first = {"order": "first", "takes_first": ["high_tech_exam", "bed"]}

    working = run(bill, ("account", first), ("own_share", {"fund": "unit", "rate": "0.10", "added": {"bed": "0.10"}}))

    # 50.00 of the examination and 30.00 of the bed: 40.00 * 90% + 30.00 * 80%
    assert paid(working) == {"unit": "60.00"}


@pytest.mark.parametrize("raw", [[], ["beds"], "bed"])
def test_charges_are_named_as_the_catalogue_names_them(raw: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        STEPS["account"].arguments["takes_first"].parse(raw, LEVELS)


# exclusions


@pytest.mark.parametrize(
    ("what", "own_expense"),
    [
        ({"charges": ["registration"]}, "5.00"),
        ({"charges": ["registration", "nursing"], "codes": ["CT"]}, "355.00"),
        ({"codes": ["CT"]}, "300.00"),
        ({"diagnoses": ["Z41"]}, "455.00"),
        ({"diagnoses": ["I10"]}, "0.00"),
        ("everything", "455.00"),
    ],
)
def test_what_is_excluded(what: Any, own_expense: str) -> None:
    bill = claim(
        line("5.00", "registration"),
        line("50.00", "nursing"),
        line("300.00", "high_tech_exam", code="CT1"),
        line("100.00"),
        diagnoses=("Z41.1", "I10"),
    )

    working = run(bill, ("exclusion", {"what": what}))

    own = sum(split.own_expense for split in working.lines)
    assert money.text(own) == own_expense
    assert working.in_scope == working.counted == money.of("455.00") - own


def test_an_excluded_line_is_own_expense_whole() -> None:
    bill = claim(line("120.00", item_class="B", first_payment="0.10", ceiling="100.00"))

    [split] = run(bill, ("exclusion", {"what": "everything"})).lines

    assert split == (12000, 0, 0, 0)


def test_cost_excluded_from_one_fund_stays_in_scope_for_the_others() -> None:
    bill = claim(line("400.00", "registration"), line("4000.00"))

    working = run(
        bill,
        ("exclusion", {"what": {"charges": ["registration"]}, "fund": "pooled"}),
        ("running", RUNNING),
        ("own_share", {"fund": "unit", "rate": "0.10"}),
    )

    # pooled (4000.00 - 3000.00) * 90% = 900.00; unit 100.00 * 50% + 3400.00 * 90% = 50.00 + 3060.00
    assert paid(working) == {"pooled": "900.00", "unit": "3110.00"}
    assert working.moved["basic", "1998Q1"].counted == money.of("4000.00")


@pytest.mark.parametrize(
    "raw",
    ["all", {}, [], {"charge": ["bed"]}, {"charges": ["beds"]}, {"codes": "0011"}, {"codes": [""]}, {"codes": [1]}],
)
def test_an_exclusion_that_says_nothing_sure_is_refused(raw: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        STEPS["exclusion"].arguments["what"].parse(raw, LEVELS)


# refusal


def test_a_refusal_says_what_the_policy_says() -> None:
    says = {"zh": "请取得批准", "en": "obtain the approval"}

    [problem] = run(claim(line("1.00")), ("refuse", {"code": "decision-needed", "says": says})).refusals

    assert (problem.kind, problem.code, problem.en, problem.zh) == (
        Kind.RULE,
        "decision-needed",
        *reversed(says.values()),
    )


@pytest.mark.parametrize("raw", ["words", {"zh": "只有中文"}, {"zh": "", "en": "English"}, {"zh": 1, "en": "x"}])
def test_a_refusal_has_words_in_both_languages(raw: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        STEPS["refuse"].arguments["says"].parse(raw, LEVELS)


# running tiers


def test_the_cost_after_the_account_may_count_instead() -> None:
    bill = claim(line("6000.00"), balance="1000.00")

    before, left = (
        run(bill, ("account", {"order": "first", "counts": counts}), ("running", {**RUNNING, "counts": counts}))
        for counts in ("before_account", "after_account")
    )

    # 1000.00 to 6000.00: 1800.00 + 850.00; 0.00 to 5000.00: 1800.00
    assert (paid(before)["pooled"], paid(left)["pooled"]) == ("2650.00", "1800.00")
    assert before.moved["basic", "1998Q1"].counted == money.of("6000.00")
    assert left.moved["basic", "1998Q1"].counted == money.of("5000.00")


@pytest.mark.parametrize(("period", "name"), [("month", "199803"), ("quarter", "1998Q1"), ("year", "1998")])
def test_cost_runs_by_month_quarter_or_year(period: str, name: str) -> None:
    used = {("listed", name): Counters(counted=money.of("4900.00"))}

    working = run(claim(line("200.00")), ("running", {**RUNNING, "period": period, "layer": "listed"}), used=used)

    # 100.00 * 90% + 100.00 * 85%
    assert paid(working)["pooled"] == "175.00"
    assert working.moved["listed", name].counted == money.of("200.00")


def test_diseases_that_are_not_listed_do_not_run() -> None:
    listed = ("running", {**RUNNING, "diseases": ["major_surgery"]})

    working = run(claim(line("9000.00"), disease="influenza"), listed)

    assert (paid(working), working.moved) == ({}, {})


@pytest.mark.parametrize(
    "raw",
    [
        [],
        [{"above": "0.00", "rate": "0.5"}],
        [BANDS[1], BANDS[0]],
        [{**BANDS[0], "rate": "1.5"}],
        [{**BANDS[0], "above": "-1.00"}],
    ],
)
def test_bands_that_say_nothing_sure_are_refused(raw: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        STEPS["running"].arguments["bands"].parse(raw, LEVELS)


# own share


def test_charges_with_a_ratio_of_their_own_and_an_added_one() -> None:
    bill = claim(line("100.00", "high_tech_exam"), line("100.00", "bed"), line("100.00"))
    ratios = {"instead": {"high_tech_exam": "0.30"}, "added": {"bed": "0.10"}}

    working = run(bill, ("own_share", {"fund": "unit", "rate": "0.20", **ratios}))

    # 100.00 * 70% + 100.00 * (100 - 20 - 10)% + 100.00 * 80%
    assert paid(working) == {"unit": "220.00"}
    assert [note.figure.code for note in working.notes][-3:] == ["own-ratio-added", "own-ratio", "shared-2"]


def test_cost_that_was_shared_is_not_shared_again() -> None:
    share = ("own_share", {"fund": "unit", "rate": "0.10"})

    assert paid(run(claim(line("100.00")), share, share)) == {"unit": "90.00"}


def test_an_own_share_never_passes_the_whole() -> None:
    full = {"fund": "unit", "rate": "0.95", "added": {"bed": "0.10"}}

    assert paid(run(claim(line("100.00", "bed")), ("own_share", full))) == {}


@pytest.mark.parametrize("raw", [{}, {"beds": "0.10"}, {"bed": "1.10"}, "0.10"])
def test_ratios_by_charge_that_say_nothing_sure_are_refused(raw: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        STEPS["own_share"].arguments["instead"].parse(raw, LEVELS)


# remainder, relief, deferral


def test_half_of_the_own_share_leaves_out_what_nobody_shared() -> None:
    half = ("remainder", {"fund": "unit", "rate": "0.50", "of": "own_share"})

    working = run(claim(line("100.00")), ("unshared", {"reason": "private"}), half)

    assert (paid(working), working.left, working.aside) == ({}, 10000, 10000)


def test_everything_that_is_left() -> None:
    full = ("remainder", {"fund": "unit", "rate": "1.00", "of": "everything"})
    share = ("own_share", {"fund": "unit", "rate": "0.10"})

    working = run(claim(line("100.00")), full, share)

    assert (paid(working), working.left, working.aside) == ({"unit": "100.00"}, 0, 0)


def relief(own: str, *, borne: str, wage: str | None = "10000.00") -> dict[str, str]:
    """What the funds take of an own share at a limit of 3000.00."""
    bill = claim(line(own))
    fen = None if wage is None else money.of(wage)
    shares = [{"fund": "pooled", "rate": "0.50"}, {"fund": "unit", "rate": "0.50"}]
    used = {("basic", "1998"): Counters(own_share=money.of(borne))}
    step = ("wage_relief", {"rate": "0.30", "shares": shares})
    return paid(run(replace(bill, person=replace(PERSON, wage_last_year=fen)), step, used=used))


@pytest.mark.parametrize(
    ("own", "borne", "taken"),
    [
        ("100.00", "2900.00", {}),
        ("100.01", "2900.00", {"pooled": "0.01"}),  # 0.01 * 50% = 0.005 -> 0.01
        ("100.00", "2950.00", {"pooled": "25.00", "unit": "25.00"}),
        ("100.00", "3500.00", {"pooled": "50.00", "unit": "50.00"}),
        ("4000.00", "0.00", {"pooled": "500.00", "unit": "500.00"}),
    ],
)
def test_own_share_above_the_limit_of_the_year(own: str, borne: str, taken: dict[str, str]) -> None:
    assert relief(own, borne=borne) == taken


def test_a_wage_of_nothing_is_not_a_wage_unknown() -> None:
    assert relief("10.00", borne="0.00", wage=None) == {}
    assert relief("10.00", borne="0.00", wage="0.00") == {"pooled": "5.00", "unit": "5.00"}


@pytest.mark.parametrize("raw", [[], {}, [{"fund": "unit", "rate": "0.5"}], [{"fund": "unit"}]])
def test_shares_add_up(raw: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        STEPS["wage_relief"].arguments["shares"].parse(raw, LEVELS)
