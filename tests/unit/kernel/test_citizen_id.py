"""Citizen identity numbers (GB 11643): the checksum catches what fingers get wrong, and old cards are upgraded."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.kernel.citizen_id import CitizenId, Sex, check_digit, parse_citizen_id, upgraded
from gateway.kernel.problem import Kind, Problem

STANDARD_EXAMPLES = ["11010519491231002X", "440524188001010014"]
"""The two numbers that GB 11643-1999 prints as its own examples."""


def numbered(born_on: date, serial: int) -> str:
    first_17 = f"321182{born_on:%Y%m%d}{serial:03d}"
    return first_17 + check_digit(first_17)


NUMBERS = st.builds(numbered, st.dates(date(1880, 1, 1), date(2026, 12, 31)), st.integers(0, 999))


def code_of(text: str) -> str:
    problem = parse_citizen_id(text, "psn.certno")
    assert isinstance(problem, Problem)
    assert (problem.kind, problem.path) == (Kind.INVALID, "psn.certno")
    return problem.code


@pytest.mark.parametrize("number", STANDARD_EXAMPLES)
def test_the_examples_of_the_standard_are_valid(number: str) -> None:
    assert parse_citizen_id(number) == CitizenId(number)


def test_birth_date_sex_and_area_are_read_from_the_number() -> None:
    man = CitizenId(numbered(date(1960, 2, 29), 13))
    woman = CitizenId(numbered(date(2015, 3, 9), 24))

    assert (man.born_on, man.sex, man.area) == (date(1960, 2, 29), Sex.MALE, "321182")
    assert (woman.born_on, woman.sex) == (date(2015, 3, 9), Sex.FEMALE)


@given(NUMBERS)
def test_every_number_with_its_check_digit_is_valid_in_any_case_and_with_blanks(number: str) -> None:
    assert parse_citizen_id(f" {number.lower()} ") == CitizenId(number)


@given(NUMBERS, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_never_passes(number: str, place: int, character: str) -> None:
    assume(number[place] != character)

    assert isinstance(parse_citizen_id(number[:place] + character + number[place + 1 :]), Problem)


@given(NUMBERS, st.integers(0, 16))
def test_two_neighbours_exchanged_never_pass(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    exchanged = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert isinstance(parse_citizen_id(exchanged), Problem)


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_a_number_of_fifteen_digits_becomes_that_of_eighteen(born_on: date, serial: int) -> None:
    number = numbered(born_on, serial)
    old = number[:6] + number[8:17]

    assert upgraded(old) == number
    assert parse_citizen_id(old) == CitizenId(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "32118219600229001",
        "3211821960022900130",
        "32118219600229X01X",
        "02118219600229001X",
        "３21182196002290130",
        "x" * 10_000,
    ],
)
def test_another_shape_is_refused(text: str) -> None:
    assert code_of(text) == "citizen-id-shape"


@pytest.mark.parametrize("birth", ["19600230", "20150229", "20151301", "20150100", "00000101"])
def test_a_birth_date_that_does_not_exist_is_refused(birth: str) -> None:
    first_17 = f"321182{birth}001"

    assert code_of(first_17 + check_digit(first_17)) == "citizen-id-birth-date"


def test_an_old_number_with_an_impossible_birth_date_is_refused() -> None:
    assert code_of("321182600230001") == "citizen-id-birth-date"


def test_a_wrong_last_character_is_refused_without_quoting_the_number() -> None:
    number = numbered(date(1960, 2, 29), 13)
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    problem = parse_citizen_id(wrong)

    assert code_of(wrong) == "citizen-id-checksum"
    assert isinstance(problem, Problem)
    assert wrong not in problem.text()
