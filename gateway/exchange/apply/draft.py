"""The draft Claim of a visit's bill: fee lines as they were sent, kept until the bill is settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.exchange.desk import Desk, Resource
from gateway.exchange.records import load, own_institution
from gateway.fhir import systems
from gateway.fhir.encounter import VisitReading, read_encounter
from gateway.fhir.parts import concept, extension_of, extension_value, identifier_of, reference, referred
from gateway.fhir.systems import cs, ext, sid
from gateway.kernel.calendar import instant_text
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.settlement.claim import STAYS, ClaimKind
from gateway.store.values import Token

LINE_NUMBER, REFUND_OF = ext("line-number"), ext("refunded-line")
VISIT, STATED_SPLIT = ext("visit"), ext("stated-split")


@dataclass(frozen=True, slots=True)
class Draft:
    """A bill being written. `version` 0: not stored yet."""

    resource: Resource
    version: int
    encounter: Resource
    visit: VisitReading
    bill: str

    @property
    def items(self) -> list[Resource]:
        return list(self.resource.get("item", []))

    @property
    def tokens(self) -> tuple[Token, ...]:
        """How the draft is found again: by visit and bill, and among all drafts of the visit."""
        return (draft_token(self.visit.id, self.bill), visit_drafts_token(self.visit.id))


def line_id(item: Resource) -> str:
    """The sender's own id of a line (费用明细流水号)."""
    return extension_value(item, LINE_NUMBER, "valueString")


def names_visit(claim: Resource) -> bool:
    """Whether a Claim points at a visit's draft instead of carrying its lines."""
    return extension_of(claim, VISIT) is not None


def open_draft(desk: Desk, claim: Resource) -> Draft:
    """The stored draft of the visit and bill that a Claim names, or a new one.

    Refusal: the visit is not there, is another institution's or another person's.
    """
    named = extension_of(claim, VISIT) or {}
    own_institution(desk, referred(claim.get("provider"), "Organization"), "Claim.provider")
    encounter = own_visit(desk, referred(named.get("valueReference"), "Encounter"), "Claim.extension[visit]")
    visit = read_encounter(encounter)
    if referred(claim.get("patient"), "Patient") not in ("", visit.patient):
        raise Refusal(other_person("Claim.patient"))

    bill = "" if visit.kind in STAYS else identifier_of(claim, sid("bill"))
    for id in desk.unit.find("Claim", draft_token(visit.id, bill)):
        stored = desk.unit.read("Claim", id)
        resource = load(desk, "Claim", id)
        if stored is not None and resource is not None:
            return Draft(resource, stored.version, encounter, visit, bill)
    new = {"resourceType": "Claim", "id": desk.new_id(), **_head(desk, encounter, visit, bill), "status": "draft"}
    return Draft(new, 0, encounter, visit, bill)


def own_visit(desk: Desk, id: str, path: str) -> Resource:
    """A visit of the sender. Refusal: there is none; another institution's looks the same."""
    encounter = load(desk, "Encounter", id)
    if encounter is None or read_encounter(encounter).provider != desk.partner.institution:
        raise Refusal(no_visit(path))
    return encounter


def with_lines(desk: Desk, draft: Draft, sent: Sequence[Resource]) -> tuple[list[Resource], set[str]]:
    """The draft's items after the lines sent, and the ids of those they added or changed. Refusal with every problem.

    A line of negative quantity refunds the line it names: that line shrinks, and goes when nothing of it is left.
    """
    items = {line_id(item): item for item in draft.items}
    touched: set[str] = set()
    problems: list[Problem] = []
    elsewhere = _lines_of_other_bills(desk, draft)
    for number, line in enumerate(sent):
        path, id = f"Claim.item[{number}]", line_id(line)
        refunded = extension_value(line, REFUND_OF, "valueString")
        if id in items or id in elsewhere:
            problems.append(_line_repeated(path, id))
        elif line["quantity"]["value"] >= 0:
            items[id] = {**line, "sequence": len(items) + 1}
            touched.add(id)
        elif refunded not in items or not _covers(items[refunded], line):
            problems.append(_nothing_to_refund(path, refunded))
        else:
            items[refunded] = _less(items[refunded], line)
            touched.add(refunded)
    if problems:
        raise Refusal(problems)
    return [item for item in items.values() if item["quantity"]["value"]], touched


def whole_claim(desk: Desk, draft: Draft, items: Sequence[Resource], *, stated: Resource | None = None) -> Resource:
    """The bill as a complete Claim: head and diagnoses from the visit, lines numbered in their order.

    `stated`: the message that settles the bill; its total and stated split go in. Without it, the total is the sum of
    the lines. The last day is that of the discharge, else of the last line.
    """
    if not items:
        raise Refusal(_no_lines(draft.bill))
    visit = draft.visit
    begin = str(visit.from_on)
    last = max(str(item.get("servicedDate", begin)) for item in items)
    head = _head(desk, draft.encounter, visit, draft.bill)
    split = extension_of(stated or {}, STATED_SPLIT)
    if split is not None:
        head["extension"].append(split)
    return {
        "resourceType": "Claim",
        **head,
        "status": "active",
        "billablePeriod": {"start": begin, "end": str(visit.to_on) if visit.to_on else max(last, begin)},
        "item": [{**item, "sequence": number} for number, item in enumerate(items, 1)],
        "total": (stated or {}).get("total") or _sum_of(items),
    }


