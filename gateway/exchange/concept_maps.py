"""Code maps of the mapping language: FHIR R4 ConceptMaps in `mappings/maps/<name>.json`.

Only what rows need is read: `group[].element[].code`, its first `target[].code`, and `group[].unmapped` (mode
`provided` keeps the code, mode `fixed` gives one). Backwards (`reverse: true`) a code that several elements share goes
to the one whose equivalence is `equal` or `equivalent`, else to the first listed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

_EXACT = ("equal", "equivalent")
_NO_TARGET = ("unmatched", "disjoint")


@dataclass(frozen=True, slots=True)
class CodeMap:
    """A readable ConceptMap. `fixed`: the code for all others; `provided`: others stay as they are."""

    name: str
    forward: Mapping[str, str]
    backward: Mapping[str, str]
    fixed: str | None = None
    provided: bool = False

    def find(self, code: str) -> str | None:
        """The target of a code, or None when the map does not know it."""
        found = self.forward.get(code)
        if found is None:
            return code if self.provided else self.fixed
        return found


def load_map(path: Path) -> CodeMap | list[str]:
    """The map, or everything that is wrong with the file."""
    try:
        tree = msgspec.json.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return [f"not JSON: {error}; write a FHIR R4 ConceptMap"]
    if not isinstance(tree, dict) or tree.get("resourceType") != "ConceptMap":
        return ['not a ConceptMap: write {"resourceType": "ConceptMap", "group": [{"element": […]}]}']
    groups = tree.get("group")
    if not isinstance(groups, list) or not groups:
        return ["group: a list of at least one group is expected"]
    return _read_groups(path.stem, groups)


def _read_groups(name: str, groups: list[Any]) -> CodeMap | list[str]:
    errors: list[str] = []
    forward: dict[str, str] = {}
    backward: dict[str, str] = {}
    exact: dict[str, str] = {}
    fixed: str | None = None
    provided = False
    for number, group in enumerate(groups):
        where = f"group[{number}]"
        if not isinstance(group, dict) or not isinstance(group.get("element"), list):
            errors.append(f"{where}.element: a list of elements is expected")
            continue
        for at, element in enumerate(group["element"]):
            pair = _read_element(element)
            if isinstance(pair, str):
                errors.append(f"{where}.element[{at}]: {pair}")
                continue
            code, target, equivalence = pair
            if code in forward:
                errors.append(f"{where}.element[{at}].code: '{code}' is mapped twice; keep one")
            if target is None:
                continue
            forward[code] = target
            backward.setdefault(target, code)
            if equivalence in _EXACT:
                exact.setdefault(target, code)
        unmapped = group.get("unmapped")
        if unmapped is not None:
            mode = unmapped.get("mode") if isinstance(unmapped, dict) else None
            provided = provided or mode == "provided"
            if mode == "fixed" and isinstance(unmapped.get("code"), str):
                fixed = unmapped["code"]
            elif mode != "provided":
                errors.append(f"{where}.unmapped: write mode 'provided', or mode 'fixed' with a code")
    return errors or CodeMap(name, forward, backward | exact, fixed, provided)


def _read_element(element: Any) -> tuple[str, str | None, str] | str:
    """Code, target and equivalence, or what is wrong."""
    if not isinstance(element, dict) or not isinstance(element.get("code"), str) or not element["code"]:
        return "code: a text is expected"
    targets = element.get("target", [])
    if not isinstance(targets, list):
        return "target: a list is expected"
    for target in targets:
        if not isinstance(target, dict):
            return "target: objects with a code are expected"
        equivalence = target.get("equivalence")
        if equivalence is None:
            return "target: R4 requires equivalence; write 'equivalent', 'wider', 'narrower' or 'inexact'"
        if equivalence in _NO_TARGET:
            continue
        if not isinstance(target.get("code"), str) or not target["code"]:
            return "target.code: a text is expected"
        return element["code"], target["code"], str(equivalence)
    return element["code"], None, ""
