"""A small policy and a claim decided by it, for what is written of decisions."""

from datetime import UTC, date, datetime

from gateway.fhir.claim import ClaimReading, read_claim
from gateway.kernel.dated import Dated
from gateway.kernel.ids import AreaCode, ClaimId, InstitutionCode, PersonId
from gateway.settlement.adjudicate import adjudicate
from gateway.settlement.catalogue import Catalogue, CatalogueItem
from gateway.settlement.claim import Case, Claim, ClaimKind, ItemClass, Line, Person
from gateway.settlement.decision import Decision
from gateway.settlement.policy import Benefit, ParameterRef, Policy, StepSpec
from gateway.settlement.rule import Rule, Wording
from gateway.settlement.shapes import Band
from tests.unit.fhir.samples import INSTITUTION, PERSON, TODAY, claim

AT = datetime(2015, 3, 9, 0, 30, tzinfo=UTC)
FROM = date(2013, 1, 1)
TO = date(2015, 12, 31)

POLICY = Policy(
    id="321182-resident",
    area=AreaCode("321182"),
    scheme="resident",
    title=Wording("示范居民医保", "sample residents' scheme"),
    version="0123456789abcdef",
    levels={"township": Wording("乡镇", "township"), "city_hospital": Wording("市级", "city hospital")},
    categories={"resident": Wording("居民", "resident"), "pupil": Wording("学生", "pupil")},
    in_force=(Dated(None, FROM, TO),),
    parameters={
        "deductible": (Dated({"township": 300, "city_hospital": 500}, FROM, TO, "起付线示范", "按次"),),
        "tiers": (Dated((Band(1000_00, 6000), Band(9999_00, 7000)), FROM, TO, "分段示范"),),
    },
    benefits=(
        Benefit(
            "chronic",
            Wording("门诊慢特病", "chronic outpatient care"),
            frozenset({"resident", "pupil"}),
            frozenset({ClaimKind.CHRONIC}),
            (
                StepSpec("catalogue", {}),
                StepSpec("deductible", {"amount": ParameterRef("deductible"), "per": "admission"}),
                StepSpec("tiers", {"bands": ParameterRef("tiers")}),
            ),
        ),
    ),
)


def catalogue_item(number: int, item_class: ItemClass, *, first: int = 0, ceilings: dict[str, int]) -> CatalogueItem:
    rule = Rule("catalogue", "v1", f"drugs[{number}]", FROM, "目录示范", "")
    code = f"XC08CAA001A00101000{number:04d}"
    return CatalogueItem(
        code, f"示范药{number}", f"drug {number}", "101", item_class, "drug", "盒", first, ceilings, rule
    )


CATALOGUE = Catalogue(
    "v1",
    {
        item.code: (Dated(item, FROM, TO),)
        for item in (
            catalogue_item(1, ItemClass.A, ceilings={}),
            catalogue_item(2, ItemClass.B, first=1000, ceilings={"*": 12_000_000}),
            catalogue_item(3, ItemClass.C, ceilings={"township": 9_990_000}),
        )
    },
)


def decided() -> tuple[Decision, ClaimReading]:
    """Four lines of 24.69: class A, class B over its ceiling, class C, and one off the catalogue."""
    reading = read_claim(claim(4), today=TODAY)
    terms = [CATALOGUE.terms(line.code, level="city_hospital", day=TODAY) for line in reading.lines]
    lines = tuple(Line(r.number, r.code, r.amount, r.quantity, t) for r, t in zip(reading.lines, terms, strict=True))
    person = Person(PersonId(PERSON), "resident", date(1950, 1, 1), "male")
    whole = Claim(
        ClaimId("321182000000000000000000000c01"),
        AreaCode("321182"),
        "resident",
        person,
        InstitutionCode(INSTITUTION),
        "city_hospital",
        ClaimKind.CHRONIC,
        TODAY,
        TODAY,
        lines,
    )
    outcome = adjudicate(Case(whole), POLICY)
    assert isinstance(outcome, Decision), outcome
    return outcome, reading