def _head(desk: Desk, encounter: Resource, visit: VisitReading, bill: str) -> Resource:
    identifiers = [
        {"system": sid("visit"), "value": visit.visit},
        {"system": sid("bill"), "value": bill or visit.visit},
    ]
    head: dict[str, Any] = {
        "extension": [{"url": VISIT, "valueReference": reference("Encounter", visit.id)}],
        "identifier": identifiers,
        "type": concept(systems.CLAIM_TYPE, _type_of(visit.kind)),
        "subType": concept(cs("claim-kind"), visit.kind),
        "use": "claim",
        "patient": reference("Patient", visit.patient),
        "created": instant_text(desk.now),
        "insurer": {"reference": systems.agency(desk.area)},
        "provider": reference("Organization", visit.provider),
        "priority": concept(systems.PROCESS_PRIORITY, "normal"),
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "resident"}}],
        "diagnosis": [
            {"sequence": number, "diagnosisCodeableConcept": concept(cs("diagnosis"), code)}
            for number, code in enumerate(visit.diagnoses, 1)
        ],
    }
    if visit.disease:
        disease = concept(cs("special-disease"), visit.disease)
        category = {"coding": [{"code": "special-disease"}]}
        head["supportingInfo"] = [{"sequence": 1, "category": category, "code": disease}]
    if not head["diagnosis"]:
        del head["diagnosis"]
    return head


def _lines_of_other_bills(desk: Desk, draft: Draft) -> set[str]:
    drafts = desk.unit.find("Claim", visit_drafts_token(draft.visit.id))
    others = (load(desk, "Claim", id) for id in drafts if id != draft.resource["id"])
    return {line_id(item) for other in others if other for item in other.get("item", [])}


def _type_of(kind: str) -> str:
    if kind in STAYS:
        return "institutional"
    return "pharmacy" if kind == ClaimKind.PHARMACY else "professional"


def _sum_of(items: Sequence[Resource]) -> Resource:
    return {"value": sum(item["net"]["value"] for item in items), "currency": systems.CURRENCY}


def _covers(original: Resource, refund: Resource) -> bool:
    left = original["quantity"]["value"] + refund["quantity"]["value"]
    net = original["net"]["value"] + refund["net"]["value"]
    return bool(left >= 0 and net >= 0 and (left > 0) == (net > 0))


def _less(original: Resource, refund: Resource) -> Resource:
    return {
        **original,
        "quantity": {"value": original["quantity"]["value"] + refund["quantity"]["value"]},
        "net": {**original["net"], "value": original["net"]["value"] + refund["net"]["value"]},
    }


def draft_token(visit: str, bill: str) -> Token:
    """Index row of the draft of a visit's bill; a stay has one draft, with bill ''."""
    return Token("draft", "", f"{visit}|{bill}")


def visit_drafts_token(visit: str) -> Token:
    """Index row of every draft of a visit."""
    return Token("visit-drafts", "", visit)


def no_visit(path: str) -> Problem:
    """There is no such visit at the sender."""
    return Problem(
        Kind.NOT_FOUND,
        "visit-not-found",
        path,
        "no visit with this id is open at the sender: register or admit first and send the id that was answered",
        "没有该就诊登记:请先挂号或办理入院,并使用返回的就诊ID",
    )


def other_person(path: str) -> Problem:
    """The visit was opened for someone else."""
    return Problem(
        Kind.INVALID,
        "other-person",
        path,
        "the visit is another person's: send the person number with which it was opened",
        "人员编号与就诊登记不符:请使用登记时的人员编号",
    )


def _line_repeated(path: str, id: str) -> Problem:
    return Problem(
        Kind.CONFLICT,
        "line-repeated",
        path,
        f"line '{id[:30]}' was sent before in this visit: give each line its own number",
        f"费用明细流水号“{id[:30]}”在本次就诊中重复:请使用新的流水号",
    )


def _nothing_to_refund(path: str, id: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "nothing-to-refund",
        path,
        f"a refund line names an unsettled line of this bill with at least this much left; '{id[:30]}' is none",
        f"退费明细须指向本单未结算且余量足够的原明细,“{id[:30]}”不符合",
    )


def _no_lines(bill: str) -> Problem:
    return Problem(
        Kind.RULE,
        "no-lines",
        "Claim.item",
        f"no fee lines were uploaded for bill '{bill[:30]}': upload them before settling",
        f"收费批次“{bill[:30]}”没有费用明细:请先上传明细",
    )
