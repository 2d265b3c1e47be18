"""A claim is tried, settled and cancelled. Trial and final are one decision; only the final one is recorded."""

from collections.abc import Sequence

from gateway.exchange.apply.decide import Decided, decide, treatment_key
from gateway.exchange.apply.draft import names_visit, open_draft, whole_claim
from gateway.exchange.apply.resettle import Replaced, asks_resettlement, own_part, replace_later, told
from gateway.exchange.apply.settled import booking_day, by_our_ids, put_of, settlement_of
from gateway.exchange.apply.stated import check_stated_split
from gateway.exchange.desk import Desk, Resource, Result
from gateway.exchange.records import Origin, load, own_institution
from gateway.fhir.claim_response import negated_response, write_response
from gateway.fhir.parts import identifier_of, referred
from gateway.fhir.systems import sid
from gateway.kernel.ids import PersonId
from gateway.kernel.problem import Kind, Problem, Refusal, refuse_if
from gateway.security.partners import Role
from gateway.settlement.claim import STAYS
from gateway.settlement.entries import counter_entries, counter_movements, entries_for, not_the_last
from gateway.store.values import Settlement, SettlementState, Token


def trial(desk: Desk, resources: Sequence[Resource]) -> Result:
    """Pre-settlement 预结算: the decision as it would be now; nothing is recorded."""
    claim = _complete(desk, resources[0], final=False)
    if claim.get("use") == "claim":  # the bill of a visit, tried before it is settled
        claim = {**claim, "use": "predetermination"}
    decided = decide(desk, claim)
    _check_not_settled(desk, decided)
    response = write_response(decided.decision, decided.reading, created=desk.now)
    refuse_if(desk.guide.check_written(response))
    return Result(_tree(decided, claim, response))


def settle(desk: Desk, resources: Sequence[Resource]) -> Result:
    """Settlement 结算: decision, Claim, ClaimResponse, postings and movements in one unit of work."""
    claim = {**_complete(desk, resources[0], final=True), "id": desk.new_id(), "status": "active"}
    decided = decide(desk, claim)
    _check_not_settled(desk, decided)
    refuse_if(check_stated_split(decided.reading.stated, decided.decision))

    claim = by_our_ids(claim, decided)
    response_id = desk.new_id()
    response = write_response(
        decided.decision, decided.reading, created=desk.now, response_id=response_id, claim_id=claim["id"]
    )
    _record(desk, decided, claim, response)
    return Result(_tree(decided, claim, response), subject=response_id)


def cancel(desk: Desk, resources: Sequence[Resource]) -> Result:
    """Cancellation 撤销, last first: counters restored, counter-entries posted, a negated ClaimResponse kept.

    Where the agency asks for re-settlement, later settlements may stand: they are decided again without this one.
    """
    asked = resources[0]
    settlement = _find_settlement(desk, asked)
    if referred(asked.get("patient"), "Patient") not in ("", settlement.person):
        raise Refusal(_not_settled())
    if settlement.state is SettlementState.CANCELLED:
        raise Refusal(_already_cancelled(settlement))
    again = asks_resettlement(desk, asked)
    later = desk.unit.later_effective(settlement)
    if later is not None and not again:
        raise Refusal(not_the_last(settlement.id, later.id))

    claim = load(desk, "Claim", settlement.claim)
    response = load(desk, "ClaimResponse", settlement.id)
    patient = load(desk, "Patient", settlement.person)
    assert claim, "a settlement has its claim"
    assert response, "a settlement has its response"
    coverage = load(desk, "Coverage", referred(claim["insurance"][0]["coverage"], "Coverage"))
    cancelled_id = desk.new_id()
    negated = negated_response(response, response_id=cancelled_id, created=desk.now)
    booked = desk.unit.entries_of(settlement.claim)
    cancelled_on = booking_day(desk, settlement.scheme, booked)
    for entry in counter_entries(booked, make_id=desk.new_id, booked_on=cancelled_on):
        desk.unit.post(entry)
    movements = counter_movements(desk.unit.movements_of(settlement.claim))
    desk.unit.move(
        claim=settlement.claim,
        person=PersonId(settlement.person),
        scheme=settlement.scheme,
        movements=movements,
        reverses=settlement.id,
    )
    desk.unit.cancel_settlement(settlement.id, by=cancelled_id, on=cancelled_on)
    put_of(desk, {**claim, "status": "cancelled"}, settlement, Origin.JUDGED)
    put_of(desk, {**response, "status": "cancelled"}, settlement, Origin.JUDGED)
    put_of(desk, negated, settlement)
    tree: dict[str, Resource | None] = {
        "Claim": claim,
        "ClaimResponse": negated,
        "Patient": patient,
        "Coverage": coverage,
    }
    if again:
        undone = Replaced(settlement.id, cancelled_id, -settlement.fund, -own_part(response))
        tree["Parameters"] = told(replace_later(desk, settlement), undone)
    return Result(tree, subject=cancelled_id)


