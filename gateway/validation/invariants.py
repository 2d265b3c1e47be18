"""Invariants: the common rules of R4 in Python, every other as compiled FHIRPath.

A native rule stands for exactly one expression text, so a definition that says another text under the same key is
judged by what it says. An expression without an answer (the empty collection: dates that cannot be compared, an absent
element) breaks no rule; only false does.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from gateway.definitions.model import Constraint
from gateway.definitions.types import Types
from gateway.fhirpath.expression import Expression, compile
from gateway.fhirpath.values import in_utc, read_datetime
from gateway.kernel.problem import Refusal
from gateway.validation import texts
from gateway.validation.issue import ERROR, WARNING, Check, Findings

Holds = Callable[[dict[str, Any], Any], bool]

IMPLIED: Final = frozenset(
    {
        "hasValue() or (children().count() > id.count())",
        "hasValue() or (children().count() > id.count()) or $this is Parameters",
        "htmlChecks()",
    }
)
"""Held by every check of an object (nothing is empty) and of a narrative."""


Sure = Callable[[Any, Any], bool]
"""(value, run) → True where a rule holds for certain; False says nothing, and the rule itself is asked."""
NONE_SURE: Final[Mapping[str, Sure]] = MappingProxyType({})


def invariant_rule(
    constraint: Constraint, type_path: str, types: Types, sure: Mapping[str, Sure] = NONE_SURE
) -> Check | None:
    """The rule of one constraint on elements of a type path; None where every check holds it anyway.

    `sure`: expression texts (spaces made one) with what tells sooner that they hold. A rule whose expression cannot be
    read or judged is named by an information, never by an error.
    """
    text = " ".join(constraint.expression.split())
    if not text or text in IMPLIED:
        return None
    severity = ERROR if constraint.severity == "error" else WARNING
    broken = texts.invariant(constraint.key, constraint.human, severity)
    native = NATIVE.get(text)
    if native is not None:
        return _native(native, [broken])
    try:
        expression = compile(constraint.expression, types=types, root=type_path)
    except Refusal as refusal:
        return _never(constraint.key, refusal.problems[0].en)
    rule = _fhirpath(expression, constraint.key, [broken])
    return rule if text not in sure else _sooner(sure[text], rule)


def compile_problem(constraint: Constraint, type_path: str, types: Types) -> str:
    """Why the expression of a constraint cannot be compiled, '' where it can."""
    text = " ".join(constraint.expression.split())
    if not text or text in IMPLIED or text in NATIVE:
        return ""
    try:
        compile(constraint.expression, types=types, root=type_path)
    except Refusal as refusal:
        return refusal.problems[0].en
    return ""


def _sooner(sure: Sure, rule: Check) -> Check:
    def check(node: Any, run: Any) -> Findings:
        return None if sure(node, run) else rule(node, run)

    return check


def _native(holds: Holds, broken: list[Any]) -> Check:
    def rule(node: Any, run: Any) -> Findings:
        return None if holds(node, run) else broken

    return rule


def _fhirpath(expression: Expression, key: str, broken: list[Any]) -> Check:
    """A rule that does not hold is asked once more, to see whether terminology or a profile it needs is missing."""
    truth = expression.truth

    def rule(node: Any, run: Any) -> Findings:
        try:
            if truth(node, resource=run.resource, root=run.root, host=run.host) is not False:
                return None
            run.host.doubt = ""
            truth(node, resource=run.resource, root=run.root, host=run.host)
        except Refusal as refusal:
            return [texts.invariant_unknown(key, refusal.problems[0].en)]
        return [texts.invariant_unknown(key, run.host.doubt)] if run.host.doubt else broken

    return rule


def _never(key: str, reason: str) -> Check:
    told = [texts.invariant_unknown(key, reason)]

    def rule(node: Any, run: Any) -> Findings:
        return told

    return rule


_VALUE: Final = ("value", "_value")


def _extension_or_value(node: dict[str, Any], run: Any) -> bool:
    has_value = False
    for name in node:
        if name.startswith(_VALUE):
            has_value = True
    return has_value is not ("extension" in node)


def _contained(node: dict[str, Any]) -> list[dict[str, Any]]:
    contained = node.get("contained")
    return [each for each in contained if type(each) is dict] if type(contained) is list else []


def _nothing_contained_twice(node: dict[str, Any], run: Any) -> bool:
    return "contained" not in node or not any("contained" in each for each in _contained(node))


def _meta_without(*names: str) -> Holds:
    def holds(node: dict[str, Any], run: Any) -> bool:
        if "contained" not in node:
            return True
        metas = [each.get("meta") for each in _contained(node)]
        return not any(type(meta) is dict and any(name in meta for name in names) for meta in metas)

    return holds


def _contained_are_used(node: dict[str, Any], run: Any) -> bool:
    """Every contained resource is referred to from the resource, or refers to its container (dom-3)."""
    contained = _contained(node) if "contained" in node else []
    if not contained:
        return True
    texts_in = _strings(node)
    wanted = [each for each in contained if f"#{each.get('id')}" not in texts_in]
    return all("#" in _strings(each) for each in wanted)


def _strings(node: Any) -> set[str]:
    """Every text in a JSON value, looked at without recursion."""
    found: set[str] = set()
    left = [node]
    while left:
        each = left.pop()
        if type(each) is dict:
            left.extend(each.values())
        elif type(each) is list:
            left.extend(each)
        elif type(each) is str and each.startswith("#"):
            found.add(each)
    return found


def _has_narrative(node: dict[str, Any], run: Any) -> bool:
    text = node.get("text")
    return (type(text) is dict and "div" in text) or run.root is not node


def _ordered_period(node: dict[str, Any], run: Any) -> bool:
    """start <= end as far as both say: dates of different precision are compared by what they share."""
    start, end = node.get("start"), node.get("end")
    if type(start) is not str or type(end) is not str:
        return True
    if len(start) == len(end) == 10 or start[:4] < end[:4]:
        return start <= end
    shared = min(len(start), len(end), 10)
    if start[:shared] != end[:shared] and min(len(start), len(end)) <= 10:
        return start[:shared] <= end[:shared]
    if len(start) > 10 and len(end) > 10:
        return _instant_order(start, end)
    return True


def _instant_order(start: str, end: str) -> bool:
    one, other = read_datetime(start), read_datetime(end)
    return one is None or other is None or in_utc(one) <= in_utc(other)


def _system_with_code(node: dict[str, Any], run: Any) -> bool:
    return "code" not in node or "system" in node


def _no_comparator(node: dict[str, Any], run: Any) -> bool:
    return "comparator" not in node


def _local_references_resolve(node: dict[str, Any], run: Any) -> bool:
    """The rule of a Reference says more, with a finding of its own."""
    return True


def _has_system(node: dict[str, Any], run: Any) -> bool:
    return "value" not in node or "system" in node


def _any_of(*names: str) -> Holds:
    def holds(node: dict[str, Any], run: Any) -> bool:
        return any(name in node or f"_{name}" in node for name in names)

    return holds


NATIVE: Final[dict[str, Holds]] = {
    "extension.exists() != value.exists()": _extension_or_value,
    "contained.contained.empty()": _nothing_contained_twice,
    "contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()": _meta_without(
        "versionId", "lastUpdated"
    ),
    "contained.meta.security.empty()": _meta_without("security"),
    "text.`div`.exists()": _has_narrative,
    "text.div.exists()": _has_narrative,
    "start.hasValue().not() or end.hasValue().not() or (start <= end)": _ordered_period,
    "code.empty() or system.exists()": _system_with_code,
    "comparator.empty()": _no_comparator,
    "reference.startsWith('#').not() or (reference.substring(1).trace('url') in"
    " %rootResource.contained.id.trace('ids'))": _local_references_resolve,
    "value.empty() or system.exists()": _has_system,
    "name.exists() or telecom.exists() or address.exists() or organization.exists()": _any_of(
        "name", "telecom", "address", "organization"
    ),
    "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) |"
    " %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference ="
    " '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) ="
    " '#').exists()).not()).trace('unmatched', id).empty()": _contained_are_used,
}
"""Expression text (spaces made one) → the same rule over a JSON object."""
