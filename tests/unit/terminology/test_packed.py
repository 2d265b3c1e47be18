"""Packed concepts: what went in comes out, codes are found, words are found in whatever order and form they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.terminology.concept import Concept
from gateway.terminology.fold import fold, initials
from gateway.terminology.packed import BLOCK, Packed, words_of

DRUGS = Packed(
    [
        Concept("XA1", "阿莫西林胶囊 0.25g", (("en", "Amoxicillin capsule"),)),
        Concept("XA2", "苯磺酸氨氯地平片 5mg", (("en", "amlodipine tablet"),)),
        Concept("XA3", "头孢呋辛酯片", (), inactive=True),
    ]
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("阿莫西林", ["XA1"]),
        ("片", ["XA2", "XA3"]),
        ("片 苯磺酸", ["XA2"]),
        ("AMOXI", ["XA1"]),
        ("amxl", ["XA1"]),
        ("tbfxz", ["XA3"]),
        ("xa", ["XA1", "XA2", "XA3"]),
        ("XA2", ["XA2"]),
        ("没有", []),
        ("", ["XA1", "XA2", "XA3"]),
        ("   ", ["XA1", "XA2", "XA3"]),
        ("0.25g capsule", ["XA1"]),
    ],
)
def test_every_word_must_be_in_code_names_or_initials(filter: str, found: list[str]) -> None:
    assert [DRUGS.code(row) for row in DRUGS.matching(words_of(filter))] == found


def test_words_never_match_across_two_concepts() -> None:
    packed = Packed([Concept("a", "ab"), Concept("c", "d")])

    assert list(packed.matching(["bc"])) == []
    assert list(packed.matching(["b\n"])) == []


@given(st.lists(st.builds(Concept, TEXT, TEXT, st.lists(st.tuples(TEXT, TEXT), max_size=2).map(tuple)), max_size=80))
def test_what_goes_in_comes_out(concepts: list[Concept]) -> None:
    packed = Packed(concepts)

    assert list(packed) == concepts
    assert [packed.at(row) for row in range(len(packed))] == concepts
    for concept in concepts:
        found = packed.find(concept.code)
        assert found is not None
        assert found.code == concept.code
    assert packed.find("not a code of these") is None


def test_blocks_and_displays_agree() -> None:
    packed = Packed(Concept(f"{n:04d}", f"名 {n}") for n in range(3 * BLOCK + 1))

    assert [packed.display(row) for row in (0, BLOCK, 3 * BLOCK)] == ["名 0", f"名 {BLOCK}", f"名 {3 * BLOCK}"]
    assert packed.code(2 * BLOCK) == packed.at(2 * BLOCK).code
    assert len(packed) == 3 * BLOCK + 1


def test_case_matters_unless_the_system_says_otherwise() -> None:
    concepts = [Concept("Abc", "x")]

    assert Packed(concepts).find("abc") is None
    found = Packed(concepts, caseless=True).find("aBC")
    assert found is not None
    assert found.code == "Abc"


def test_a_lone_surrogate_is_no_code_and_no_fault() -> None:
    assert DRUGS.find("\ud800") is None
    assert list(DRUGS.matching(words_of("\ud800"))) == []


@pytest.mark.parametrize(
    ("text", "letters"),
    [("高血压", "gxy"), ("阿莫西林", "amxl"), ("酯唑嘧啶", "zzmd"), ("abc 1", ""), ("Ⅱ型", "x"), ("𠮷", "")],
)
def test_initials_of_chinese_words(text: str, letters: str) -> None:
    assert initials(text) == letters


def test_folding_makes_widths_and_cases_one() -> None:
    assert fold("  ＡＢＣ１２３ Ⅱ ") == "abc123 ii"
