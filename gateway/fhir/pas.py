"""A prior-authorisation request of Da Vinci PAS 2.0.1 as a claim of ours to be tried, and the trial as its response.

An answer promises nothing: it says what would be paid as things stand, so that no line bears a review action.
Assumptions: a stay is told by admission dates, a pharmacy by the type, anything else is outpatient care, where no code
of ours says the kind; national item and diagnosis codes stand in codings of their own beside those of PAS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gateway.fhir import problems as wrong
from gateway.fhir.bundle import first_claim
from gateway.fhir.claim import SPECIAL_DISEASE
from gateway.fhir.losses import LOST, STAND_IN, Loss, write_losses
from gateway.fhir.parts import code_in, concept, reference
from gateway.fhir.systems import CLAIM_TYPE, CURRENCY, cs
from gateway.kernel.calendar import instant_text
from gateway.kernel.ids import named_uuid
from gateway.kernel.problem import Refusal

PAS: Final = "http://hl7.org/fhir/us/davinci-pas"
REQUEST: Final = f"{PAS}/StructureDefinition/profile-pas-request-bundle"
RESPONSE: Final = f"{PAS}/StructureDefinition/profile-pas-response-bundle"
ANSWER: Final = f"{PAS}/StructureDefinition/profile-claimresponse"
USES: Final = ("preauthorization", "predetermination")
_CLAIM: Final = f"{PAS}/StructureDefinition/profile-claim"
_TEMP: Final = f"{PAS}/CodeSystem/PASTempCodes"
_HL7: Final = "http://terminology.hl7.org/CodeSystem/adjudication"
_KIND: Final = cs("claim-kind")
_FLAGS: Final = frozenset({SPECIAL_DISEASE, "not-approved", "not-filed", "third-party-liable"})
_KEPT: Final = frozenset(
    {"resourceType", "identifier", "status", "type", "subType", "use", "patient", "billablePeriod", "created"}
    | {"insurer", "provider", "priority", "insurance", "diagnosis", "supportingInfo", "item", "total"}
)
_OF_ITEM: Final = frozenset(
    {"sequence", "productOrService", "servicedDate", "servicedPeriod", "quantity", "unitPrice", "net"}
    | {"factor", "detail"}
)
Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was read: `bundle` as it was sent, `claim` as it is tried, and what was lost in between."""

    bundle: Resource
    claim: Resource
    losses: tuple[Loss, ...]


def is_request(bundle: Mapping[str, Any]) -> bool:
    """Whether a Bundle, or the Claim that is its first entry, says that it is of PAS."""
    if bundle.get("resourceType") != "Bundle":
        return False
    entries = bundle.get("entry")
    first = entries[0] if isinstance(entries, list) and entries else None
    claim = first.get("resource") if isinstance(first, dict) else None
    return _claims(bundle, REQUEST) or (isinstance(claim, dict) and _claims(claim, _CLAIM))


def _claims(resource: Mapping[str, Any], profile: str) -> bool:
    meta = resource.get("meta")
    said = meta.get("profile") if isinstance(meta, dict) else None
    return isinstance(said, list) and any(isinstance(each, str) and each.startswith(profile) for each in said)


def read_request(bundle: Resource) -> Request:
    """The claim to try. Its parts are not judged here. Refusal: as `first_claim`; a use that asks for no trial."""
    sent = first_claim(bundle)
    if sent.get("use") not in USES:
        raise Refusal(wrong.unknown_code("Bundle.entry[0].resource.use", sent.get("use"), USES))
    losses: list[Loss] = []
    claim = {name: value for name, value in sent.items() if name in _KEPT}
    _tell_left_out(sent, _KEPT, "Claim", losses)
    events = _events(sent)
    if "billablePeriod" not in claim and (period := _period(events)) is not None:
        claim["billablePeriod"] = period
    if code_in_or_none(claim.get("subType")) is None:
        claim["subType"] = concept(_KIND, _kind(claim, events, losses))
    _keep_supporting(claim, losses)
    items = claim.get("item")
    if isinstance(items, list):
        claim["item"] = [_item(each, place, losses) for place, each in enumerate(items)]
        _add_total(claim, losses)
    return Request(bundle, claim, tuple(losses))


