"""Bundles: search results joined from stored bytes, and the claim that a submitted Bundle carries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from gateway.fhir import problems as wrong
from gateway.fhir.json import encode, splice
from gateway.fhir.parts import identifier_of
from gateway.fhir.systems import BASE, sid
from gateway.kernel.problem import Kind, Problem, Refusal, refuse_if

MOST_ENTRIES: Final = 100
_NAMED_BY: Final = {"Patient": sid("citizen-id"), "Organization": sid("institution")}
"""Identifier system under which each type is known here, wherever the sender keeps it."""


class StoredForm(Protocol):
    """One version of a resource as the store hands it out; `body` as `json.canonical` made it."""

    @property
    def type(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def updated_at(self) -> datetime: ...
    @property
    def body(self) -> bytes: ...


def write_searchset(
    found: Sequence[StoredForm], *, total: int | None, self_link: str, next_link: str = "", base: str = BASE
) -> bytes:
    """A searchset Bundle of stored bodies, none of which is parsed. Links are relative to `base`; '' writes none."""
    links = [{"relation": "self", "url": f"{base}/{self_link}"}]
    if next_link:
        links.append({"relation": "next", "url": f"{base}/{next_link}"})
    head: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    if total is not None:
        head["total"] = total
    start = encode({**head, "link": links})
    if not found:
        return start
    return b"".join((start[:-1], b',"entry":[', b",".join(_entry(each, base) for each in found), b"]}"))


def first_claim(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """The Claim that is a Bundle's first entry, its references to other entries turned into identifiers.

    Patient entries are named by citizen ID, Organization entries by institution code, Coverage entries by their first
    identifier. References that no entry answers stay as they are. Refusal: bundle-without-claim, bad-reference …
    """
    entries = bundle.get("entry")
    if bundle.get("resourceType") != "Bundle" or not isinstance(entries, list) or not entries:
        raise Refusal(_without_claim("Bundle.entry"))
    if len(entries) > MOST_ENTRIES:
        raise Refusal(wrong.too_many("Bundle.entry", MOST_ENTRIES))
    refuse_if(_check_entries(entries))
    claim: dict[str, Any] = entries[0]["resource"]
    if claim.get("resourceType") != "Claim":
        raise Refusal(_without_claim("Bundle.entry[0].resource"))
    found: list[Problem] = []
    known = {name: entry["resource"] for entry in entries[1:] for name in _names(entry)}
    resolved = dict(claim)
    for element in ("patient", "provider", "insurer"):
        if element in claim:
            path = f"Bundle.entry[0].resource.{element}"
            resolved[element] = _resolve(claim[element], known, path, found)
    if isinstance(claim.get("insurance"), list):
        resolved["insurance"] = [
            {
                **each,
                "coverage": _resolve(each["coverage"], known, f"Bundle.entry[0].resource.insurance[{place}]", found),
            }
            if isinstance(each, dict) and "coverage" in each
            else each
            for place, each in enumerate(claim["insurance"])
        ]
    refuse_if(found)
    return resolved


def _entry(stored: StoredForm, base: str) -> bytes:
    resource = splice(stored.body, id=stored.id, version=stored.version, updated_at=stored.updated_at)
    full_url = encode(f"{base}/{stored.type}/{stored.id}")
    return b"".join((b'{"fullUrl":', full_url, b',"resource":', resource, b',"search":{"mode":"match"}}'))


def _check_entries(entries: Sequence[Any]) -> list[Problem]:
    found = []
    for place, entry in enumerate(entries):
        path = f"Bundle.entry[{place}]"
        if not isinstance(entry, dict):
            found.append(wrong.wrong_type(path, en="a JSON object", zh=" JSON 对象"))
        elif not isinstance(entry.get("resource"), dict):
            found.append(wrong.missing(f"{path}.resource"))
        elif not isinstance(entry.get("fullUrl", ""), str):
            found.append(wrong.wrong_type(f"{path}.fullUrl", en="a text", zh="文本"))
    return found


def _names(entry: Mapping[str, Any]) -> list[str]:
    """What other entries may call an entry: its full URL, and Type/id."""
    resource = entry["resource"]
    names = [entry["fullUrl"]] if entry.get("fullUrl") else []
    if isinstance(resource.get("id"), str):
        names.append(f"{resource.get('resourceType')}/{resource['id']}")
    return names


def _resolve(reference: Any, known: Mapping[str, Any], path: str, found: list[Problem]) -> Any:
    text = reference.get("reference") if isinstance(reference, dict) else None
    if not isinstance(text, str):
        return reference
    entry = known.get(text)
    if entry is None:
        if text.startswith("urn:uuid:"):
            found.append(wrong.bad_reference(f"{path}.reference", text, ["an entry of this Bundle"]))
        return reference
    identifier = _identifier(entry)
    if identifier is not None:
        return {"identifier": identifier}
    if text.startswith("urn:uuid:") and entry.get("resourceType") in _NAMED_BY:
        found.append(wrong.missing_identifier(path, _NAMED_BY[entry["resourceType"]]))
    return reference


def _identifier(resource: Mapping[str, Any]) -> dict[str, str] | None:
    """The identifier an entry is known by here, or None."""
    identifiers = resource.get("identifier")
    if not isinstance(identifiers, list) or not all(isinstance(each, dict) for each in identifiers):
        return None
    system = _NAMED_BY.get(str(resource.get("resourceType")))
    if system is None:
        named = [(each.get("system"), each.get("value")) for each in identifiers]
        return next(({"system": s, "value": v} for s, v in named if isinstance(s, str) and isinstance(v, str)), None)
    value = identifier_of(resource, system)
    return {"system": system, "value": value} if isinstance(value, str) and value else None


def _without_claim(path: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bundle-without-claim",
        path,
        "the first entry of a submitted Bundle is the Claim: put it there, with the rest behind it",
        "提交的 Bundle 第一条必须是 Claim:请将其放在首位",
    )
