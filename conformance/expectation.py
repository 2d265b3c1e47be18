"""The comparisons of a TestScript (value set assert-operator-codes, R4) on what an expression found."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any


def holds(operator: str, found: Any, value: str) -> bool:
    """Whether what was found stands in this relation to a value written as text. ValueError: unknown operator."""
    values = [_text(each) for each in found] if isinstance(found, list) else [_text(found)]
    one = values[0] if len(values) == 1 else ""
    match operator:
        case "equals":
            return values == [value]
        case "notEquals":
            return values != [value]
        case "in":
            return one in value.split(",")
        case "notIn":
            return one not in value.split(",")
        case "contains":
            return any(value in each for each in values)
        case "notContains":
            return all(value not in each for each in values)
        case "empty":
            return not any(values)
        case "notEmpty":
            return any(values)
        case "greaterThan" | "lessThan":
            return _ordered(operator, one, value)
        case "matches":
            return re.search(value, one) is not None
    raise ValueError(f"{operator} is no operator of this suite")


def _ordered(operator: str, one: str, value: str) -> bool:
    try:
        left, right = Decimal(one), Decimal(value)
    except InvalidOperation:
        return one > value if operator == "greaterThan" else one < value
    return left > right if operator == "greaterThan" else left < right


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
