"""What the dossiers of reconciliation hold: files, comparisons with institutions, days of accounts and of schemes."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from gateway.kernel.money import Fen
from gateway.store.values import Dossier

FILE, COMPARISON, STATEMENT, DAY = "file", "reconciliation", "statement", "day"
"""Kinds of dossier."""

MATCHED, FROZEN, SIGNED = "matched", "frozen", "signed-off"
"""States of a day: compared, taking no more postings, closed for ever."""


class Figures(msgspec.Struct, frozen=True, order=True):
    """What is added up: settlements less those cancelled, and fen net of cancellations."""

    cases: int = 0
    total: Fen = 0
    fund: Fen = 0
    account: Fen = 0


class Window(msgspec.Struct, frozen=True):
    """What is compared: an institution's care of a sort between two days, both included.

    `scheme`: '' for all of the area. `refunds`: '' for settlements net of cancellations, '0' for settlements alone, '1'
    for cancellations alone (refd_setl_flag).
    """

    institution: str
    scheme: str
    care: str
    from_on: str
    to_on: str
    refunds: str = ""

    @property
    def key(self) -> str:
        """'H32118200001|2015-06-30|resident|outpatient': a comparison is kept once for each, the last one counts."""
        days = self.from_on if self.from_on == self.to_on else f"{self.from_on}..{self.to_on}"
        return "|".join(part for part in (self.institution, days, self.scheme, self.care, self.refunds) if part)


class Comparison(msgspec.Struct, frozen=True):
    """What an institution stated of a window. `stated`: its totals, or None; `file`: id of its details, or ''."""

    window: Window
    stated: Figures | None
    ours: Figures
    file: str = ""


class StoredFile(msgspec.Struct, frozen=True):
    """A file exchanged with an institution: its lines as `lines` writes them. `until`: the instant it is kept to."""

    name: str
    what: str
    text: str
    until: str
    about: str = ""


class BankLine(msgspec.Struct, frozen=True):
    """One booked entry of an account; `fen` signed, debits negative."""

    reference: str
    end_to_end_id: str
    fen: Fen


class BankDay(msgspec.Struct, frozen=True):
    """A day of an account as the bank states it. Balances None where it states none."""

    account: str
    reference: str
    day: str
    opening: Fen | None
    closing: Fen | None
    lines: tuple[BankLine, ...]


class Match(msgspec.Struct, frozen=True):
    """What a match of a day found: how much of each class, and who said nothing.

    `silent`: institutions with care on the day and no statement of it; `unstated`: accounts without a bank statement.
    `compared`: comparisons and bank lines that were looked at; `digest`: of the books of the day (Store.digest).
    """

    compared: Mapping[str, int]
    found: Mapping[str, int]
    silent: tuple[str, ...]
    unstated: tuple[str, ...]
    digest: str


class Act(msgspec.Struct, frozen=True):
    """Who did what when. `at`: FHIR instant."""

    what: str
    by: str
    at: str
    why: str = ""


class Day(msgspec.Struct, frozen=True):
    """A day of a scheme: the last match, and everything done about it."""

    scheme: str
    day: str
    match: Match
    acts: tuple[Act, ...] = ()


class Difference(NamedTuple):
    """One thing that two sides say differently. Figures in fen or cases by name; `{}` on the side that has nothing."""

    what: str
    reference: str
    institution: str
    ours: Mapping[str, int]
    theirs: Mapping[str, int]
    names: Mapping[str, str]


def encode(body: msgspec.Struct) -> bytes:
    """The bytes of a dossier's body: the same for the same content."""
    return msgspec.json.encode(body, order="deterministic")


def day_key(scheme: str, day: str) -> str:
    """The key of a day's dossier."""
    return f"{scheme}|{day}"


def read_day(dossier: Dossier) -> Day:
    """The day that a dossier holds."""
    return msgspec.json.decode(dossier.body, type=Day)