def code_in_or_none(kind: Any) -> str | None:
    """The kind of a claim that nobody has judged yet, None where it says none that can be read."""
    codings = kind.get("coding") if isinstance(kind, dict) else None
    if not isinstance(codings, list) or not all(isinstance(each, dict) for each in codings):
        return None
    return code_in(kind, _KIND)


def _tell_left_out(value: Mapping[str, Any], kept: frozenset[str], path: str, losses: list[Loss]) -> None:
    for name in value:
        if name not in kept and name not in ("id", "meta", "text", "language"):
            en, zh = f"{name} is not used: it changes no figure here", f"{name} 未使用:不影响计算"
            losses.append(Loss(LOST, f"{path}.{name}", en, zh))


def _events(claim: Mapping[str, Any]) -> dict[str, Any]:
    """PAS's supporting information with a time, by its code."""
    found: dict[str, Any] = {}
    entries = claim.get("supportingInfo")
    for each in entries if isinstance(entries, list) else ():
        category = each.get("category") if isinstance(each, dict) else None
        codings = category.get("coding") if isinstance(category, dict) else None
        for coding in codings if isinstance(codings, list) else ():
            if isinstance(coding, dict) and coding.get("system") == _TEMP:
                found[str(coding.get("code"))] = each.get("timingPeriod") or each.get("timingDate")
    return found


def _period(events: Mapping[str, Any]) -> Resource | None:
    """First and last day: of the admission and discharge, else of the event."""
    days: list[str] = []
    for name in ("admissionDates", "dischargeDates", "patientEvent"):
        said = events.get(name)
        if isinstance(said, dict):
            days += [each for each in (said.get("start"), said.get("end")) if isinstance(each, str)]
        elif isinstance(said, str):
            days.append(said)
        if days and name != "admissionDates":
            break
    return {"start": min(days), "end": max(days)} if days else None


def _kind(claim: Mapping[str, Any], events: Mapping[str, Any], losses: list[Loss]) -> str:
    type = claim.get("type")
    codings = type.get("coding") if isinstance(type, dict) else None
    readable = isinstance(codings, list) and all(isinstance(each, dict) for each in codings)
    if readable and code_in(type, CLAIM_TYPE) == "pharmacy":
        kind = "pharmacy"
    else:
        kind = "inpatient" if "admissionDates" in events else "outpatient"
    en, zh = f"no kind of claim is said: it is tried as {kind}", f"未写结算类别:按 {kind} 试算"
    losses.append(Loss(STAND_IN, "Claim.subType", en, zh))
    return kind


def _keep_supporting(claim: Resource, losses: list[Loss]) -> None:
    """Our own supporting information stays; that of PAS has been read or is not used."""
    entries = claim.pop("supportingInfo", None)
    kept = []
    for place, each in enumerate(entries if isinstance(entries, list) else ()):
        codings = (each.get("category") or {}).get("coding") if isinstance(each, dict) else None
        codes = [one.get("code") for one in codings or () if isinstance(one, dict)]
        if any(code in _FLAGS for code in codes):
            kept.append(each)
        else:
            en, zh = f"'{wrong.shown(codes)}' is not used further", f"“{wrong.shown(codes)}”未另作使用"
            losses.append(Loss(LOST, f"Claim.supportingInfo[{place}]", en, zh))
    if kept:
        claim["supportingInfo"] = kept


def _item(item: Any, place: int, losses: list[Loss]) -> Any:
    if not isinstance(item, dict):
        return item
    _tell_left_out(item, _OF_ITEM, f"Claim.item[{place}]", losses)
    return {name: value for name, value in item.items() if name in _OF_ITEM}


