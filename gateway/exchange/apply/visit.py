"""A visit 就诊 as NHSA's conversation has it: opened, described, given fee lines, discharged.

It lives as an Encounter and, per bill, a draft Claim; both belong to the institution.
"""

from collections.abc import Sequence

from gateway.enrolment.coverage import entitlement_on
from gateway.exchange.apply.decide import decide
from gateway.exchange.apply.draft import Draft, line_id, open_draft, other_person, own_visit, whole_claim, with_lines
from gateway.exchange.desk import Desk, Resource, Result
from gateway.exchange.records import Origin, find_patient, own_institution, put, spells_of
from gateway.fhir.claim_response import write_response
from gateway.fhir.encounter import check_encounter, merge_encounter, read_encounter
from gateway.fhir.parts import identifier_of, reference, referred
from gateway.fhir.patient import read_patient
from gateway.fhir.systems import sid
from gateway.kernel.ids import PersonId
from gateway.kernel.problem import Kind, Problem, Refusal, refuse_if
from gateway.store.values import Token

DESCRIBED = ("status", "class", "type", "period", "reasonCode")
"""What later messages may say of a visit. Person, institution and number name the treatment and stay as opened."""


def open_visit(desk: Desk, resources: Sequence[Resource]) -> Result:
    """Register 挂号 or admit 入院. Refusal: person unknown, deceased or not covered; the visit number is taken."""
    encounter: Resource = dict(resources[0])
    patient = find_patient(desk, id=referred(encounter.get("subject"), "Patient"), path="Encounter.subject")
    stated = referred(encounter.get("serviceProvider"), "Organization")
    institution = own_institution(desk, stated, "Encounter.serviceProvider")
    token = Token("visit-number", "", f"{institution}|{identifier_of(encounter, sid('visit'))}")
    taken = desk.unit.find("Encounter", token)
    if taken:
        raise Refusal(_visit_exists(taken[0]))

    encounter["id"] = desk.new_id()
    encounter["serviceProvider"] = reference("Organization", institution)
    refuse_if(check_encounter(encounter, desk.guide))
    visit = read_encounter(encounter)
    begin = visit.from_on or desk.today
    spells = spells_of(desk, PersonId(patient["id"]))
    entitlement_on(spells, schemes=desk.schemes, from_on=begin, day=begin, died_on=read_patient(patient).died_on)
    put(desk, encounter, owner=institution, person=patient["id"], tokens=(token,), origin=Origin.JUDGED)
    return Result({"Encounter": encounter, "Patient": patient}, subject=encounter["id"])


def describe_visit(desk: Desk, resources: Sequence[Resource]) -> Result:
    """Kind, begin and diagnoses of an open visit 就诊信息; what is not said stays as it was."""
    return _merge(desk, resources[0])


def discharge_visit(desk: Desk, resources: Sequence[Resource]) -> Result:
    """Discharge 出院: its day decides policy and period of the stay."""
    return _merge(desk, {**resources[0], "status": "finished"})


def add_lines(desk: Desk, resources: Sequence[Resource]) -> Result:
    """Fee lines of a bill 费用明细, each priced by the catalogue at once. All lines of a message are taken or none.

    Answer tree: ClaimResponse.item[] of the lines that were added or changed, and the draft Claim.
    """
    sent = resources[0]
    draft = open_draft(desk, sent)
    items, touched = with_lines(desk, draft, sent.get("item", []))
    written = _with_items(draft, items)
    changed = [item for item in items if line_id(item) in touched]
    tree: dict[str, Resource] = {"Claim": written.resource, "Encounter": draft.encounter}
    if changed:
        decided = decide(desk, whole_claim(desk, draft, changed))
        tree["ClaimResponse"] = write_response(decided.decision, decided.reading, created=desk.now)

    put(
        desk,
        written.resource,
        owner=draft.visit.provider,
        person=draft.visit.patient,
        tokens=written.tokens,
        expected_version=draft.version,
        origin=Origin.JUDGED,
    )
    return Result(tree, subject=written.resource["id"])


def _with_items(draft: Draft, items: list[Resource]) -> Draft:
    """The draft with these lines, each of which was judged when it came; FHIR has no empty lists."""
    resource = {name: value for name, value in draft.resource.items() if name != "item"}
    if items:
        resource["item"] = items
    return Draft(resource, draft.version, draft.encounter, draft.visit, draft.bill)


def _merge(desk: Desk, stated: Resource) -> Result:
    own_institution(desk, referred(stated.get("serviceProvider"), "Organization"), "Encounter.serviceProvider")
    encounter = own_visit(desk, stated.get("id", ""), "Encounter.id")
    visit = read_encounter(encounter)
    if referred(stated.get("subject"), "Patient") not in ("", visit.patient):
        raise Refusal(other_person("Encounter.subject"))
    merged = merge_encounter(encounter, {name: stated[name] for name in DESCRIBED if name in stated})
    refuse_if(check_encounter(merged, desk.guide))
    token = Token("visit-number", "", f"{visit.provider}|{visit.visit}")
    put(desk, merged, owner=visit.provider, person=visit.patient, tokens=(token,), origin=Origin.JUDGED)
    return Result({"Encounter": merged}, subject=merged["id"])


def _visit_exists(id: str) -> Problem:
    return Problem(
        Kind.CONFLICT,
        "visit-exists",
        "Encounter.identifier",
        f"the institution has a visit with this number already, {id}: send its lines there or use a new number",
        f"该住院/门诊号已登记,就诊ID为 {id}:请继续使用或更换号码",
    )
