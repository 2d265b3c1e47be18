"""Payment files and case files: what is wrong with them is all said, with the line and what to write."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.kernel.problem import Refusal
from gateway.payment.methods import METHODS
from gateway.policies.load import SHIPPED, AreaPolicy, load_all, load_area
from gateway.policies.payment_cases import run_payment_cases

POLICY = "321182-resident"
Edit = Callable[[str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (POLICY, "catalogue"):
        shutil.copytree(SHIPPED / name, tmp_path / name)
    return tmp_path / POLICY


@pytest.fixture
def edit(folder: Path) -> Edit:
    def change(old: str, new: str) -> None:
        file = folder / "payment.yaml"
        text = file.read_text("utf-8")
        assert old in text, f"{old!r} is not in the file"
        file.write_text(text.replace(old, new, 1), "utf-8")

    return change


def problems(folder: Path) -> list[tuple[str, str]]:
    """Code and path of each problem of the folder."""
    with pytest.raises(Refusal) as refused:
        load_area(folder)
    for each in refused.value.problems:
        assert each.en
        assert each.zh
        assert f"{POLICY}/payment.yaml:" in each.path
    return [(each.code, each.path.split(" ", 1)[-1]) for each in refused.value.problems]


WRONG = [
    ("method: average-cost", "method: average", ("policy-word", "terms[1].method")),
    ("levels: [township]", "levels: [village]", ("policy-word", "terms[0].levels[0]")),
    ("kinds: [inpatient]", "kinds: [stay]", ("policy-word", "groups[0].groups[0].kinds[0]")),
    ("institutions: [H32110000002]", "institutions: [X1]", ("institution-code", "terms[2].institutions[0]")),
    ('standard: "4800.00"', 'standard: "-1"', ("policy-shape", "terms[1].parameters.standard")),
    ('      over_budget: "0.50"\n', "", ("policy-key", "terms[1].parameters")),
    ('      kept: "0.60"\n', "", ("policy-key", "terms[0].parameters")),
    ("monthly: twelfth", "monthly: weekly", ("policy-shape", "terms[0].parameters.monthly")),
    ('{up_to: null, fund: "0"}', '{up_to: "0.05", fund: "0"}', ("policy-shape", "terms[0].parameters.overspend")),
    ("{up_to: 30, rate", "{up_to: thirty, rate", ("policy-shape", "terms[2].parameters.bands")),
    ('prices: {KF1: "9000.00"}', 'prices: {KF9: "9000.00"}', ("policy-word", "terms[3].parameters.prices")),
    ("groups: [KF1]", "groups: [KF9]", ("policy-word", "terms[3].groups[0]")),
    ("id: inpatient-average", "id: township-budget", ("policy-key", "terms[1]")),
    ("id: inpatient-average", "id: fee-for-service", ("policy-word", "terms[1].id")),
    ('weight: "0.40"', 'weight: "0.50"', ("policy-shape", "appraisals[0].indicators")),
    ('from_score: "0", factor', 'from_score: "0.1", factor', ("policy-shape", "appraisals[0].factors")),
    ("measured: fund_per_case", "measured: mood", ("policy-word", "appraisals[0].indicators[0].measured")),
    ('bank_code: "999321182001"}', 'bank_code: "12"}', ("policy-shape", "accounts.income.bank_code")),
    ('account: "3211820100000002"', 'account: "3211820100000001"', ("policy-word", "accounts")),
    ('account: "3211820200000001"', 'account: "?"', ("policy-shape", "payees[0].account")),
    ("closed_on: 2013-12-31", "closed_on: 2013-12-32", ("policy-day", "changes[0].closed_on")),
    ("merged_into: H32118200102", "merged_into: H32118200104", ("policy-word", "changes")),
    (
        'indicators: {examination: "0.66"',
        'indicators: {examination: "much"',
        ("policy-shape", "stated[0].indicators.examination"),
    ),
    ("    reading: 示范:文中没有按床日付费;康复医院住院时间长,取分段床日标准。\n", "", ("policy-source", "terms[2]")),
    ("diagnoses: [Z50, I69]", "diagnoses: []", ("policy-shape", "groups[0].groups[0].diagnoses")),
    ("terms:\n", "agreements:\n", ("policy-key", "agreements")),
]


@pytest.mark.parametrize(("old", "new", "expected"), WRONG, ids=[path for _, _, (_, path) in WRONG])
def test_what_is_wrong_is_said_where_it_stands(
    folder: Path, edit: Edit, old: str, new: str, expected: tuple[str, str]
) -> None:
    edit(old, new)

    assert expected in problems(folder)


def test_everything_wrong_is_said_at_once(folder: Path, edit: Edit) -> None:
    for old, new, _ in WRONG[1:7]:
        edit(old, new)

    assert len(problems(folder)) >= 5


def test_a_folder_without_a_payment_file_pays_as_settled(folder: Path) -> None:
    (folder / "payment.yaml").unlink()

    assert load_area(folder).payment is None


def test_the_payment_file_is_no_part_of_the_policys_version_and_has_its_own(folder: Path, edit: Edit) -> None:
    before = load_area(folder)
    edit('standard: "4800.00"', 'standard: "4900.00"')
    after = load_area(folder)

    assert before.policy.version == after.policy.version
    assert versions(before) != versions(after)


def versions(area: AreaPolicy) -> str:
    assert area.payment is not None
    return area.payment.version


CASE = """
- case: one
  payment: 321182-resident
  month: 2015-06
  care:
    - {institution: H32118200001, fund: "10.00"}
  expect: {H32118200001: {due: "10.00"}}
"""


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("month: 2015-06", "month: 2015-13", "policy-day"),
        ("month: 2015-06", "year: 2015-06", "policy-day"),
        ("  month: 2015-06\n", "", "policy-key"),
        ("payment: 321182-resident", "payment: 330200-rural", "policy-word"),
        ('fund: "10.00"', 'fund: "10.00", total: "9.99"', "policy-shape"),
        ('fund: "10.00"', 'fund: "10.00", on: 2015-07-01', "policy-day"),
        ('due: "10.00"', 'dues: "10.00"', "policy-key"),
        ('due: "10.00"', 'due: "ten"', "policy-shape"),
    ],
)
def test_what_is_wrong_with_a_case_is_said(tmp_path: Path, old: str, new: str, code: str) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(CASE.replace(old, new), "utf-8")

    with pytest.raises(Refusal) as refused:
        run_payment_cases(file, load_all())
    assert code in {each.code for each in refused.value.problems}


def test_a_fen_more_than_expected_is_a_difference(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(CASE.replace('due: "10.00"', 'due: "10.01", items: {inpatient-average: "10.00"}'), "utf-8")

    (result,) = run_payment_cases(file, load_all())

    assert result.line == "FAIL one H32118200001.due 10.01 10.00 average-cost"


def test_every_method_is_one_that_a_file_can_name() -> None:
    assert set(METHODS) == {
        *("fee-for-service", "per-disease", "per-head", "per-bed-day", "per-diem"),
        *("global-budget", "average-cost", "drg", "dip"),
    }
