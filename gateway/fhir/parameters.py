"""Parameters: the inputs of operations, by name, and what operations answer."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any


def read_parameter(parameters: Mapping[str, Any], name: str) -> str:
    """The value of a parameter as text, or ''."""
    for each in parameters.get("parameter") or ():
        if each.get("name") == name:
            return next((str(value) for key, value in each.items() if key.startswith("value")), "")
    return ""


def write_parameters(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A Parameters resource of parts made by `part_of` and `group_of`."""
    return {"resourceType": "Parameters", "parameter": list(parts)}


def part_of(name: str, type: str, value: Any) -> dict[str, Any]:
    """One parameter: `part_of("result", "Boolean", True)`."""
    return {"name": name, f"value{type}": value}


def group_of(name: str, parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A parameter with parts."""
    return {"name": name, "part": list(parts)}


def typed_value(value: str, type: str) -> dict[str, Any]:
    """`valueX` of a text by the type of a property: code, boolean, integer, decimal, dateTime, else string.

    A text that does not fit its type is a string.
    """
    if type == "boolean" and value in ("true", "false"):
        return {"valueBoolean": value == "true"}
    digits = value.removeprefix("-")
    if type == "integer" and digits.isascii() and digits.isdigit() and len(digits) < 10:
        return {"valueInteger": int(value)}
    if type == "code" and value and " ".join(value.split()) == value:
        return {"valueCode": value}
    if type == "decimal":
        try:
            number = Decimal(value)
        except InvalidOperation:
            return {"valueString": value}
        return {"valueDecimal": number} if number.is_finite() else {"valueString": value}
    return {"valueDateTime": value} if type == "dateTime" else {"valueString": value}
