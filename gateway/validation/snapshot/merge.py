"""Lays what a differential says of an element over what its base says: narrowing is taken, loosening is a Problem.

Where something loosens, the base's word stands, so that a snapshot is never weaker than its base
(StructureDefinition, R4 section 5.1.0.4: "constraints can only be tightened").
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from gateway.definitions.model import Binding, Constraint, ElementDef, Slicing, TypeRef
from gateway.kernel.problem import Problem
from gateway.validation.snapshot import problems as wrong
from gateway.validation.snapshot.narrow import holds_pattern, same
from gateway.validation.snapshot.types import narrow_types

STRENGTHS: Final[Mapping[str, int]] = MappingProxyType({"example": 0, "preferred": 1, "extensible": 2, "required": 3})

BINDABLE: Final = frozenset(
    {"code", "Coding", "CodeableConcept", "Quantity", "SimpleQuantity", "string", "uri", "url", "canonical", "Money"}
)

Derives = Callable[[str, str], bool | None]


def merge(
    base: ElementDef, said: ElementDef, *, source: str, at: str, derives: Derives, found: list[Problem]
) -> ElementDef:
    """The element with the differential's word. `source`: url of the profile; `at`: where problems are told.

    `derives(profile, type or profile)`: whether the first is built on the second, None where that is not known.
    """
    least, most, unbounded = _cardinality(base, said, at, found)
    fixed, fixed_type, pattern, pattern_type = _values(base, said, at, found)
    least_value, most_value = _range(base, said, at, found)
    types = narrow_types(base.types, said.types, at=at, derives=derives, found=found) if said.types else base.types
    return msgspec.structs.replace(
        base,
        slice_name=said.slice_name or base.slice_name,
        slice_is_constraining=said.slice_is_constraining or base.slice_is_constraining,
        min=least,
        max=most,
        unbounded=unbounded,
        types=types,
        slicing=_slicing(base.slicing, said.slicing, at, found),
        fixed=fixed,
        fixed_type=fixed_type,
        pattern=pattern,
        pattern_type=pattern_type,
        binding=_binding(base.binding, said.binding if _bindable(types) else None, at, found),
        constraints=add_constraints(base.constraints, said.constraints, source),
        max_length=_length(base, said, at, found),
        min_value=least_value[0],
        min_value_type=least_value[1],
        max_value=most_value[0],
        max_value_type=most_value[1],
        is_modifier=_flag(base.is_modifier, said.is_modifier, "isModifier", at, found),
        must_support=_must_support(base, said, at, found),
        is_summary=base.is_summary if said.is_summary is None else said.is_summary,
        representation=said.representation or base.representation,
        regex=said.regex or base.regex,
    )


def add_constraints(base: tuple[Constraint, ...], more: tuple[Constraint, ...], source: str) -> tuple[Constraint, ...]:
    """Constraints accumulate; one that is said again word for word is kept once."""
    kept = {(each.key, each.expression) for each in base}
    added = [
        each if each.source else msgspec.structs.replace(each, source=source)
        for each in more
        if (each.key, each.expression) not in kept
    ]
    return (*base, *added) if added else base


def _cardinality(base: ElementDef, said: ElementDef, at: str, found: list[Problem]) -> tuple[int, int | None, bool]:
    least = base.min or 0
    if said.min is not None:
        if said.min < least:
            found.append(wrong.min_loosened(at, base=least, derived=said.min))
        else:
            least = said.min
    most, unbounded = base.max, base.unbounded
    if said.unbounded and not base.unbounded:
        found.append(wrong.max_loosened(at, base=str(base.max), derived="*"))
    elif said.max is not None:
        if not base.unbounded and base.max is not None and said.max > base.max:
            found.append(wrong.max_loosened(at, base=str(base.max), derived=str(said.max)))
        else:
            most, unbounded = said.max, False
    if not unbounded and most is not None and least > most:
        found.append(wrong.min_over_max(at, least=least, most=most))
    return least, most, unbounded


def _values(base: ElementDef, said: ElementDef, at: str, found: list[Problem]) -> tuple[Any, str, Any, str]:
    fixed, fixed_type, pattern, pattern_type = base.fixed, base.fixed_type, base.pattern, base.pattern_type
    if said.fixed_type:
        if (base.fixed_type and not same(base.fixed, said.fixed)) or (
            base.pattern_type and not holds_pattern(said.fixed, base.pattern)
        ):
            found.append(wrong.value_loosened(at, f"fixed{_upper(said.fixed_type)}"))
        else:
            fixed, fixed_type = said.fixed, said.fixed_type
    if said.pattern_type:
        if (base.fixed_type and not holds_pattern(base.fixed, said.pattern)) or (
            base.pattern_type and not holds_pattern(said.pattern, base.pattern)
        ):
            found.append(wrong.value_loosened(at, f"pattern{_upper(said.pattern_type)}"))
        else:
            pattern, pattern_type = said.pattern, said.pattern_type
    return fixed, fixed_type, pattern, pattern_type


def _range(
    base: ElementDef, said: ElementDef, at: str, found: list[Problem]
) -> tuple[tuple[Any, str], tuple[Any, str]]:
    least, most = (base.min_value, base.min_value_type), (base.max_value, base.max_value_type)
    if said.min_value_type:
        if _under(said.min_value, base.min_value):
            found.append(wrong.value_loosened(at, f"minValue{_upper(said.min_value_type)}"))
        else:
            least = said.min_value, said.min_value_type
    if said.max_value_type:
        if _under(base.max_value, said.max_value):
            found.append(wrong.value_loosened(at, f"maxValue{_upper(said.max_value_type)}"))
        else:
            most = said.max_value, said.max_value_type
    return least, most


def _under(one: Any, other: Any) -> bool:
    """Whether one is less than the other, where both are of a kind that has an order as it stands."""
    if isinstance(one, str) and isinstance(other, str):
        return one < other
    if isinstance(one, bool) or isinstance(other, bool) or isinstance(one, str) or isinstance(other, str):
        return False
    try:
        return bool(one < other)
    except TypeError:
        return False


def _length(base: ElementDef, said: ElementDef, at: str, found: list[Problem]) -> int | None:
    if said.max_length is None:
        return base.max_length
    if base.max_length is not None and said.max_length > base.max_length:
        found.append(wrong.value_loosened(at, "maxLength"))
        return base.max_length
    return said.max_length


def _binding(base: Binding | None, said: Binding | None, at: str, found: list[Problem]) -> Binding | None:
    """A binding may grow stronger and name another value set, unless that would take back a required one."""
    if said is None or base is None:
        return said or base
    if not said.strength:
        return Binding(base.strength, said.value_set or base.value_set, said.max_value_set or base.max_value_set)
    if STRENGTHS.get(said.strength, -1) < STRENGTHS.get(base.strength, -1):
        found.append(wrong.binding_loosened(at, base=base.strength, derived=said.strength))
        return base
    return Binding(said.strength, said.value_set or base.value_set, said.max_value_set or base.max_value_set)


def _bindable(types: tuple[TypeRef, ...]) -> bool:
    """Whether a value of some of the types can be bound to a value set at all; an extension as a whole cannot."""
    return not types or any(
        each.code in BINDABLE or (each.code[:1].isupper() and each.code != "Extension") for each in types
    )


def _slicing(base: Slicing | None, said: Slicing | None, at: str, found: list[Problem]) -> Slicing | None:
    """Discriminators of the base stay first; rules go from open to openAtEnd or closed; order may be added."""
    if said is None or base is None:
        return said or base
    rules, ordered = said.rules or base.rules, said.ordered or base.ordered
    if base.rules == "closed" and rules != "closed":
        found.append(wrong.slicing_loosened(at, "rules"))
        rules = base.rules
    if base.rules == "openAtEnd" and rules == "open":
        found.append(wrong.slicing_loosened(at, "rules"))
        rules = base.rules
    missing = [each for each in base.discriminators if each not in said.discriminators]
    if missing and said.discriminators:
        found.append(wrong.slicing_loosened(at, "discriminator"))
    more = [each for each in said.discriminators if each not in base.discriminators]
    return Slicing((*base.discriminators, *more), rules, ordered)


def _must_support(base: ElementDef, said: ElementDef, at: str, found: list[Problem]) -> bool | None:
    """Others may support other slices: a slice need not be supported because the element it is a slice of is."""
    if said.slice_name and said.must_support is not None:
        return said.must_support
    return _flag(base.must_support, said.must_support, "mustSupport", at, found)


def _flag(base: bool | None, said: bool | None, name: str, at: str, found: list[Problem]) -> bool | None:
    if said is None:
        return base
    if base and not said:
        found.append(wrong.flag_loosened(at, name))
        return base
    return said


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]
