"""Values that hold between two days, with the words they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T")

FOREVER = date.max


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value in force from one day to another, both inclusive. `source`: the cited words; `reading`: ours, or ''."""

    value: T
    from_on: date
    to_on: date = FOREVER
    source: str = ""
    reading: str = ""

    def holds_on(self, day: date) -> bool:
        return self.from_on <= day <= self.to_on


def on(values: Sequence[Dated[T]], day: date) -> Dated[T] | None:
    """The one value in force on a day, or None."""
    for value in values:
        if value.holds_on(day):
            return value
    return None


def first_overlap(values: Sequence[Dated[T]]) -> tuple[Dated[T], Dated[T]] | None:
    """Two values that hold on one same day, or None: dated data must never be ambiguous."""
    ordered = sorted(values, key=lambda value: value.from_on)
    for earlier, later in pairwise(ordered):
        if later.from_on <= earlier.to_on:
            return earlier, later
    return None
