"""Group search, what needs a loop: every declared parameter by the values of a resource that is there, and paging.

What a parameter looks for is read from its definition in R4 (`searchParam.definition`), so that any server can be
asked about any parameter of the specification.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from conformance.checks import R4, Group, expect
from conformance.paths import evaluate
from conformance.refusal import check_outcome
from conformance.site import FHIR_JSON, Site, decode
from gateway.definitions.library import base_library

SEARCH = Group("search")


@SEARCH.proves(
    "every declared search parameter finds what it describes and nothing else",
    "声明的每个检索参数都能检索到相符的资源,且仅检索到相符的资源",
    f"{R4}/search.html",
)
def declared_parameters(site: Site) -> None:
    for type, parameters in _searchable(site):
        known = _bundle(site, f"{type}?_count=1").get("entry", ())
        for each in parameters if known else ():
            resource = known[0]["resource"]
            for value in _values(each, resource)[:1]:  # nothing at hand has what other parameters look for
                _finds_only(site, type, each, value, resource["id"])
        none = _bundle(site, f"{type}?_id=no-such-thing")
        expect(none["total"] == 0 and not none.get("entry"), f"{type}?_id=no-such-thing finds {none['total']}")


@SEARCH.proves(
    "a search set says itself, and every entry where it is and why it is there",
    "检索结果注明自身链接、每条的完整地址与入选原因",
    f"{R4}/bundle.html#searchset",
)
def search_sets(site: Site) -> None:
    for type, _ in _searchable(site):
        found = _bundle(site, f"{type}?_count=5")
        links = [each["relation"] for each in found.get("link", ())]
        expect(links.count("self") == 1, f"{type}: links {links}")
        expect(len(found.get("entry", ())) <= 5, f"{type}: {len(found.get('entry', ()))} entries for _count=5")
        for entry in found.get("entry", ()):
            resource = entry["resource"]
            place = f"{type}/{resource['id']}"
            expect(resource["resourceType"] == type, f"{type}: finds a {resource['resourceType']}")
            expect(entry["fullUrl"].endswith(f"/{place}"), f"fullUrl {entry['fullUrl']} of {place}")
            expect(entry["search"]["mode"] == "match", f"{place}: mode {entry['search']}")


@SEARCH.proves(
    "a page has at most _count entries and leads through everything once",
    "每页不超过 _count 条,依次翻页恰好遍历全部",
    f"{R4}/http.html#paging",
)
def paging(site: Site) -> None:
    for type in [each for each, _ in _searchable(site) if each in ("Organization", "ClaimResponse")]:
        page = _bundle(site, f"{type}?_count=3")
        seen, said = _ids(page), page["total"]
        while links := [link["url"] for link in page["link"] if link["relation"] == "next"]:
            expect(len(_ids(page)) <= 3 and len(seen) <= said, f"{type}: {len(seen)} seen of {said}")
            page = _bundle(site, links[0])
            seen += _ids(page)
        expect(len(seen) == len(set(seen)) == said, f"{type}: {len(set(seen))} of {len(seen)} seen, {said} said")


@SEARCH.proves(
    "a search with a value that cannot be is refused", "无法理解的检索值应被拒绝", f"{R4}/search.html#errors"
)
def bad_dates(site: Site) -> None:
    for type, parameters in _searchable(site):
        for each in parameters:
            if each["type"] == "date":
                response = site.get(type, **{each["name"]: "2015-02-30"})
                expect(response.status_code == 400, f"{type}?{each['name']}=2015-02-30: status {response.status_code}")
                check_outcome(decode(response.content), response)


def _searchable(site: Site) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for each in evaluate("rest.resource.where('search-type' in interaction.code)", site.statement):
        yield each["type"], each.get("searchParam", [])


def _bundle(site: Site, path: str) -> dict[str, Any]:
    url = path if path.startswith("http") else f"{site.base}/{path}"
    response = site.send("GET", url, site.headers())
    expect(response.status_code == 200, f"{path}: status {response.status_code}: {response.text[:200]}")
    expect(response.headers.get("content-type", "").startswith(FHIR_JSON), f"{path}: {response.headers}")
    found: dict[str, Any] = decode(response.content)
    expect(found["resourceType"] == "Bundle" and found["type"] == "searchset", f"{path}: {found.get('type')}")
    return found


def _ids(bundle: Mapping[str, Any]) -> list[str]:
    return [each["resource"]["id"] for each in bundle.get("entry", ())]


def _values(parameter: Mapping[str, Any], resource: Mapping[str, Any]) -> list[str]:
    """The values by which this parameter must find the resource."""
    found = evaluate(_expression(parameter["definition"]), resource)
    return [text for each in found for text in _texts(parameter["type"], each)]


@lru_cache
def _expression(definition: str) -> str:
    known = base_library().search_parameter(definition)
    return known.expression if known is not None else "{}"


def _texts(kind: str, value: Any) -> Iterator[str]:
    """A value as it is written in a search; nothing for what this suite cannot write."""
    match value:
        case str() if kind in ("token", "date", "string", "uri"):
            yield f"ge{value}" if kind == "date" and "T" in value else value
        case {"coding": list(codings)} if kind == "token":
            for coding in codings:
                yield from _texts(kind, coding)
        case {"system": system, "value": code} | {"system": system, "code": code} if kind == "token":
            yield f"{system}|{code}"
        case {"reference": reference} if kind == "reference":
            yield reference


def _finds_only(site: Site, type: str, parameter: Mapping[str, Any], value: str, id: str) -> None:
    """The resource is found by this value, and what else is found has it too."""
    name = parameter["name"]
    narrowed = site.get(type, **{name: value, "_id": id} if name != "_id" else {name: value})
    expect(_ids(decode(narrowed.content)) == [id], f"{type}?{name}={value}: not {id}, {narrowed.text[:200]}")
    for entry in decode(site.get(type, **{name: value, "_count": "100"}).content).get("entry", ()):
        values = _values(parameter, entry["resource"])
        expect(any(_fits(value, each) for each in values), f"{type}?{name}={value} finds {values}")


def _fits(wanted: str, found: str) -> bool:
    """A day looked for and an instant found may have different names of the day: zones differ."""
    if wanted.startswith("ge"):
        return found >= wanted
    if wanted == found:
        return True
    try:
        return abs(date.fromisoformat(found.removeprefix("ge")[:10]) - date.fromisoformat(wanted)) <= timedelta(days=1)
    except ValueError:
        return False
