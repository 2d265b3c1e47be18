"""From what a group did to the rows it writes: each resource once, sums added up, blobs sealed."""

from datetime import datetime

from gateway.settlement.claim import Counters
from gateway.store.facts import Facts
from gateway.store.pending import Pending, Put
from gateway.store.periods import first_day, last_day
from gateway.store.queries import Place
from gateway.store.rows import (
    Spans,
    context,
    day_text,
    dossier_row,
    message_row,
    micros,
    pack_indexed,
    settlement_row,
    unpack_indexed,
)
from gateway.store.session import Batch, Row

BLOCK = 1_000_000
"""Numbers a group can give to its rows: `seq` is the group's number times this, plus the place within the group."""


def batch_of(place: Place, facts: Facts, pending: Pending, *, block: int, now: datetime) -> Batch:
    """Everything the group changes. `seq` grows with every row, and from group to group."""
    first = block * BLOCK
    at = micros(now)
    batch = Batch()
    _add_resources(batch, place, facts, pending, first)
    _add_settlements(batch, place, pending, first)
    _add_books(batch, place, pending, first)
    _add_cases(batch, place, pending, first=first, at=at)
    batch.inserts["message"] = [message_row(record, place.keyring) for _, record in pending.messages]
    batch.inserts["contribution"] = [
        (place.area, one.person, one.scheme, one.period, one.levied, one.received)
        for _, one in pending.contributions.items()
    ]
    batch.inserts["audit"] = [(place.area, first + number, at, *audit) for number, audit in pending.audits]
    batch.inserts["outbox"] = [
        (place.area, letter.id, letter.receiver, letter.kind,
         _sealed(place, letter.body, "outbox", letter.kind, letter.id), "waiting", 0, at, at)
        for _, letter in pending.letters
    ]  # fmt: skip
    batch.inserts["policy_version"] = [
        (place.area, policy.hash, policy.policy_id, at,
         _sealed(place, policy.body, "policy_version", policy.policy_id, policy.hash))
        for policy in dict.fromkeys(policy for _, policy in pending.policies)
    ]  # fmt: skip
    return batch


def _sealed(place: Place, plain: bytes, table: str, type: str, id: str, version: int = 0) -> bytes:
    return place.keyring.seal(plain, context(table, place.area, type, id, version))


def _resource_row(place: Place, put: Put, seq: int) -> Row:
    body = _sealed(place, put.body, "resource", put.type, put.id, put.version)
    return (place.area, put.type, put.id, put.version, seq, put.updated_at, put.owner, put.person, body, 0)


def _add_resources(batch: Batch, place: Place, facts: Facts, pending: Pending, first: int) -> None:
    """The last version of each becomes its head, those before it are history at once."""
    inserts: list[Row] = []
    tokens: list[Row] = []
    dates: list[Row] = []
    history: list[Row] = []
    for number, put in pending.puts:
        row = _resource_row(place, put, first + number)
        if pending.heads[put.type, put.id] is not put:
            history.append(row)
            continue
        full = (*row, pack_indexed(put.tokens, put.dates))
        head = facts.head(put.type, put.id)
        old_tokens, old_dates = unpack_indexed(head.indexed) if head is not None else ((), ())
        if head is None:
            inserts.append(full)
        else:
            batch.head_updates.append((head.version, *full))
            batch.tokens_gone += [(gone, put.id) for gone in set(old_tokens).difference(put.tokens)]
            batch.dates_gone += [(*span, put.id) for span in set(old_dates).difference(put.dates)]
        tokens += [(place.area, new, put.id, put.type) for new in _new(put.tokens, old_tokens)]
        dates += [(place.area, *span, put.id, put.type) for span in _new_spans(put.dates, old_dates)]
    batch.inserts |= {"resource": inserts, "resource_history": history, "token_index": tokens, "date_index": dates}


def _new(now: tuple[int, ...], before: tuple[int, ...]) -> list[int]:
    return [one for one in now if one not in before]


def _new_spans(now: Spans, before: Spans) -> list[tuple[int, int, int]]:
    return [one for one in now if one not in before]


def _add_settlements(batch: Batch, place: Place, pending: Pending, first: int) -> None:
    """Added ones as they are in the end, older ones that were cancelled as changes."""
    rows = []
    for id, (number, found) in pending.settlements.items():
        if id in pending.added_settlements:
            rows.append(settlement_row(found, place.keyring, first + number))
        else:
            batch.cancelled.append((found.cancelled_by, day_text(found.cancelled_on), id))
    batch.inserts["settlement"] = rows


def _add_books(batch: Batch, place: Place, pending: Pending, first: int) -> None:
    batch.inserts["posting"] = [
        (place.area, entry.id, line, entry.scheme, posting.fund, posting.account, posting.party, posting.fen,
         entry.booked_on.isoformat(), entry.cause, entry.reverses, first + number + line)
        for number, entry in pending.entries
        for line, posting in enumerate(entry.postings)
    ]  # fmt: skip
    batch.inserts["movement"] = [
        (place.area, move.id, move.person, move.scheme, move.movement.layer, move.movement.period, move.claim,
         *move.movement.delta, move.reverses, first + number)
        for number, move in pending.moves
    ]  # fmt: skip
    sums: dict[tuple[str, str, str, str], Counters] = {
        (person, scheme, layer, period): delta
        for (person, scheme), deltas in pending.counters.items()
        for (layer, period), delta in deltas.items()
    }
    batch.inserts["accumulator"] = [(place.area, *key, *delta) for key, delta in sorted(sums.items())]
    batch.inserts["account_balance"] = [(place.area, *key, fen) for key, fen in sorted(pending.balances.items())]


def _add_cases(batch: Batch, place: Place, pending: Pending, *, first: int, at: int) -> None:
    batch.inserts["dossier"] = [
        dossier_row(found, area=place.area, keyring=place.keyring, updated_at=at)
        for _, found in sorted(pending.dossiers.items())
    ]
    batch.inserts["book_period"] = [
        (place.area, one.scheme, one.period, first_day(one.period).isoformat(), last_day(one.period).isoformat(),
         str(one.state), micros(one.closed_at), one.closed_by, one.digest, first + number)
        for _, (number, one) in sorted(pending.periods.items())
    ]  # fmt: skip
    batch.inserts["ledger_seal"] = [
        (place.area, seal.number, seal.last_seq, seal.postings, seal.movements, seal.hash, at)
        for _, seal in pending.seals.items()
    ]
