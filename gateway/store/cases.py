"""Questions about cases of business and closed periods, for the unit of work and for readers alike."""

from collections.abc import Iterable

from gateway.store.periods import Frontier, frontier
from gateway.store.queries import Place
from gateway.store.rows import DOSSIER_COLUMNS, instant, read_dossier
from gateway.store.session import Texts
from gateway.store.values import ClosedPeriod, Dossier, PeriodState, Seal

_DOSSIER = f"SELECT {DOSSIER_COLUMNS} FROM dossier WHERE area = ?"
_BY_ID = f"{_DOSSIER} AND kind = ? AND id = ?"
_BY_KEYS = f"{_DOSSIER} AND kind {{texts}} AND key {{texts}}"
# The newest end, and what is still closing: two looks into indexes, however many periods there are.
_FRONTIER = (
    "SELECT period, state FROM (SELECT period, state FROM book_period WHERE area = ? AND scheme = ? "
    "ORDER BY to_on DESC LIMIT 1) AS newest UNION ALL "
    "SELECT period, state FROM book_period WHERE area = ? AND scheme = ? AND state = 'closing'"
)
_PERIODS = (
    "SELECT scheme, period, state, closed_at, closed_by, digest FROM book_period WHERE area = ? AND scheme = ? "
    "ORDER BY to_on, period DESC"
)
_STATE = "SELECT state FROM book_period WHERE area = ? AND scheme = ? AND period = ?"
_SEALS = "SELECT number, last_seq, postings, movements, hash FROM ledger_seal WHERE area = ?"


def dossier(place: Place, kind: str, id: str) -> Dossier | None:
    found = place.rows(_BY_ID, kind, id)
    return read_dossier(found[0], area=place.area, keyring=place.keyring) if found else None


def dossiers_of_keys(place: Place, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Dossier | None]:
    """By (kind, key): the dossier there is, or None."""
    found: dict[tuple[str, str], Dossier | None] = dict.fromkeys(wanted)
    kinds, keys = sorted({kind for kind, _ in found}), sorted({key for _, key in found})
    for row in place.rows(_BY_KEYS, Texts(kinds), Texts(keys)):
        one = read_dossier(row, area=place.area, keyring=place.keyring)
        if (one.kind, one.key) in found:
            found[one.kind, one.key] = one
    return found


def dossiers(
    place: Place, kind: str, *, state: str | None, period: str | None, party: str | None, after: str | None, limit: int
) -> list[Dossier]:
    """A page of the dossiers of a kind, by id."""
    statement, values = f"{_DOSSIER} AND kind = ?", [kind]
    for condition, value in (("state = ?", state), ("period = ?", period), ("party = ?", party), ("id > ?", after)):
        if value is not None:
            statement += f" AND {condition}"
            values.append(value)
    found = place.rows(f"{statement} ORDER BY id LIMIT ?", *values, limit)
    return [read_dossier(row, area=place.area, keyring=place.keyring) for row in found]


def frontier_of(place: Place, scheme: str) -> Frontier:
    """How far a scheme's books are closed."""
    return frontier(place.rows(_FRONTIER, scheme, str(place.area), scheme))


def period_state(place: Place, scheme: str, period: str) -> PeriodState | None:
    """Whether a period is being closed or closed; None when it is open."""
    found = place.rows(_STATE, scheme, period)
    return PeriodState(found[0][0]) if found else None


def closed_periods(place: Place, scheme: str) -> list[ClosedPeriod]:
    """In the order of their last days, a month before its year."""
    return [
        ClosedPeriod(scheme, period, PeriodState(state), instant(closed_at), closed_by, digest)
        for scheme, period, state, closed_at, closed_by, digest in place.rows(_PERIODS, scheme)
    ]


def seals(place: Place, *, after: int = 0, limit: int) -> list[Seal]:
    """A page of the links of the hash chain, by number."""
    return [Seal(*row) for row in place.rows(f"{_SEALS} AND number > ? ORDER BY number LIMIT ?", after, limit)]


def last_seal(place: Place) -> Seal | None:
    """The newest link of the hash chain."""
    found = place.rows(f"{_SEALS} ORDER BY number DESC LIMIT 1")
    return Seal(*found[0]) if found else None
