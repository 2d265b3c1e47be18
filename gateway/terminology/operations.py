"""The operations of the terminology service as FHIR R4 defines them: from what was asked to the resource answered.

Refusals carry every problem. `gateway.terminology.offered` is the table of all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from gateway.fhir.parameters import group_of, part_of, write_parameters
from gateway.kernel.problem import Refusal
from gateway.terminology import problems
from gateway.terminology.asked import Asked
from gateway.terminology.closure import LONGEST_NAME, Closures
from gateway.terminology.concept import Coding
from gateway.terminology.concept_map import ConceptMap, Match, read_concept_map, translate_by
from gateway.terminology.expand import MOST_OFFSET, Page, expand
from gateway.terminology.lookup import subsumption, write_lookup
from gateway.terminology.members import Members, members_of
from gateway.terminology.system import CodeSystem
from gateway.terminology.terminology import Terminology
from gateway.terminology.validate_code import Verdict, first_right, validate_in_set, validate_in_system
from gateway.terminology.value_set import ValueSet, read_code_system, read_value_set


@dataclass(frozen=True, slots=True)
class Service:
    """What operations work with. `now`: the instant as FHIR writes it."""

    terminology: Terminology
    closures: Closures
    now: Callable[[], str]


class Call(NamedTuple):
    """One call. `id`: of the instance, '' on the type; `partner`: who asks."""

    asked: Asked
    id: str
    partner: str


Run = Callable[[Service, Call], dict[str, Any]]


def lookup(service: Service, call: Call) -> dict[str, Any]:
    """CodeSystem/$lookup."""
    asked = call.asked
    coding = _one_coding(asked, "coding", "code", "system", "version")
    system = _system_of(service, call, coding)
    found = system.find(coding.code)
    if found is None:
        raise Refusal(problems.unknown_code(coding.code, system.canonical, "code"))
    return write_lookup(system, found, language=asked.text("displayLanguage"), wanted=asked.texts("property"))


def subsumes(service: Service, call: Call) -> dict[str, Any]:
    """CodeSystem/$subsumes."""
    asked = call.asked
    given = [(*asked.codings(f"coding{each}"), *_codes(asked, f"code{each}")) for each in "AB"]
    if any(len(each) != 1 for each in given):
        raise Refusal(problems.missing("codeA and codeB with system, or codingA and codingB", "codeA"))
    first, second = given[0][0], given[1][0]
    system = _system_of(service, call, first)
    if second.system and second.system != system.url:
        raise Refusal(problems.contradiction("codingA and codingB (system)"))
    for name, each in (("codeA", first), ("codeB", second)):
        if not system.holds(each.code):
            raise Refusal(problems.unknown_code(each.code, system.canonical, name))
    return write_parameters([part_of("outcome", "Code", subsumption(system, first.code, second.code))])


def validate_system_code(service: Service, call: Call) -> dict[str, Any]:
    """CodeSystem/$validate-code."""
    asked = call.asked
    given = asked.resource("codeSystem")
    codings = _codings(asked, "url")
    if given is not None:
        system = _read(read_code_system, given, "codeSystem")
    elif "url" in asked or call.id:
        system = _named_system(service, call, asked.text("url"), asked.text("version"))
    else:
        raise Refusal(problems.missing("url, or codeSystem", "url"))
    abstract = asked.flag("abstract") is not False
    language = asked.text("displayLanguage")
    return _verdict([validate_in_system(system, each, abstract=abstract, language=language) for each in codings])


def validate_set_code(service: Service, call: Call) -> dict[str, Any]:
    """ValueSet/$validate-code."""
    asked = call.asked
    codings = _codings(asked, "system")
    if any(not each.system for each in codings):
        raise Refusal(problems.missing("the system of the code", "system"))
    members = _members(service, call)
    abstract = asked.flag("abstract") is True
    language = asked.text("displayLanguage")
    terminology = service.terminology
    return _verdict(
        [validate_in_set(members, terminology, each, abstract=abstract, language=language) for each in codings]
    )


def expand_set(service: Service, call: Call) -> dict[str, Any]:
    """ValueSet/$expand."""
    asked = call.asked
    offset = asked.number("offset") or 0
    if offset > MOST_OFFSET:
        raise Refusal(problems.bad_value("offset", f"at most {MOST_OFFSET}"))
    page = Page(
        filter=asked.text("filter"),
        offset=offset,
        count=asked.number("count"),
        active_only=asked.flag("activeOnly") is True,
        language=asked.text("displayLanguage"),
        with_designations=asked.flag("includeDesignations") is True,
        designations=asked.texts("designation"),
        with_definition=asked.flag("includeDefinition") is True,
        without_abstract=asked.flag("excludeNotForUI") is True,
        excluded=asked.texts("exclude-system"),
        system_versions=_versions(asked, "system-version"),
        forced=_versions(asked, "force-system-version"),
        checked=_versions(asked, "check-system-version"),
    )
    return expand(service.terminology, _value_set(service, call), page, timestamp=service.now())


def translate(service: Service, call: Call) -> dict[str, Any]:
    """ConceptMap/$translate."""
    asked = call.asked
    codings = _codings(asked, "system")
    if any(not each.system for each in codings):
        raise Refusal(problems.missing("the system of the code", "system"))
    reverse = asked.flag("reverse") is True
    named = _maps(service, call)
    found: list[Match] = []
    for each in codings:
        maps = named if named is not None else _maps_between(service, call, each.system, reverse=reverse)
        target = asked.text("targetsystem")
        found += translate_by(maps, each.system, each.code, target=target, reverse=reverse)
    parts = [part_of("result", "Boolean", bool(found))]
    if not found:
        said = ", ".join(f"{each.system}#{each.code[:64]}" for each in codings)
        parts.append(part_of("message", "String", f"没有对照 / no translation of {said} is known here"))
    return write_parameters([*parts, *map(_match, dict.fromkeys(found))])


def close(service: Service, call: Call) -> dict[str, Any]:
    """$closure."""
    name, version = call.asked.text("name"), call.asked.text("version")
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refusal(problems.bad_value("name", f"a name of at most {LONGEST_NAME} characters"))
    if version and not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Refusal(problems.bad_value("version", "the version of a ConceptMap that was answered"))
    concepts = call.asked.codings("concept")
    if version and concepts:
        raise Refusal(problems.contradiction("version and concept"))
    return service.closures.ask(call.partner, name, concepts, version)


def _codes(asked: Asked, name: str) -> list[Coding]:
    return [Coding(asked.text(name), asked.text("system"), asked.text("version"))] if name in asked else []


def _one_coding(asked: Asked, coding: str, code: str, system: str, version: str) -> Coding:
    found = [*asked.codings(coding), *_codes(asked, code)]
    if not found:
        raise Refusal(problems.missing(f"{code} with {system}, or {coding}", code))
    if len(found) > 1:
        raise Refusal(problems.contradiction(f"{code} and {coding}"))
    return found[0]


def _codings(asked: Asked, system: str) -> list[Coding]:
    """The codings of exactly one of code, coding and codeableConcept."""
    given = [name for name in ("code", "coding", "codeableConcept") if name in asked]
    if not given:
        raise Refusal(problems.missing("code, coding or codeableConcept", "code"))
    if len(given) > 1:
        raise Refusal(problems.contradiction(" and ".join(given)))
    if given == ["code"]:
        said = asked.text(system) if system == "system" else ""
        version = asked.text("systemVersion") if system == "system" else ""
        return [Coding(asked.text("code"), said, version, asked.text("display"))]
    return asked.codings(given[0])


def _system_of(service: Service, call: Call, coding: Coding) -> CodeSystem:
    if not call.id and not coding.system:
        raise Refusal(problems.missing("the system of the code", "system"))
    return _named_system(service, call, coding.system, coding.version)


def _named_system(service: Service, call: Call, url: str, version: str) -> CodeSystem:
    """The system of the instance, or of the url; both must agree."""
    found = service.terminology.system_of_id(call.id) if call.id else service.terminology.system(url, version)
    if found is None:
        raise Refusal(problems.unknown("CodeSystem", call.id or (f"{url}|{version}" if version else url), "system"))
    if call.id and url and url.partition("|")[0] != found.url:
        raise Refusal(problems.contradiction("system and the address"))
    return found


def _value_set(service: Service, call: Call) -> ValueSet:
    asked, terminology = call.asked, service.terminology
    given = asked.resource("valueSet")
    named = [name for name in ("url", "valueSet") if name in asked] + ["id"] * bool(call.id)
    if not named:
        raise Refusal(problems.missing("url, or valueSet", "url"))
    if len(named) > 1:
        raise Refusal(problems.contradiction(" and ".join(named)))
    if given is not None:
        made: ValueSet = _read(read_value_set, given, "valueSet")
        parts = (*made.includes, *made.excludes)
        if any(each.op == "regex" for part in parts for each in part.filters):
            raise Refusal(problems.not_offered("filter.op", "a value set that comes along has no patterns"))
        return made
    version = asked.text("valueSetVersion")
    canonical = f"{asked.text('url')}|{version}" if version else asked.text("url")
    found = terminology.value_set_of_id(call.id) if call.id else terminology.value_set(canonical)
    if found is None:
        raise Refusal(problems.unknown("ValueSet", call.id or canonical, "url"))
    return found


def _members(service: Service, call: Call) -> Members:
    value_set = _value_set(service, call)
    terminology = service.terminology
    if "valueSet" not in call.asked and (found := terminology.members(value_set.url)) is not None:
        return found
    return members_of(value_set, terminology.system, terminology.value_set)


def _maps(service: Service, call: Call) -> list[ConceptMap] | None:
    """The one map that is named; None where any may serve."""
    asked, terminology = call.asked, service.terminology
    given = asked.resource("conceptMap")
    if given is not None:
        return [_read(read_concept_map, given, "conceptMap")]
    if not call.id and "url" not in asked:
        return None
    url, version = asked.text("url"), asked.text("conceptMapVersion")
    found = terminology.map_of_id(call.id) if call.id else terminology.map(url, version)
    if found is None:
        raise Refusal(problems.unknown("ConceptMap", call.id or url, "url"))
    return [found]


def _maps_between(service: Service, call: Call, system: str, *, reverse: bool) -> list[ConceptMap]:
    """The maps of a system; `source` and `target` name value sets, of a map or of all codes of its systems."""
    source, target = call.asked.text("source"), call.asked.text("target")
    terminology = service.terminology
    found = []
    for each in terminology.maps_from(system, reverse=reverse):
        ends = list(zip(*each.systems(), strict=True))
        if all(
            not wanted or wanted in (said, *systems, *(_whole(terminology, url) for url in systems))
            for wanted, said, systems in ((source, each.source, ends[0]), (target, each.target, ends[1]))
        ):
            found.append(each)
    return found


def _whole(terminology: Terminology, url: str) -> str:
    system = terminology.system(url)
    return system.value_set if system is not None else ""


def _match(match: Match) -> dict[str, Any]:
    coding = {"system": match.system, "version": match.version, "code": match.code, "display": match.display}
    parts = [
        part_of("equivalence", "Code", match.equivalence),
        part_of("concept", "Coding", {name: value for name, value in coding.items() if value}),
    ]
    return group_of("match", [*parts, part_of("source", "Uri", match.source)] if match.source else parts)


def _verdict(verdicts: list[Verdict]) -> dict[str, Any]:
    found = first_right(verdicts) if len(verdicts) > 1 else verdicts[0]
    parts = [part_of("result", "Boolean", found.result)]
    if found.message:
        parts.append(part_of("message", "String", found.message))
    if found.display:
        parts.append(part_of("display", "String", found.display))
    return write_parameters(parts)


def _versions(asked: Asked, name: str) -> dict[str, str] | None:
    """url|version, each, by url."""
    found = dict(each.rpartition("|")[::2] for each in asked.texts(name))
    if not all(url and version for url, version in found.items()):
        raise Refusal(problems.bad_value(name, "system|version"))
    return found or None


def _read(read: Callable[[dict[str, Any]], Any], resource: dict[str, Any], name: str) -> Any:
    try:
        return read(resource)
    except msgspec.ValidationError as error:
        raise Refusal(problems.bad_value(name, f"a resource of the shape of FHIR R4 ({str(error)[:100]})")) from None
