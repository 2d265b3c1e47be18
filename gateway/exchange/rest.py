"""Resources by REST: what a partner may see and write. Every read and write leaves an audit row before it is answered.

A clinic sees its own claims, the people it has had a visit or settled claim of, and whoever's exact citizen ID it
presents. What a partner may not see looks as if it were not there.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from dataclasses import replace as _with
from typing import Any, TypeVar

from gateway.exchange.apply.draft import visit_drafts_token
from gateway.exchange.desk import Desk, Resource, Result
from gateway.exchange.exchange import Exchange
from gateway.exchange.pipeline import Prepared
from gateway.exchange.records import Origin, citizen_token, own_institution, put
from gateway.fhir.claim import check_claim
from gateway.fhir.coverage import check_coverage
from gateway.fhir.guide import Guide
from gateway.fhir.index import index_of
from gateway.fhir.json import decode_resource, encode, read_stored, splice
from gateway.fhir.organization import check_organization
from gateway.fhir.outcome import write_outcome
from gateway.fhir.parts import extension_of, identifier_of, referred
from gateway.fhir.patient import check_patient
from gateway.fhir.problems import bad_day
from gateway.fhir.search import Search
from gateway.fhir.systems import ext, sid
from gateway.kernel.problem import Kind, Problem, Refusal, refuse_if
from gateway.security.allow import OPEN_TO_ALL, check_read, check_write
from gateway.security.partners import Partner, Role
from gateway.store.unit import Unit
from gateway.store.values import Stored, Token, Wants

T = TypeVar("T")

CHECKS: Mapping[str, Callable[[dict[str, Any], Guide], list[Problem]]] = {
    "Patient": check_patient,
    "Coverage": check_coverage,
    "Organization": check_organization,
    "Claim": check_claim,
}
WRITTEN_BY_CORE = frozenset(
    {
        *("ClaimResponse", "InsurancePlan", "PaymentReconciliation", "PaymentNotice"),
        *("CodeSystem", "ValueSet", "ConceptMap"),
    }
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search. `total`: all matches; `next`: the id to go on after, or ''."""

    found: list[Stored]
    total: int
    next: str


def read(
    exchange: Exchange, partner: Partner, type: str, id: str, version: int | None = None
) -> "Future[Stored | None]":
    """The current or a named version once the reading is noted; None for what is not there or not the partner's.

    Refusal: forbidden.
    """
    refuse_if(check_read(partner, type))
    seen = _visible(partner, type)
    heads = exchange.store.search(type, ids=[id], limit=1, owner=seen.get("owner"), persons_of=seen.get("persons_of"))
    found = heads[0] if heads else None
    if found is not None and version is not None and version != found.version:
        found = exchange.store.read_version(type, id, version)
    return _noted(exchange, partner, "read", f"{type}/{id}", "ok" if found else "not-found", found)


def search(exchange: Exchange, partner: Partner, query: Search, *, after: str) -> "Future[Page]":
    """One page in the order of ids, once the search is noted. Refusal: forbidden."""
    refuse_if(check_read(partner, query.type))
    visible = _visible(partner, query.type)
    if query.type == "Patient" and _presents_card(query):
        visible = {}
    filters: dict[str, Any] = {
        "tokens": tuple(tuple(Token(*token) for token in any_of) for any_of in query.tokens),
        "dates": query.dates,
        "ids": query.ids,
        "updated": query.updated,
        **visible,
    }
    found = exchange.store.search(query.type, **filters, after=after or None, limit=query.count + 1)
    total = exchange.store.count(query.type, **filters)
    shown = found[: query.count]
    page = Page(shown, total, shown[-1].id if len(found) > query.count else "")
    return _noted(exchange, partner, "search", query.type, str(len(found)), page)


def prepare_write(
    exchange: Exchange, partner: Partner, type: str, body: bytes, *, id: str = "", expected_version: int | None = None
) -> Prepared:
    """A create (no id) or an update of an existing resource. The answer is the stored resource."""
    unread = Prepared(
        id=exchange.new_id(),
        channel="fhir",
        sender=partner.id,
        kind=f"fhir.{'update' if id else 'create'} {type}",
        request=body,
        received_at=exchange.clock(),
        refuse=_refuse,
        partner=partner,
        kept=False,
    )
    try:
        resource = _writable(exchange.guide, partner, type, body, id)
    except Refusal as refusal:
        return _with(unread, problems=refusal.problems)

    def run(desk: Desk) -> Result:
        return _write(desk, resource, new=not id, expected_version=expected_version)

    return _with(unread, run=run, answer=_served, wants=Wants(resources=((type, id),) if id else ()))


def _writable(guide: Guide, partner: Partner, type: str, body: bytes, id: str) -> Resource:
    if type in WRITTEN_BY_CORE:
        raise Refusal(written_by_core(type))
    refuse_if(check_write(partner, type))
    resource = decode_resource(body)
    if resource["resourceType"] != type or (id and resource.get("id") != id):
        raise Refusal(other_resource(type, id))
    refuse_if(CHECKS[type](resource, guide))
    if type == "Claim" and resource["status"] != "draft":
        raise Refusal(_only_drafts())
    if type == "Claim":
        _check_indexable(resource)
    return resource


