"""A settlement as an ExplanationOfBenefit of CARIN Blue Button 2.0.0, with everything the conversion loses.

Stays become Inpatient-Institutional, purchases at a pharmacy Pharmacy, everything else Outpatient-Institutional. Our
own codes stay beside theirs wherever their value sets let them; what they demand and nobody said gets a stand-in.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from gateway.fhir import eob_codes as theirs
from gateway.fhir.eob_codes import carin, coded
from gateway.fhir.losses import LOST, MERGED, STAND_IN, Loss
from gateway.fhir.parts import amount, code_in, extension_of, extension_value, identifier_of, referred
from gateway.fhir.systems import CLAIM_TYPE, cs, ext, sid
from gateway.kernel import money
from gateway.kernel.calendar import instant_text
from gateway.settlement.claim import STAYS, ClaimKind

VERSION: Final = "2.0.0"
_KIND, _DIAGNOSIS, _CATALOGUE = cs("claim-kind"), cs("diagnosis"), cs("catalogue")
_ADJUDICATION: Final = cs("adjudication")
_FUND: Final = "fund-"
Resource = dict[str, Any]


def profile_of(kind: str) -> str:
    """The name of the profile that an ExplanationOfBenefit of a kind of claim follows."""
    if kind in STAYS:
        return theirs.INPATIENT
    return theirs.PHARMACY if kind == ClaimKind.PHARMACY else theirs.OUTPATIENT


def write_eob(
    response: Mapping[str, Any], claim: Mapping[str, Any], *, updated_at: datetime
) -> tuple[Resource, list[Loss]]:
    """The ExplanationOfBenefit of a stored ClaimResponse and its Claim, and what was lost on the way.

    `updated_at`: when the ClaimResponse was last written. Amounts are those of the settlement, in CNY.
    """
    losses: list[Loss] = []
    kind = code_in(response["subType"], _KIND) or ""
    name = profile_of(kind)
    eob = _head(response, claim, name, kind, updated_at, losses)
    supporting = _supporting(response, claim, name, losses)
    if supporting:
        eob["supportingInfo"] = supporting
    if name != theirs.PHARMACY or claim.get("diagnosis"):
        eob["diagnosis"] = _diagnoses(claim, name, losses)
    eob["insurance"] = [{"focal": True, "coverage": claim["insurance"][0]["coverage"]}]
    eob["item"] = _items(response, claim, name, losses)
    eob["adjudication"] = _standing()
    eob["total"] = _amounts(response["total"], theirs.TOTALS)
    eob["payment"] = {**response["payment"], "type": coded(carin("C4BBPayerAdjudicationStatus"), "paid")}
    if "processNote" in response:
        eob["processNote"] = response["processNote"]
    _tell_totals(response, losses)
    _tell_always(response, claim, losses)
    return eob, losses


def _head(
    response: Mapping[str, Any],
    claim: Mapping[str, Any],
    name: str,
    kind: str,
    updated_at: datetime,
    losses: list[Loss],
) -> Resource:
    type = "pharmacy" if name == theirs.PHARMACY else "institutional"
    said = code_in(response["type"], CLAIM_TYPE)
    if said != type:
        en, zh = f"{said} is given as {type}, as the profile demands", f"类型 {said} 按该规范要求写为 {type}"
        losses.append(Loss(STAND_IN, "ExplanationOfBenefit.type", en, zh))
    numbers = [{"type": coded(carin("C4BBIdentifierType"), "uc"), "system": sid("settlement"), "value": response["id"]}]
    for system in (sid("visit"), sid("bill")):
        value = identifier_of(claim, system)
        numbers += [{"system": system, "value": value}] if value else []
    eob: Resource = {
        "resourceType": "ExplanationOfBenefit",
        "id": response["id"],
        "meta": {
            "lastUpdated": instant_text(updated_at),
            "profile": [f"{theirs.CARIN}/StructureDefinition/{name}|{VERSION}"],
        },
        "language": "zh-CN",
        "identifier": numbers,
        "status": response["status"],
        "type": coded(CLAIM_TYPE, type),
        "use": "claim",
        "patient": response["patient"],
        "billablePeriod": _period(claim),
        "created": response["created"],
        "insurer": response["insurer"],
        "provider": response["requestor"],
        "claim": response["request"],
        "claimResponse": {"reference": f"ClaimResponse/{response['id']}"},
        "outcome": response["outcome"],
        "disposition": response["disposition"],
    }
    cancels = extension_of(response, ext("cancels"))
    if cancels is not None:
        number = {"system": sid("settlement"), "value": referred(cancels["valueReference"], "ClaimResponse")}
        eob["related"] = [{"relationship": coded(theirs.RELATED, "prior"), "reference": number}]
    if name != theirs.PHARMACY:
        code = "inpatient" if name == theirs.INPATIENT else "outpatient"
        eob["subType"] = coded(carin("C4BBInstitutionalClaimSubType"), code, {"system": _KIND, "code": kind})
    return eob


def _period(claim: Mapping[str, Any]) -> Resource:
    """The days of the claim; those of its lines where it says none."""
    if "billablePeriod" in claim:
        return dict(claim["billablePeriod"])
    days = [str(item["servicedDate"]) for item in claim["item"] if "servicedDate" in item] or [claim["created"][:10]]
    return {"start": min(days), "end": max(days)}


def _supporting(response: Mapping[str, Any], claim: Mapping[str, Any], name: str, losses: list[Loss]) -> list[Resource]:
    made: list[Resource] = []

    def add(kind: str, **what: Any) -> None:
        made.append({"sequence": len(made) + 1, "category": coded(carin("C4BBSupportingInfoType"), kind), **what})

    if name == theirs.INPATIENT:
        add("admissionperiod", timingPeriod=_period(claim))
    add("clmrecvddate", timingDate=response["payment"]["date"])
    if name != theirs.PHARMACY and identifier_of(claim, sid("visit")):
        add("patientaccountnumber", valueString=identifier_of(claim, sid("visit")))
    if name == theirs.PHARMACY:
        add("dayssupply", valueQuantity={"value": 0})
        add("dawcode", code=coded(theirs.DISPENSED, theirs.AS_WRITTEN_UNSAID))
        add("refillnum", valueQuantity={"value": 0})
        add("refillsauthorized", valueQuantity={"value": 0})
        for each in made[-4:]:
            what = each["category"]["coding"][0]["code"]
            path = f"ExplanationOfBenefit.supportingInfo[{each['sequence'] - 1}]"
            en, zh = f"no one says the {what} of a purchase: 0 stands for it", f"购药信息中没有 {what}:以 0 代替"
            losses.append(Loss(STAND_IN, path, en, zh))
    for place, each in enumerate(claim.get("supportingInfo", ())):
        what = next((coding.get("code", "") for coding in each["category"].get("coding", ())), "")
        en, zh = f"'{what}' has no place in the guide", f"“{what}”在该规范中没有对应"
        losses.append(Loss(LOST, f"Claim.supportingInfo[{place}]", en, zh))
    return made


def _diagnoses(claim: Mapping[str, Any], name: str, losses: list[Loss]) -> list[Resource]:
    """The main one is principal, the rest other; ICD-10-CM by the characters it shares with ICD-10."""
    entries = sorted(claim.get("diagnosis", ()), key=lambda each: int(each["sequence"]))
    made = []
    for place, each in enumerate(entries):
        ours = [one for one in each["diagnosisCodeableConcept"]["coding"] if one.get("system") == _DIAGNOSIS]
        code = theirs.icd_10_cm(ours[0]["code"])
        path = f"ExplanationOfBenefit.diagnosis[{place}].diagnosisCodeableConcept"
        said = ours[0]["code"]
        en = f"{said} (ICD-10 医保版) is given as {code} of ICD-10-CM by its first characters; ours is beside it"
        losses.append(Loss(STAND_IN, path, en, f"{said}(医保版)按前几位写作 ICD-10-CM {code},原编码并列"))
        concept = coded(theirs.ICD_10_CM, code, *ours)
        made.append({"sequence": place + 1, "diagnosisCodeableConcept": concept, "type": [_diagnosis_type(place)]})
    if not made:
        en, zh = "the claim says no diagnosis: R69 (illness, unspecified) stands for it", "费用未写诊断:以 R69 代替"
        losses.append(Loss(STAND_IN, "ExplanationOfBenefit.diagnosis[0]", en, zh))
        concept = coded(theirs.ICD_10_CM, theirs.UNKNOWN_DIAGNOSIS)
        made.append({"sequence": 1, "diagnosisCodeableConcept": concept, "type": [_diagnosis_type(0)]})
    return made


def _diagnosis_type(place: int) -> Resource:
    return coded(carin("C4BBClaimDiagnosisType"), "other") if place else coded(theirs.DIAGNOSIS_TYPE, "principal")


def _items(response: Mapping[str, Any], claim: Mapping[str, Any], name: str, losses: list[Loss]) -> list[Resource]:
    sent = {item["sequence"]: item for item in claim["item"]}
    last = _period(claim)["end"]
    made = []
    for place, line in enumerate(response["item"]):
        source = sent[line["itemSequence"]]
        path = f"ExplanationOfBenefit.item[{place}]"
        item: Resource = {"sequence": line["itemSequence"]}
        if name != theirs.PHARMACY:
            item["revenue"] = _revenue(line, path, losses)
        item["productOrService"] = _product(source["productOrService"], name, path, losses)
        item["servicedDate"] = source.get("servicedDate", last)
        item |= {each: source[each] for each in ("quantity", "unitPrice", "net") if each in source}
        item["adjudication"] = _amounts(line["adjudication"], theirs.OF_LINE)
        made.append(item)
    return made


def _revenue(line: Mapping[str, Any], path: str, losses: list[Loss]) -> Resource:
    charge = extension_value(line, ext("charge"), "valueCode")
    code = theirs.REVENUE_OF.get(charge, theirs.OTHER_REVENUE)
    en = f"revenue code {code} stands for the charge category '{charge or 'none'}'"
    losses.append(Loss(STAND_IN, f"{path}.revenue", en, f"收入编码 {code} 代替费用类别“{charge or '无'}”"))
    ours = [{"system": cs("charge"), "code": charge}] if charge else []
    return coded(theirs.REVENUE, code, *ours)


def _product(said: Mapping[str, Any], name: str, path: str, losses: list[Loss]) -> Resource:
    """The item with its national code behind what the value set lets stand."""
    ours = [each for each in said["coding"] if each.get("system") == _CATALOGUE]
    pharmacy = name == theirs.PHARMACY
    en = "the national item code is in none of the value set's systems: it stands behind the stand-in"
    losses.append(Loss(STAND_IN, f"{path}.productOrService", en, "国家目录编码不在该值集的系统之内:列于替代编码之后"))
    system, code = (theirs.NDC, theirs.UNKNOWN_NDC) if pharmacy else (theirs.ABSENT, "not-applicable")
    made = coded(system, code, *ours)
    if "text" in said:
        made["text"] = said["text"]
    return made


def _standing() -> list[Resource]:
    """Every claim here is of a designated institution, which is what a network is."""
    status = coded(carin("C4BBPayerAdjudicationStatus"), "innetwork")
    return [
        {"category": coded(carin("C4BBAdjudicationDiscriminator"), code), "reason": status}
        for code in ("benefitpaymentstatus", "billingnetworkstatus")
    ]


def _amounts(parts: Sequence[Mapping[str, Any]], table: Sequence[tuple[str, str, tuple[str, ...]]]) -> list[Resource]:
    """Their amounts of ours; our codings stand behind theirs where one is one."""
    by_code = {code_in(part["category"], _ADJUDICATION): money.of(part["amount"]["value"]) for part in parts}
    made = []
    for system, code, of in table:
        ours = [{"system": _ADJUDICATION, "code": of[0]}] if len(of) == 1 else []
        made.append({"category": coded(system, code, *ours), "amount": amount(sum(by_code[each] for each in of))})
    return made


def _tell_totals(response: Mapping[str, Any], losses: list[Loss]) -> None:
    for _, code, of in theirs.TOTALS:
        if len(of) > 1:
            en, zh = f"{' and '.join(of)} together are {code}", f"{'、'.join(of)} 合并为 {code}"
            losses.append(Loss(MERGED, "ExplanationOfBenefit.total", en, zh))
    known = {each for _, _, of in theirs.TOTALS for each in of}
    for place, part in enumerate(response["total"]):
        code = code_in(part["category"], _ADJUDICATION) or ""
        if code not in known:
            what = "is in paidtoprovider, not on its own" if code.startswith(_FUND) else "has no category there"
            zh = "已计入 paidtoprovider,不单列" if code.startswith(_FUND) else "没有对应类别"
            losses.append(Loss(LOST, f"ClaimResponse.total[{place}]", f"{code} {what}", f"{code} {zh}"))


def _tell_always(response: Mapping[str, Any], claim: Mapping[str, Any], losses: list[Loss]) -> None:
    """What no ExplanationOfBenefit of the guide has room for."""
    for place, each in enumerate(response.get("extension", ())):
        name = each["url"].rpartition("/")[2]
        en, zh = f"the extension {name} is left out", f"扩展 {name} 未带出"
        losses.append(Loss(LOST, f"ClaimResponse.extension[{place}]", en, zh))
    for place, each in enumerate(claim.get("extension", ())):
        name = each["url"].rpartition("/")[2]
        losses.append(
            Loss(LOST, f"Claim.extension[{place}]", f"the extension {name} is left out", f"扩展 {name} 未带出")
        )
    for name in ("line-number", "item-class", "first-payment-rate", "price-ceiling"):
        if any(extension_value(item, ext(name), "valueCode") or _has(item, name) for item in response["item"]):
            en, zh = f"ext:{name} of the lines is left out", f"明细的扩展 {name} 未带出"
            losses.append(Loss(LOST, "ClaimResponse.item.extension", en, zh))
    if any("reason" in part for item in response["item"] for part in item["adjudication"]):
        en, zh = "why a line is not covered is told in words that the guide has no code for", "明细自付原因没有对应编码"
        losses.append(Loss(LOST, "ClaimResponse.item.adjudication.reason", en, zh))
    en = "the referred resources follow the profiles of this guide, not those of CARIN"
    path = "ExplanationOfBenefit.patient"
    losses.append(Loss(LOST, path, en, "所引用的资源遵循本指南的规范,而非 CARIN 的规范"))


def _has(item: Mapping[str, Any], name: str) -> bool:
    return any(each.get("url") == ext(name) for each in item.get("extension", ()))
