"""Reads a Claim: structure, codes, days and sums are checked, and every problem is reported before anything is settled.

FHIR R4 Claim, as the gateway uses it: one patient, one institution, one visit and bill, lines in CNY.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from gateway.fhir import problems as wrong
from gateway.fhir.claim_lines import LineRules, ReadLine, read_amount, read_lines
from gateway.fhir.guide import Guide, Judged, base_guide
from gateway.fhir.parts import code_in, day_of, extension_of, identifiers_in, referred
from gateway.fhir.systems import AGENCY_PREFIX, CLAIM_TYPE, cs, ext, sid
from gateway.kernel import money
from gateway.kernel.citizen_id import parse_citizen_id
from gateway.kernel.codes import check_area_code, check_institution_code
from gateway.kernel.money import Fen
from gateway.kernel.problem import Problem, refuse_if
from gateway.settlement.claim import STAYS, ClaimKind

TYPES: Final = ("institutional", "professional", "pharmacy")
SPECIAL_DISEASE: Final = "special-disease"

TOLD: Final = frozenset(
    f"cn-claim-{name}"
    for name in ("total", "complete", "visit", "bill", "numbers", "focal", "sequences", "disease", "line", "quantity")
)
"""Rules of the guide that reading a claim judges as well, with the figures and at the very place."""

_KIND: Final = cs("claim-kind")
_DIAGNOSIS: Final = cs("diagnosis")
_DISEASE: Final = cs("special-disease")
_VISIT, _BILL = sid("visit"), sid("bill")
_CITIZEN: Final = sid("citizen-id")
_INSTITUTION: Final = sid("institution")
_STATED_SPLIT: Final = ext("stated-split")
_KINDS: Final = {kind.value: kind for kind in ClaimKind}
_LONGEST_NUMBER: Final = 64


class StatedSplit(NamedTuple):
    """The four parts as the sender worked them out, in fen; None where it did not say."""

    own_expense: Fen | None = None
    over_limit: Fen | None = None
    first_payment: Fen | None = None
    in_scope: Fen | None = None


@dataclass(frozen=True, slots=True)
class ClaimReading:
    """A claim that says one consistent thing. Texts are '' where the sender left the element out.

    `patient`: our Patient id; `citizen_id`: 18 characters; one of the two is there. `provider`: institution code.
    `encounter`, `coverage`: ids that the claim refers to. `area`: the agency's, when the claim names an insurer.
    `diagnoses`: codes in order of sequence, the main one first. `disease`: 门慢特 code.
    `flags`: categories of supportingInfo whose valueBoolean is true. `total`: fen, the sum of the lines.
    """

    status: str
    use: str
    type: str
    kind: ClaimKind
    patient: str
    citizen_id: str
    provider: str
    area: str
    visit: str
    bill: str
    encounter: str
    coverage: str
    created_on: date
    from_on: date
    to_on: date
    diagnoses: tuple[str, ...]
    disease: str
    total: Fen
    lines: tuple[ReadLine, ...]
    flags: frozenset[str]
    stated: StatedSplit


def check_claim(resource: dict[str, Any], guide: Guide | None = None) -> list[Problem]:
    """What is wrong with a Claim by the guide, or by R4 alone."""
    return (guide or base_guide()).check(resource, "Claim")


def read_claim(
    resource: dict[str, Any], *, today: date, refunds: bool = False, guide: Guide | None = None
) -> ClaimReading:
    """The reading of a Claim, or Refusal with every problem.

    `today`: the business day; nothing may lie after it. `refunds`: lines may be negative (drafts of a visit).
    `guide`: judges the claim by the profile of its kind; without it R4 alone does, as for claims that were accepted
    before. Structural problems are reported first, alone: what they spoil cannot be judged further.
    """
    judged = (guide or base_guide()).judge(resource, "Claim")
    refuse_if(judged.broken)
    return _read(resource, judged, today=today, refunds=refunds)


def _read(resource: dict[str, Any], judged: Judged, *, today: date, refunds: bool) -> ClaimReading:
    found: list[Problem] = []
    header = _read_header(resource, found)
    created_on = _read_created(resource["created"], today, found)
    from_on, to_on = _read_period(resource, today, found)
    fallback = today if "billablePeriod" in resource else None
    rules = LineRules(from_on, to_on or fallback, today, refunds)
    before = len(found)
    if "item" not in resource:
        found.append(wrong.missing("Claim.item"))
    lines = read_lines(resource.get("item", ()), rules, found)
    total = _read_total(resource.get("total"), lines if len(found) == before else None, found, refunds=refunds)
    stated = _read_stated(resource, found)
    refuse_if(judged.with_read(found, TOLD))
    assert created_on is not None
    assert total is not None
    days = [line.served_on for line in lines]
    return ClaimReading(
        **header,
        created_on=created_on,
        from_on=from_on or min(days),
        to_on=to_on or max(days),
        total=total,
        lines=lines,
        stated=stated,
    )


def _read_header(resource: dict[str, Any], found: list[Problem]) -> dict[str, Any]:
    """Everything but days, lines and sums, by the names of ClaimReading."""
    use = resource["use"]
    kind = _read_code(resource.get("subType"), "Claim.subType", _KIND, _KINDS.get, _KINDS, found)
    patient, citizen_id = _read_patient(resource["patient"], found)
    visit = _read_number(resource, _VISIT, use == "claim", found)
    bill = _read_number(resource, _BILL, use == "claim" and kind not in STAYS, found)
    disease, flags = _read_supporting(resource, found)
    return {
        "status": resource["status"],
        "use": use,
        "type": _read_code(
            resource["type"], "Claim.type", CLAIM_TYPE, lambda c: c if c in TYPES else None, TYPES, found
        ),
        "kind": kind,
        "patient": patient,
        "citizen_id": citizen_id,
        "provider": _read_provider(resource["provider"], found),
        "area": _read_insurer(resource.get("insurer"), found),
        "visit": visit,
        "bill": bill,
        "encounter": _read_encounter(resource),
        "coverage": _read_coverage(resource, found),
        "diagnoses": _read_diagnoses(resource, found),
        "disease": disease,
        "flags": flags,
    }


def _read_code(
    concept: Mapping[str, Any] | None,
    path: str,
    system: str,
    find: Callable[[str], Any],
    allowed: Any,
    found: list[Problem],
) -> Any:
    code = code_in(concept, system)
    value = None if code is None else find(code)
    if code is None:
        found.append(wrong.missing_coding(path, system))
    elif value is None:
        found.append(wrong.unknown_code(path, code, allowed))
    return value


def _read_patient(reference: Mapping[str, Any], found: list[Problem]) -> tuple[str, str]:
    id = referred(reference, "Patient")
    identifier = reference.get("identifier") or {}
    citizen_id = ""
    if identifier.get("system") == _CITIZEN and "value" in identifier:
        parsed = parse_citizen_id(identifier["value"], "Claim.patient.identifier.value")
        if isinstance(parsed, Problem):
            found.append(parsed)
        else:
            citizen_id = parsed.number
    elif not id:
        found.append(wrong.bad_reference("Claim.patient", reference.get("reference", ""), ["Patient"]))
    return id, citizen_id


def _read_provider(reference: Mapping[str, Any], found: list[Problem]) -> str:
    code = referred(reference, "Organization")
    path = "Claim.provider.reference"
    identifier = reference.get("identifier") or {}
    if not code and identifier.get("system") == _INSTITUTION:
        code, path = identifier.get("value", ""), "Claim.provider.identifier.value"
    if not code:
        found.append(wrong.bad_reference("Claim.provider", reference.get("reference", ""), ["Organization"]))
        return ""
    found.extend(check_institution_code(code, path))
    return code


def _read_insurer(reference: Mapping[str, Any] | None, found: list[Problem]) -> str:
    """The area of 'Organization/agency-321182', or '' where no insurer is named."""
    if reference is None:
        return ""
    id = referred(reference, "Organization")
    if not id.startswith(AGENCY_PREFIX):
        wanted = [f"Organization/{AGENCY_PREFIX}<area>"]
        found.append(wrong.bad_reference("Claim.insurer", reference.get("reference", ""), wanted))
        return ""
    area = id.removeprefix(AGENCY_PREFIX)
    found.extend(check_area_code(area, "Claim.insurer.reference"))
    return area


def _read_number(resource: Mapping[str, Any], system: str, required: bool, found: list[Problem]) -> str:
    """The sender's own visit or bill number: at most one, at most 64 characters."""
    numbers = list(identifiers_in(resource, system))
    if not numbers and required:
        found.append(wrong.missing_identifier("Claim.identifier", system))
    for place, value in numbers[1:]:
        found.append(wrong.repeated(f"Claim.identifier[{place}]", value))
    if not numbers:
        return ""
    place, number = numbers[0]
    if len(number) > _LONGEST_NUMBER:
        path = f"Claim.identifier[{place}].value"
        found.append(wrong.bad_value(path, number, en="a number of at most 64 characters", zh="不超过64个字符的编号"))
    return number


