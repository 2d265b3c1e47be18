"""Ids are thirty characters, name their area and sort by time."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel.ids import ENTROPY_BITS, FHIR_ID, AreaCode, area_of, derived_id, is_made_id, make_id, named_uuid

AREA = AreaCode("321182")
MILLIS = st.integers(0, 2**48 - 1)
ENTROPY = st.integers(0, 2**ENTROPY_BITS - 1)


def test_the_smallest_and_the_largest_id() -> None:
    assert make_id(AREA, millis=0, entropy=0) == "321182" + "0" * 24
    assert make_id(AREA, millis=2**48 - 1, entropy=2**72 - 1) == "321182" + "z" * 24


@given(MILLIS, ENTROPY)
def test_an_id_fits_both_standards_and_names_its_area(millis: int, entropy: int) -> None:
    made = make_id(AREA, millis=millis, entropy=entropy)

    assert len(made) == 30
    assert is_made_id(made)
    assert FHIR_ID.fullmatch(made)
    assert area_of(made) == AREA


@given(MILLIS, MILLIS, ENTROPY, ENTROPY)
def test_ids_sort_by_time_then_by_entropy(millis: int, other_millis: int, entropy: int, other_entropy: int) -> None:
    ours = make_id(AREA, millis=millis, entropy=entropy)
    theirs = make_id(AREA, millis=other_millis, entropy=other_entropy)

    assert (ours < theirs) == ((millis, entropy) < (other_millis, other_entropy))


@pytest.mark.parametrize(("millis", "entropy"), [(2**48, 0), (0, 2**72), (-1, 0), (0, -1)])
def test_numbers_that_would_spill_into_one_another_are_a_bug(millis: int, entropy: int) -> None:
    with pytest.raises(AssertionError):
        make_id(AREA, millis=millis, entropy=entropy)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "321182",
        "321182" + "0" * 23,
        "321182" + "i" * 24,
        "321182" + "Z" * 24,
        "32118x" + "0" * 24,
        "３21182" + "0" * 24,
    ],
)
def test_what_was_not_made_here_is_not_taken_for_it(text: str) -> None:
    assert not is_made_id(text)


@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_a_derived_id_belongs_to_its_words(ours: list[str], theirs: list[str]) -> None:
    made = derived_id(AREA, *ours)

    assert is_made_id(made)
    assert (made == derived_id(AREA, *theirs)) == (ours == theirs)
    assert made != derived_id(AreaCode("370200"), *ours)


@given(st.text())
def test_no_clock_of_our_days_makes_a_derived_id(word: str) -> None:
    assert derived_id(AREA, word) < make_id(AREA, millis=1_000_000_000_000, entropy=0)


def test_derived_ids_stay_what_they_are() -> None:
    assert derived_id(AREA, "closing", "resident", "2015-06") == "32118200cd9arfwf6m4qebzyap9rtw"


@pytest.mark.parametrize("name", ["", "https://gateway.example/fhir/ValueSet/claim-kind|1", "结算"])
def test_a_named_uuid_is_that_of_the_standard(name: str) -> None:
    assert named_uuid(name) == str(uuid.uuid5(uuid.NAMESPACE_URL, name))
