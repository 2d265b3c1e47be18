"""The store: jobs go to the writer, questions to the readers."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from gateway.kernel.ids import AreaCode, PersonId
from gateway.kernel.money import Fen
from gateway.kernel.problem import Problem, Refusal, refuse_if
from gateway.ledger.entry import Entry
from gateway.settlement.claim import Counters, Layer, Movement
from gateway.store import problems, queries, records, search
from gateway.store.doctor import check_settings
from gateway.store.keys import check_keys
from gateway.store.migrate import check_current
from gateway.store.migrate import migrate as run_migrations
from gateway.store.postgres import PostgresSession
from gateway.store.queries import Place
from gateway.store.readers import Readers
from gateway.store.rows import Head, opened
from gateway.store.sealing import Keyring
from gateway.store.search import Filters, Moment
from gateway.store.session import Lost, Rerun, Session
from gateway.store.sqlite import SqliteSession
from gateway.store.unit import Unit
from gateway.store.values import (
    AuditLine,
    Contribution,
    MessageRecord,
    MessageState,
    Settlement,
    Stored,
    Token,
    Verification,
    Wants,
)
from gateway.store.verify import verify
from gateway.store.writer import Writer

T = TypeVar("T")

_PAGE = 500


class Store:
    """One database, opened by `open_store`. Every method may be called from any thread.

    Whatever reads raises Refusal `store-unavailable` when the database cannot be reached.
    """

    def __init__(self, url: str, readers: Readers, writer: Writer | None, lock: FileLock | None) -> None:
        self._url = url
        self._readers = readers
        self._writer = writer
        self._lock = lock

    # writing

    def submit(self, work: Callable[[Unit], T], wants: Wants = Wants()) -> "Future[T]":  # noqa: B008 (frozen)
        """Run a job in the next group. The future has its result after the commit, or its exception and no effect.

        `work` may run more than once and on another thread: its only effects are those on the unit. Refusals of the
        store itself: `store-unavailable`, `store-busy`, `store-read-only`.
        """
        if self._writer is None:
            refused: Future[T] = Future()
            refused.set_exception(Refusal(problems.read_only()))
            return refused
        return self._writer.submit(work, wants)

    @property
    def statements(self) -> int:
        """SQL statements the writer has sent so far."""
        return self._writer.session.statements if self._writer is not None else 0

    # resources

    def read(self, type: str, id: str) -> Stored | None:
        """The newest version; None when it does not exist or is deleted."""
        with self._readers.borrow() as place:
            found = queries.heads(place, [(type, id)])
            return _opened(place, found[0]) if found and not found[0].deleted else None

    def read_version(self, type: str, id: str, version: int) -> Stored | None:
        """One version, the newest or a superseded one."""
        with self._readers.snapshot() as place:
            found = queries.heads(place, [(type, id)])
            if found and found[0].version == version:
                return _opened(place, found[0])
            old = queries.version(place, type, id, version)
            return _opened(place, old) if old is not None else None

    def search(
        self,
        type: str,
        *,
        tokens: Sequence[Sequence[Token]] = (),
        dates: Sequence[tuple[str, Moment, Moment]] = (),
        ids: Sequence[str] | None = None,
        updated: tuple[datetime | None, datetime | None] = (None, None),
        owner: str | None = None,
        persons_of: str | None = None,
        after: str | None = None,
        limit: int,
    ) -> list[Stored]:
        """A page in the order of ids, beginning behind `after`; the filters are those of `gateway.store.search`."""
        filters = Filters(tokens, dates, ids, updated, owner, persons_of)
        with self._readers.borrow() as place:
            return search.search(place, type, filters, after=after, limit=limit)

    def count(
        self,
        type: str,
        *,
        tokens: Sequence[Sequence[Token]] = (),
        dates: Sequence[tuple[str, Moment, Moment]] = (),
        ids: Sequence[str] | None = None,
        updated: tuple[datetime | None, datetime | None] = (None, None),
        owner: str | None = None,
        persons_of: str | None = None,
    ) -> int:
        """How many resources a search finds on all its pages."""
        filters = Filters(tokens, dates, ids, updated, owner, persons_of)
        with self._readers.borrow() as place:
            return search.count(place, type, filters)

    # records

    def messages(
        self, *, state: MessageState | None = None, limit: int, after: str | None = None
    ) -> list[MessageRecord]:
        """A page of the inbox in the order of ids, beginning behind `after`."""
        with self._readers.borrow() as place:
            return records.messages(place, state=state, after=after, limit=limit)

    def audit_lines(self, *, limit: int, after: int | None = None) -> list[AuditLine]:
        """A page of the audit trail in its order, beginning behind the line numbered `after`."""
        with self._readers.borrow() as place:
            return records.audit_lines(place, after=after, limit=limit)

    def trial_balance(self) -> dict[tuple[str, str, str], Fen]:
        """Balance in fen of each (scheme, fund, account), debit positive; they sum to zero."""
        with self._readers.borrow() as place:
            return records.trial_balance(place)

    def party_balances(self, account: str) -> dict[str, Fen]:
        """Balance in fen of one account by party, over all schemes and funds; settled ones (0) left out."""
        with self._readers.borrow() as place:
            return records.party_balances(place, account)

    def entries_of(self, cause: str) -> list[Entry]:
        """Entries booked for a claim or a contribution, in the order of booking."""
        with self._readers.borrow() as place:
            return queries.entries_of(place, cause)

    def movements_of(self, claim: str) -> list[Movement]:
        """Changes of counters booked for a claim, in the order of booking."""
        with self._readers.borrow() as place:
            return queries.movements_of(place, claim)

    def counters(self, person: PersonId, scheme: str) -> dict[tuple[Layer, str], Counters]:
        """What a person has used in a scheme, by layer and period."""
        with self._readers.borrow() as place:
            found = queries.counters(place, [person])[person]
        return {(layer, period): used for (one, layer, period), used in found.items() if one == scheme}

    def contribution(self, person: PersonId, scheme: str, period: str) -> Contribution | None:
        """What a person owes and what arrived for a period."""
        with self._readers.borrow() as place:
            return queries.contributions(place, [person])[person].get((scheme, period))

    def settlement(self, id: str) -> Settlement | None:
        """A settlement by the id of its ClaimResponse."""
        with self._readers.borrow() as place:
            return queries.settlement(place, id)

    def settlement_of_claim(self, claim: str) -> Settlement | None:
        """The newest settlement of a claim, in force or cancelled."""
        with self._readers.borrow() as place:
            return queries.settlement_of_claim(place, claim)

    def settlements(
        self, *, person: str | None = None, institution: str | None = None, state: str | None = None,
        after: str | None = None, limit: int,
    ) -> list[Settlement]:  # fmt: skip
        """A page of settlements in the order of ids, beginning behind `after`."""
        with self._readers.borrow() as place:
            return queries.settlements(
                place, person=person, institution=institution, state=state, after=after, limit=limit
            )

    def settlements_in_force(self, scheme: str, *, from_on: date, to_on: date) -> Iterator[Settlement]:
        """All settlements in force decided for days between the two, by person and number, at one commit.

        Read page by page; a reading connection is held until the last one was taken.
        """
        after = ("", 0)
        with self._readers.snapshot() as place:
            while found := queries.in_force(place, scheme, from_on=from_on, to_on=to_on, after=after, limit=_PAGE):
                yield from found
                after = (found[-1].person, found[-1].number)

    def policy_body(self, hash: str) -> bytes | None:
        """A policy as it was loaded, by the hash a decision pinned."""
        with self._readers.borrow() as place:
            return records.policy_body(place, hash)

    # care

    def verify(self) -> Verification:
        """Recount everything from the books at one commit; reads the whole database."""
        with self._readers.snapshot() as place:
            return verify(place)

    def doctor(self) -> list[Problem]:
        """Settings that could lose an acknowledged settlement, and a schema that is behind; [] when all is well."""
        behind = check_current(self._url)
        if self._writer is None:
            with self._readers.borrow() as place:
                found = place.session.settings()
        else:
            found = self._writer.submit(lambda unit: unit.settings(), Wants()).result()
        return behind + check_settings(found)

    def ready(self) -> bool:
        """Whether messages can be taken: the writer works and the database answers."""
        if self._writer is not None and not self._writer.is_alive():
            return False
        try:
            with self._readers.borrow() as place:
                return place.session.rows("SELECT 1") == [(1,)]
        except Refusal:
            return False

    def close(self) -> None:
        """Finish what was submitted, close every connection, give the lock file back."""
        if self._writer is not None:
            self._writer.close()
        self._readers.close()
        if self._lock is not None:
            self._lock.release()


def _opened(place: Place, head: Head) -> Stored:
    return opened(head, area=place.area, keyring=place.keyring)


def open_store(
    url: str,
    *,
    area: AreaCode,
    keyring: Keyring,
    clock: Callable[[], datetime],
    make_id: Callable[[], str],
    migrate: bool = True,
    read_only: bool = False,
) -> Store:
    """Open `sqlite:////path/file.db` or `postgresql://…`; made or brought up to date first, unless told otherwise.

    `clock`: the instant, with a zone; `make_id`: a new id of 30 characters, called from one thread. Refusal:
    `store-url`, `store-locked` (another process writes this SQLite file), `store-unavailable`, `migrations-behind`,
    `seal-unopened` or `index-key-changed` (wrong keys).
    """
    connect = _connector(url)
    with ExitStack() as opening:
        lock = None if read_only else _lock(url)
        if lock is not None:
            opening.callback(lock.release)
        _bring_up_to_date(url, migrating=migrate and not read_only)
        try:
            session = connect(read_only)
            opening.callback(session.close)
            place = Place(session, area, keyring)
            check_keys(place, session, read_only=read_only)
        except (Lost, Rerun) as error:
            raise Refusal(problems.unavailable()) from error
        opening.pop_all()
    readers = Readers(lambda: connect(True), area=area, keyring=keyring)
    if read_only:
        session.close()
        return Store(url, readers, None, None)
    return Store(url, readers, Writer(session, place, clock=clock, make_id=make_id), lock)


def _connector(url: str) -> Callable[[bool], Session]:
    """How to open a connection, reading only or not."""
    kind = url.partition("://")[0]
    if kind == "sqlite":
        return lambda read_only: SqliteSession(_file(url), read_only=read_only)
    if kind in ("postgresql", "postgres"):
        return lambda read_only: PostgresSession(url, read_only=read_only)
    raise Refusal(problems.unreadable_url(url))


def _file(url: str) -> str:
    return url.removeprefix("sqlite:///")


def _lock(url: str) -> FileLock | None:
    """One process writes an SQLite file; PostgreSQL takes many."""
    if not url.startswith("sqlite"):
        return None
    if not Path(_file(url)).parent.is_dir():
        raise Refusal(problems.unavailable())
    lock = FileLock(_file(url) + ".lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Refusal(problems.locked(_file(url))) from None
    except OSError:
        raise Refusal(problems.unavailable()) from None
    return lock


def _bring_up_to_date(url: str, *, migrating: bool) -> None:
    if migrating:
        run_migrations(url)
    elif url.startswith("sqlite") and not Path(_file(url)).exists():
        raise Refusal(problems.unavailable())
    refuse_if(check_current(url))
