"""Group capability: what the CapabilityStatement declares is there, and nothing else is."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from conformance.checks import R4, Group, expect
from conformance.fhir import claim, refused, resource
from conformance.site import Site, encode

CAPABILITY = Group("capability")
NOBODY = "no-such-thing"

_SAMPLE_VALUES: Mapping[str, Callable[[dict[str, Any]], list[str]]] = {
    "identifier": lambda found: ["{system}|{value}".format(**each) for each in found.get("identifier", ())],
    "status": lambda found: [found["status"]],
    "patient": lambda found: [(found.get("patient") or found["beneficiary"])["reference"]],
    "beneficiary": lambda found: [found["beneficiary"]["reference"]],
    "created": lambda found: [found["created"]],
    "_id": lambda found: [found["id"]],
    "_lastUpdated": lambda found: [found["meta"]["lastUpdated"]],
}
"""By search parameter: the values by which a resource must be found."""


def declared(site: Site) -> list[dict[str, Any]]:
    """The types of the CapabilityStatement."""
    statement = resource(site.get("metadata"), "CapabilityStatement")
    found: list[dict[str, Any]] = statement["rest"][0]["resource"]
    return found


def _offers(site: Site, interaction: str) -> Iterator[dict[str, Any]]:
    for each in declared(site):
        if interaction in {offered["code"] for offered in each["interaction"]}:
            yield each


def _first(site: Site, type: str) -> dict[str, Any] | None:
    bundle = resource(site.get(type, _count="1"), "Bundle")
    expect(bundle["type"] == "searchset", f"{type}: a Bundle of type {bundle['type']}")
    return bundle["entry"][0]["resource"] if bundle.get("entry") else None


@CAPABILITY.proves("metadata is an R4 CapabilityStatement of a running server", f"{R4}/http.html#capabilities")
def metadata(site: Site) -> None:
    statement = resource(site.http.get(f"{site.base}/metadata"), "CapabilityStatement")
    expect(statement["fhirVersion"] == "4.0.1", f"fhirVersion {statement['fhirVersion']}")
    expect(statement["kind"] == "instance", f"kind {statement['kind']}")
    expect({"json", "application/fhir+json"} & set(statement["format"]), f"format {statement['format']}")


@CAPABILITY.proves("every declared read and vread answers, and an unknown id is not found", f"{R4}/http.html#read")
def reads(site: Site) -> None:
    for each in _offers(site, "read"):
        type = each["type"]
        refused(site.get(f"{type}/{NOBODY}"), 404)
        known = _first(site, type)
        if known is None:
            continue
        response = site.get(f"{type}/{known['id']}")
        read = resource(response, type)
        version = read["meta"]["versionId"]
        expect(response.headers.get("etag") == f'W/"{version}"', f"{type}: ETag {response.headers.get('etag')}")
        again = site.get(f"{type}/{known['id']}/_history/{version}")
        expect(again.content == response.content, f"{type}: version {version} differs from the current one")


@CAPABILITY.proves("every declared search parameter finds what it describes and nothing else", f"{R4}/search.html")
def searches(site: Site) -> None:
    for each in _offers(site, "search-type"):
        type = each["type"]
        known = _first(site, type)
        for parameter in each.get("searchParam", ()):
            name = parameter["name"]
            expect(name in _SAMPLE_VALUES, f"{type} declares {name}, which this suite does not know")
            values = _SAMPLE_VALUES[name](known) if known else []
            if known is None or not values:
                continue  # nothing at hand has what this parameter looks for
            _finds_only(site, type, name, ("ge" if name == "_lastUpdated" else "") + values[0], known["id"])
        none = resource(site.get(type, _id=NOBODY), "Bundle")
        expect(none["total"] == 0 and not none.get("entry"), f"{type}?_id={NOBODY} finds {none['total']}")


def _finds_only(site: Site, type: str, name: str, value: str, id: str) -> None:
    """The resource is found by this value, and what else is found has it too."""
    narrowed = resource(site.get(type, **{name: value, "_id": id}), "Bundle")
    expect([entry["resource"]["id"] for entry in narrowed.get("entry", ())] == [id], f"{type}?{name}={value}: not {id}")
    for entry in resource(site.get(type, **{name: value, "_count": "100"}), "Bundle")["entry"]:
        values = _SAMPLE_VALUES[name](entry["resource"])
        expect(_fits(name, value, values), f"{type}?{name}={value} finds {values}")


def _fits(name: str, value: str, values: list[str]) -> bool:
    """A day looked for and an instant found may have different names of the day: zones differ."""
    if name == "created":
        return abs(date.fromisoformat(values[0][:10]) - date.fromisoformat(value[:10])) <= timedelta(days=1)
    return value in values or (name == "_lastUpdated" and values[0] >= value.removeprefix("ge"))


@CAPABILITY.proves("a page has at most _count entries and leads to the next", f"{R4}/http.html#paging")
def paging(site: Site) -> None:
    page = resource(site.get("Organization", _count="2"), "Bundle")
    seen = [entry["resource"]["id"] for entry in page["entry"]]
    expect(len(seen) <= 2, f"{len(seen)} entries for _count=2")
    while links := [link["url"] for link in page["link"] if link["relation"] == "next"]:
        page = resource(site.http.get(links[0], headers={"authorization": f"Bearer {site.token}"}), "Bundle")
        seen += [entry["resource"]["id"] for entry in page.get("entry", ())]
    expect(len(seen) == len(set(seen)) == page["total"], f"{len(seen)} seen, {page['total']} said")


@CAPABILITY.proves("a draft Claim is created, updated under If-Match, and never lost", f"{R4}/http.html#update")
def writes(site: Site) -> None:
    draft = {**claim(site), "status": "draft"}
    created = site.post("Claim", encode(draft))
    stored = resource(created, "Claim", status=201)
    expect(stored["id"] in created.headers.get("location", ""), f"Location {created.headers.get('location')}")
    changed = encode({**draft, "id": stored["id"], "priority": {"text": "normal"}})
    updated = resource(site.put(f"Claim/{stored['id']}", changed, if_match='W/"1"'), "Claim")
    expect(updated["meta"]["versionId"] == "2", f"version {updated['meta']['versionId']} after an update of 1")
    refused(site.put(f"Claim/{stored['id']}", changed, if_match='W/"1"'), 409, 412)


@CAPABILITY.proves("what is declared for writing is written or refused by right, never unknown", f"{R4}/http.html")
def declared_writes(site: Site) -> None:
    for interaction, send in (("create", site.post), ("update", site.put)):
        for type in (each["type"] for each in _offers(site, interaction) if each["type"] != "Claim"):
            body = {"resourceType": type} if interaction == "create" else {"resourceType": type, "id": NOBODY}
            path = type if interaction == "create" else f"{type}/{NOBODY}"
            refused(send(path, encode(body)), 400, 403, 404, 422)


@CAPABILITY.proves("what is not declared is refused", f"{R4}/http.html#summary")
def undeclared(site: Site) -> None:
    refused(site.get("Medication"))
    refused(site.get("Claim", shoe_size="44"), 400, 501)
    for each in declared(site):
        type = each["type"]
        offered = {interaction["code"] for interaction in each["interaction"]}
        if "create" not in offered:
            refused(site.post(type, encode({"resourceType": type})))
        if "update" not in offered:
            refused(site.put(f"{type}/{NOBODY}", encode({"resourceType": type, "id": NOBODY})))


@CAPABILITY.proves("nobody reads or settles without a token", f"{R4}/security.html")
def strangers(site: Site) -> None:
    for header in ({}, {"authorization": "Bearer nobody"}):
        refused(site.http.get(f"{site.base}/Patient", headers=header), 401)
        refused(site.http.post(f"{site.base}/Claim/$submit", content=b"{}", headers=header), 401)
