"""Random claims and histories for the shipped policy. All people are made up."""

from datetime import date
from typing import Final

from hypothesis import strategies as st

from gateway.kernel.calendar import benefit_year
from gateway.kernel.ids import AreaCode, ClaimId, InstitutionCode, PersonId
from gateway.policies.load import load_all
from gateway.settlement.claim import Case, Claim, ClaimKind, Counters, Line, Person, Terms

LOADED: Final = load_all().policies["321182-resident"]
POLICY: Final = LOADED.policy
CODES: Final = (*LOADED.catalogue.items, "OFF-CATALOGUE")
LEVELS: Final = tuple(POLICY.levels)
KINDS: Final = tuple(kind for kind in ClaimKind if kind is not ClaimKind.SPECIAL_DRUG)
CEILING: Final = 12_000_000
INSTITUTION: Final = InstitutionCode("H32118200001")

amounts = st.one_of(st.integers(0, 500), st.integers(0, 200_000), st.integers(0, 20_000_000))
days = st.dates(date(2013, 1, 1), date(2015, 12, 31))


def terms(code: str, *, level: str, day: date) -> Terms | None:
    return LOADED.catalogue.terms(code, level=level, day=day)


@st.composite
def claims(draw: st.DrawFn, kinds: tuple[ClaimKind, ...] = KINDS, person: str = "p1") -> Claim:
    """Up to eight lines of any code, whole quantities, at any level, on any day from 2013 to 2015."""
    day, level = draw(days), draw(st.sampled_from(LEVELS))
    drawn = draw(st.lists(st.tuples(st.sampled_from(CODES), amounts, st.integers(1, 60)), min_size=1, max_size=8))
    return Claim(
        id=ClaimId("c1"),
        area=AreaCode("321182"),
        scheme="resident",
        person=Person(PersonId(person), draw(st.sampled_from(("resident", "pupil"))), date(2000, 1, 1), "female"),
        institution=INSTITUTION,
        level=level,
        kind=draw(st.sampled_from(kinds)),
        from_on=day,
        to_on=day,
        lines=tuple(
            Line(number, code, amount, count * 10_000, terms(code, level=level, day=day))
            for number, (code, amount, count) in enumerate(drawn, 1)
        ),
    )


@st.composite
def cases(draw: st.DrawFn, kinds: tuple[ClaimKind, ...] = KINDS, person: str = "p1") -> Case:
    """A claim with what its year has used before, near the ceiling as often as far from it."""
    claim = draw(claims(kinds, person))
    counted = draw(st.one_of(st.just(0), st.integers(0, CEILING), st.integers(CEILING - 1000, CEILING)))
    period = benefit_year(claim.decided_on)
    used = {
        ("basic", period): Counters(counted=counted, fund=counted // 2, deductible=draw(st.integers(0, 100_000))),
        ("chronic", period): Counters(deductible=draw(st.integers(0, 100_000))),
    }
    return Case(claim, used)
