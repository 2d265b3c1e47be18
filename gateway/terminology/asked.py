"""Reads what an operation is asked: a query string of GET, or a Parameters resource of POST, against what it takes.

Nothing is ignored: a parameter that is not known, comes twice, or has another type is a problem, and all of them are
told together. GET takes the simple types only, as FHIR has it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.kernel.problem import Problem, Refusal
from gateway.terminology import problems
from gateway.terminology.concept import Coding

MOST_PARAMETERS: Final = 2000
MOST_CODINGS: Final = 50
LONGEST: Final = 4000

TEXTS: Final = frozenset({"uri", "string", "code", "canonical", "dateTime"})
_FORMATS: Final = frozenset({"json", "application/json", "application/fhir+json"})


@dataclass(frozen=True, slots=True)
class Takes:
    """A parameter of an operation. `type`: uri, string, code, boolean, integer, Coding, CodeableConcept, or a resource.

    `why_not`: why a parameter that FHIR defines is not offered here, '' where it is.
    """

    type: str
    many: bool = False
    why_not: str = ""


class Asked:
    """The parameters of one call by name, in order; nothing is changed after it was read."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Sequence[Any]]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str) -> str:
        """A text, or ''."""
        found = self._values.get(name)
        return str(found[0]) if found else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Every text of a parameter that may come more than once."""
        return tuple(map(str, self._values.get(name, ())))

    def flag(self, name: str) -> bool | None:
        """A boolean, None where it is not said."""
        found = self._values.get(name)
        return bool(found[0]) if found else None

    def number(self, name: str) -> int | None:
        """A whole number that is not negative, None where it is not said."""
        found = self._values.get(name)
        return int(found[0]) if found else None

    def codings(self, name: str) -> list[Coding]:
        """The codings of Coding parameters, and those of a CodeableConcept."""
        return [coding for each in self._values.get(name, ()) for coding in each]

    def resource(self, name: str) -> dict[str, Any] | None:
        """A resource that came along."""
        found = self._values.get(name)
        resource: dict[str, Any] | None = found[0] if found else None
        return resource


def read_call(
    pairs: Iterable[tuple[str, str]], resource: Mapping[str, Any] | None, takes: Mapping[str, Takes]
) -> Asked:
    """A call: its query string, and the body of a POST: Parameters, or the one resource that the operation takes.

    Refusal with every problem.
    """
    values: dict[str, list[Any]] = {}
    found: list[Problem] = []
    for name, text in pairs:
        if name != "_format":
            _keep(values, name, _simple(name, text, takes, found))
        elif text.partition(";")[0] not in _FORMATS:
            found.append(problems.bad_value(name, "json"))
    for name, value in _body(resource, takes, found) if resource is not None else ():
        _keep(values, name, value)
    found += [problems.contradiction(name) for name, each in values.items() if len(each) > 1 and not takes[name].many]
    if found:
        raise Refusal(found)
    return Asked(values)


def _body(resource: Mapping[str, Any], takes: Mapping[str, Takes], found: list[Problem]) -> Iterator[tuple[str, Any]]:
    type = resource.get("resourceType")
    alone = [name for name, each in takes.items() if each.type == type]
    if alone:
        yield alone[0], resource
        return
    parameters = resource.get("parameter", []) if type == "Parameters" else None
    if not isinstance(parameters, list) or len(parameters) > MOST_PARAMETERS:
        found.append(problems.bad_value("body", f"Parameters with at most {MOST_PARAMETERS} of them"))
        return
    for number, each in enumerate(parameters):
        name = each.get("name") if isinstance(each, dict) else None
        if isinstance(name, str) and name:
            yield name, _posted(name, each, takes, found)
        else:
            found.append(problems.bad_value(f"parameter[{number}].name", "the name of a parameter"))


def _keep(values: dict[str, list[Any]], name: str, value: Any) -> None:
    if value is not None:
        values.setdefault(name, []).append(value)


def _taken(name: str, takes: Mapping[str, Takes], found: list[Problem]) -> Takes | None:
    known = takes.get(name)
    if known is None:
        offered = ", ".join(each for each, one in takes.items() if not one.why_not)
        found.append(problems.unknown_parameter(name, offered))
    elif known.why_not:
        found.append(problems.not_offered(name, known.why_not))
        return None
    return known


def _simple(name: str, text: str, takes: Mapping[str, Takes], found: list[Problem]) -> Any:
    known = _taken(name, takes, found)
    if known is None:
        return None
    if known.type in TEXTS:
        if text.strip() and len(text) <= LONGEST:
            return text
        found.append(problems.bad_value(name, f"a text of at most {LONGEST} characters"))
    elif known.type == "boolean":
        if text in ("true", "false"):
            return text == "true"
        found.append(problems.bad_value(name, "true or false"))
    elif known.type == "integer":
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
        found.append(problems.bad_value(name, "a whole number, 0 or more"))
    else:
        found.append(problems.bad_value(name, f"a {known.type} in the Parameters of a POST"))
    return None


def _posted(name: str, each: Mapping[str, Any], takes: Mapping[str, Takes], found: list[Problem]) -> Any:
    known = _taken(name, takes, found)
    if known is None:
        return None
    given = [key for key in each if key.startswith("value") or key == "resource"]
    value = each[given[0]] if len(given) == 1 else None
    if known.type in TEXTS and isinstance(value, str) and value.strip() and len(value) <= LONGEST:
        return value
    if known.type == "boolean" and isinstance(value, bool):
        return value
    if known.type == "integer" and type(value) is int and 0 <= value < 10**9:
        return value
    if known.type == "Coding" and (coding := _coding(value)) is not None:
        return [coding]
    if known.type == "CodeableConcept" and isinstance(value, dict):
        codings = value.get("coding")
        if isinstance(codings, list) and len(codings) <= MOST_CODINGS:
            made = [_coding(one) for one in codings]
            if made and None not in made:
                return made
    if given == ["resource"] and isinstance(value, dict) and value.get("resourceType") == known.type:
        return value
    found.append(problems.bad_value(name, f"value{known.type[0].upper()}{known.type[1:]} or a resource of that type"))
    return None


def _coding(value: Any) -> Coding | None:
    if not isinstance(value, dict):
        return None
    said = {name: value.get(name, "") for name in ("code", "system", "version", "display")}
    if not said["code"] or any(not isinstance(text, str) or len(text) > LONGEST for text in said.values()):
        return None
    return Coding(**said)
