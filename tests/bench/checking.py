"""Rows of the common table for definitions, FHIRPath and the validator, and what judging takes of a claim.

A row says how many a second on one core; for what judging takes of a claim, its milliseconds stand under p50.
"""

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from tests.bench import definitions_bench, fhirpath_bench, validation_bench, validation_share

TITLES: Final = {
    "validation": "Claim of ten lines judged by our guide, one core",
    "share": "Claim/$submit: processor time of a claim",
    "fhirpath": "FHIRPath: every line of a claim has an amount, one core",
    "definitions": "definitions of R4 core decoded, one core",
}
BESIDE: Final = {
    "validation-answer": "ClaimResponse of ten lines judged by our guide, one core",
    "validation-claim": "Claim of ten lines, R4 alone, one core",
    "validation-claim-fhir.resources": "the same: fhir.resources (structure alone)",
    "validation-claim-fhirkit": "the same: fhirkit (structure alone)",
    "validation-patient": "Patient, R4 alone, one core",
    "validation-patient-fhir.resources": "the same: fhir.resources (structure alone)",
    "validation-patient-fhirkit": "the same: fhirkit (structure alone)",
    "share-judging": "Claim/$submit: of it, judging by the guide",
    "share-nhsa": "NHSA 2207: processor time of a claim",
    "share-nhsa-judging": "NHSA 2207: of it, judging by the guide",
    "fhirpath-peer": "the same: fhirpathpy",
    "snapshots": "snapshots of R4 core made from differentials, one core",
}
"""Rows that come with `validation`, `share`, `fhirpath` and `definitions`."""

_TASKS: Final = {
    "Claim of ten lines, our guide": "validation",
    "ClaimResponse of ten lines, our guide": "validation-answer",
    "Claim of ten lines": "validation-claim",
    "Patient": "validation-patient",
}
_EXPRESSION: Final = "every line"


class Row(NamedTuple):
    """One figure by the name of its row."""

    name: str
    per_second: int
    milliseconds: float | None = None
    database: str = ""


def measure(names: Collection[str], *, claims: int) -> Iterator[Row]:
    """The rows of those names, and the rows that come with them. `claims`: how many are sent for the share."""
    if "validation" in names:
        for figure in validation_bench.measure(rounds=3, each=100):
            name = _TASKS.get(figure.task)
            if name is not None:
                yield Row(name if figure.party == "ours" else f"{name}-{figure.party}", figure.per_second)
    if "share" in names:
        for share in validation_share.measure(claims):
            name = "share" if share.channel == "submit" else f"share-{share.channel}"
            for title, taken in ((name, share.claim_us), (f"{name}-judging", share.judging_us)):
                yield Row(title, round(1_000_000 / taken), round(taken / 1000, 3), "sqlite")
    if "fhirpath" in names:
        _, expression, root, node = next(case for case in fhirpath_bench.CASES if case[0] == _EXPRESSION)
        yield Row("fhirpath", fhirpath_bench.measure(expression, root, node))
        yield Row("fhirpath-peer", fhirpath_bench.measure_peer(expression, node))
    if "definitions" in names:
        yield Row("definitions", round(definitions_bench.decode()))
        yield Row("snapshots", round(definitions_bench.snapshots()))
