"""Pages of the inbox and the audit trail, balances of the books, kept policies: what people look at afterwards."""

from gateway.kernel.money import Fen
from gateway.store.queries import Place
from gateway.store.rows import context, instant, read_message
from gateway.store.tables import MessageRow, columns
from gateway.store.values import AuditLine, MessageRecord, MessageState

_MESSAGES = f"SELECT {', '.join(columns(MessageRow))} FROM message WHERE area = ?"
_AUDIT = "SELECT seq, at, principal, action, object, outcome, message FROM audit WHERE area = ? AND seq > ?"
_BALANCE = "SELECT scheme, fund, account, sum(fen) FROM posting WHERE area = ? GROUP BY scheme, fund, account"
_PARTIES = "SELECT party, sum(fen) FROM posting WHERE area = ? AND account = ? GROUP BY party HAVING sum(fen) <> 0"
_POLICY = "SELECT policy_id, body FROM policy_version WHERE area = ? AND hash = ?"


def messages(place: Place, *, state: MessageState | None, after: str | None, limit: int) -> list[MessageRecord]:
    """A page of the inbox in the order of ids."""
    statement, values = _MESSAGES, []
    if state is not None:
        statement += " AND state = ?"
        values.append(str(state))
    if after is not None:
        statement += " AND id > ?"
        values.append(after)
    found = place.rows(f"{statement} ORDER BY id LIMIT ?", *values, limit)
    return [read_message(row, place.keyring) for row in found]


def messages_about(place: Place, subject: str) -> list[MessageRecord]:
    """Messages whose effect was one thing, in the order of ids."""
    found = place.rows(f"{_MESSAGES} AND subject = ? AND subject <> '' ORDER BY id", subject)
    return [read_message(row, place.keyring) for row in found]


def audit_lines(place: Place, *, after: int | None, limit: int) -> list[AuditLine]:
    found = place.rows(f"{_AUDIT} ORDER BY seq LIMIT ?", after or 0, limit)
    return [AuditLine(seq, instant(at), *texts) for seq, at, *texts in found]


def trial_balance(place: Place) -> dict[tuple[str, str, str], Fen]:
    return {(scheme, fund, account): int(fen) for scheme, fund, account, fen in place.rows(_BALANCE)}


def party_balances(place: Place, account: str) -> dict[str, Fen]:
    return {party: int(fen) for party, fen in place.rows(_PARTIES, account)}


def policy_body(place: Place, hash: str) -> bytes | None:
    found = place.rows(_POLICY, hash)
    if not found:
        return None
    policy_id, body = found[0]
    return place.keyring.open(body, context("policy_version", place.area, policy_id, hash))
