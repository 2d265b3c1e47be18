"""Every payment case of every policy folder comes out as its file states; every method has five at least."""

from collections import Counter
from pathlib import Path

import pytest

from gateway.payment.methods import METHODS
from gateway.policies.cases import CaseResult
from gateway.policies.load import SHIPPED, load_all
from gateway.policies.payment_cases import assessed, payment_case_files, read_payment_case_file, run_payment_case
from gateway.policies.read_payment_cases import PaymentCase

BOOK = load_all()
CASES: list[tuple[Path, PaymentCase]] = [
    (file, case) for file in payment_case_files(BOOK) for case in read_payment_case_file(file, BOOK)
]
LEAST = 5


@pytest.mark.parametrize(
    "case",
    [case for _, case in CASES],
    ids=[f"{file.parents[1].name}/{file.stem}: {case.name}" for file, case in CASES],
)
def test_a_payment_case_comes_out_as_stated(case: PaymentCase) -> None:
    result: CaseResult = run_payment_case(case)

    assert result.line == f"ok {case.name}"


def test_every_payment_file_has_cases() -> None:
    assert {file.parents[1].name for file, _ in CASES} == {path.parent.name for path in SHIPPED.glob("*/payment.yaml")}


def test_every_method_has_five_cases_at_least() -> None:
    found: Counter[str] = Counter()
    for _, case in CASES:
        found.update(
            {item.method for code, each in assessed(case).items() if code in case.expected for item in each.items}
        )

    assert {method: found[method] for method in METHODS if found[method] < LEAST} == {}
