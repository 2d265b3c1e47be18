"""A day of the bank beside the books: every stated entry with what its message posted, and the other way.

A stated entry and an entry of the books belong together when they are about one thing and of one amount. What a stated
entry is about: the payment whose EndToEndId it names, else what its notification made, found by its message key. Days
differ by right: the bank books on its own day, the books on the first open day after the notification came; so an entry
of the books is missed only in the statement of the bank's day.

Reading: the bank accounts of a scheme are those of its payment file; without one there is nothing to compare.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from gateway.exchange.clearing.bodies import Payment
from gateway.exchange.desk import Looking
from gateway.exchange.reconcile.bodies import STATEMENT, BankDay, BankLine, Difference
from gateway.fhir.json import read_stored
from gateway.kernel.ids import is_made_id
from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.store.store import Store
from gateway.store.values import MessageKey, PostingLine

BANK_ONLY, LEDGER_ONLY, AMOUNT_DIFFERS = "bank-only", "ledger-only", "bank-amount-differs"
FEED, PAYMENT = "bank", "payment"
ACCOUNTS: Mapping[str, Account] = {
    "income": Account.INCOME_ACCOUNT,
    "fiscal": Account.FISCAL_ACCOUNT,
    "expenditure": Account.EXPENDITURE_ACCOUNT,
}
"""The account of the books that each bank account of a payment file is."""
_PAGE = 5_000
_KEYS = 500


class BankMatch(NamedTuple):
    """The differences of a day, how many stated entries were compared, and the accounts that no statement came for."""

    differences: list[Difference]
    compared: int
    unstated: tuple[str, ...]


class Booked(NamedTuple):
    """What one entry of the books moved on an account."""

    entry: str
    cause: str
    fen: Fen


def match_bank(looking: Looking, scheme: str, day: date) -> BankMatch:
    """The statements of a day beside the books of a scheme."""
    found: list[Difference] = []
    compared, unstated = 0, []
    for account, number in sorted(bank_numbers(looking, scheme).items()):
        statement = statement_of(looking.store, number, day)
        booked = _booked(_lines(looking.store, scheme, account, day=day))
        if statement is None:
            unstated += [number] if booked else []
            continue
        compared += len(statement.lines)
        found += _match(looking, scheme, account, statement, booked)
    return BankMatch(found, compared, tuple(unstated))


def bank_numbers(looking: Looking, scheme: str) -> dict[Account, str]:
    """The bank's number of each account of a scheme's books that its payment file names."""
    loaded = looking.book.of(looking.area, scheme)
    payment = loaded.payment if loaded else None
    named = payment.accounts if payment else {}
    return {ACCOUNTS[use]: each.account for use, each in named.items() if use in ACCOUNTS}


def statement_of(store: Store, account: str, day: date) -> BankDay | None:
    """What the bank stated of an account's day, or None."""
    dossier = store.dossier_of_key(STATEMENT, f"{account}|{day}")
    return msgspec.json.decode(dossier.body, type=BankDay) if dossier else None


def _match(
    looking: Looking, scheme: str, account: Account, statement: BankDay, booked: Sequence[Booked]
) -> Iterator[Difference]:
    store = looking.store
    causes = _causes(looking, statement)
    by_cause: dict[str, list[Booked]] = {}
    for each in booked:
        by_cause.setdefault(each.cause, []).append(each)
    used: set[str] = set()
    for line, cause in zip(statement.lines, causes, strict=True):
        own = by_cause.get(cause, [])
        if cause and not _take(line, own, used):
            own = _booked(_lines(store, scheme, account, cause=cause))
            if _take(line, own, used):
                continue
            left = sum(each.fen for each in own if each.entry not in used)
            used |= {each.entry for each in own}
            if left:
                yield _difference(AMOUNT_DIFFERS, line.reference, statement.account, left, line.fen, line, cause)
                continue
        elif cause:
            continue
        yield _difference(BANK_ONLY, line.reference, statement.account, None, line.fen, line, cause)
    for each in booked:
        if each.entry not in used and _is_bank_day(store, each.cause, statement.day):
            yield _difference(LEDGER_ONLY, each.entry, statement.account, each.fen, None, None, each.cause)


def _take(line: BankLine, booked: Iterable[Booked], used: set[str]) -> bool:
    """Whether an entry of the same amount is left for a stated one; it is used up."""
    for each in booked:
        if each.fen == line.fen and each.entry not in used:
            used.add(each.entry)
            return True
    return False


def _difference(
    what: str, reference: str, number: str, ours: Fen | None, theirs: Fen | None, line: BankLine | None, cause: str
) -> Difference:
    names = {"account": number, "cause": cause, "end-to-end-id": line.end_to_end_id if line else ""}
    told = {name: value for name, value in names.items() if value}
    return Difference(what, reference, "", _fen(ours), _fen(theirs), told)


def _fen(fen: Fen | None) -> dict[str, int]:
    return {} if fen is None else {"fen": fen}


def _causes(looking: Looking, statement: BankDay) -> list[str]:
    """What each stated entry is about, '' where nothing of ours is known of it."""
    store, account = looking.store, statement.account
    keys = [MessageKey(looking.area, FEED, account, line.reference) for line in statement.lines]
    subjects: dict[MessageKey, str] = {}
    for start in range(0, len(keys), _KEYS):
        found = store.priors(keys[start : start + _KEYS])
        subjects |= {key: prior.subject for key, prior in found.items() if prior is not None}
    return [
        _payment_named(store, line.end_to_end_id) or subjects.get(key, "")
        for line, key in zip(statement.lines, keys, strict=True)
    ]


def _payment_named(store: Store, id: str) -> str:
    return id if is_made_id(id) and store.dossier(PAYMENT, id) is not None else ""


def _lines(
    store: Store, scheme: str, account: Account, *, day: date | None = None, cause: str | None = None
) -> Iterator[PostingLine]:
    after = None
    while page := store.postings(
        scheme=scheme, account=account, from_on=day, to_on=day, cause=cause, after=after, limit=_PAGE
    ):
        yield from page
        after = page[-1].place


def _booked(lines: Iterable[PostingLine]) -> list[Booked]:
    """Entry by entry in the order of booking: an entry may move several funds on one account."""
    sums: dict[str, Booked] = {}
    for line in lines:
        before = sums.get(line.entry_id, Booked(line.entry_id, line.cause, 0))
        sums[line.entry_id] = before._replace(fen=before.fen + line.fen)
    return [each for each in sums.values() if each.fen]


def _is_bank_day(store: Store, cause: str, day: str) -> bool:
    """Whether the bank booked what is behind an entry on this day, as far as it is known."""
    payment = store.dossier(PAYMENT, cause)
    if payment is not None:
        body = msgspec.json.decode(payment.body, type=Payment)
        days = {word.day for word in (body.booked, body.returned) if word is not None}
        return not days or day in days
    notice = store.read("PaymentNotice", cause)
    if notice is None:
        return True
    return read_stored(notice.body, id=notice.id).get("paymentDate") in (None, day)
