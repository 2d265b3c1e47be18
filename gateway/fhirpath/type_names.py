"""Type specifiers (`FHIR.Patient`, `System.String`) and whether an item is of such a type (N1 sections 6.3, 10)."""

from decimal import Decimal
from typing import Any, Final, NamedTuple

from gateway.fhirpath.model import Item, Model
from gateway.fhirpath.values import Date, DateTime, Quantity, Time

SYSTEM: Final[dict[type, str]] = {
    bool: "Boolean",
    str: "String",
    int: "Integer",
    Decimal: "Decimal",
    Date: "Date",
    DateTime: "DateTime",
    Time: "Time",
    Quantity: "Quantity",
}
_NAMES: Final = frozenset(SYSTEM.values()) | {"Any"}
# Profiles that R4 writes like types in elements and search parameters.
_PROFILES: Final = {"SimpleQuantity": "Quantity", "MoneyQuantity": "Quantity"}


class TypeName(NamedTuple):
    """A resolved type; an unqualified Quantity is of either namespace."""

    fhir: str
    system: str


def find_type(model: Model, namespace: str, name: str) -> TypeName | None:
    """The type a specifier names: without namespace FHIR's first, then System's; None if there is none."""
    fhir = _PROFILES.get(name, name)
    is_fhir = namespace in ("", "FHIR") and model.types.knows(fhir)
    is_system = namespace in ("", "System") and name in _NAMES
    if not is_fhir and not is_system:
        return None
    return TypeName(fhir if is_fhir else "", name if is_system else "")


def is_of(model: Model, item: Item, wanted: TypeName) -> bool:
    """Whether an item has a type or one that specialises it."""
    if type(item) is tuple:
        return (bool(item[1] and wanted.fhir) and model.types.is_a(item[1], wanted.fhir)) or wanted.system == "Any"
    return wanted.system in (SYSTEM.get(type(item)), "Any")


def static_of(wanted: TypeName) -> tuple[str, ...] | None:
    """What is known of an item that passed: None for abstract and double types."""
    if wanted.fhir and not wanted.system:
        return (wanted.fhir,)
    return ("System." + wanted.system,) if wanted.system and not wanted.fhir and wanted.system != "Any" else None


def system_name(value: Any) -> str:
    """The System type of a value, '' for a node."""
    return SYSTEM.get(type(value), "")