def _check_indexable(claim: Resource) -> None:
    """A draft is stored unread: its day must at least be one that a search can find."""
    try:
        index_of(claim)
    except ValueError:
        raise Refusal(bad_day("Claim.created", claim["created"])) from None


def _write(desk: Desk, resource: Resource, *, new: bool, expected_version: int | None) -> Result:
    type = resource["resourceType"]
    resource = {**resource, "id": desk.new_id() if new else resource["id"]}
    before = None if new else desk.unit.read(type, resource["id"])
    if not new and (before is None or not _owns(desk.partner, before)):
        raise Refusal(not_found(type, resource["id"]))
    owner, person = "", ""
    if type == "Claim":  # a draft proves no treatment: it is tied to no person
        owner = own_institution(desk, referred(resource.get("provider"), "Organization"), "Claim.provider")
        if before is not None and b'"status":"draft"' not in before.body:
            raise Refusal(_only_drafts())
        if before is not None and _is_of_visit(desk.unit, before):
            raise Refusal(_draft_of_visit())
    elif type == "Patient":
        person = resource["id"]
        _check_citizen_id(desk.unit, resource)
    elif type == "Coverage":
        person = referred(resource.get("beneficiary"), "Patient")
        if desk.unit.read("Patient", person) is None:
            raise Refusal(not_found("Patient", person))
    stored = put(desk, resource, owner=owner, person=person, expected_version=expected_version, origin=Origin.JUDGED)
    return Result({"stored": stored}, subject=f"{type}/{stored.id}")


def _is_of_visit(unit: Unit, before: Stored) -> bool:
    """Whether a stored draft is the bill of a visit's conversation, which is found by index rows of its own."""
    visit = extension_of(read_stored(before.body, id=before.id), ext("visit"))
    named = referred(visit.get("valueReference"), "Encounter") if visit else ""
    return bool(named) and before.id in unit.find("Claim", visit_drafts_token(named))


def _check_citizen_id(unit: Unit, patient: Resource) -> None:
    number = identifier_of(patient, sid("citizen-id"))
    others = unit.find("Patient", citizen_token(number)) if number else []
    if any(other != patient["id"] for other in others):
        raise Refusal(_person_exists())


def _visible(partner: Partner, type: str) -> dict[str, str]:
    """The filter that keeps a partner to its own."""
    if partner.role is Role.AGENCY or type in OPEN_TO_ALL:
        return {}
    if type in ("Patient", "Coverage"):
        return {"persons_of": partner.institution}
    return {"owner": partner.institution}


def _owns(partner: Partner, stored: Stored) -> bool:
    return partner.role is Role.AGENCY or stored.owner == partner.institution


def _presents_card(query: Search) -> bool:
    system = sid("citizen-id")
    return any(len(any_of) == 1 and any_of[0].system == system for any_of in query.tokens)


def _noted(exchange: Exchange, partner: Partner, action: str, object: str, outcome: str, seen: T) -> "Future[T]":
    """What was seen, after the commit of its audit row: no thread waits for the disk."""

    def note(unit: Unit) -> T:
        unit.audit(principal=partner.id, action=action, object=object, outcome=outcome)
        return seen

    return exchange.store.submit(note)


def _served(tree: Mapping[str, Any]) -> bytes:
    stored: Stored = tree["stored"]
    return splice(stored.body, id=stored.id, version=stored.version, updated_at=stored.updated_at)


def _refuse(problems: Sequence[Problem]) -> bytes:
    return encode(write_outcome(problems))


def not_found(type: str, id: str) -> Problem:
    """There is no such resource, or the partner may not see it: no difference is told."""
    return Problem(
        Kind.NOT_FOUND,
        "resource-not-found",
        f"{type}/{id[:64]}",
        f"there is no {type} with this id that you may see",
        f"没有该 {type},或无权查看",
    )


def written_by_core(type: str) -> Problem:
    """Nobody but the core writes resources of this type."""
    return Problem(
        Kind.FORBIDDEN,
        "written-by-core",
        type,
        f"a {type} is written by the settlement core only: claims come in through Claim/$submit",
        f"{type} 只能由结算核心生成:费用请通过 Claim/$submit 申报",
    )


def other_resource(type: str, id: str) -> Problem:
    """A body that is not of the type and id of the address."""
    return Problem(
        Kind.INVALID,
        "other-resource",
        "",
        f"the body is not the {type} of the address: resourceType and id must be those of the URL {id[:64]}",
        f"内容与地址不符:resourceType 和 id 应与 URL 一致({type} {id[:64]})",
    )


def _only_drafts() -> Problem:
    return Problem(
        Kind.FORBIDDEN,
        "only-drafts",
        "Claim.status",
        "only draft Claims are written directly: an active Claim comes through Claim/$submit",
        "只能直接写入草稿 Claim:正式申报请通过 Claim/$submit",
    )


def _draft_of_visit() -> Problem:
    return Problem(
        Kind.FORBIDDEN,
        "draft-of-visit",
        "Claim.extension",
        "this draft is the bill of a visit: send fee lines and refund lines of the visit instead",
        "该草稿属于就诊登记的费用明细:请通过费用明细上传或退费修改",
    )


def _person_exists() -> Problem:
    return Problem(
        Kind.CONFLICT,
        "person-exists",
        "Patient.identifier",
        "another Patient has this citizen ID: update that one",
        "已有其他 Patient 使用该公民身份号码:请更新原记录",
    )
