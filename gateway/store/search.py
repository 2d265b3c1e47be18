"""Searches over heads: tokens, dates, owner and person become conditions on keyed indexes, pages go by id."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from gateway.store.queries import HEAD_COLUMNS, Place
from gateway.store.rows import Head, micros, opened, seconds
from gateway.store.session import Texts, Wholes
from gateway.store.values import Stored, Token

Moment = datetime | date | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search asks for; everything must hold.

    `tokens`: a list of alternatives each. `dates`: (parameter, from, until), from included and until not: a resource
    matches when its range touches it. `updated`: from included, until not. `owner`: institution it belongs to.
    `persons_of`: an institution; only resources whose person it treats (has a Claim or Encounter of).
    """

    tokens: Sequence[Sequence[Token]] = ()
    dates: Sequence[tuple[str, Moment, Moment]] = ()
    ids: Sequence[str] | None = None
    updated: tuple[datetime | None, datetime | None] = (None, None)
    owner: str | None = None
    persons_of: str | None = None


@dataclass(slots=True)
class _Conditions:
    texts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, text: str, *values: Any) -> None:
        self.texts.append(text)
        self.values += values


def search(place: Place, type: str, filters: Filters, *, after: str | None, limit: int) -> list[Stored]:
    """A page in the order of ids, beginning behind `after`."""
    conditions = _conditions(place, type, filters)
    if after is not None:
        conditions.add("r.id > ?", after)
    columns = ", ".join(f"r.{name.strip()}" for name in HEAD_COLUMNS.split(","))
    statement = f"SELECT {columns} FROM resource r WHERE r.area = ? AND {_joined(conditions)} ORDER BY r.id LIMIT ?"
    found = place.rows(statement, *conditions.values, limit)
    return [opened(Head(*row), area=place.area, keyring=place.keyring) for row in found]


def count(place: Place, type: str, filters: Filters) -> int:
    """How many there are on all pages."""
    conditions = _conditions(place, type, filters)
    statement = f"SELECT count(*) FROM resource r WHERE r.area = ? AND {_joined(conditions)}"
    return int(place.rows(statement, *conditions.values)[0][0])


def _joined(conditions: _Conditions) -> str:
    return " AND ".join(conditions.texts)


def _conditions(place: Place, type: str, filters: Filters) -> _Conditions:
    found = _Conditions()
    found.add("r.type = ? AND r.deleted = 0", type)
    for alternatives in filters.tokens:
        hashes = [place.keyring.index_hash("token", place.area, type, *token) for token in alternatives]
        found.add("r.id IN (SELECT t.id FROM token_index t WHERE t.hash {wholes})", Wholes(hashes))
    for param, start, until in filters.dates:
        _add_dates(found, place.keyring.index_hash("date", place.area, type, param), start, until)
    if filters.ids is not None:
        found.add("r.id {texts}", Texts(filters.ids))
    start, until = filters.updated
    if start is not None:
        found.add("r.updated_at >= ?", micros(start))
    if until is not None:
        found.add("r.updated_at < ?", micros(until))
    if filters.owner is not None:
        found.add("r.owner = ?", filters.owner)
    if filters.persons_of is not None:
        _add_persons_of(found, type, filters.persons_of)
    return found


def _add_dates(found: _Conditions, hash: int, start: Moment, until: Moment) -> None:
    inner = _Conditions()
    inner.add("d.hash = ?", hash)
    if start is not None:
        inner.add("d.high >= ?", seconds(start, end=False))
    if until is not None:
        inner.add("d.low < ?", seconds(until, end=False))
    found.add(f"r.id IN (SELECT d.id FROM date_index d WHERE {_joined(inner)})", *inner.values)


def _add_persons_of(found: _Conditions, type: str, institution: str) -> None:
    person = "r.id" if type == "Patient" else "r.person"
    found.add(
        f"EXISTS (SELECT 1 FROM resource x WHERE x.area = r.area AND x.person = {person} AND x.person <> '' "
        "AND x.type IN ('Claim', 'Encounter') AND x.owner = ? AND x.deleted = 0)",
        institution,
    )
