"""Re-settlement 重新结算: a settlement is corrected under later ones, or a person's year decided again.

Everything from the corrected settlement on is undone in memory and decided again in its order, under the facts of now.
From the first that changes, each gets a ClaimResponse of its own that replaces the one before; what is booked is the
difference. All of it happens, or none: where a claim would be refused now, the agency cancels it first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile
from typing import Any

import msgspec

from gateway.exchange.apply.decide import Decided, Facts, find_facts, treatment_key
from gateway.exchange.apply.settled import booking_day, by_our_ids, put_of, settlement_of
from gateway.exchange.desk import Desk, Resource, Result
from gateway.exchange.records import Origin, find_patient, load
from gateway.fhir.claim import read_claim
from gateway.fhir.claim_response import write_response
from gateway.fhir.json import encode
from gateway.fhir.parameters import read_parameter
from gateway.fhir.parts import amount, extension_of, identifier_of, reference
from gateway.fhir.systems import ext, sid
from gateway.kernel import money
from gateway.kernel.calendar import benefit_year
from gateway.kernel.ids import PersonId, is_made_id
from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Entry
from gateway.security.partners import Role
from gateway.settlement.claim import Movement
from gateway.settlement.decision import Decision
from gateway.settlement.entries import difference_entry, difference_movements, netted
from gateway.settlement.explain import trace
from gateway.settlement.resettle import Standing, redecide
from gateway.store.values import Settlement, SettlementState

RESETTLE, REPLACES = ext("resettle"), ext("replaces")


@dataclass(frozen=True, slots=True)
class Again:
    """A settlement in force that is decided again. `corrected`: its Claim was sent anew."""

    settlement: Settlement
    claim: Resource
    response: Resource
    facts: Facts
    movements: tuple[Movement, ...]
    corrected: bool


@dataclass(frozen=True, slots=True)
class Replaced:
    """A settlement and the one that stands in its place, with what the fund and the person pay more (or less)."""

    old: str
    new: str
    fund: Fen
    own: Fen


def resettle(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The settlement that a Claim names by its number, and every later one of that person, scheme and year.

    A Claim with lines corrects the one that was settled: same person, institution and treatment. Answer tree:
    Parameters, with what was replaced by what.
    """
    asked = resources[0]
    settlement = _named(desk, identifier_of(asked, sid("settlement")))
    standing = [settlement, *_later(desk, settlement)]
    corrected = {settlement.id: asked} if "item" in asked else {}
    return Result({"Parameters": told(replace_all(desk, standing, corrected))}, subject=settlement.id)


def resettle_person(desk: Desk, resources: Sequence[Resource]) -> Result:
    """Everything in force of a Patient (by id or citizen ID) in a year, that of today unless Parameters name one."""
    patient, *told_more = resources
    id = patient.get("id", "")
    found = find_patient(
        desk,
        id=id if is_made_id(id) else "",
        citizen_id=id or identifier_of(patient, sid("citizen-id")),
        path="Patient.id",
    )
    person = PersonId(found["id"])
    year = next((read_parameter(each, "year") for each in told_more), "") or benefit_year(desk.today)
    schemes = sorted({each.policy.scheme for each in desk.book.policies.values() if each.policy.area == desk.area})
    replaced: list[Replaced] = []
    for scheme in schemes:
        replaced += replace_all(desk, desk.unit.effective_in(person, scheme, year))
    return Result({"Parameters": told(replaced), "Patient": found}, subject=person)


def asks_resettlement(desk: Desk, asked: Resource) -> bool:
    """Whether a cancellation says that later settlements are to be decided again. Refusal: only the agency may."""
    if not (extension_of(asked, RESETTLE) or {}).get("valueBoolean"):
        return False
    if desk.partner.role is not Role.AGENCY:
        raise Refusal(_by_agency())
    return True


def replace_all(
    desk: Desk, settlements: Sequence[Settlement], corrected: Mapping[str, Resource] | None = None
) -> list[Replaced]:
    """Decide settlements of one person, scheme and year again, in their order, and book the differences.

    `corrected`: by settlement, the Claim to decide on instead. Refusal with every claim that would be refused now.
    """
    again = [_load(desk, each, (corrected or {}).get(each.id)) for each in settlements]

    decisions = _decide(desk, again)

    changed = list(dropwhile(lambda pair: _is_unchanged(*pair), zip(again, decisions, strict=True)))
    days = _book(desk, changed)
    return [_record(desk, *pair, booked_on) for pair, booked_on in zip(changed, days, strict=True)]


