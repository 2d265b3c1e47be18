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

_DENSE = 10_000
"""An index value on this many resources leads no search: testing row by row fills a page sooner."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search asks for; everything must hold.

    `tokens`: a list of alternatives each. `dates`: (parameter, first, last), both included, None open: a resource
    matches when its range touches it, to the second. `updated`: first and last instant, both included. `owner`:
    institution it belongs to. `persons_of`: an institution; only resources whose person it treats (has a Claim or
    Encounter of).
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
    _add_indexed(found, place, _indexed(place, type, filters))
    if filters.ids is not None:
        found.add("r.id {texts}", Texts(filters.ids))
    first, last = filters.updated
    if first is not None:
        found.add("r.updated_at >= ?", micros(first))
    if last is not None:
        found.add("r.updated_at <= ?", micros(last))
    if filters.owner is not None:
        found.add("r.owner = ?", filters.owner)
    if filters.persons_of is not None:
        _add_persons_of(found, type, filters.persons_of)
    return found


def _indexed(place: Place, type: str, filters: Filters) -> list[tuple[str, list[Any]]]:
    """The rows of an index that each token group and each date asks for: text behind FROM, and its values."""
    found: list[tuple[str, list[Any]]] = []
    for alternatives in filters.tokens:
        hashes = [place.keyring.index_hash("token", place.area, type, *token) for token in alternatives]
        found.append(("token_index i WHERE i.hash {wholes}", [Wholes(hashes)]))
    for param, first, last in filters.dates:
        span = _span(place.keyring.index_hash("date", place.area, type, param), first, last)
        found.append((f"date_index i WHERE {_joined(span)}", span.values))
    return found


def _add_indexed(found: _Conditions, place: Place, asked: list[tuple[str, list[Any]]]) -> None:
    """The rarest leads, the others are tested on what it finds; so no search depends on a planner's guess."""
    sizes = [_size(place, rows, values) for rows, values in asked]
    leading = sizes.index(min(sizes)) if sizes and min(sizes) < _DENSE else -1
    for number, (rows, values) in enumerate(asked):
        if number == leading:
            ids = {id for (id,) in place.session.rows(f"SELECT i.id FROM {rows}", *values)}
            found.add("r.id {texts}", Texts(sorted(ids)))
        else:  # OFFSET keeps PostgreSQL from turning the test back into a join
            found.add(f"EXISTS (SELECT 1 FROM {rows} AND i.id = r.id LIMIT 1 OFFSET 0)", *values)


def _size(place: Place, rows: str, values: list[Any]) -> int:
    (size,) = place.session.rows(f"SELECT count(*) FROM (SELECT 1 FROM {rows} LIMIT {_DENSE}) AS few", *values)[0]
    return int(size)


def _span(hash: int, first: Moment, last: Moment) -> _Conditions:
    found = _Conditions()
    found.add("i.hash = ?", hash)
    if first is not None:
        found.add("i.high >= ?", seconds(first, end=False))
    if last is not None:
        found.add("i.low <= ?", seconds(last, end=True))
    return found


def _add_persons_of(found: _Conditions, type: str, institution: str) -> None:
    person = "r.id" if type == "Patient" else "r.person"
    found.add(
        f"EXISTS (SELECT 1 FROM resource x WHERE x.area = r.area AND x.person = {person} AND x.person <> '' "
        "AND x.type IN ('Claim', 'Encounter') AND x.owner = ? AND x.deleted = 0)",
        institution,
    )
