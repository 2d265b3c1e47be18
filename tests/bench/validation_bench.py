"""The validator on one core beside what else there is in Python, on the same resources in the same run.

Ours checks terminology, invariants and references; fhir.resources and fhirkit check structure alone, so the comparison
favours them. Figures are resources a second of one core (CPU time), the median of the rounds, the parties in turn.
"""

import os
import resource as memory
import tempfile
import time
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import httpx

from gateway.api.serve import serving
from gateway.definitions.files import package_files
from gateway.definitions.library import Library, base_library
from gateway.definitions.loader import load_library
from gateway.definitions.sources import Sources
from gateway.exchange.guide import load_guide
from gateway.fhir.json import decode_resource, encode
from gateway.system import Settings, open_system
from gateway.validation.read_json import read_json
from gateway.validation.validate import Validator
from tests.bench.claims import fhir_claim
from tests.bench.world import CITY_TOKEN, TODAY, bearer, make_home, settle_people
from tests.unit.validation.samples import claim, library_with, patient, profile

PAS = "hl7.fhir.us.davinci-pas#2.0.1"
RULES = [
    {"key": "c-1", "severity": "error", "human": "net is there", "expression": "item.all(net.exists())"},
    {
        "key": "c-2",
        "severity": "error",
        "human": "lines add up",
        "expression": "item.net.value.aggregate($this + $total, 0.0) = total.value",
    },
    {"key": "c-3", "severity": "error", "human": "numbers differ", "expression": "item.sequence.isDistinct()"},
]


class Figure(NamedTuple):
    """Resources a second of one party on one task; `party`: ours, fhir.resources, fhirkit."""

    task: str
    party: str
    per_second: int


def measure(rounds: int = 5, each: int = 200) -> list[Figure]:
    """Every party on every task it can do."""
    tasks = {
        "Patient": patient(),
        "Claim of ten lines": claim(),
    }
    figures = []
    for name, value in tasks.items():
        validator = Validator(base_library())
        parties: dict[str, Callable[[], object]] = {
            "ours": partial(validator.validate, value),
            **_others(value),
        }
        figures += [Figure(name, party, speed) for party, speed in _in_turn(parties, rounds, each).items()]
    for name, validator, value in (*guided(), *profiled()):
        found = _in_turn({"ours": partial(validator.validate, value)}, rounds, each)
        figures.append(Figure(name, "ours", found["ours"]))
    return figures


def profiled() -> list[tuple[str, Validator, dict[str, Any]]]:
    """Claims of ten lines with a profile: one by hand with invariants; where the package is there, Da Vinci PAS."""
    strict = profile("Claim", {"path": "Claim", "constraint": RULES}, {"path": "Claim.item", "min": 1})
    by_hand = claim() | {"meta": {"profile": [strict["url"]]}}
    made = [("Claim of ten lines, profile with invariants", Validator(library_with(strict)), by_hand)]
    folder = Path(os.environ.get("FHIR_PACKAGE_DIR", ""))
    if (folder / f"{PAS}.tgz").is_file():
        library = load_library([PAS], Sources((folder,))).library
        made.append(("Claim of ten lines, Da Vinci PAS", Validator(library), _pas_claim(folder)))
    return made


def memory_mb(library: Library | None = None) -> int:
    """Resident megabytes of this process with every structure of R4 core compiled."""
    validator = Validator(library or base_library())
    for structure in validator.library.structures():
        validator.compiler.check_of(structure.url)
    return memory.getrusage(memory.RUSAGE_SELF).ru_maxrss // 1024


def _pas_claim(folder: Path) -> dict[str, Any]:
    """An example of the package with its line ten times."""
    files = {file.name: file.content for file in package_files(folder / f"{PAS}.tgz")}
    made: dict[str, Any] = read_json(files["Claim-ReferralAuthorizationExample.json"]).value
    del made["text"]
    made["item"] = [deepcopy(made["item"][0]) | {"sequence": place} for place in range(1, 11)]
    return made


def _others(value: dict[str, Any]) -> dict[str, Callable[[], object]]:
    """What else is installed, on the same resource: as text for those that read text."""
    body = encode(value)
    found: dict[str, Callable[[], object]] = {}
    name = value["resourceType"]
    model: Any = getattr(import_module(f"fhir.resources.R4B.{name.lower()}"), name)
    found["fhir.resources"] = partial(model.model_validate_json, body)
    try:
        fhirkit = import_module("fhirkit")
    except ImportError:
        return found
    found["fhirkit"] = partial(fhirkit.validate, body)
    return found


def _in_turn(parties: dict[str, Callable[[], object]], rounds: int, each: int) -> dict[str, int]:
    """Resources a second by party; the parties take turns in every round."""
    speeds: dict[str, list[float]] = {name: [] for name in parties}
    for call in parties.values():
        call()
    for _ in range(rounds):
        for name, call in parties.items():
            began = time.process_time()
            for _ in range(each):
                call()
            speeds[name].append(each / (time.process_time() - began))
    return {name: round(median(found)) for name, found in speeds.items()}


def guided() -> list[tuple[str, Validator, dict[str, Any]]]:
    """A claim of ten lines and its answer, judged by our guide as on the claims path."""
    guide = load_guide()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        sent, answered = settled_claim(Path(folder))
    return [
        (name, guide.validator, {**value, "meta": {"profile": [guide.profile_of(value)]}})
        for name, value in (
            ("Claim of ten lines, our guide", sent),
            ("ClaimResponse of ten lines, our guide", answered),
        )
    ]


def settled_claim(home: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The claim of the bench and the ClaimResponse that a gateway gives it."""
    make_home(home)
    system = open_system(Settings(home=home, business_date=TODAY))
    try:
        with serving(system) as listening:
            [person] = settle_people(f"http://127.0.0.1:{listening.http_port}", 1)
            sent = fhir_claim(person, "1")
            headers = bearer(CITY_TOKEN)
            with httpx.Client(base_url=listening.base_url, headers=headers, trust_env=False, timeout=30) as client:
                answer = client.post("/fhir/Claim/$submit", content=sent)
        assert answer.status_code == 200, answer.text
        return decode_resource(sent), decode_resource(answer.content)
    finally:
        system.close()


def main() -> None:
    """The table, and the share of a claim."""
    for figure in measure():
        print(f"{figure.task:45} {figure.party:16} {figure.per_second:>8,}/s")


if __name__ == "__main__":
    main()
