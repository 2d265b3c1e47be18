"""Coverage spells, and the one question settlement asks of them: what is this person entitled to on this day?"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from gateway.kernel.problem import Kind, Problem, Refusal


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of cover in one scheme. `id`: the Coverage resource."""

    id: str
    scheme: str
    category: str
    from_on: date
    to_on: date
    active: bool = True


def entitlement_on(
    spells: Iterable[Spell], *, schemes: Collection[str], from_on: date, day: date, died_on: date | None = None
) -> Spell:
    """The spell that covers the deciding `day` of a treatment that began `from_on`; Refusal with the reason if none.

    `schemes`: those the area has a policy for. Of several covers the first counts: nobody is covered twice by law.

    A treatment that began after the person's death is never payable; one that ended with it is.
    """
    if died_on is not None and from_on > died_on:
        raise Refusal(
            Problem(
                Kind.RULE,
                "person-deceased",
                "Claim.patient",
                f"the person died on {died_on}, the treatment began on {from_on}: check the identity of the patient",
                f"该人员已于 {died_on} 死亡,就诊开始于 {from_on}:请核实就诊人身份",
            )
        )
    for spell in spells:
        if spell.active and spell.scheme in schemes and spell.from_on <= day <= spell.to_on:
            return spell
    raise Refusal(
        Problem(
            Kind.RULE,
            "not-covered",
            "Claim.insurance",
            f"the person has no active cover in a scheme of this area on {day}: contribution or enrolment is missing",
            f"该人员 {day} 无有效参保:未缴费或未参保",
        )
    )