def _read_encounter(resource: Mapping[str, Any]) -> str:
    visit = extension_of(resource, ext("visit"))
    return referred(visit.get("valueReference"), "Encounter") if visit else ""


def _read_coverage(resource: Mapping[str, Any], found: list[Problem]) -> str:
    """The coverage of the one focal insurance; '' when it is named in another way than by our id."""
    focal = [each for each in resource["insurance"] if each["focal"]]
    if len(focal) != 1:
        en, zh = "exactly one insurance with focal true", "有且仅有一个 focal 为 true 的保险"
        found.append(wrong.bad_value("Claim.insurance", len(focal), en=en, zh=zh))
        return ""
    _check_sequences(resource["insurance"], "Claim.insurance", found)
    return referred(focal[0]["coverage"], "Coverage")


def _read_diagnoses(resource: Mapping[str, Any], found: list[Problem]) -> tuple[str, ...]:
    codes = []
    entries = resource.get("diagnosis") or ()
    for place, entry in enumerate(entries):
        code = code_in(entry.get("diagnosisCodeableConcept"), _DIAGNOSIS)
        if code is None:
            found.append(wrong.missing_coding(f"Claim.diagnosis[{place}].diagnosisCodeableConcept", _DIAGNOSIS))
        else:
            codes.append((entry["sequence"], code))
    _check_sequences(entries, "Claim.diagnosis", found)
    return tuple(code for _, code in sorted(codes))


