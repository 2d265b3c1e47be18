"""How many resources a second each engine validates on one core, the same resources in one run.

Kept apart from the verdicts, so that `make bench` can ask for it where Java is.
"""

import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from gateway.definitions.library import base_library
from gateway.validation.issue import Issue
from gateway.validation.read_json import read_json
from gateway.validation.validate import Validator
from tests.oracle.corpus import encode
from tests.oracle.hapi import Engine
from tests.unit.validation.samples import bundle, claim, coverage, patient

SECONDS = 2
ROUNDS = 5
WARM_UP_SECONDS = 40


def rates() -> dict[str, tuple[int, int]]:
    """Resources a second by name, ours and theirs, from JSON text to verdict, the median of rounds in turn; base R4.

    Theirs is warmed up first, all resources in turn, for as long as Java takes to compile what it often runs.
    """
    ours, theirs = Validator(base_library()), Engine(())
    resources: dict[str, dict[str, Any]] = {
        "Patient": patient(),
        "Coverage": coverage(),
        "Claim of ten lines": claim(10),
        "Bundle of the three": bundle(patient(), coverage(), claim(10)),
    }
    bodies = {name: encode(resource) for name, resource in resources.items()}
    began = time.perf_counter()
    while time.perf_counter() - began < WARM_UP_SECONDS:
        for body in bodies.values():
            theirs.validate(body.decode())
    taken: dict[str, list[tuple[int, int]]] = {name: [] for name in bodies}
    for _ in range(ROUNDS):
        for name, body in bodies.items():
            mine = _rate(partial(_validate, ours, body))
            taken[name].append((mine, _rate(partial(theirs.validate, body.decode()))))
    return {
        name: (round(median(a for a, _ in each)), round(median(b for _, b in each))) for name, each in taken.items()
    }


def _validate(validator: Validator, body: bytes) -> list[Issue]:
    return validator.validate(read_json(body).value)


def _rate(once: Callable[[], Any]) -> int:
    for _ in range(20):
        once()
    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < SECONDS:
        once()
        count += 1
    return round(count / (time.perf_counter() - started))
