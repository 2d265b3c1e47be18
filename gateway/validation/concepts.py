"""Codes that were found right: the same few stand in every line, so each is judged once for its element."""

from decimal import Decimal
from typing import Any, Final

from gateway.validation.issue import Check, Findings
from gateway.validation.tree import Node

MOST_REMEMBERED: Final = 4000


_OF_EXTENSION: Final = ("valueCode", "valueDecimal")


def remembered_extension(check: Check) -> Check:
    """The check of an extension's profile, which remembers codes and numbers in which nothing was found."""
    sound: set[tuple[str, str, str]] = set()

    def extension_check(value: Any, run: Any) -> Findings:
        key = _extension_key(value)
        if key is None:
            return check(value, run)
        if key in sound:
            return None
        found = check(value, run)
        if found is None and not run.unknown_sets and len(sound) < MOST_REMEMBERED:
            sound.add(key)
        return found

    return extension_check


def _extension_key(value: Any) -> tuple[str, str, str] | None:
    """Url, kind and text of an extension that says one code or number and nothing else."""
    if type(value) is not dict or len(value) != 2:
        return None
    url = value.get("url")
    for kind in _OF_EXTENSION:
        said = value.get(kind)
        if type(url) is str and (type(said) is str or type(said) is Decimal):
            return url, kind, f"{type(said).__name__} {said}"
    return None


def remembered(check: Check) -> Check:
    """The check of a CodeableConcept, which remembers values of one coding in which nothing was found.

    Only where no value set of the validation was unknown, since that is told once: its silence says nothing.
    """
    sound: set[tuple[str, str, str, str]] = set()

    def concept_check(value: Any, run: Any) -> Findings:
        key = _key(value)
        if key is None:
            return check(value, run)
        if key in sound:
            return None
        found = check(value, run)
        if found is None and not run.unknown_sets and len(sound) < MOST_REMEMBERED:
            sound.add(key)
        return found

    return concept_check


def stands_alone(node: Node) -> bool:
    """Whether no rule of an element looks beyond its own value."""
    if any("%" in rule.expression or "resolve(" in rule.expression for rule in node.element.constraints):
        return False
    return all(stands_alone(each) for each in (*node.children.values(), *node.slices.values()))


def _key(value: Any) -> tuple[str, str, str, str] | None:
    """System, code, display and text of a concept that has one coding and nothing else; '' for what is not there."""
    codings = value.get("coding") if type(value) is dict else None
    if type(codings) is not list or len(codings) != 1 or type(codings[0]) is not dict:
        return None
    coding = codings[0]
    system, code = coding.get("system"), coding.get("code")
    if type(system) is not str or type(code) is not str:
        return None
    display: Any = ""
    text: Any = ""
    if len(coding) > 2:
        display = coding.get("display")
        if len(coding) > 3 or type(display) is not str or not display:
            return None
    if len(value) > 1:
        text = value.get("text")
        if len(value) > 2 or type(text) is not str or not text:
            return None
    return system, code, display, text
