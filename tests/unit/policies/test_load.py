"""A wrong policy folder: every problem at once, each with its file, its line and what to write instead."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.policies.load import load_all, load_area

POLICY = "321182-resident"
CATALOGUE = "catalogue/drugs.yaml"
INSTITUTIONS = f"{POLICY}/institutions.yaml"


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(Refusal) as refused:
        load_area(folder / POLICY)
    return refused.value.problems


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ('value: "0.85"', 'value: "1.85"', "policy-shape", "ratio between 0 and 1"),
        ('value: "0.85"', "value: [1, 2]", "policy-shape", "ratio between 0 and 1"),
        ('value: "30000.00"', 'value: "30000.005"', "policy-shape", "an amount in yuan"),
        ("value: after_deductible", "value: sometimes", "policy-shape", "after_deductible, before_deductible"),
        ('{township: "300.00", city', '{village: "300.00", city', "policy-shape", "one amount for each level"),
        ('up_to: "3000.00"', 'up_to: "9000.00"', "policy-shape", "rising bands"),
        ("scheme: resident", "scheme: farmer", "policy-word", "resident, worker"),
        ('area: "321182"', 'area: "3211"', "area-code", "six digits"),
        ("kinds: [chronic]", "kinds: [cronic]", "policy-word", "chronic"),
        ("levels: [township]", "levels: [village]", "policy-word", "township, city_hospital, outside_city"),
        ("categories: [pupil]", "categories: [student]", "policy-word", "resident, pupil"),
        ("{step: tiers,", "{step: tears,", "policy-word", "tiers"),
        ("{step: tiers, bands", "{step: tiers, band", "policy-key", "'bands' is missing"),
        ("{step: catalogue, bed", "{stp: catalogue, bed", "policy-key", "'step' is missing"),
        ("- {step: catalogue, bed_fee: $bed_fee}\n", "- {step: catalogue}\n      - 3\n", "policy-shape", "mapping"),
        ("per: admission}", "per: admission, layer: chronic}", "policy-key", "needs 'layer'"),
        ("per: year, layer: chronic}", "per: year}", "policy-key", "needs 'layer'"),
        ("rate: $township_rate}", "rate: $village_rate}", "policy-parameter", "not among the parameters"),
        ("\n  levy:", "\n  levvy:", "policy-parameter", "levy"),
        ("from: 2013-01-01", "from: 2013-02-30", "policy-day", "day that exists"),
        ("to: 2004-12-31", "to: 2003-12-31", "policy-day", "ends before it begins"),
        ("id: pupil-inpatient\n", "id: inpatient\n", "policy-key", "stands twice"),
        ("id: 321182-resident", "id: yangzhong", "policy-word", "folder's name"),
        ("title: {zh: 住院, en: inpatient care}", "title: {zh: 住院}", "policy-key", "'en' is missing"),
        ("catalogue: catalogue", "catalogue: ../catalogue", "policy-file", "no file"),
        ("\nfacts:\n", "\nfact:\n", "policy-key", "unknown key"),
        ("\nlevels:\n", "\nlevels: &l\n", "", ""),
    ],
)
def test_a_wrong_policy_is_told_where_and_what_to_write(
    folder: Path, change: Callable[..., int], old: str, new: str, code: str, says: str
) -> None:
    change(old, new)

    if not code:  # an anchor that nothing refers to is harmless
        load_area(folder / POLICY)
        return
    found = problems_of(folder)
    assert any(p.code == code and says in p.en and p.zh for p in found), [p.text() for p in found]
    assert all(p.kind is Kind.INVALID for p in found)


def test_the_line_is_that_of_the_value(folder: Path, change: Callable[..., int]) -> None:
    line = change('value: "0.85"', 'value: "1.85"')

    [problem] = problems_of(folder)

    assert problem.path == f"{POLICY}/policy.yaml:{line} parameters.township_rate[0].value"


def test_all_problems_of_all_files_are_reported_together(folder: Path, change: Callable[..., int]) -> None:
    change('value: "0.85"', 'value: "1.85"')
    change("{step: tiers,", "{step: tears,")
    change("class: A, charge: drug", "class: D, charge: drug", file=CATALOGUE)
    change("level: city_hospital", "level: village", file=INSTITUTIONS)

    with pytest.raises(Refusal) as refused:
        load_all(folder)

    assert {problem.path.split(":")[0] for problem in refused.value.problems} == {
        f"{POLICY}/policy.yaml",
        CATALOGUE,
        INSTITUTIONS,
    }


def test_a_benefit_without_a_value_on_one_day_is_told_the_day(folder: Path, change: Callable[..., int]) -> None:
    change(
        '    - from: 2014-01-01\n      to: 2015-12-31\n      value: "0.75"',
        '    - from: 2014-01-02\n      to: 2015-12-31\n      value: "0.75"',
    )

    [problem] = problems_of(folder)

    assert problem.code == "policy-gap"
    assert "'special_drug_rate' has no value on 2014-01-01, when 'special-drug' holds" in problem.en


def test_two_values_on_one_day_are_ambiguous(folder: Path, change: Callable[..., int]) -> None:
    change("    - from: 2008-01-01\n", "    - from: 2007-12-31\n")

    [problem] = problems_of(folder)

    assert problem.code == "policy-overlap"
    assert "parameters.bed_fee[1]" in problem.path


def test_a_benefit_begins_with_the_catalogue(folder: Path, change: Callable[..., int]) -> None:
    change("      - {step: catalogue}\n      - {step: indication", "      - {step: indication")

    assert [problem.code for problem in problems_of(folder)] == ["policy-word"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("class: B, first_payment: ", "class: A, first_payment: ", "policy-key"),
        ('class: B, first_payment: "0.10", ', "class: B, ", "policy-key"),
        ('first_payment: "0.10"', 'first_payment: "10%"', "policy-shape"),
        ("charge: drug", "charge: drugs", "policy-word"),
        ('ceiling: "0.10"', 'ceiling: "-0.10"', "policy-shape"),
        ('ceiling: "0.10"', 'ceiling: "0.1234567"', "policy-shape"),
        ('{township: "0.80", ', "{", "policy-word"),
        ("to: 2013-12-31", "to: 2014-01-01", "policy-overlap"),
        ('list_type: "101"', 'list_type: "999"', "policy-word"),
        ("reading: 示范数据:", "reading: ~ # ", "policy-source"),
    ],
)
def test_a_wrong_catalogue(folder: Path, change: Callable[..., int], old: str, new: str, code: str) -> None:
    change(old, new, file=CATALOGUE)

    assert {problem.code for problem in problems_of(folder)} == {code}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("code: H32118200001", "code: H3211820000", "institution-code"),
        ("kind: pharmacy", "kind: chemist", "policy-word"),
        ("code: H32118200002", "code: H32118200001", "policy-overlap"),
        (", from: 2013-01-01", "", "policy-key"),
    ],
)
def test_wrong_institutions(folder: Path, change: Callable[..., int], old: str, new: str, code: str) -> None:
    change(old, new, file=INSTITUTIONS)

    assert code in {problem.code for problem in problems_of(folder)}


def test_a_folder_for_an_area_and_scheme_stands_once(folder: Path) -> None:
    (folder / POLICY).rename(folder / "321182-other")
    text = (folder / "321182-other/policy.yaml").read_text("utf-8")
    for name in ("321182-a", "321182-b"):
        (folder / name).mkdir()
        (folder / name / "policy.yaml").write_text(text.replace("id: 321182-resident", f"id: {name}"), "utf-8")
        (folder / name / "institutions.yaml").write_bytes((folder / "321182-other/institutions.yaml").read_bytes())
    (folder / "321182-other/policy.yaml").unlink()

    with pytest.raises(Refusal) as refused:
        load_all(folder)

    assert [problem.code for problem in refused.value.problems] == ["policy-overlap"]


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / INSTITUTIONS).unlink()

    [problem] = problems_of(folder)

    assert (problem.code, problem.path) == ("policy-file", f"{INSTITUTIONS}:1")