def replace_later(desk: Desk, settlement: Settlement) -> list[Replaced]:
    """What follows a settlement in its year, decided again."""
    return replace_all(desk, _later(desk, settlement))


def told(replaced: Iterable[Replaced], cancelled: Replaced | None = None) -> Resource:
    """Parameters: each settlement with the one that replaces or cancels it, and the differences, then their sums."""
    every = [("replaced", each) for each in replaced]
    if cancelled is not None:
        every.insert(0, ("cancelled", cancelled))
    listed: list[dict[str, Any]] = [
        {
            "name": name,
            "part": [
                {"name": "settlement", "valueReference": reference("ClaimResponse", each.old)},
                {"name": "by", "valueReference": reference("ClaimResponse", each.new)},
                {"name": "fund-difference", "valueMoney": amount(each.fund)},
                {"name": "person-difference", "valueMoney": amount(each.own)},
            ],
        }
        for name, each in every
    ]
    fund, own = sum(each.fund for _, each in every), sum(each.own for _, each in every)
    sums = [
        {"name": "fund-difference", "valueMoney": amount(fund)},
        {"name": "person-difference", "valueMoney": amount(own)},
    ]
    return {"resourceType": "Parameters", "parameter": [*listed, *sums]}


def own_part(response: Resource) -> Fen:
    """What a ClaimResponse leaves to the person: account and cash."""
    amounts = {each["category"]["coding"][0]["code"]: money.of(each["amount"]["value"]) for each in response["total"]}
    return amounts["account"] + amounts["cash"]


def _named(desk: Desk, id: str) -> Settlement:
    """The settlement in force with an id, read while its person is locked."""
    first = desk.unit.settlement(id) if id else None
    if first is None:
        raise Refusal(_nothing_to_resettle())
    desk.unit.counters(PersonId(first.person), first.scheme)
    settlement = desk.unit.settlement(id)
    assert settlement is not None, "settlements are never deleted"
    if settlement.state is SettlementState.CANCELLED:
        raise Refusal(_replaced_before(settlement))
    return settlement


def _later(desk: Desk, settlement: Settlement) -> list[Settlement]:
    every = desk.unit.effective_in(PersonId(settlement.person), settlement.scheme, settlement.period)
    return [each for each in every if each.number > settlement.number]


def _load(desk: Desk, settlement: Settlement, corrected: Resource | None) -> Again:
    response = load(desk, "ClaimResponse", settlement.id)
    stored = load(desk, "Claim", settlement.claim)
    assert response, "a settlement has its response"
    assert stored, "a settlement has its claim"
    claim = stored if corrected is None else {**_without_number(corrected), "id": settlement.claim, "status": "active"}
    try:
        reading = read_claim(claim, today=desk.today, guide=None if corrected is None else desk.guide)
        if corrected is not None and reading.provider != settlement.institution:
            raise Refusal(_other_treatment())
        facts = find_facts(desk, claim, reading, settlement.institution)
    except Refusal as refusal:
        if corrected is not None:
            raise
        raise Refusal([_cannot_stand(settlement), *refusal.problems]) from refusal
    if corrected is not None and (
        facts.claim.person.id != settlement.person
        or treatment_key(facts.claim, reading) != settlement.treatment
        or facts.claim.scheme != settlement.scheme
    ):
        raise Refusal(_other_treatment())
    movements = netted(desk.unit.movements_of(settlement.claim))
    return Again(settlement, claim, response, facts, movements, corrected is not None)


def _decide(desk: Desk, again: Sequence[Again]) -> list[Decision]:
    if not again:
        return []
    first = again[0].settlement
    policy = desk.area_policy(first.scheme).policy
    standing = [Standing(each.facts.claim, each.movements) for each in again]
    outcomes = redecide(standing, desk.unit.counters(PersonId(first.person), first.scheme), lambda _claim: policy)
    decisions: list[Decision] = []
    problems: list[Problem] = []
    for each, outcome in zip(again, outcomes, strict=True):
        if isinstance(outcome, Decision):
            decisions.append(outcome)
        else:
            problems += (_cannot_stand(each.settlement), *outcome)
    if problems:
        raise Refusal(problems)
    return decisions


