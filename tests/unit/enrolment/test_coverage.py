"""What a person is entitled to on the day that decides."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.enrolment.coverage import Spell, entitlement_on
from gateway.kernel.problem import Kind, Refusal

SPELL = Spell("c1", "resident", "resident", date(2015, 1, 1), date(2015, 12, 31))


def entitled(
    *spells: Spell, day: date = date(2015, 3, 9), from_on: date | None = None, died: date | None = None
) -> Spell:
    return entitlement_on(spells, schemes={"resident"}, from_on=from_on or day, day=day, died_on=died)


def refused(*spells: Spell, **asked: date) -> list[tuple[Kind, str, str]]:
    with pytest.raises(Refusal) as caught:
        entitled(*spells, **asked)
    return [(problem.kind, problem.code, problem.path) for problem in caught.value.problems]


@pytest.mark.parametrize("day", [date(2015, 1, 1), date(2015, 12, 31)])
def test_both_ends_of_a_spell_are_covered(day: date) -> None:
    assert entitled(SPELL, day=day) == SPELL


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2016, 1, 1)])
def test_outside_it_nobody_is(day: date) -> None:
    assert refused(SPELL, day=day) == [(Kind.RULE, "not-covered", "Claim.insurance")]


def test_the_deciding_day_counts_not_the_first() -> None:
    assert entitled(SPELL, from_on=date(2014, 12, 20), day=date(2015, 1, 3)) == SPELL


def test_a_cancelled_spell_and_another_scheme_do_not_cover() -> None:
    assert refused(replace(SPELL, active=False), replace(SPELL, scheme="worker")) == [
        (Kind.RULE, "not-covered", "Claim.insurance")
    ]


def test_the_first_spell_that_covers_the_day_is_taken() -> None:
    before = replace(SPELL, id="c0", from_on=date(2014, 1, 1), to_on=date(2014, 12, 31))
    pupil = replace(SPELL, id="c2", category="pupil")

    assert entitled(before, pupil, SPELL).id == "c2"


def test_a_treatment_that_began_after_death_is_refused_with_that_reason() -> None:
    assert refused(SPELL, died=date(2015, 3, 8)) == [(Kind.RULE, "person-deceased", "Claim.patient")]


def test_a_treatment_that_ended_with_death_is_covered() -> None:
    assert entitled(SPELL, from_on=date(2015, 3, 1), day=date(2015, 3, 9), died=date(2015, 3, 9)) == SPELL
    assert entitled(SPELL, from_on=date(2015, 3, 9), day=date(2015, 3, 9), died=date(2015, 3, 9)) == SPELL