def _add_total(claim: Resource, losses: list[Loss]) -> None:
    """The sum of the lines, where each has its net: PAS asks for no total."""
    nets = [each.get("net") if isinstance(each, dict) else None for each in claim["item"]]
    values = [each.get("value") if isinstance(each, dict) else None for each in nets]
    if "total" in claim or not values or any(isinstance(each, (str, bool, type(None), dict, list)) for each in values):
        return
    claim["total"] = {"value": sum(values), "currency": CURRENCY}
    losses.append(Loss(STAND_IN, "Claim.total", "the sum of the lines stands for the total", "以明细合计代替总额"))


def write_answer(request: Request, response: Mapping[str, Any], *, reference_of: str, at: datetime) -> Resource:
    """The PAS response Bundle of a trial: its ClaimResponse, the parties of the request, and an OperationOutcome.

    `reference_of`: our id of the message, from which the ids of the entries are made.
    """
    sent = request.bundle["entry"][0]["resource"]
    losses = [*request.losses, *_answer_losses(response)]
    answer: Resource = {
        "resourceType": "ClaimResponse",
        "meta": {"profile": [ANSWER]},
        "status": "active",
        "type": sent["type"],
        "use": "preauthorization",
        "patient": sent["patient"],
        "created": response["created"],
        "insurer": sent["insurer"],
        "requestor": sent["provider"],
        "request": {"reference": _url_of_claim(request.bundle)},
        "outcome": "complete",
        "disposition": response["disposition"],
        "item": [_answered(item) for item in response["item"]],
        "total": response["total"],
    }
    if "processNote" in response:
        answer["processNote"] = response["processNote"]
    made = [answer, write_losses(losses)]
    entries = [{"fullUrl": _urn(f"{reference_of}/{place}"), "resource": each} for place, each in enumerate(made)]
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [RESPONSE]},
        "type": "collection",
        "timestamp": instant_text(at),
        "entry": [entries[0], *_parties(request.bundle), entries[1]],
    }


def _answered(item: Mapping[str, Any]) -> Resource:
    """PAS knows one amount of a line: what was submitted."""
    amounts = {code_in(part["category"], cs("adjudication")): part["amount"] for part in item["adjudication"]}
    return {
        "itemSequence": item["itemSequence"],
        "adjudication": [{"category": concept(_HL7, "submitted"), "amount": amounts["submitted"]}],
    }


def _answer_losses(response: Mapping[str, Any]) -> list[Loss]:
    found = [
        Loss(
            LOST,
            "ClaimResponse.item.adjudication",
            "of each line only what was submitted is told: the totals say how it is split",
            "逐行只给出申报金额:分解见合计",
        ),
        Loss(
            LOST,
            "ClaimResponse.item.adjudication.extension",
            "no review action is given: the answer says what would be paid and promises nothing",
            "不给出审批动作:仅告知按现状可支付的金额,不作承诺",
        ),
    ]
    for place, each in enumerate(response.get("extension", ())):
        name = each["url"].rpartition("/")[2]
        en, zh = f"the extension {name} is left out", f"扩展 {name} 未带出"
        found.append(Loss(LOST, f"ClaimResponse.extension[{place}]", en, zh))
    return found


def _parties(bundle: Mapping[str, Any]) -> list[Resource]:
    """The entries of the request that the answer refers to: people and organisations."""
    return [
        {"fullUrl": each["fullUrl"], "resource": each["resource"]}
        for each in bundle["entry"][1:]
        if each["resource"].get("resourceType") in ("Patient", "Organization") and each.get("fullUrl")
    ]


def _url_of_claim(bundle: Mapping[str, Any]) -> str:
    first = bundle["entry"][0]
    id = first["resource"].get("id")
    return str(first.get("fullUrl") or (reference("Claim", id)["reference"] if id else "Claim/unnamed"))


def _urn(name: str) -> str:
    return f"urn:uuid:{named_uuid(name)}"