def _is_unchanged(again: Again, decision: Decision) -> bool:
    """Whether a decision is the one that stands, figure by figure and rule by rule; the policy's version may differ."""
    stored = msgspec.json.decode(again.settlement.trace)
    now = msgspec.json.decode(encode(trace(decision)))
    return (
        not again.corrected
        and all(stored[part] == now[part] for part in ("policy", "benefit", "rules", "notes"))
        and (again.settlement.total, again.settlement.fund) == (decision.total, decision.fund_total)
        and not difference_movements(again.movements, decision)
    )


def _book(desk: Desk, changed: Iterable[tuple[Again, Decision]]) -> list[date]:
    """Book the differences; the day of the books of each.

    What goes back to the personal account is booked before what is drawn from it anew, so that it never owes money.
    """
    entries: list[Entry] = []
    days: list[date] = []
    for again, decision in changed:
        booked = desk.unit.entries_of(again.settlement.claim)
        days.append(booking_day(desk, again.settlement.scheme, booked))
        entries += difference_entry(booked, decision, id=desk.new_id(), booked_on=days[-1])
    for entry in sorted(entries, key=_drawn_anew):
        desk.unit.post(entry)
    return days


def _drawn_anew(entry: Entry) -> Fen:
    return sum(posting.fen for posting in entry.postings if posting.account is Account.PERSONAL_ACCOUNT)


def _record(desk: Desk, again: Again, decision: Decision, booked_on: date) -> Replaced:
    old, unit = again.settlement, desk.unit
    facts = again.facts
    decided = Decided(facts.reading, facts.patient, facts.coverage, decision)
    new_id = desk.new_id()
    response = write_response(decision, facts.reading, created=desk.now, response_id=new_id, claim_id=old.claim)
    response["extension"].append({"url": REPLACES, "valueReference": reference("ClaimResponse", old.id)})

    unit.move(
        claim=old.claim,
        person=PersonId(old.person),
        scheme=old.scheme,
        movements=difference_movements(again.movements, decision),
        reverses=old.id,
    )
    unit.cancel_settlement(old.id, by=new_id, on=booked_on)
    unit.add_settlement(settlement_of(desk, decided, new_id, booked_on=booked_on))
    put_of(desk, by_our_ids(again.claim, decided), old, Origin.JUDGED)
    put_of(desk, {**again.response, "status": "cancelled"}, old, Origin.JUDGED)
    put_of(desk, response, old)
    own = decision.account + decision.cash - own_part(again.response)
    return Replaced(old.id, new_id, decision.fund_total - old.fund, own)


def _without_number(claim: Resource) -> Resource:
    """The corrected Claim without the number of the settlement it corrects, which is not the Claim's own."""
    own = [each for each in claim.get("identifier", ()) if each.get("system") != sid("settlement")]
    return {**claim, "identifier": own}


def _by_agency() -> Problem:
    return Problem(
        Kind.FORBIDDEN,
        "resettlement-by-agency",
        "Claim.extension[resettle]",
        "only the agency has later settlements decided again: cancel the later ones first, or ask the agency",
        "只有经办机构可以重新结算其后的费用:请先撤销后一笔,或联系经办机构",
    )


def _nothing_to_resettle() -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "nothing-to-resettle",
        "Claim.identifier",
        "there is no settlement with this number: send the settlement id that was answered",
        "没有该结算记录:请使用返回的结算ID",
    )


def _replaced_before(settlement: Settlement) -> Problem:
    return Problem(
        Kind.RULE,
        "settlement-replaced",
        "Claim.identifier",
        f"settlement {settlement.id} is no longer in force since {settlement.cancelled_by}: name the one in force",
        f"结算 {settlement.id} 已由 {settlement.cancelled_by} 撤销或替代:请使用有效的结算ID",
    )


def _other_treatment() -> Problem:
    return Problem(
        Kind.INVALID,
        "other-treatment",
        "Claim.identifier",
        "a corrected claim has the person, institution, visit and bill of the settled one: cancel it to settle another",
        "更正后的费用须与原结算为同一人员、机构、就诊和收费批次:如需另行结算请先撤销",
    )


def _cannot_stand(settlement: Settlement) -> Problem:
    return Problem(
        Kind.RULE,
        "cannot-stand",
        f"ClaimResponse/{settlement.id}",
        f"settlement {settlement.id} would be refused under the facts of now: cancel it with re-settlement first",
        f"按现有信息,结算 {settlement.id} 不予支付:请先以重新结算方式撤销该笔",
    )
