"""Questions to one connection, answered as values; used by the unit of work and by readers alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gateway.kernel.calendar import Period
from gateway.kernel.ids import AreaCode, PersonId
from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Entry, Posting
from gateway.settlement.claim import Counters, Layer, Movement
from gateway.store.problems import check_text
from gateway.store.rows import Head, read_prior, read_settlement
from gateway.store.sealing import Keyring
from gateway.store.session import Reading, Row, Texts, Wholes
from gateway.store.tables import SettlementRow, columns
from gateway.store.values import Contribution, MessageKey, Prior, Settlement

HEAD_COLUMNS = "type, id, version, updated_at, owner, person, body, deleted, indexed"
_SETTLEMENT = ", ".join(columns(SettlementRow)[:-1])

_HEADS = f"SELECT {HEAD_COLUMNS} FROM resource WHERE area = ? AND type {{texts}} AND id {{texts}}"
_VERSION = (
    "SELECT type, id, version, updated_at, owner, person, body, deleted FROM resource_history "
    "WHERE area = ? AND type = ? AND id = ? AND version = ?"
)
_PERSON_HEADS = (
    f"SELECT {HEAD_COLUMNS} FROM resource WHERE area = ? AND person {{texts}} AND person <> '' AND type {{texts}}"
)
_TOKENS = "SELECT hash, id FROM token_index WHERE hash {wholes}"
_PRIORS = (
    "SELECT channel, sender, key, id, content_hash, state, answer, subject FROM message WHERE area = ? AND key {texts}"
)
_COUNTERS = (
    "SELECT person, scheme, layer, period, counted, fund, own_share, deductible, admissions FROM accumulator "
    "WHERE area = ? AND person {texts} UNION ALL "
    "SELECT person, scheme, '', '', fen, 0, 0, 0, 0 FROM account_balance WHERE area = ? AND person {texts}"
)
_NUMBERS = (
    "SELECT person, scheme, max(number) FROM settlement WHERE area = ? AND person {texts} GROUP BY person, scheme"
)
_CONTRIBUTIONS = "SELECT person, scheme, period, levied, received FROM contribution WHERE area = ? AND person {texts}"
_EFFECTIVE = f"SELECT {_SETTLEMENT} FROM settlement WHERE area = ? AND treatment {{texts}} AND state = 'effective'"
_SETTLEMENTS_BY_ID = f"SELECT {_SETTLEMENT} FROM settlement WHERE area = ? AND id = ?"
_SETTLEMENTS_BY_CLAIM = f"SELECT {_SETTLEMENT} FROM settlement WHERE area = ? AND claim = ? ORDER BY number DESC"
_LATER = (
    f"SELECT {_SETTLEMENT} FROM settlement WHERE area = ? AND person = ? AND scheme = ? AND number > ? "
    "AND period = ? AND state = 'effective' ORDER BY number DESC"
)
_IN_FORCE = (
    f"SELECT {_SETTLEMENT} FROM settlement WHERE area = ? AND (person, scheme, number) > (?, ?, ?) AND scheme = ? "
    "AND state = 'effective' AND decided_on >= ? AND decided_on <= ? ORDER BY person, scheme, number LIMIT ?"
)
_ENTRIES = (
    "SELECT entry_id, area, scheme, booked_on, cause, reverses, fund, account, party, fen FROM posting "
    "WHERE area = ? AND cause = ? ORDER BY seq, entry_id, line"
)
_MOVEMENTS = (
    "SELECT layer, period, counted, fund, own_share, deductible, admissions FROM movement "
    "WHERE area = ? AND claim = ? ORDER BY seq"
)


@dataclass(frozen=True, slots=True)
class Place:
    """What every question needs: the connection, whose records, and the keys."""

    session: Reading
    area: AreaCode
    keyring: Keyring

    def rows(self, template: str, *parameters: Any) -> list[Row]:
        for value in parameters:
            if isinstance(value, str):
                check_text("", value)
            elif isinstance(value, Texts):
                check_text("", *value.values)
        return self.session.rows(template, self.area, *parameters)


def heads(place: Place, wanted: Iterable[tuple[str, str]]) -> list[Head]:
    """The heads there are among the wanted (type, id), deleted ones too."""
    pairs = set(wanted)
    types, ids = sorted({type for type, _ in pairs}), sorted({id for _, id in pairs})
    found = (Head(*row) for row in place.rows(_HEADS, Texts(types), Texts(ids)))
    return [head for head in found if (head.type, head.id) in pairs]


def version(place: Place, type: str, id: str, number: int) -> Head | None:
    """One superseded version."""
    found = place.rows(_VERSION, type, id, number)
    return Head(*found[0]) if found else None


def person_heads(place: Place, persons: Sequence[str], types: Sequence[str]) -> list[Head]:
    return [Head(*row) for row in place.rows(_PERSON_HEADS, Texts(persons), Texts(types))]


def token_ids(place: Place, hashes: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Ids by hash, oldest first; every hash asked for is there."""
    found: dict[int, list[str]] = {number: [] for number in hashes}
    for number, id in place.session.rows(_TOKENS, Wholes(hashes)):
        found[number].append(id)
    return {number: tuple(sorted(ids)) for number, ids in found.items()}


