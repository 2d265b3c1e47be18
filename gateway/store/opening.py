"""Opens a store: the right kind of database, one writing process for an SQLite file, the schema, the keys."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from gateway.kernel.ids import AreaCode
from gateway.kernel.problem import Refusal, refuse_if
from gateway.store import problems
from gateway.store.keys import check_keys
from gateway.store.migrate import check_current
from gateway.store.migrate import migrate as run_migrations
from gateway.store.postgres import PostgresSession
from gateway.store.queries import Place
from gateway.store.readers import Readers
from gateway.store.sealing import Keyring
from gateway.store.session import Lost, Rerun, Session
from gateway.store.sqlite import SqliteSession
from gateway.store.store import Store
from gateway.store.writer import Writer


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
