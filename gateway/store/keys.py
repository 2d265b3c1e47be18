"""Tells a wrong key when a database is opened, not when the first patient is looked up."""

from gateway.kernel.problem import Refusal
from gateway.store import problems
from gateway.store.queries import Place
from gateway.store.rows import context
from gateway.store.session import Session

_PROBE = b"this text is sealed with every key that is used"
_INDEX = "index-key"
_READ = "SELECT name, number, probe FROM meta WHERE area = ?"
_WRITE = "INSERT INTO meta (area, name, number, probe) VALUES (?, ?, ?, ?) ON CONFLICT (area, name) DO NOTHING"


def check_keys(place: Place, session: Session, *, read_only: bool) -> None:
    """Refusal `seal-unopened` or `index-key-changed` when the database was written with other keys.

    The first use of a key leaves a probe sealed with it; the first use of a database notes a hash by its index key.
    """
    keyring = place.keyring
    found = {name: (number, probe) for name, number, probe in place.rows(_READ)}
    mine = keyring.index_hash("probe", place.area)
    if _INDEX in found and found[_INDEX][0] != mine:
        raise Refusal(problems.index_key_changed())
    for name, (_, probe) in found.items():
        if name != _INDEX:
            keyring.open(probe, context("meta", place.area, "key", name))

    name = f"key-{keyring.current}"
    if read_only or name in found:
        return
    session.begin()
    place.rows(_WRITE, _INDEX, mine, b"")
    place.rows(_WRITE, name, 0, keyring.seal(_PROBE, context("meta", place.area, "key", name)))
    session.commit()
