"""Every case of every policy folder comes out as its file states, to the fen: one test a case."""

from pathlib import Path

import pytest

from gateway.policies.cases import CaseResult, run_cases
from gateway.policies.load import SHIPPED, load_all

BOOK = load_all()
RESULTS: list[tuple[Path, CaseResult]] = [
    (file, result) for file in sorted(SHIPPED.glob("*/cases/*.yaml")) for result in run_cases(file, BOOK)
]


@pytest.mark.parametrize(
    "result",
    [result for _, result in RESULTS],
    ids=[f"{file.parents[1].name}/{file.stem}: {result.case}" for file, result in RESULTS],
)
def test_a_case_comes_out_as_stated(result: CaseResult) -> None:
    assert result.line == f"ok {result.case}"


def test_every_policy_folder_has_cases() -> None:
    assert {file.parents[1].name for file, _ in RESULTS} == {path.parent.name for path in SHIPPED.glob("*/policy.yaml")}
