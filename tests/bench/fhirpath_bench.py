"""FHIRPath on one core: compiled expressions on a ten-line Claim, beside fhirpathpy compiled with its R4 model.

`python -m tests.bench.fhirpath_bench` prints the table; `measure` gives one rate to the common bench.
"""

import time
from decimal import Decimal
from statistics import median
from typing import Any, Final

import fhirpathpy
from fhirpathpy.models import models

from gateway.definitions.library import base_library
from gateway.fhirpath.expression import compile

CLAIM: Final[dict[str, Any]] = {
    "resourceType": "Claim",
    "id": "c",
    "status": "active",
    "use": "claim",
    "patient": {"reference": "Patient/p"},
    "created": "2026-01-31",
    "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/1"}}],
    "item": [
        {
            "sequence": number,
            "productOrService": {"coding": [{"system": "urn:catalogue", "code": f"A{number:03}"}]},
            "quantity": {"value": Decimal(2)},
            "net": {"value": Decimal("10.10") * number, "currency": "CNY"},
            "servicedDate": "2026-01-30",
        }
        for number in range(1, 11)
    ],
}
EXTENSION: Final[dict[str, Any]] = {"url": "urn:x", "valueQuantity": {"value": Decimal(1), "unit": "mg"}}
PERIOD: Final[dict[str, Any]] = {"start": "2026-01-01", "end": "2026-01-31T10:00:00+08:00"}

# Title, expression, the type it is compiled for, input.
CASES: Final[tuple[tuple[str, str, str, dict[str, Any]], ...]] = (
    ("a status", "Claim.status", "Claim", CLAIM),
    ("one of ten lines", "item.where(sequence = 5).net.value", "Claim", CLAIM),
    ("some condition", "insurance.where(focal = true).coverage.reference.exists()", "Claim", CLAIM),
    ("every line", "item.all(net.value > 0 and productOrService.coding.exists())", "Claim", CLAIM),
    ("ele-1", "hasValue() or (children().count() > id.count())", "Claim.item", CLAIM["item"][0]),
    ("ext-1", "extension.exists() != value.exists()", "Extension", EXTENSION),
    ("per-1", "start.hasValue().not() or end.hasValue().not() or (start <= end)", "Period", PERIOD),
    ("dom-2", "contained.contained.empty()", "Claim", CLAIM),
    ("all below", "descendants().count()", "Claim", CLAIM),
)


def measure(expression: str, root: str, node: dict[str, Any], *, seconds: str = "0.3") -> int:
    """Evaluations a second on one core, the median of three rounds."""
    evaluate = compile(expression, types=base_library().types, root=root).evaluate
    return _rate(lambda: evaluate(node), Decimal(seconds))


def measure_peer(expression: str, node: dict[str, Any], *, seconds: str = "0.3") -> int:
    """The same of fhirpathpy, compiled; an element is given as it is, without its type."""
    run = fhirpathpy.compile(expression, models["r4"])
    return _rate(lambda: run(node, {}), Decimal(seconds))


def _rate(once: Any, seconds: Decimal) -> int:
    rates = []
    for _ in range(3):
        count, began = 0, time.process_time()
        while Decimal(time.process_time() - began) < seconds:
            for _ in range(50):
                once()
            count += 50
        rates.append(int(count / (time.process_time() - began)))
    return int(median(rates))


def main() -> None:
    """The table: evaluations a second, ours and theirs."""
    for title, expression, root, node in CASES:
        own = measure(expression, root, node)
        try:
            theirs = measure_peer(expression, node)
            print(f"{title:18} {own:>10,}/s   fhirpathpy {theirs:>9,}/s   {Decimal(own) / theirs:6.1f} times")
        except Exception as error:  # another engine may refuse what R4 says
            print(f"{title:18} {own:>10,}/s   fhirpathpy refuses: {type(error).__name__}")


if __name__ == "__main__":
    main()
