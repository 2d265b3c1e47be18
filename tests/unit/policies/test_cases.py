"""The case runner: a changed fen is found, with the field, both amounts and the step that made it."""

from pathlib import Path

import pytest

from gateway.kernel.problem import Refusal
from gateway.policies.cases import CaseResult, Difference, run_cases
from gateway.policies.load import PolicyBook

CLAIM = (
    "{kind: inpatient, institution: city_hospital, from: 2015-03-01, to: 2015-03-09,"
    " lines: [{amount: '8500.00', class: A}]}"
)


def run(book: PolicyBook, tmp_path: Path, expect: str, *, claim: str = CLAIM, more: str = "") -> list[CaseResult]:
    file = tmp_path / "mine.yaml"
    file.write_text(f"- case: mine\n  policy: 321182-resident\n  claim: {claim}\n  expect: {expect}\n{more}", "utf-8")
    return run_cases(file, book)


@pytest.mark.parametrize(
    ("expect", "line"),
    [
        ("{cash: '3700.00'}", "ok mine"),
        ("{cash: '3700.01'}", "FAIL mine cash 3700.01 3700.00 tiers"),
        ("{funds: {basic: '4800.01'}}", "FAIL mine funds.basic 4800.01 4800.00 tiers"),
        ("{deductible: '500.01'}", "FAIL mine deductible 500.01 500.00 deductible"),
        ("{counted: '8000.01'}", "FAIL mine counted 8000.01 8000.00 deductible"),
        ("{in_scope: '8500.01'}", "FAIL mine in_scope 8500.01 8500.00 catalogue"),
        ("{total: '8500.01'}", "FAIL mine total 8500.01 8500.00 claim"),
        ("{account: '0.01'}", "FAIL mine account 0.01 0.00 tiers"),
        ("{funds: {}}", "FAIL mine funds.basic 0.00 4800.00 tiers"),
        ("{refused: no-benefit}", "FAIL mine refused no-benefit - -"),
    ],
)
def test_one_field(book: PolicyBook, tmp_path: Path, expect: str, line: str) -> None:
    [result] = run(book, tmp_path, expect)

    assert result.line == line
    assert result.ok == line.startswith("ok")


def test_fields_are_compared_in_one_order(book: PolicyBook, tmp_path: Path) -> None:
    [result] = run(book, tmp_path, "{cash: '1.00', funds: {aid: '2.00'}, counted: '3.00', total: '4.00'}")

    assert [each.field for each in result.differences] == ["total", "counted", "funds.basic", "funds.aid", "cash"]


def test_a_refusal_in_place_of_amounts(book: PolicyBook, tmp_path: Path) -> None:
    [result] = run(book, tmp_path, "{cash: '3700.00'}", claim=CLAIM.replace("2015-03", "2008-03"))

    assert result.differences == (Difference("refused", "", "no-policy-in-force", ""),)


def test_a_step_that_changed_a_figure_is_named_even_when_later_steps_saw_it(book: PolicyBook, tmp_path: Path) -> None:
    [result] = run(book, tmp_path, "{counted: '1.00'}", claim=CLAIM.replace("8500.00", "180000.00"))

    assert result.differences[0].step == "ceiling"


def test_facts_that_no_step_asks_for_change_nothing(book: PolicyBook, tmp_path: Path) -> None:
    more = """  person: {category: resident, born_on: 1970-01-01, sex: male, identities: [low_income, model_worker],
           insured_on: 2010-01-01, in_arrears: true, wage_last_year: "30000.00", account_balance: "12.34"}
  spent: {quarter_counted: "5.00", quotas: {M03900: "6.00"}, layers: {aid: {fund: "7.00"}}}
"""
    claim = CLAIM.replace(
        "kind:", "approved: false, filed: true, transfer_from: township, third_party_liable: false, kind:"
    )

    [result] = run(book, tmp_path, "{cash: '3700.00'}", claim=claim, more=more)

    assert result.ok


def test_a_line_takes_its_terms_from_the_catalogue_or_states_them(book: PolicyBook, tmp_path: Path) -> None:
    lines = (
        "[{code: '001102000050000', amount: '60.00', quantity: 5}, {code: XNONE, amount: '3.00'},"
        " {amount: '4.00', class: none}, {code: XNONE, amount: '5.00', class: A}]"
    )
    claim = "{kind: inpatient, institution: city_hospital, from: 2015-03-09, lines: " + lines + "}"

    # 60.00 - 10.00 * 5 = 10.00 over; 3.00 + 4.00 off the catalogue; 50.00 + 5.00 in scope
    [result] = run(book, tmp_path, "{own_expense: '7.00', over_limit: '10.00', in_scope: '55.00'}", claim=claim)

    assert result.ok


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("kind: inpatient", "kind: inpatients", "policy-word"),
        ("city_hospital", "hospital", "policy-word"),
        ("2015-03-01", "2015-02-29", "policy-day"),
        ("2015-03-09", "2015-02-09", "policy-day"),
        ("'8500.00'", "'8500.001'", "policy-shape"),
        ("'8500.00'", "'-8500.00'", "policy-shape"),
        ("class: A", "class: E", "policy-word"),
        ("class: A", "quantity: 1", "policy-key"),
        ("class: A", "class: A, quantity: 0", "policy-shape"),
        ("class: A", "class: A, ceiling_price: x", "policy-shape"),
        ("class: A", "class: A, first_payment: '1.1'", "policy-shape"),
        ("lines:", "bills:", "policy-key"),
        ("[{amount: '8500.00', class: A}]", "[]", "policy-shape"),
        ("lines:", "designated: perhaps, lines:", "policy-word"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(
    book: PolicyBook, tmp_path: Path, old: str, new: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        run(book, tmp_path, "{cash: '3700.00'}", claim=CLAIM.replace(old, new))

    assert code in {problem.code for problem in refused.value.problems}
    assert all(problem.path.startswith("mine.yaml:3") for problem in refused.value.problems)


@pytest.mark.parametrize(
    "expect",
    ["{}", "{cash: 12,50}", "{funds: {basics: '1.00'}}", "{refused: no-benefit, cash: '1.00'}", "{fund: '1.00'}", "x"],
)
def test_an_expectation_that_says_nothing_sure_is_refused(book: PolicyBook, tmp_path: Path, expect: str) -> None:
    with pytest.raises(Refusal):
        run(book, tmp_path, expect)


def test_every_problem_of_a_file_is_reported(book: PolicyBook, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("- {case: a, policy: none, claim: {}, expect: {}}\n- 3\n- {case: b}\n", "utf-8")

    with pytest.raises(Refusal) as refused:
        run_cases(file, book)

    assert {problem.path.split(":")[1].split(" ")[0] for problem in refused.value.problems} == {"1", "2", "3"}
