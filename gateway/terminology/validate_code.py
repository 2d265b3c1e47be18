"""$validate-code: whether codes are of a code system or in a value set, and whether their displays are right (R4).

A structured code that no list has is a code by its structure; the answer says so. A display counts as right in any
language, whatever its case and width.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.terminology.concept import Coding, Concept
from gateway.terminology.fold import fold
from gateway.terminology.members import Members
from gateway.terminology.system import CodeSystem, Systems


@dataclass(frozen=True, slots=True)
class Verdict:
    """`message`: why not, or what should be known although; `display`: the recommended one."""

    result: bool
    message: str = ""
    display: str = ""


def validate_in_system(system: CodeSystem, coding: Coding, *, abstract: bool = True, language: str = "") -> Verdict:
    """Whether a code is of a system, with its display where it has one."""
    if coding.system and coding.system != system.url:
        return Verdict(False, f"代码属于 {coding.system} / the code is of {coding.system}, not of {system.url}")
    found = system.find(coding.code)
    if found is None:
        return _unknown_code(coding, system)
    return _judged(system, found, coding, abstract=abstract, language=language)


def validate_in_set(
    members: Members, systems: Systems, coding: Coding, *, abstract: bool = False, language: str = ""
) -> Verdict:
    """Whether a coding is in a value set; what cannot be known is said and counts as not in it."""
    holds = members.holds(coding.system, coding.code)
    system = systems.system(coding.system, coding.version)
    if system is None and coding.version and holds:
        missing = f"版本未知 / version {coding.version} of {coding.system} is not known here"
        return Verdict(False, missing)
    found = system.find(coding.code) if system is not None else None
    if holds is None:
        gaps = "; ".join(members.gaps) or f"code system {coding.system}"
        return Verdict(False, f"无法判断,缺少 {gaps} / cannot be told without {gaps}")
    if not holds:
        if system is not None and found is None:
            return _unknown_code(coding, system)
        return Verdict(False, f"“{coding.code}”不在值集内 / '{coding.code}' of {coding.system} is not in the value set")
    if system is None or found is None:
        return Verdict(True, "", _named(members, coding))
    return _judged(system, found, coding, abstract=abstract, language=language)


def first_right(verdicts: Sequence[Verdict]) -> Verdict:
    """Of the codings of a CodeableConcept: right when one of them is, else everything that is wrong."""
    for each in verdicts:
        if each.result:
            return each
    return Verdict(False, "; ".join(dict.fromkeys(each.message for each in verdicts if each.message)))


def _judged(system: CodeSystem, found: Concept, coding: Coding, *, abstract: bool, language: str) -> Verdict:
    display = found.in_language(language) if language else found.display
    if found.abstract and not abstract:
        return Verdict(False, f"“{found.code}”只是标题 / '{found.code}' is a heading, send a code below it", display)
    names = [found.display, *(text for _, text in found.designations)]
    if coding.display and any(names) and fold(coding.display) not in map(fold, names):
        wrong = f"名称应为“{display}” / the display of '{found.code}' is '{display}', not '{coding.display[:100]}'"
        return Verdict(False, wrong, display)
    if found.inactive:
        return Verdict(True, f"“{found.code}”已停用 / '{found.code}' is inactive", display)
    if not system.lists(found.code):
        return Verdict(True, "代码结构有效,目录中未列出 / valid by its structure, not in the list at hand", display)
    return Verdict(True, "", display)


def _unknown_code(coding: Coding, system: CodeSystem) -> Verdict:
    like = f",如 {example} / such as {example}" if (example := getattr(system.structure, "example", "")) else ""
    said, url = coding.code[:64], system.url
    return Verdict(False, f"“{said}”不是 {url} 的代码 / '{said}' is not a code of {url}{like}")


def _named(members: Members, coding: Coding) -> str:
    """The display that the value set itself gives."""
    for part in members.parts:
        if part.url == coding.system and coding.code in part.named:
            return part.named[coding.code]
    return ""