def _complete(desk: Desk, stated: Resource, *, final: bool) -> Resource:
    """The claim itself when it carries its lines; else the draft of the visit it names, made complete."""
    if not names_visit(stated) or "item" in stated:
        return stated
    draft = open_draft(desk, stated)
    if final and draft.visit.kind in STAYS and draft.visit.to_on is None:
        raise Refusal(_not_discharged())
    return whole_claim(desk, draft, draft.items, stated=stated)


def _check_not_settled(desk: Desk, decided: Decided) -> None:
    first = desk.unit.effective(treatment_key(decided.decision.claim, decided.reading))
    if first is not None:
        raise Refusal(_already_settled(first))


def _record(desk: Desk, decided: Decided, claim: Resource, response: Resource) -> None:
    decision = decided.decision
    person = decision.claim.person.id
    booked_on = booking_day(desk, decision.claim.scheme)
    settlement = settlement_of(desk, decided, response["id"], booked_on=booked_on)
    put_of(desk, claim, settlement, Origin.JUDGED)
    put_of(desk, response, settlement)
    for entry in entries_for(decision, id=desk.new_id(), booked_on=booked_on):
        desk.unit.post(entry)
    desk.unit.move(claim=claim["id"], person=person, scheme=decision.claim.scheme, movements=decision.movements)
    desk.unit.add_settlement(settlement)


def _tree(decided: Decided, claim: Resource, response: Resource) -> dict[str, Resource]:
    return {"Claim": claim, "ClaimResponse": response, "Patient": decided.patient, "Coverage": decided.coverage}


def _find_settlement(desk: Desk, asked: Resource) -> Settlement:
    """By settlement id; else by visit and bill, whichever are given: the one in force before those undone.

    A clinic finds its own only: bill numbers repeat between institutions, and between visits of one.
    """
    own_institution(desk, referred(asked.get("provider"), "Organization"), "Claim.provider")
    id = identifier_of(asked, sid("settlement"))
    numbers = [(sid(system), identifier_of(asked, sid(system))) for system in ("visit", "bill")]
    claims = [set(desk.unit.find("Claim", Token("identifier", *number))) for number in numbers if number[1]]
    if id:
        found = [desk.unit.settlement(id)]
    else:
        both = set.intersection(*claims) if claims else set()
        found = [desk.unit.settlement_of_claim(claim) for claim in sorted(both, reverse=True)]
    own = [each for each in found if each is not None and _is_own(desk, each)]
    settlement = min(own, key=lambda each: each.state is SettlementState.CANCELLED, default=None)
    if settlement is None:
        raise Refusal(_not_settled())
    return settlement


def _is_own(desk: Desk, settlement: Settlement) -> bool:
    return desk.partner.role is Role.AGENCY or settlement.institution == desk.partner.institution


def _already_settled(first: Settlement) -> Problem:
    return Problem(
        Kind.RULE,
        "already-settled",
        "Claim.identifier",
        f"this treatment was settled before as {first.id}: cancel that settlement first, or send another bill",
        f"该次就诊已结算,结算ID为 {first.id}:如需重新结算请先撤销",
    )


def _not_settled() -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "settlement-not-found",
        "Claim.identifier",
        "the sender has no such settlement: send the settlement id that was answered",
        "没有该结算记录:请使用返回的结算ID",
    )


def _already_cancelled(settlement: Settlement) -> Problem:
    return Problem(
        Kind.RULE,
        "already-cancelled",
        "Claim.identifier",
        f"settlement {settlement.id} was cancelled before, by {settlement.cancelled_by}: nothing is left to do",
        f"结算 {settlement.id} 已撤销,撤销结算ID为 {settlement.cancelled_by}:无需重复办理",
    )


def _not_discharged() -> Problem:
    return Problem(
        Kind.RULE,
        "not-discharged",
        "Encounter.period.end",
        "a stay is settled after discharge: send the discharge first",
        "住院费用须出院后结算:请先办理出院",
    )
