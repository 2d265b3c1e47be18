"""What one institution did in one month under one agreement: sums that add up, whatever the order of the cases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.kernel.calendar import Period

CASES, DAYS, TOTAL, FUND, ACCOUNT = "cases", "days", "total", "fund", "account"
"""Cells that every measure has: net cases, days, and fen of bills, funds and personal accounts."""


@dataclass(frozen=True, slots=True)
class Measure:
    """`terms`: id of the agreement; `level`: the institution's level key on the month's first day, or ''.

    `cells`: whole numbers by name, cancellations taken off, none of them 0; the five above and the method's own.
    """

    institution: str
    terms: str
    period: Period
    level: str
    cells: Mapping[str, int]

    def cell(self, name: str) -> int:
        """A cell, 0 where nothing was counted."""
        return self.cells.get(name, 0)


def merged(measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """Measures added up by institution, terms, period and level, in that order."""
    found: dict[tuple[str, str, str, str], dict[str, int]] = {}
    for each in measures:
        cells = found.setdefault((each.institution, each.terms, each.period, each.level), {})
        for name, number in each.cells.items():
            cells[name] = cells.get(name, 0) + number
    return tuple(Measure(*key, without_nothing(cells)) for key, cells in sorted(found.items()))


def without_nothing(cells: Mapping[str, int]) -> dict[str, int]:
    """Cells that hold something, in the order of their names."""
    return {name: cells[name] for name in sorted(cells) if cells[name]}


def sum_of(measures: Iterable[Measure], name: str) -> int:
    """One cell over some measures."""
    return sum(each.cell(name) for each in measures)


def measure_values(each: Measure) -> dict[str, Any]:
    """A measure as plain values; `measure_from` reads them again."""
    return {
        "institution": each.institution,
        "terms": each.terms,
        "period": each.period,
        "level": each.level,
        "cells": dict(each.cells),
    }


def measure_from(values: Mapping[str, Any]) -> Measure:
    """The way back from `measure_values`."""
    cells = {str(name): int(number) for name, number in values["cells"].items()}
    return Measure(values["institution"], values["terms"], values["period"], values["level"], cells)
