"""An ER7 message as the tree that mapping files read. Its shape is the same for every version and character set.

    MSH, IVC, PYE, PID, PV1, PV2, IN1, IN2, AUT …   a segment that comes once (the first, when it comes again)
    PSL                                            list: every line of the message, in message order
    diagnosis, special_disease                     lists of DG1: diagnoses, and those coded NHSA-MTB (门诊慢特病)
    sections                                       list of {PSS, groups: [{PSG, lines: [indexes into PSL]}]}
    patient_name                                   family and given name of PID-5 as one text, as Chinese write names

A segment is an object of its fields by number; a field is an object of its components by number, and so on for
subcomponents: `IVC.8.1.1` is the amount, `IVC.8.1.2` its currency. What has no parts is its text. Fields that may
repeat are lists: `PID.3[5=NI].1` is the identifier of type NI.
Empty fields are absent, and so is the null `""`. Versions differ in which texts are coded (IS in 2.6, CWE from 2.7):
the shape is always that of the newest, so `PV1.18.1` is right for all.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from adapters.hl7v2.er7 import Er7, Segment
from adapters.hl7v2.reference import NEWEST, load
from gateway.contract import Tree

SPECIAL_DISEASE_SYSTEM = "NHSA-MTB"
"""DG1-3.3 of a diagnosis that is a special outpatient disease (门诊慢特病病种), not an ICD-10 code. Our assumption."""

_NULL = '""'
_LISTED = frozenset({"PSS", "PSG", "PSL", "DG1"})


def build_tree(message: Er7) -> Tree:
    """The whole message. Nothing is checked here but shape: see `structure` and `checks`."""
    tree: Tree = {}
    for segment in message.segments:
        name = segment[0]
        if name not in _LISTED and name not in tree:
            tree[name] = shape(segment, message)
    lines, sections = _lines_and_sections(message)
    tree |= {"PSL": lines, "sections": sections}
    plain, special = diagnoses(message)
    tree["diagnosis"] = [shape(segment, message) for _, segment in plain]
    tree["special_disease"] = [shape(segment, message) for _, segment in special]
    name = person_name(tree.get("PID", {}))
    if name:
        tree["patient_name"] = name
    return {key: value for key, value in tree.items() if value != []}


def _lines_and_sections(message: Er7) -> tuple[list[Tree], list[Tree]]:
    lines: list[Tree] = []
    sections: list[Tree] = []
    for segment in message.segments:
        if segment[0] == "PSS":
            sections.append({"PSS": shape(segment, message), "groups": []})
        elif segment[0] == "PSG" and sections:
            sections[-1]["groups"].append({"PSG": shape(segment, message), "lines": []})
        elif segment[0] == "PSL":
            if sections and sections[-1]["groups"]:
                sections[-1]["groups"][-1]["lines"].append(len(lines))
            lines.append(shape(segment, message))
    return lines, sections


def diagnoses(message: Er7) -> tuple[list[tuple[int, Segment]], list[tuple[int, Segment]]]:
    """DG1 segments with their occurrence in the message: diagnoses, and special diseases. A code is taken once,
    since every group of a message repeats its patient."""
    plain: list[tuple[int, Segment]] = []
    special: list[tuple[int, Segment]] = []
    taken: set[tuple[str, str]] = set()
    found = [segment for segment in message.segments if segment[0] == "DG1"]
    for occurrence, segment in enumerate(found):
        system, code = message.component(segment, 3, 3), message.component(segment, 3, 1)
        if (system, code) not in taken:
            taken.add((system, code))
            (special if system == SPECIAL_DISEASE_SYSTEM else plain).append((occurrence, segment))
    return plain, special


def person_name(pid: Mapping[str, Any]) -> str:
    """PID-5: family name and given name together (张 + 测试一), or whichever is there."""
    names = pid.get("5") or [{}]
    family = names[0].get("1") or {}
    return f"{family.get('1', '')}{names[0].get('2', '')}"


def shape(segment: Segment, message: Er7) -> Tree:
    """One segment as an object of its fields by number."""
    out: Tree = {}
    shapers = _shapers(segment[0])
    known = len(shapers)
    for number in range(1, len(segment)):
        text = segment[number]
        if not text or text == _NULL:
            continue
        kind, repeats = shapers[number - 1] if number <= known else ("ST", False)
        if segment[0] == "MSH" and number <= 2:
            out[str(number)] = text
            continue
        if repeats:
            value: Any = [
                part for one in text.split(message.separators.repetition) if (part := _value(one, kind, message))
            ]
        else:
            value = _value(text, kind, message)
        if value:
            out[str(number)] = value
    return out


@cache
def _shapers(name: str) -> tuple[tuple[str, bool], ...]:
    """Data type of each field, and whether it repeats."""
    return tuple((row.type, row.most < 0 or row.most > 1) for row in load(NEWEST).segments.get(name, ()))


def _value(text: str, kind: str, message: Er7) -> Any:
    """A field without repetitions: an object of components, or a text."""
    components = load(NEWEST).types.get(kind)
    if components is not None:
        return _parts(text, components, message.separators.component, message, _component)
    return message.unescape(text).strip()


def _component(text: str, kind: str, message: Er7) -> Any:
    components = load(NEWEST).types.get(kind)
    if components is not None:
        return _parts(text, components, message.separators.subcomponent, message, _leaf)
    return _leaf(text, kind, message)


def _leaf(text: str, _kind: str, message: Er7) -> str:
    return message.unescape(text).strip()


def _parts(
    text: str, kinds: tuple[str, ...], separator: str, message: Er7, read: Callable[[str, str, Er7], Any]
) -> Tree:
    out: Tree = {}
    for number, part in enumerate(text.split(separator), start=1):
        if part and part != _NULL:
            value = read(part, kinds[number - 1] if number <= len(kinds) else "ST", message)
            if value:
                out[str(number)] = value
    return out
