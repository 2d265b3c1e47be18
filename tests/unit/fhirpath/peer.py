"""fhirpathpy (PyPI) asked the same questions."""

import re
from typing import Any

import fhirpathpy
from fhirpathpy.models import models

from tests.unit.fhirpath.corpus import ERROR, Question, inputs, passed, questions, written
from tests.unit.fhirpath.table import RESOURCES

# What a date leaves out it fills with today's month and day, so its answers would depend on the day of the test.
_PARTIAL = re.compile(r"@\d{4}(?:-\d\d)?(?![-\d])")


def asked() -> tuple[Question, ...]:
    """The questions on the resources of the table, without those on partial dates."""
    return tuple(each for each in questions() if each.input in RESOURCES and not _PARTIAL.search(each.expression))


def answer(question: Question) -> str:
    """What fhirpathpy answers; any exception is its refusal."""
    try:
        run = fhirpathpy.compile(question.expression, models["r4"], {"traceFn": _silent})
        values = run(inputs()[question.input], passed(question.input))
        return written([_plain(value) for value in values])
    except Exception:
        return ERROR


def _plain(value: Any) -> Any:
    """Its own value classes as text, written like ours."""
    kind = type(value).__name__
    if kind == "FP_Quantity":
        return f"{written([value.value])} {str(value.unit).strip(chr(39))}"
    if kind.startswith("FP_") or kind in ("TypeInfo",):
        return str(value)
    return value


def _silent(*said: Any) -> None:
    return None
