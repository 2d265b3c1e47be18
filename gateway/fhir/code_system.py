"""The catalogue 医保目录 as a CodeSystem: each code with class, first payment, unit and price ceilings."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from gateway.fhir.systems import cs
from gateway.kernel.quantity import price_decimal
from gateway.settlement.catalogue import ANY_LEVEL, Catalogue, CatalogueItem

CATALOGUE_ID: Final = "catalogue"

_PROPERTIES: Final = (
    ("class", "目录类别 甲A 乙B 丙C / class A, B or C", "code"),
    ("first-payment", "先行自付比例 / first-payment ratio", "decimal"),
    ("charge", "收费类别 / kind of charge", "code"),
    ("list-type", "目录种类 / list", "code"),
    ("unit", "计价单位 / unit", "string"),
)


def write_code_system(catalogue: Catalogue, *, day: date) -> dict[str, Any]:
    """The CodeSystem of the entries in force on a day. One level's ceiling is the property price-ceiling-<level>."""
    entries = [item for code in sorted(catalogue.items) if (item := catalogue.item(code, day)) is not None]
    levels = sorted({level for item in entries for level in item.ceilings})
    resource: dict[str, Any] = {
        "resourceType": "CodeSystem",
        "id": CATALOGUE_ID,
        "url": cs(CATALOGUE_ID),
        "version": catalogue.version,
        "name": "MedicalInsuranceCatalogue",
        "title": "医保目录 / medical-insurance catalogue",
        "status": "active",
        "caseSensitive": True,
        "content": "complete",
        "count": len(entries),
        "property": [
            *({"code": code, "description": text, "type": kind} for code, text, kind in _PROPERTIES),
            *(
                {"code": _ceiling_name(level), "description": _ceiling_text(level), "type": "decimal"}
                for level in levels
            ),
        ],
    }
    if entries:
        resource["concept"] = [_concept(item) for item in entries]
    return resource


def _concept(item: CatalogueItem) -> dict[str, Any]:
    properties: list[dict[str, Any]] = [
        {"code": "class", "valueCode": item.item_class.value},
        {"code": "first-payment", "valueDecimal": Decimal(item.first_payment).scaleb(-4)},
        {"code": "charge", "valueCode": item.charge},
        {"code": "list-type", "valueCode": item.list_type},
        {"code": "unit", "valueString": item.unit},
    ]
    for level, price in sorted(item.ceilings.items()):
        properties.append({"code": _ceiling_name(level), "valueDecimal": price_decimal(price)})
    concept: dict[str, Any] = {"code": item.code, "display": item.zh}
    if item.en:
        concept["designation"] = [{"language": "en", "value": item.en}]
    return {**concept, "property": [each for each in properties if "" not in each.values()]}


def _ceiling_name(level: str) -> str:
    return "price-ceiling" if level == ANY_LEVEL else f"price-ceiling-{level.replace('_', '-')}"


def _ceiling_text(level: str) -> str:
    where = "" if level == ANY_LEVEL else f"({level})"
    return f"最高限价{where} / highest payable unit price{where}"