def _read_supporting(resource: Mapping[str, Any], found: list[Problem]) -> tuple[str, frozenset[str]]:
    disease = ""
    flags = set()
    entries = resource.get("supportingInfo") or ()
    for place, entry in enumerate(entries):
        path = f"Claim.supportingInfo[{place}]"
        category = next((c["code"] for c in entry["category"].get("coding") or () if "code" in c), "")
        if category == SPECIAL_DISEASE:
            code = code_in(entry.get("code"), _DISEASE)
            if code is None:
                found.append(wrong.missing_coding(f"{path}.code", _DISEASE))
            elif disease:
                found.append(wrong.repeated(path, SPECIAL_DISEASE))
            disease = code or disease
        elif entry.get("valueBoolean") is True and category:
            flags.add(category)
    _check_sequences(entries, "Claim.supportingInfo", found)
    return disease, frozenset(flags)


def _check_sequences(entries: Any, path: str, found: list[Problem]) -> None:
    seen = set()
    for place, entry in enumerate(entries):
        number = entry["sequence"]
        if number in seen:
            found.append(wrong.repeated(f"{path}[{place}].sequence", number))
        seen.add(number)


def _read_created(text: str, today: date, found: list[Problem]) -> date | None:
    try:
        day = day_of(text)
    except ValueError:
        found.append(wrong.bad_day("Claim.created", text))
        return None
    if day > today:
        found.append(wrong.day_in_future("Claim.created", text))
    return day


def _read_period(resource: Mapping[str, Any], today: date, found: list[Problem]) -> tuple[date | None, date | None]:
    """First and last day of billablePeriod; None where it is left out and the lines' own days count."""
    period = resource.get("billablePeriod")
    if period is None:
        return None, None
    days: dict[str, date | None] = {}
    for name in ("start", "end"):
        path = f"Claim.billablePeriod.{name}"
        days[name] = None
        if name not in period:
            found.append(wrong.missing(path))
            continue
        try:
            day = days[name] = day_of(period[name])
        except ValueError:
            found.append(wrong.bad_day(path, period[name]))
            continue
        if day > today:
            found.append(wrong.day_in_future(path, period[name]))
    start, end = days["start"], days["end"]
    if start and end and end < start:
        found.append(wrong.period_reversed("Claim.billablePeriod"))
        return end, start
    return start, end


def _read_total(
    value: Mapping[str, Any] | None, lines: tuple[ReadLine, ...] | None, found: list[Problem], *, refunds: bool
) -> Fen | None:
    """The stated total, which must be the sum of the lines where all of them could be read."""
    total = read_amount(value, "Claim.total", found, refunds=refunds)
    if total is None or lines is None:
        return total
    computed = sum(line.amount for line in lines)
    if total != computed:
        stated = money.text(total)
        found.append(wrong.unbalanced_total("Claim.total.value", stated=stated, computed=money.text(computed)))
    return total


def _read_stated(resource: Mapping[str, Any], found: list[Problem]) -> StatedSplit:
    """The nested extensions of ext:stated-split, under short or full names."""
    extension = extension_of(resource, _STATED_SPLIT)
    if extension is None:
        return StatedSplit()
    parts: dict[str, Fen] = {}
    place = resource["extension"].index(extension)
    for inner, part in enumerate(extension.get("extension") or ()):
        path = f"Claim.extension[{place}].extension[{inner}]"
        name = part["url"].rpartition("/")[2].replace("-", "_")
        value = part.get("valueDecimal")
        if name not in StatedSplit._fields:
            found.append(wrong.unknown_code(f"{path}.url", part["url"], StatedSplit._fields))
        elif value is None:
            found.append(wrong.missing(f"{path}.valueDecimal"))
        else:
            try:
                parts[name] = money.of(value)
            except ValueError:
                found.append(wrong.bad_amount(f"{path}.valueDecimal", value))
    return StatedSplit(**parts)
