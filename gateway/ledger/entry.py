"""An entry balances or cannot be made. A correction is a new entry that mirrors the old one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gateway.kernel.ids import AreaCode
from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.ledger.stations import STATIONS, skipped_station


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry. `fund`: basic, aid …; `party`: institution, person or level of government, or ''."""

    fund: str
    account: Account
    party: str
    fen: Fen


@dataclass(frozen=True, slots=True)
class Entry:
    """Postings for one cause (claim, contribution), balanced in each fund. `reverses`: id of what it undoes, or ''.

    No entry lets money skip a station of the two lines 收支两条线; a counter-entry mirrors one that did not.
    """

    id: str
    area: AreaCode
    scheme: str
    booked_on: date
    cause: str
    postings: tuple[Posting, ...]
    reverses: str = ""

    def __post_init__(self) -> None:
        assert self.postings, "an entry has postings"
        for fund in {posting.fund for posting in self.postings}:
            balance = sum(posting.fen for posting in self.postings if posting.fund == fund)
            assert balance == 0, f"entry {self.id} does not balance in fund {fund}"
        assert all(posting.fen for posting in self.postings), f"entry {self.id} posts nothing on some account"
        if not self.reverses and any(posting.account in STATIONS for posting in self.postings):
            skipped = skipped_station((p.fund, p.account, p.fen) for p in self.postings)
            assert not skipped, f"entry {self.id}: {skipped}"


def transfer(*, fund: str, debit: Account, credit: Account, party: str, amount: Fen) -> tuple[Posting, Posting]:
    """The two postings that move an amount (> 0) from the credited account to the debited one."""
    assert amount > 0, "an amount that moves is positive"
    return Posting(fund, debit, party, amount), Posting(fund, credit, party, -amount)


def reversed_entry(entry: Entry, *, id: str, booked_on: date) -> Entry:
    """The counter-entry 冲销: every posting with its sign turned."""
    postings = tuple(Posting(p.fund, p.account, p.party, -p.fen) for p in entry.postings)
    return Entry(id, entry.area, entry.scheme, booked_on, entry.cause, postings, reverses=entry.id)


def trial_balance(entries: Iterable[Entry]) -> dict[tuple[str, str, Account], Fen]:
    """Balance of each (scheme, fund, account); the sum of all of them is zero."""
    balances: dict[tuple[str, str, Account], Fen] = {}
    for entry in entries:
        for posting in entry.postings:
            key = (entry.scheme, posting.fund, posting.account)
            balances[key] = balances.get(key, 0) + posting.fen
    return balances


def imbalance(balances: Sequence[Fen]) -> Fen:
    """Debits less credits over all accounts: 0, or the books are wrong."""
    return sum(balances)
