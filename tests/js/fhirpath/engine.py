"""fhirpath.js asked in one Node process: all questions in, one line of JSON out for each."""

import os
import subprocess
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from tests.unit.fhirpath.corpus import ERROR, Question, inputs, passed, written

FOLDER = Path(__file__).parent
_decoder = msgspec.json.Decoder(float_hook=Decimal)


def ask(questions: Sequence[Question], *, repetitions: int = 0) -> list[dict[str, Any]]:
    """`values` or `error` for each question; with repetitions also `micros`, of one evaluation."""
    needed = {question.input for question in questions}
    asked = {
        "resources": {name: resource for name, resource in inputs().items() if name in needed},
        "variables": {name: passed(name) for name in needed},
        "questions": [[each.expression, each.input, repetitions] for each in questions],
    }
    done = subprocess.run(
        ["node", "run.mjs"],
        env={**os.environ, "TZ": "UTC"},
        cwd=FOLDER,
        input=msgspec.json.Encoder(decimal_format="number").encode(asked),
        stdout=subprocess.PIPE,
        timeout=600,
        check=True,
    )
    return [_decoder.decode(line) for line in done.stdout.splitlines()]


def answers(questions: Sequence[Question]) -> dict[Question, str]:
    """What fhirpath.js answers, written as our answers are."""
    return {
        question: ERROR if "error" in said else written(said["values"])
        for question, said in zip(questions, ask(questions), strict=True)
    }
