"""Extensions: a known one is checked by its definition and by where it stands, an unknown one may not modify.

FHIR R4 section 2.4 (extensibility) and 5.3.2 (StructureDefinition.context). Most contexts name the type around; one
that names a path inside a resource is judged once the whole place is known (`settle_contexts`).
"""

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from gateway.validation import texts
from gateway.validation.issue import Check, Finding, Findings, added

CONTEXT: Final = "context"
_MOST_REMEMBERED: Final = 5_000
_LOOSE: Final = tuple(
    f"http://hl7.org/fhir/StructureDefinition/{name}"
    for name in ("structuredefinition-", "valueset-", "codesystem-", "regex", "iso21090-nullFlavor")
)
"""Extensions of definitions whose contexts R4 states too narrowly: R4 itself uses them elsewhere, R5 widened them."""
_INDEX = re.compile(r"\[\d+\]")


class Known(NamedTuple):
    """A defined extension. `contexts`: (type, expression) of where it may stand."""

    check: Check
    contexts: tuple[tuple[str, str], ...]


def extension_check(
    base: Check, around: frozenset[str], known: Callable[[str], Known | None], *, modifier: bool, owner_url: str = ""
) -> Check:
    """The check of one extension. `around`: what the element that has it is called by contexts (its path, its types);
    `owner_url`: of the extension around, where it is inside one."""
    remembered: dict[str, Check] = {}

    def check(value: Any, run: Any) -> Findings:
        url = value.get("url") if type(value) is dict else None
        if type(url) is not str:
            return base(value, run)
        chosen = remembered.get(url)
        if chosen is None:
            chosen = _choose(url)
            if len(remembered) < _MOST_REMEMBERED:
                remembered[url] = chosen
        return chosen(value, run)

    def _choose(url: str) -> Check:
        found = known(url) if ":" in url else None
        if found is None:
            if ":" not in url and not owner_url and not modifier:
                return base  # a part of an extension that is itself not known
            told = [_unknown(url, modifier=modifier)] if modifier or ":" in url else [_unknown_part(url)]
            return lambda value, run: added(base(value, run), told)
        doubt = _doubt(url, found, around, owner_url)
        if doubt is None:
            return found.check
        return lambda value, run: added(found.check(value, run), [doubt])

    return check


def _doubt(url: str, found: Known, around: frozenset[str], owner_url: str) -> Finding | None:
    """None where the context is met by what is around; else a finding that the whole place may still settle."""
    paths: set[str] = set()
    for kind, expression in found.contexts:
        if kind == "fhirpath" or (kind == "extension" and expression == owner_url):
            return None
        if kind == "element":
            if expression in around or expression in ("Element", "*"):
                return None
            paths.add(expression)
    if not found.contexts:
        return None
    places = texts.listed(expression for _, expression in found.contexts)
    make = texts.warning if url.startswith(_LOOSE) else texts.error
    return make(
        "extension-misplaced",
        "structure",
        f"the extension {texts.shown(url)} may stand on {places} only: move it there",
        f"扩展 {texts.shown(url)} 只能用于 {places}:请移动或删除",
    )._replace(known=(CONTEXT, frozenset(paths)))


def settle_contexts(found: list[Finding], element_path: Callable[[str], str]) -> list[Finding]:
    """Findings without the doubts that the place of the extension settles. `element_path`: JSON path → path of the
    element in its resource without indexes ("Patient.name")."""
    kept = []
    for each in found:
        if isinstance(each.known, tuple) and each.known[0] == CONTEXT:
            owner = each.path.rpartition(".")[0]
            names = {_INDEX.sub("", owner), element_path(owner)}
            if any(path in names or path.removesuffix("[x]") in names for path in each.known[1]):
                continue
        kept.append(each)
    return kept


def _unknown(url: str, *, modifier: bool) -> Finding:
    if modifier:
        return texts.error(
            "modifier-unknown",
            "extension",
            f"{texts.shown(url)} changes the meaning of the element and is not known: leave it out or add its package",
            f"修饰扩展 {texts.shown(url)} 未知且会改变含义:请删除或加载其定义包",
        )
    return texts.information(
        "extension-unknown",
        "informational",
        f"the extension {texts.shown(url)} is not known and was not checked: add the package that defines it",
        f"扩展 {texts.shown(url)} 未知,未作检查:请加载定义它的包",
    )


def _unknown_part(url: str) -> Finding:
    return texts.warning(
        "extension-part-unknown",
        "structure",
        f"'{texts.shown(url)}' is no URL and no part of the extension around it: correct the name",
        f"“{texts.shown(url)}”既不是 URL 也不是外层扩展的组成部分:请更正",
    )