def priors(place: Place, keys: Iterable[MessageKey]) -> dict[MessageKey, Prior | None]:
    """What was answered to each key; None where it is new."""
    found: dict[MessageKey, Prior | None] = dict.fromkeys(keys)
    for channel, sender, key, id, content_hash, state, answer, subject in place.rows(
        _PRIORS, Texts(sorted({key.id for key in found}))
    ):
        name = MessageKey(place.area, channel, sender, key)
        if name in found:
            found[name] = read_prior(
                area=place.area, id=id, content_hash=content_hash, state=state, answer=answer, subject=subject,
                keyring=place.keyring,
            )  # fmt: skip
    return found


AllCounters = dict[tuple[str, Layer, Period], Counters]


def counters(place: Place, persons: Sequence[str]) -> dict[str, AllCounters]:
    """By person: used so far by (scheme, layer, period)."""
    return counters_and_balances(place, persons)[0]


def counters_and_balances(
    place: Place, persons: Sequence[str]
) -> tuple[dict[str, AllCounters], dict[str, dict[str, Fen]]]:
    """By person: used so far by (scheme, layer, period), and what the personal account holds by scheme."""
    found: dict[str, AllCounters] = {person: {} for person in persons}
    balances: dict[str, dict[str, Fen]] = {person: {} for person in persons}
    names = Texts(persons)
    for person, scheme, layer, period, *counts in place.rows(_COUNTERS, names, str(place.area), names):
        if layer:
            found[person][scheme, layer, period] = Counters(*counts)
        else:
            balances[person][scheme] = counts[0]
    return found, balances


def numbers(place: Place, persons: Sequence[str]) -> dict[str, dict[str, int]]:
    """By person and scheme: the number of the last settlement."""
    found: dict[str, dict[str, int]] = {person: {} for person in persons}
    for person, scheme, number in place.rows(_NUMBERS, Texts(persons)):
        found[person][scheme] = number
    return found


def contributions(place: Place, persons: Sequence[str]) -> dict[str, dict[tuple[str, Period], Contribution]]:
    """By person, then (scheme, period)."""
    found: dict[str, dict[tuple[str, Period], Contribution]] = {person: {} for person in persons}
    for person, scheme, period, levied, received in place.rows(_CONTRIBUTIONS, Texts(persons)):
        found[person][scheme, period] = Contribution(PersonId(person), scheme, period, levied, received)
    return found


def effective(place: Place, treatments: Sequence[str]) -> dict[str, Settlement | None]:
    """By treatment: the settlement in force."""
    found: dict[str, Settlement | None] = dict.fromkeys(treatments)
    for row in place.rows(_EFFECTIVE, Texts(treatments)):
        settlement = read_settlement(row, place.keyring)
        found[settlement.treatment] = settlement
    return found


def settlement(place: Place, id: str) -> Settlement | None:
    found = place.rows(_SETTLEMENTS_BY_ID, id)
    return read_settlement(found[0], place.keyring) if found else None


def settlement_of_claim(place: Place, claim: str) -> Settlement | None:
    """The newest settlement of a claim."""
    found = place.rows(_SETTLEMENTS_BY_CLAIM, claim)
    return read_settlement(found[0], place.keyring) if found else None


def later_effective(place: Place, after: Settlement) -> list[Settlement]:
    """Settlements in force of the same person, scheme and period with a higher number, the last one first."""
    return effective_in(place, after.person, after.scheme, after.period, above=after.number)


def effective_in(place: Place, person: str, scheme: str, period: Period, *, above: int) -> list[Settlement]:
    """Settlements in force of a person's scheme and period with a number above one, the last one first."""
    found = place.rows(_LATER, person, scheme, above, period)
    return [read_settlement(row, place.keyring) for row in found]


def settlements(
    place: Place, *, person: str | None, institution: str | None, state: str | None, after: str | None, limit: int
) -> list[Settlement]:
    """A page of settlements, by id."""
    conditions, values = ["area = ?"], [str(place.area)]
    for column, value in (
        ("person = ?", person),
        ("institution = ?", institution),
        ("state = ?", state),
        ("id > ?", after),
    ):
        if value is not None:
            conditions.append(column)
            values.append(value)
    statement = f"SELECT {_SETTLEMENT} FROM settlement WHERE {' AND '.join(conditions)} ORDER BY id LIMIT ?"
    return [read_settlement(row, place.keyring) for row in place.session.rows(statement, *values, limit)]


def in_force(
    place: Place, scheme: str, *, from_on: date, to_on: date, after: tuple[str, int], limit: int
) -> list[Settlement]:
    """A page of the settlements in force whose deciding day lies between, by person and number, behind `after`."""
    person, number = after
    days = from_on.isoformat(), to_on.isoformat()
    found = place.rows(_IN_FORCE, person, scheme, number, scheme, *days, limit)
    return [read_settlement(row, place.keyring) for row in found]


def entries_of(place: Place, cause: str) -> list[Entry]:
    """The entries booked for one cause, in the order of booking."""
    found: dict[str, list[Row]] = {}
    for row in place.rows(_ENTRIES, cause):
        found.setdefault(row[0], []).append(row)
    return [_entry(id, lines) for id, lines in found.items()]


def _entry(id: str, lines: list[Row]) -> Entry:
    _, area, scheme, booked_on, cause, reverses = lines[0][:6]
    postings = tuple(Posting(fund, Account(account), party, fen) for *_, fund, account, party, fen in lines)
    return Entry(id, AreaCode(area), scheme, date.fromisoformat(booked_on), cause, postings, reverses)


def movements_of(place: Place, claim: str) -> list[Movement]:
    """The changes of counters booked for one claim, in the order of booking."""
    return [Movement(layer, period, Counters(*counts)) for layer, period, *counts in place.rows(_MOVEMENTS, claim)]
