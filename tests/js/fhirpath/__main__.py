"""Puts every question to ours and to fhirpath.js: fails on a difference that is not listed, or one that is no more.

Then the speed of both on the same expressions and resources. Run by `make test-js` from the root of the project.
"""

import sys
import time

from gateway.fhirpath.expression import compile
from tests.js.fhirpath.engine import answers, ask
from tests.unit.fhirpath.corpus import Question, found, inputs, listed, questions
from tests.unit.fhirpath.table import TYPES

TIMED = (
    Question("Claim.status", "claim"),
    Question("item.where(sequence = 3).net.value", "claim"),
    Question("name.given.first() + ' ' + name.family.first()", "patient"),
    Question("telecom.where(system = 'phone').exists()", "patient"),
    Question("descendants().count()", "patient"),
)
REPETITIONS = 20_000


def main() -> int:
    """The number of differences nobody has judged, and of judgements without a difference."""
    asked = questions()
    differing = set(found(asked, answers(asked).__getitem__))
    differences = {each.question for each in listed("fhirpath_js")}
    unjudged, stale = differing - differences, differences - differing
    print(f"fhirpath.js: {len(asked)} questions, {len(asked) - len(differing)} alike, {len(differing)} otherwise")
    for question in sorted(unjudged):
        print(f"not listed: {question}")
    for question in sorted(stale):
        print(f"listed, and answered alike: {question}")
    _race()
    return len(unjudged) + len(stale)


def _race() -> None:
    for question, said in zip(TIMED, ask(TIMED, repetitions=REPETITIONS), strict=True):
        resource = inputs()[question.input]
        evaluate = compile(question.expression, types=TYPES, root=resource["resourceType"]).evaluate
        began = time.perf_counter()
        for _ in range(REPETITIONS):
            evaluate(resource)
        own = (time.perf_counter() - began) / REPETITIONS * 1_000_000
        theirs = float(said["micros"])
        print(f"{question.expression:50} ours {own:7.2f} µs  fhirpath.js {theirs:7.2f} µs  {theirs / own:5.1f} times")


if __name__ == "__main__":
    sys.exit(main() > 0)
