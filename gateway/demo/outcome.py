"""What a partner saw of one message or treatment, the same for every format, so that channels can be compared."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from gateway.kernel import money
from gateway.kernel.money import Fen

Sums: TypeAlias = Mapping[str, Fen]
"""Fen by category: submitted, own-expense … cash, as far as the format tells them."""

SPLIT = ("own-expense", "over-limit", "first-payment", "in-scope")
PAID = ("fund-total", "account", "cash", "institution-share")
COMPARED = ("submitted", *SPLIT, "deductible", *PAID)
"""What every format tells of a settlement."""

_REPORTED = re.compile(r'(?:code="|拒绝,)([a-z0-9-]+)')
_CODES = re.compile(r"\[([a-z0-9,-]+)[^\]]*\]$")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one treatment at a counter. `key`: of its last message; `codes`: why it was refused, () if it was not.

    `request`, `answer`: the bytes of the last message.
    """

    channel: str
    key: str
    request: bytes
    answer: bytes
    settlement: str = ""
    trial: Sums = field(default_factory=dict)
    final: Sums = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    text: str = ""

    @property
    def settled(self) -> bool:
        return bool(self.settlement) and not self.codes

    @property
    def steady(self) -> bool:
        """Whether the trial said what the settlement then was."""
        return bool(self.trial) and all(self.trial.get(name) == self.final.get(name) for name in COMPARED)


def response_sums(response: Mapping[str, Any]) -> Sums:
    """The totals of a ClaimResponse."""
    return {each["category"]["coding"][0]["code"]: money.of(each["amount"]["value"]) for each in response["total"]}


def outcome_codes(outcome: Mapping[str, Any]) -> tuple[str, ...]:
    """The codes of an OperationOutcome."""
    issues: Sequence[Mapping[str, Any]] = outcome.get("issue", ())
    return tuple(issue["details"]["coding"][0]["code"] for issue in issues)


def bracketed_codes(text: str) -> tuple[str, ...]:
    """The codes at the end of an NHSA err_msg: '…[bad-amount,bad-day]'."""
    found = _CODES.search(text)
    return tuple(code for code in found[1].split(",") if code) if found else ()


def reported_codes(report: bytes) -> tuple[str, ...]:
    """The codes in the answer to a file: an attribute in a bank's receipt, a column in a report to the police."""
    return tuple(_REPORTED.findall(report.decode()))
