"""Parameters: the inputs of operations, by name."""

from collections.abc import Mapping
from typing import Any


def read_parameter(parameters: Mapping[str, Any], name: str) -> str:
    """The value of a parameter as text, or ''."""
    for each in parameters.get("parameter") or ():
        if each.get("name") == name:
            return next((str(value) for key, value in each.items() if key.startswith("value")), "")
    return ""
