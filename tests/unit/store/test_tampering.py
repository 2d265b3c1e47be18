"""Whoever has the password of the database can change the books, but not unnoticed: a thousand ways at random.

Each is done inside a transaction that is rolled back after the recount, on books of some forty entries under a dozen
links, with an anchor of each noted outside. The triggers are dropped first, as the one with the password would.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from gateway.kernel.problem import Problem
from gateway.store import check_ledger
from gateway.store.flush import BLOCK
from gateway.store.postgres import PostgresSession
from gateway.store.queries import Place
from gateway.store.seals import BEFORE_ALL, sealed
from gateway.store.session import Session
from gateway.store.sqlite import SqliteSession
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import Anchor, Seal
from tests.conftest import AREA, test_keyring
from tests.unit.store.jobs import DAY, cancel, settle, visit
from tests.unit.store.raw import raw, without_triggers
from tests.unit.store.test_accounts import entry, post

TRIES = 1_000
TEXTS = {
    "posting": ("entry_id", "scheme", "fund", "account", "party", "booked_on", "cause", "reverses"),
    "movement": ("id", "person", "scheme", "layer", "period", "claim", "reverses"),
}
WHOLES = {
    "posting": ("line", "fen", "seq"),
    "movement": ("counted", "fund", "own_share", "deductible", "admissions", "seq"),
}
Tampering = Callable[[Place, random.Random], None]


def filled(store: Store) -> list[Anchor]:
    """Settlements, some of them cancelled, and personal accounts; sealed and anchored twelve times."""
    anchors = []
    for number in range(12):

        def work(unit: Unit, number: int = number) -> None:
            for one in ("a", "b"):
                undone = settle(visit(f"p{number % 3}", f"{number}{one}"))(unit).decode().removeprefix("settled ")
                if number % 4 == 1:
                    cancel(undone)(unit)
            post(entry(f"p{number % 3}", 1_000), entry(f"p{number % 3}", -300))(unit)

        store.submit(work).result(30)
        assert store.seal() == 1
        anchor = store.anchor(DAY)
        assert anchor is not None
        anchors.append(anchor)
    assert store.seal() == 0
    return anchors


def pick(place: Place, rng: random.Random, table: str, name: str) -> tuple[int, object]:
    """The number of a row, and what it holds."""
    rows = place.rows(f"SELECT seq, {name} FROM {table} WHERE area = ? ORDER BY seq")
    seq, value = rng.choice(rows)
    return int(seq), value


def change_a_field(place: Place, rng: random.Random) -> None:
    table = rng.choice(("posting", "movement"))
    if rng.random() < 0.6:
        name = rng.choice(TEXTS[table])
        seq, value = pick(place, rng, table, name)
        changed: object = rng.choice([f"{value}x", f"x{value}", f"{value}\x1f", str(value)[:-1] or "y"])
    else:
        name = rng.choice(WHOLES[table])
        seq, value = pick(place, rng, table, name)
        changed = int(str(value)) + rng.choice([-100_003, -7, 7, 100_003])
    place.session.rows(f"UPDATE {table} SET {name} = ? WHERE seq = ?", changed, seq)


def change_both_sides(place: Place, rng: random.Random) -> None:
    """The entry still balances."""
    _, id = pick(place, rng, "posting", "entry_id")
    place.session.rows("UPDATE posting SET fen = fen * 2 WHERE entry_id = ?", id)


def move_text_between_fields(place: Place, rng: random.Random) -> None:
    """The line keeps its characters, but for the separator."""
    seq, _ = pick(place, rng, "posting", "seq")
    change = rng.choice(
        ["fund = fund || account, account = ''", "party = party || fen, fen = 0", "cause = cause || fund, fund = ''"]
    )
    place.session.rows(f"UPDATE posting SET {change} WHERE seq = ?", seq)


def remove_rows(place: Place, rng: random.Random) -> None:
    if rng.random() < 0.5:
        _, id = pick(place, rng, "posting", "entry_id")
        place.session.rows("DELETE FROM posting WHERE entry_id = ?", id)
    else:
        table = rng.choice(("posting", "movement"))
        seq, _ = pick(place, rng, table, "seq")
        place.session.rows(f"DELETE FROM {table} WHERE seq = ?", seq)


def insert_an_entry(place: Place, rng: random.Random) -> None:
    """A balanced one, as large as another, with numbers among the others, behind them or far away."""
    _, id = pick(place, rng, "posting", "entry_id")
    newest = place.rows("SELECT max(seq) FROM posting WHERE area = ?")[0][0]
    first = place.rows("SELECT min(seq) FROM posting WHERE area = ? AND entry_id = ?", id)[0][0]
    moved = rng.choice([500, newest - first + 10, newest - first + 5 * BLOCK, -first - 50])
    place.session.rows(
        "INSERT INTO posting SELECT area, 'z' || entry_id, line, scheme, fund, account, party, fen, booked_on, cause, "
        "reverses, seq + ? FROM posting WHERE entry_id = ?",
        moved,
        id,
    )


def reorder(place: Place, rng: random.Random) -> None:
    """Two rows change their places."""
    table = rng.choice(("posting", "movement"))
    one, other = (int(row[0]) for row in rng.sample(place.rows(f"SELECT seq FROM {table} WHERE area = ?"), 2))
    for now, then in ((one, -1), (other, one), (-1, other)):
        place.session.rows(f"UPDATE {table} SET seq = ? WHERE seq = ?", then, now)


def cut_the_tail(place: Place, rng: random.Random) -> None:
    """Rows and links from one link on are gone, or the links alone."""
    kept = rng.choice(place.rows("SELECT last_seq FROM ledger_seal WHERE area = ? AND number < 12"))[0]
    place.session.rows("DELETE FROM ledger_seal WHERE last_seq > ?", kept)
    if rng.random() < 0.7:
        place.session.rows("DELETE FROM posting WHERE seq > ?", kept)
        place.session.rows("DELETE FROM movement WHERE seq > ?", kept)
        place.session.rows("DELETE FROM account_balance WHERE area = ?", AREA)
        place.session.rows(
            "INSERT INTO account_balance SELECT area, party, scheme, -sum(fen) FROM posting "
            "WHERE account = 'personal-account' GROUP BY area, party, scheme"
        )


def change_a_link(place: Place, rng: random.Random) -> None:
    number = rng.randint(1, 12)
    change = rng.choice(
        [
            "number = number + 100",
            "last_seq = last_seq - 1000000",
            "postings = postings + 1",
            "movements = movements - 1",
        ]
    )
    where = " WHERE number = ?" if rng.random() < 0.8 else " WHERE number >= ?"
    place.session.rows(f"UPDATE ledger_seal SET {change}{where}", number)


def remove_a_link(place: Place, rng: random.Random) -> None:
    place.session.rows("DELETE FROM ledger_seal WHERE number = ?", rng.randint(1, 12))


def restore_links(place: Place, rng: random.Random) -> None:
    """Rows change, and the chain is computed anew: for the link that holds them, or from there to its end."""
    change_both_sides(place, rng)
    wanted = place.rows(
        "SELECT number, last_seq, postings, movements, hash FROM ledger_seal WHERE area = ? ORDER BY number"
    )
    whole = rng.random() < 0.5
    previous: Seal | None = None
    mended = False
    for seal in (Seal(*row) for row in wanted):
        above = previous.last_seq if previous is not None else BEFORE_ALL
        now = sealed(place, previous, above=above, last_seq=seal.last_seq)
        if now != seal and (whole or not mended):
            place.session.rows("UPDATE ledger_seal SET hash = ? WHERE number = ?", now.hash, seal.number)
            mended, seal = True, now
        previous = seal
    assert mended


def change_a_balance(place: Place, rng: random.Random) -> None:
    place.session.rows(
        "UPDATE account_balance SET fen = fen + ? WHERE person = ?", rng.randint(1, 99), f"p{rng.randrange(3)}"
    )


WAYS: tuple[Tampering, ...] = (
    change_a_field, change_a_field, change_both_sides, move_text_between_fields, remove_rows, insert_an_entry, reorder,
    cut_the_tail, change_a_link, remove_a_link, restore_links, change_a_balance,
)  # fmt: skip


@contextmanager
def past_the_store(url: str) -> Iterator[Session]:
    session: Session = (
        SqliteSession(url.removeprefix("sqlite:///"), read_only=False)
        if url.startswith("sqlite")
        else PostgresSession(url, read_only=False)
    )
    try:
        yield session
    finally:
        session.close()


def test_a_thousand_tamperings_are_found(store: Store, store_url: str) -> None:
    anchors = filled(store)
    assert store.verify_ledger(anchors).problems == ()
    assert store.verify(anchors).problems == ()
    store.close()
    for table in ("posting", "movement", "ledger_seal"):
        raw(store_url, *without_triggers(store_url, table))

    rng = random.Random(20150630)
    unfound: list[str] = []
    seen: set[str] = set()
    with past_the_store(store_url) as session:
        place = Place(session, AREA, test_keyring())
        assert check_ledger.check(place, anchors) == []
        for number in range(TRIES):
            way = WAYS[number % len(WAYS)]
            found = tampered(session, place, way, rng, anchors)
            seen.update(problem.code for problem in found)
            if not found:
                unfound.append(f"{number}: {way.__name__}")
        assert check_ledger.check(place, anchors) == []
    assert unfound == []
    assert seen == {
        "seal-broken",
        "anchor-differs",
        "entry-unbalanced",
        "trial-balance",
        "number-beyond",
        "balance-differs",
    }


def tampered(
    session: Session, place: Place, way: Tampering, rng: random.Random, anchors: list[Anchor]
) -> list[Problem]:
    session.begin()
    try:
        way(place, rng)
        return check_ledger.check(place, anchors)
    finally:
        session.rollback()


@pytest.mark.parametrize("kept", [0, 5])
def test_without_anchors_a_cut_tail_is_not_seen(store: Store, store_url: str, kept: int) -> None:
    """What the anchors are for: books that were cut off at a link are sound in themselves."""
    anchors = filled(store)
    place_of_cut = [anchor.seq for anchor in anchors][kept]
    for table in ("posting", "movement", "ledger_seal"):
        raw(store_url, *without_triggers(store_url, table))
    column = {"posting": "seq", "movement": "seq", "ledger_seal": "last_seq"}
    raw(store_url, *(f"DELETE FROM {table} WHERE {name} > {place_of_cut}" for table, name in column.items()))
    codes = {problem.code for problem in store.verify_ledger().problems}
    assert codes == {"balance-differs"}  # kept beside, and not mended here
    codes = {problem.code for problem in store.verify_ledger(anchors).problems}
    assert codes == {"balance-differs", "anchor-differs"}
