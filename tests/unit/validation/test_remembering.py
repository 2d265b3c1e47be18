"""Codes found right once are known to be right; nothing that is wrong, unknown or more than a code is remembered."""

from decimal import Decimal
from typing import Any

import pytest

from gateway.validation.concepts import MOST_REMEMBERED, remembered, remembered_extension
from gateway.validation.issue import Findings
from gateway.validation.run import Run
from gateway.validation.texts import error

CONCEPT = {"coding": [{"system": "urn:a", "code": "1"}]}


class Counted:
    """Counts what it is asked, and finds something where `wrong`."""

    def __init__(self, *, wrong: bool = False) -> None:
        self.asked = 0
        self.wrong = wrong

    def __call__(self, value: Any, run: Any) -> Findings:
        self.asked += 1
        return [error("wrong", "value", "wrong", "错误")] if self.wrong else None


def run(**unknown: str) -> Run:
    made = Run({"resourceType": "Claim"}, judge=None)  # type: ignore[arg-type]
    made.unknown_sets.update(unknown)
    return made


@pytest.mark.parametrize(
    ("value", "asked"),
    [
        (CONCEPT, 1),
        ({"coding": [{"system": "urn:a", "code": "1", "display": "一"}], "text": "一"}, 1),
        ({"coding": [{"system": "urn:a", "code": 1}]}, 2),
        ({"coding": [{"system": "urn:a"}]}, 2),
        ({"coding": [CONCEPT["coding"][0]] * 2}, 2),
        ({"coding": [{"system": "urn:a", "code": "1", "version": "2"}]}, 2),
        ({**CONCEPT, "text": ""}, 2),
        ({**CONCEPT, "id": "x"}, 2),
        ({**CONCEPT, "extension": []}, 2),
        ("1", 2),
    ],
)
def test_a_plain_code_is_judged_once(value: Any, asked: int) -> None:
    check = Counted()
    concept = remembered(check)
    for _ in range(2):
        concept(value, run())

    assert check.asked == asked


def test_other_words_are_other_values() -> None:
    check = Counted()
    concept = remembered(check)
    for more in ({}, {"text": "一"}, {"text": "二"}):
        concept({**CONCEPT, **more}, run())

    assert check.asked == 3


def test_what_is_wrong_is_told_each_time() -> None:
    concept = remembered(Counted(wrong=True))

    assert [bool(concept(CONCEPT, run())) for _ in range(2)] == [True, True]


def test_silence_after_an_unknown_value_set_says_nothing() -> None:
    check = Counted()
    concept = remembered(check)
    for _ in range(2):
        concept(CONCEPT, run(**{"https://example.org/vs": "missing"}))

    assert check.asked == 2


def test_memory_has_an_end() -> None:
    check = Counted()
    concept = remembered(check)
    for number in (*range(MOST_REMEMBERED + 1), MOST_REMEMBERED):
        concept({"coding": [{"system": "urn:a", "code": f"{number}"}]}, run())

    assert check.asked == MOST_REMEMBERED + 2


@pytest.mark.parametrize(
    ("value", "asked"),
    [
        ({"url": "urn:x", "valueCode": "A"}, 1),
        ({"url": "urn:x", "valueDecimal": Decimal("0.10")}, 1),
        ({"url": "urn:x", "valueString": "of the sender"}, 2),
        ({"url": "urn:x", "valueDecimal": 1}, 2),
        ({"url": "urn:x", "valueCode": "A", "id": "1"}, 2),
        ({"url": "urn:x"}, 2),
        ([], 2),
    ],
)
def test_extensions_of_a_code_or_number_are_judged_once(value: Any, asked: int) -> None:
    check = Counted()
    extension = remembered_extension(check)
    for _ in range(2):
        extension(value, run())

    assert check.asked == asked


def test_numbers_of_other_digits_are_other_values() -> None:
    check = Counted()
    extension = remembered_extension(check)
    for text in ("0.1", "0.10"):
        extension({"url": "urn:x", "valueDecimal": Decimal(text)}, run())

    assert check.asked == 2
