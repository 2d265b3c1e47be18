"""Sums of a back-test: by group, before and under the draft, in fen."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias


class Group(NamedTuple):
    """Claims that are added up together, as they were when they were settled."""

    category: str
    level: str
    kind: str


class Payers(NamedTuple):
    """Who bears a cost."""

    fund: int
    account: int
    institution_share: int
    cash: int

    def plus(self, other: "Payers") -> "Payers":
        return Payers(*(mine + its for mine, its in zip(self, other, strict=True)))

    def minus(self, other: "Payers") -> "Payers":
        return Payers(*(mine - its for mine, its in zip(self, other, strict=True)))


NOBODY = Payers(0, 0, 0, 0)


class Totals(NamedTuple):
    """`claims` re-run, `refused` of them under the draft (the person then bears all), and who bore and would bear."""

    claims: int = 0
    refused: int = 0
    total: int = 0
    before: Payers = NOBODY
    after: Payers = NOBODY

    def plus(self, other: "Totals") -> "Totals":
        return Totals(
            self.claims + other.claims,
            self.refused + other.refused,
            self.total + other.total,
            self.before.plus(other.before),
            self.after.plus(other.after),
        )

    @property
    def difference(self) -> Payers:
        """Under the draft less before; the four add up to nothing."""
        return self.after.minus(self.before)


Sums: TypeAlias = Mapping[Group, Totals]


def add_up(parts: Iterable[Sums]) -> dict[Group, Totals]:
    """One sum a group, groups in order."""
    found: dict[Group, Totals] = {}
    for part in parts:
        for group, totals in part.items():
            found[group] = found.get(group, Totals()).plus(totals)
    return dict(sorted(found.items()))


def overall(sums: Sums) -> Totals:
    """All groups together."""
    whole = Totals()
    for totals in sums.values():
        whole = whole.plus(totals)
    return whole


def flat(group: Group, totals: Totals) -> tuple[str | int, ...]:
    """One row of plain columns."""
    return (*group, totals.claims, totals.refused, totals.total, *totals.before, *totals.after)


def from_flat(row: tuple[str | int, ...]) -> tuple[Group, Totals]:
    """The way back."""
    category, level, kind, *numbers = row
    claims, refused, total, *payers = map(int, numbers)
    return Group(str(category), str(level), str(kind)), Totals(
        claims, refused, total, Payers(*payers[:4]), Payers(*payers[4:])
    )
