"""What officers state about an institution: people signed, amounts found, indicators of the appraisal."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.kernel.money import Fen

NEW_PATIENTS, REFUSED, LAST_YEAR = "new_patients", "refused", "last_year"
AMOUNTS = (NEW_PATIENTS, REFUSED, LAST_YEAR)
"""Fen: reasonable cost of newly insured outpatients; cost of patients refused; last year's due (for growth)."""


@dataclass(frozen=True, slots=True)
class Stated:
    """`heads`: people served by class; `amounts`: fen by the words above; `indicators`, `targets`: ten-thousandths."""

    heads: Mapping[str, int] = field(default_factory=dict)
    amounts: Mapping[str, Fen] = field(default_factory=dict)
    indicators: Mapping[str, int] = field(default_factory=dict)
    targets: Mapping[str, int] = field(default_factory=dict)


NOTHING_STATED = Stated()
