"""Seals the two books: a hash chain over their rows, made after the commit and off the way of messages.

One chain covers postings and movements, so that one link noted down elsewhere (an anchor) holds both. A link covers
what was committed above the link before, up to 10,000 rows of each book, below the oldest open transaction: nothing can
come among rows that are sealed. Where no more waits it reaches up to the end of the last commit, so that nothing can be
slipped in behind its last row either.
"""

from collections.abc import Callable

from gateway.ledger.chain import genesis, link
from gateway.store import cases
from gateway.store.flush import BLOCK
from gateway.store.queries import Place
from gateway.store.readers import Readers
from gateway.store.tables import MovementRow, PostingRow, columns
from gateway.store.unit import Unit
from gateway.store.values import Seal

BATCH = 10_000
BEFORE_ALL = -(2**62)
"""Below every number a row can have."""


def _fields(names: tuple[str, ...]) -> str:
    return ", ".join(("seq", *(name for name in names if name not in ("area", "seq"))))


_TEXT = (
    "SELECT count(*), {{joined {fields}}} FROM {table} {{along {table}_seq}} WHERE area = ? AND seq > ? AND seq <= ?"
)
_END = (
    "SELECT count(*), max(seq) FROM (SELECT seq FROM {table} WHERE area = ? AND seq > ? AND seq <= ? "
    "ORDER BY seq LIMIT ?) AS rows"
)
BOOKS = ("posting", "movement")
_TEXTS = (
    _TEXT.format(table="posting", fields=_fields(columns(PostingRow))),
    _TEXT.format(table="movement", fields=_fields(columns(MovementRow))),
)
_ENDS = tuple(_END.format(table=table) for table in BOOKS)


def seal(readers: Readers, add: Callable[[Seal], bool]) -> int:
    """Make every link that is due, and hand each to who adds it; how many were added.

    What is committed meanwhile waits for the next time: following it would make a link of every commit.
    """
    with readers.borrow() as place:
        until = last_sealable(place)
    added = 0
    while True:
        with readers.borrow() as place:
            found = next_seal(place, until=until)
        if found is None:
            return added
        added += add(found)


def last_sealable(place: Place) -> int | None:
    """The last number that may be sealed; None when that cannot be told now. Not to be asked within a snapshot."""
    commit = place.session.horizon()
    return (commit + 1) * BLOCK - 1 if commit is not None else None


def next_seal(place: Place, *, until: int | None, batch: int = BATCH) -> Seal | None:
    """The link that comes next, up to a number at most; None when there is nothing to seal."""
    if until is None:
        return None
    last = cases.last_seal(place)
    above = last.last_seq if last is not None else BEFORE_ALL
    waiting = [place.rows(statement, above, until, batch)[0] for statement in _ENDS]
    if not any(count for count, _ in waiting):
        return None
    full = [int(end) for count, end in waiting if count == batch]
    return sealed(place, last, above=above, last_seq=min(full, default=until))


def sealed(place: Place, previous: Seal | None, *, above: int, last_seq: int) -> Seal:
    """The link over the rows numbered above one number, up to another."""
    (postings, of_postings), (movements, of_movements) = (
        place.rows(statement, above, last_seq)[0] for statement in _TEXTS
    )
    number = previous.number + 1 if previous is not None else 1
    hash = link(
        previous.hash if previous is not None else genesis(place.area),
        number=number,
        last_seq=last_seq,
        postings=of_postings or b"",
        movements=of_movements or b"",
        counts=(postings, movements),
    )
    return Seal(number, last_seq, postings, movements, hash)


def keep(seal: Seal) -> Callable[[Unit], bool]:
    """The job that adds a link: False when another process was faster."""

    def work(unit: Unit) -> bool:
        last = unit.last_seal()
        if seal.number != (last.number if last is not None else 0) + 1:
            return False
        unit.add_seal(seal)
        return True

    return work
