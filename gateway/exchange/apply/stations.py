"""What the bank accounts of the funds hold, and that nobody takes out more.

Sums of the books are read outside the unit of work, since they may be long; whoever takes money out notes it on the
dossier `stations` of the scheme. Where that note moved between the reading and the work, the work is refused and read
anew: between the two money may have come in, but none has gone out.

Reading: what the bank was told to pay and has not confirmed has left the expenditure account already.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from gateway.exchange.desk import Desk
from gateway.kernel import money
from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind, Problem, Refusal, refuse_if
from gateway.ledger.accounts import CHART, Account, standing_side
from gateway.ledger.entry import Posting
from gateway.ledger.stations import check_held, leaving
from gateway.store.store import Store
from gateway.store.values import Dossier

STATIONS = "stations"
"""Kind of the dossier that notes what was taken out, one for a scheme; its key is the scheme."""


class Held(NamedTuple):
    """What was read. `version`: of the note; `stations`: fen by fund and station; `parties`: signed fen by account."""

    version: int
    stations: Mapping[tuple[str, Account], Fen]
    parties: Mapping[tuple[str, Account, str], Fen]


def read_held(store: Store, scheme: str, *, limited: Iterable[Account] = ()) -> Held:
    """The note first, then the books. `limited`: accounts whose balance is wanted party by party."""
    note = store.dossier_of_key(STATIONS, scheme)
    balances = {(fund, Account(account)): fen for (fund, account), fen in store.balances(scheme, on=date.max).items()}
    for (fund, account), fen in list(balances.items()):
        if account is Account.PAYMENT_IN_TRANSIT:
            paid_by = (fund, Account.EXPENDITURE_ACCOUNT)
            balances[paid_by] = balances.get(paid_by, 0) + fen
    parties = {
        (fund, account, party): turned.debit - turned.credit
        for account in limited
        for (fund, party), turned in store.party_turnover(scheme, account, from_on=date.min, to_on=date.max).items()
    }
    return Held(note.version if note else 0, balances, parties)


def take_out(desk: Desk, scheme: str, held: Held, postings: Iterable[Posting], *, path: str) -> None:
    """Note that an event takes money out of a station. Nothing for one that does not.

    Refusal: station-short (too little is held), books-moved (somebody else took out since `held` was read).
    """
    lines = [(posting.fund, posting.account, posting.fen) for posting in postings]
    taken = leaving(lines)
    if not taken:
        return
    note = desk.unit.dossier_of_key(STATIONS, scheme)
    if (note.version if note else 0) != held.version:
        raise Refusal(_books_moved(path))
    refuse_if(check_held(lines, held.stations, path=path))
    before = note or Dossier(STATIONS, desk.new_id(), scheme, "open", "", "", 0, b"")
    desk.unit.put_dossier(replace(before, fen=sum(taken.values())))


def check_limits(held: Held, postings: Iterable[Posting], limited: Iterable[Account], *, path: str) -> list[Problem]:
    """A limited account keeps its side for each party: more than was owed, held or retained does not move back."""
    wanted, found = set(limited), list[Problem]()
    for posting in postings:
        side = standing_side(posting.account)
        if posting.account in wanted and posting.fen * side < 0:
            there = held.parties.get((posting.fund, posting.account, posting.party), 0) * side
            if there < abs(posting.fen):
                found.append(_beyond(posting, there, path))
    return found


def _books_moved(path: str) -> Problem:
    return Problem(
        Kind.UNAVAILABLE,
        "books-moved",
        path,
        "money left the same bank accounts at this moment: nothing was booked, send the event again",
        "同一银行账户此刻有其他支出:本次未记账,请重新发送",
    )


def _beyond(posting: Posting, there: Fen, path: str) -> Problem:
    title = CHART[posting.account]
    asked, rest = money.text(abs(posting.fen)), money.text(max(0, there))
    return Problem(
        Kind.CONFLICT,
        "beyond-balance",
        path,
        f"{title.en} of this party in fund {posting.fund} is {rest}, the event moves {asked}: send no more",
        f"该对象在基金 {posting.fund} 的{title.zh}为 {rest},本次 {asked}:金额不得超过现有余额",
    )
