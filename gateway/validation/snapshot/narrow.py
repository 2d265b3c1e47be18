"""Whether one JSON value is the same as another, or holds all that a pattern asks (R4 ElementDefinition.pattern[x])."""

from decimal import Decimal
from typing import Any, Final

DEEPEST: Final = 64


def same(one: Any, other: Any, depth: int = 0) -> bool:
    """Equal in kind and content; numbers with the same value are the same whatever their digits."""
    if depth > DEEPEST:
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name], depth + 1) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(a, b, depth + 1) for a, b in zip(one, other, strict=True))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | Decimal) and isinstance(other, int | Decimal):
        return one == other
    return type(one) is type(other) and bool(one == other)


def holds_pattern(value: Any, pattern: Any, depth: int = 0) -> bool:
    """Whether everything a pattern says is in the value: objects may have more, an array needs an item for each."""
    if depth > DEEPEST:
        return False
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            name in value and holds_pattern(value[name], each, depth + 1) for name, each in pattern.items()
        )
    if isinstance(pattern, list):
        return isinstance(value, list) and all(
            any(holds_pattern(one, each, depth + 1) for one in value) for each in pattern
        )
    return same(value, pattern)
