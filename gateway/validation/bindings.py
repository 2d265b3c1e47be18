"""Bindings: whether codes are in the value set of their element (FHIR R4 section 4.1.6).

required: a code outside is an error. extensible, preferred with a maximum value set: outside of the maximum is an
error, outside of the extensible set a warning, since a code may be needed that it lacks. What terminology cannot judge
is named once for each value set.
"""

from typing import Any, Final

from gateway.definitions.model import Binding
from gateway.validation import texts
from gateway.validation.issue import Check, Finding, Findings
from gateway.validation.run import OUT, Membership, Terminology

_MOST_REMEMBERED: Final = 20_000
_CODINGS: Final = frozenset({"CodeableConcept", "Coding", "Quantity", "Age", "Count", "Distance", "Duration", "Money"})


def binding_rules(type_name: str, binding: Binding | None, terminology: Terminology) -> list[Check]:
    """The rules of a binding for values of one type; none for bindings that only advise."""
    rules = []
    if binding is not None and binding.value_set and binding.strength in ("required", "extensible"):
        rules.append(_rule(type_name, binding.value_set, terminology, required=binding.strength == "required"))
    if binding is not None and binding.max_value_set and binding.strength != "required":
        rules.append(_rule(type_name, binding.max_value_set, terminology, required=True))
    return rules


def code_check(primitive: Check, binding: Binding | None, terminology: Terminology) -> Check | None:
    """One check for a code of a required value set that is known whole: a look into a set; None where it is not."""
    if binding is None or binding.strength != "required" or not binding.value_set:
        return None
    codes = terminology.codes_of(binding.value_set)
    if codes is None:
        return None
    url = binding.value_set

    def check(value: Any, run: Any) -> Findings:
        if type(value) is str and value in codes:
            return None
        return primitive(value, run) or [_outside(value, url, codes)]

    return check


def _rule(type_name: str, url: str, terminology: Terminology, *, required: bool) -> Check:
    if type_name == "CodeableConcept":
        return _concept_rule(url, terminology, required=required)
    if type_name in _CODINGS:
        return _coding_rule(url, terminology, required=required, quantity=type_name not in ("Coding",))
    return _code_rule(url, terminology, required=required)


def _memory(url: str, terminology: Terminology) -> Any:
    known: dict[tuple[Any, str, Any], Membership] = {}

    def member(system: str | None, code: str, version: Any = "") -> Membership:
        key = (system, code, version)
        found = known.get(key)
        if found is None:
            found = terminology.validate(url, system, code, version if isinstance(version, str) else "")
            if len(known) < _MOST_REMEMBERED:
                known[key] = found
        return found

    return member


def _code_rule(url: str, terminology: Terminology, *, required: bool) -> Check:
    member = _memory(url, terminology)

    def rule(value: Any, run: Any) -> Findings:
        if type(value) is not str:
            return None
        found = member(None, value)
        if found.verdict == "in":
            return None
        if found.verdict == "unknown":
            return _unknown(url, found.reason, run)
        return [_outside(value, url, terminology.codes_of(url)) if required else _advised(value, url)]

    return rule


def _coding_rule(url: str, terminology: Terminology, *, required: bool, quantity: bool) -> Check:
    member = _memory(url, terminology)

    def rule(value: Any, run: Any) -> Findings:
        if type(value) is not dict:
            return None
        system, code = value.get("system"), value.get("code")
        if type(code) is not str:
            return [_no_code(url)] if required and not quantity and "_code" not in value else None
        found = member(system if type(system) is str else "", code, value.get("version"))
        if found.verdict == "in":
            return None
        if found.verdict == "unknown":
            return _unknown(url, found.reason, run)
        return [_outside(_coded(system, code), url, None) if required else _advised(_coded(system, code), url)]

    return rule


def _concept_rule(url: str, terminology: Terminology, *, required: bool) -> Check:
    member = _memory(url, terminology)

    def rule(value: Any, run: Any) -> Findings:
        if type(value) is not dict:
            return None
        codings = value.get("coding")
        if type(codings) is not list or not codings:
            return [_no_code(url)] if required and "extension" not in value else None
        verdict, coded = OUT, ""
        for each in codings:
            if type(each) is not dict or type(each.get("code")) is not str:
                continue
            system = each.get("system")
            found = member(system if type(system) is str else "", each["code"], each.get("version"))
            if found.verdict == "in":
                return None
            if found.verdict == "unknown":
                verdict = found
            coded = coded or _coded(system, each["code"])
        if verdict.verdict == "unknown":
            return _unknown(url, verdict.reason, run)
        if not coded:
            return [_no_code(url)] if required else None
        return [_outside(coded, url, None) if required else _advised(coded, url)]

    return rule


def _coded(system: Any, code: str) -> str:
    return f"{system}#{code}" if system else code


def _unknown(url: str, reason: str, run: Any) -> Findings:
    """One warning for each value set of a validation."""
    if url in run.unknown_sets:
        return None
    run.unknown_sets[url] = reason
    return [unknown_set(url, reason)]


def unknown_set(url: str, reason: str) -> Finding:
    """A value set that cannot be expanded, with what is missing."""
    because = f" ({reason} is not in the packages)" if reason and reason != f"value set {url}" else ""
    cause = f"(缺少 {reason})" if because else ""
    return texts.warning(
        "value-set-not-known",
        "not-found",
        f"codes of the value set {url} cannot be checked{because}: add the package that has it",
        f"无法核对值集 {url} 的代码{cause}:请加载包含它的包",
    )._replace(known=("value-set", url, reason))


def _outside(value: Any, url: str, codes: frozenset[str] | None) -> Finding:
    few = f": {texts.listed(codes)}" if codes is not None and len(codes) <= 40 else ""
    return texts.error(
        "unknown-code",
        "code-invalid",
        f"'{texts.shown(value)}' is not a code of the value set {url}{few or ': send one that is'}",
        f"“{texts.shown(value)}”不在值集 {url} 之内{few or ':请使用其中的代码'}",
    )


def _advised(value: Any, url: str) -> Finding:
    return texts.warning(
        "code-outside-extensible",
        "code-invalid",
        f"'{texts.shown(value)}' is not a code of the extensible value set {url}: send one that is, unless none fits",
        f"“{texts.shown(value)}”不在可扩展值集 {url} 之内:除非没有合适的代码,否则请使用其中的代码",
    )


def _no_code(url: str) -> Finding:
    return texts.error(
        "missing-code",
        "code-invalid",
        f"there is no code: send one of the value set {url}",
        f"缺少代码:请发送值集 {url} 中的代码",
    )
