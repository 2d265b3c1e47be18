"""The store: jobs go to the writer, questions to the readers."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import date, datetime
from typing import TypeVar

from filelock import FileLock

from gateway.kernel.ids import PersonId
from gateway.kernel.money import Fen
from gateway.kernel.problem import Problem, Refusal
from gateway.ledger.entry import Entry
from gateway.settlement.claim import Counters, Layer, Movement
from gateway.store import books, cases, digests, problems, queries, records, seals, search
from gateway.store.concepts import Concepts
from gateway.store.doctor import check_settings
from gateway.store.migrate import check_current
from gateway.store.queries import Place
from gateway.store.readers import Readers
from gateway.store.rows import Head, opened
from gateway.store.search import Filters, Moment
from gateway.store.unit import Unit
from gateway.store.values import (
    Activity,
    Anchor,
    AuditLine,
    CareRow,
    ClosedPeriod,
    Contribution,
    Dossier,
    LedgerLine,
    MessageKey,
    MessageRecord,
    MessageState,
    PostingLine,
    Prior,
    Seal,
    Settlement,
    Stored,
    Token,
    Turnover,
    Verification,
    Wants,
)
from gateway.store.verify import verify, verify_ledger
from gateway.store.writer import Writer

T = TypeVar("T")

_PAGE = 500


class Store:
    """One database, opened by `open_store`. Every method may be called from any thread.

    Whatever reads raises Refusal `store-unavailable` when the database cannot be reached.
    """

    def __init__(self, url: str, readers: Readers, writer: Writer | None, lock: FileLock | None) -> None:
        self._url = url
        self._readers = readers
        self._writer = writer
        self._lock = lock
        self.concepts = Concepts(readers, self.submit)

    # writing

    def submit(self, work: Callable[[Unit], T], wants: Wants = Wants()) -> "Future[T]":  # noqa: B008 (frozen)
        """Run a job in the next group. The future has its result after the commit, or its exception and no effect.

        `work` may run more than once and on another thread: its only effects are those on the unit. Refusals of the
        store itself: `store-unavailable`, `store-busy`, `store-read-only`.
        """
        if self._writer is None:
            refused: Future[T] = Future()
            refused.set_exception(Refusal(problems.read_only()))
            return refused
        return self._writer.submit(work, wants)

    @property
    def statements(self) -> int:
        """SQL statements the writer has sent so far."""
        return self._writer.session.statements if self._writer is not None else 0

    # resources

    def read(self, type: str, id: str) -> Stored | None:
        """The newest version; None when it does not exist or is deleted."""
        with self._readers.borrow() as place:
            found = queries.heads(place, [(type, id)])
            return _opened(place, found[0]) if found and not found[0].deleted else None

    def read_version(self, type: str, id: str, version: int) -> Stored | None:
        """One version, the newest or a superseded one."""
        with self._readers.snapshot() as place:
            found = queries.heads(place, [(type, id)])
            if found and found[0].version == version:
                return _opened(place, found[0])
            old = queries.version(place, type, id, version)
            return _opened(place, old) if old is not None else None

    def search(
        self,
        type: str,
        *,
        tokens: Sequence[Sequence[Token]] = (),
        dates: Sequence[tuple[str, Moment, Moment]] = (),
        ids: Sequence[str] | None = None,
        updated: tuple[datetime | None, datetime | None] = (None, None),
        owner: str | None = None,
        persons_of: str | None = None,
        after: str | None = None,
        limit: int,
    ) -> list[Stored]:
        """A page in the order of ids, beginning behind `after`; the filters are those of `gateway.store.search`."""
        filters = Filters(tokens, dates, ids, updated, owner, persons_of)
        with self._readers.borrow() as place:
            return search.search(place, type, filters, after=after, limit=limit)

    def count(
        self,
        type: str,
        *,
        tokens: Sequence[Sequence[Token]] = (),
        dates: Sequence[tuple[str, Moment, Moment]] = (),
        ids: Sequence[str] | None = None,
        updated: tuple[datetime | None, datetime | None] = (None, None),
        owner: str | None = None,
        persons_of: str | None = None,
    ) -> int:
        """How many resources a search finds on all its pages."""
        filters = Filters(tokens, dates, ids, updated, owner, persons_of)
        with self._readers.borrow() as place:
            return search.count(place, type, filters)

    # records

    def messages(
        self, *, state: MessageState | None = None, limit: int, after: str | None = None
    ) -> list[MessageRecord]:
        """A page of the inbox in the order of ids, beginning behind `after`."""
        with self._readers.borrow() as place:
            return records.messages(place, state=state, after=after, limit=limit)

    def priors(self, keys: Sequence[MessageKey]) -> dict[MessageKey, Prior | None]:
        """What was answered to each message key; None where it is new."""
        with self._readers.borrow() as place:
            return queries.priors(place, keys)

    def messages_about(self, subject: str) -> list[MessageRecord]:
        """Messages whose effect was one thing (a settlement, a notice), oldest first."""
        with self._readers.borrow() as place:
            return records.messages_about(place, subject)

    def audit_lines(self, *, limit: int, after: int | None = None) -> list[AuditLine]:
        """A page of the audit trail in its order, beginning behind the line numbered `after`."""
        with self._readers.borrow() as place:
            return records.audit_lines(place, after=after, limit=limit)

    def trial_balance(self) -> dict[tuple[str, str, str], Fen]:
        """Balance in fen of each (scheme, fund, account), debit positive; they sum to zero."""
        with self._readers.borrow() as place:
            return records.trial_balance(place)

    def party_balances(self, account: str) -> dict[str, Fen]:
        """Balance in fen of one account by party, over all schemes and funds; settled ones (0) left out."""
        with self._readers.borrow() as place:
            return records.party_balances(place, account)

    def entries_of(self, cause: str) -> list[Entry]:
        """Entries booked for a claim or a contribution, in the order of booking."""
        with self._readers.borrow() as place:
            return queries.entries_of(place, cause)

    def movements_of(self, claim: str) -> list[Movement]:
        """Changes of counters booked for a claim, in the order of booking."""
        with self._readers.borrow() as place:
            return queries.movements_of(place, claim)

    def counters(self, person: PersonId, scheme: str) -> dict[tuple[Layer, str], Counters]:
        """What a person has used in a scheme, by layer and period."""
        with self._readers.borrow() as place:
            found = queries.counters(place, [person])[person]
        return {(layer, period): used for (one, layer, period), used in found.items() if one == scheme}

    def account_balance(self, person: PersonId, scheme: str) -> Fen:
        """What a person's account holds in a scheme."""
        with self._readers.borrow() as place:
            return queries.counters_and_balances(place, [person])[1][person].get(scheme, 0)

    def contribution(self, person: PersonId, scheme: str, period: str) -> Contribution | None:
        """What a person owes and what arrived for a period."""
        with self._readers.borrow() as place:
            return queries.contributions(place, [person])[person].get((scheme, period))

    def settlement(self, id: str) -> Settlement | None:
        """A settlement by the id of its ClaimResponse."""
        with self._readers.borrow() as place:
            return queries.settlement(place, id)

    def settlement_of_claim(self, claim: str) -> Settlement | None:
        """The newest settlement of a claim, in force or cancelled."""
        with self._readers.borrow() as place:
            return queries.settlement_of_claim(place, claim)

    def settlements(
        self, *, person: str | None = None, institution: str | None = None, state: str | None = None,
        after: str | None = None, limit: int,
    ) -> list[Settlement]:  # fmt: skip
        """A page of settlements in the order of ids, beginning behind `after`."""
        with self._readers.borrow() as place:
            return queries.settlements(
                place, person=person, institution=institution, state=state, after=after, limit=limit
            )

    def settlements_in_force(self, scheme: str, *, from_on: date, to_on: date) -> Iterator[Settlement]:
        """All settlements in force decided for days between the two, by person and number, at one commit.

        Read page by page; a reading connection is held until the last one was taken.
        """
        after = ("", 0)
        with self._readers.snapshot() as place:
            while found := queries.in_force(place, scheme, from_on=from_on, to_on=to_on, after=after, limit=_PAGE):
                yield from found
                after = (found[-1].person, found[-1].number)

    # cases of business

    def dossier(self, kind: str, id: str) -> Dossier | None:
        """The working state of a case, by its id."""
        with self._readers.borrow() as place:
            return cases.dossier(place, kind, id)

    def dossier_of_key(self, kind: str, key: str) -> Dossier | None:
        """The working state of a case, by its business key."""
        with self._readers.borrow() as place:
            return cases.dossiers_of_keys(place, [(kind, key)])[kind, key]

    def dossiers(
        self, kind: str, *, state: str | None = None, period: str | None = None, party: str | None = None,
        after: str | None = None, limit: int,
    ) -> list[Dossier]:  # fmt: skip
        """A page of the dossiers of a kind in the order of ids, beginning behind `after`."""
        with self._readers.borrow() as place:
            return cases.dossiers(place, kind, state=state, period=period, party=party, after=after, limit=limit)

    # the books of a scheme, by the days they were booked on; both days are included

    def closed_periods(self, scheme: str) -> list[ClosedPeriod]:
        """Periods closed or being closed, in the order of their last days, a month before its year."""
        with self._readers.borrow() as place:
            return cases.closed_periods(place, scheme)

    def closed_until(self, scheme: str) -> date | None:
        """The last day that takes no more postings, periods being closed included."""
        with self._readers.borrow() as place:
            return cases.frontier_of(place, scheme).until

    def postings(
        self, *, scheme: str, account: str | None = None, fund: str | None = None, party: str | None = None,
        from_on: date | None = None, to_on: date | None = None, cause: str | None = None,
        after: tuple[date, int] | None = None, limit: int,
    ) -> list[PostingLine]:  # fmt: skip
        """A page of lines by day and number; `after`: the `place` of the last line of the page before."""
        with self._readers.borrow() as place:
            return books.postings(
                place, scheme=scheme, account=account, fund=fund, party=party, from_on=from_on, to_on=to_on,
                cause=cause, after=after, limit=limit,
            )  # fmt: skip

    def turnover(self, scheme: str, *, from_on: date, to_on: date) -> dict[tuple[str, str], Turnover]:
        """Debits and credits by (fund, account)."""
        with self._readers.borrow() as place:
            return books.turnover(place, scheme, from_on=from_on, to_on=to_on)

    def party_turnover(
        self, scheme: str, account: str, *, from_on: date, to_on: date
    ) -> dict[tuple[str, str], Turnover]:
        """Debits and credits of one account by (fund, party)."""
        with self._readers.borrow() as place:
            return books.party_turnover(place, scheme, account, from_on=from_on, to_on=to_on)

    def balances(self, scheme: str, *, on: date) -> dict[tuple[str, str], Fen]:
        """Balance in fen by (fund, account) at the end of a day, debit positive."""
        with self._readers.borrow() as place:
            return books.balances(place, scheme, on=on)

    def payables(
        self, scheme: str, *, from_on: date, to_on: date, institutions: Sequence[str] | None = None
    ) -> dict[str, dict[str, Fen]]:
        """What claims owe each institution, by fund: credits less debits of provider-payable that a claim caused."""
        with self._readers.borrow() as place:
            return books.payables(place, scheme, from_on=from_on, to_on=to_on, institutions=institutions)

    def activity(self, scheme: str, *, from_on: date, to_on: date, institution: str | None = None) -> list[Activity]:
        """What each institution settled and cancelled, by kind, in the order of codes and kinds."""
        with self._readers.snapshot() as place:
            return books.activity(place, scheme, from_on=from_on, to_on=to_on, institution=institution)

    def care(
        self, scheme: str, *, institutions: Sequence[str] | None = None, from_on: date, to_on: date
    ) -> Iterator[CareRow]:
        """What was settled and cancelled, institution by institution in the order of their codes, in constant memory.

        `institutions` None: all that ever settled. A reading connection is borrowed for one institution at a time.
        """
        if institutions is None:
            with self._readers.borrow() as place:
                institutions = books.institutions_of(place)
        for code in sorted(set(institutions)):
            with self._readers.borrow() as place:
                yield from books.care(place, scheme, code, from_on=from_on, to_on=to_on)

    def digest(self, scheme: str, *, from_on: date, to_on: date) -> str:
        """A hash (64 hexadecimal digits) of the turnover by fund, account and party: what a closed period keeps."""
        with self._readers.borrow() as place:
            return digests.digest(place, scheme, from_on=from_on, to_on=to_on)

    # the ledger and its hash chain

    def seal(self) -> int:
        """Seal what was committed since the last link of the chain; the number of links that were added."""
        return seals.seal(self._readers, lambda found: self.submit(seals.keep(found)).result())

    def seals(self, *, after: int = 0, limit: int) -> list[Seal]:
        """A page of the links of the hash chain, behind the one numbered `after`."""
        with self._readers.borrow() as place:
            return cases.seals(place, after=after, limit=limit)

    def anchor(self, day: date) -> Anchor | None:
        """The newest link, to be noted down outside the database on a day; None before the first."""
        with self._readers.borrow() as place:
            last = cases.last_seal(place)
        return Anchor(last.number, last.last_seq, last.hash.hex(), day) if last is not None else None

    def verify_ledger(self, anchors: Sequence[Anchor] = ()) -> Verification:
        """Recount the ledger alone: chain, anchors, balance of every entry, closed periods, personal accounts.

        The chain is walked beside the rest, on a connection of its own: what is sealed changes no more.
        """
        return verify_ledger(self._readers, anchors)

    def export_ledger(
        self, scheme: str | None = None, *, from_on: date = date.min, to_on: date = date.max
    ) -> Iterator[LedgerLine]:
        """Every line by scheme, day, entry and line, at one commit: `chain.ledger_hash` of them tells two books alike.

        A reading connection is held until the last line was taken.
        """
        with self._readers.snapshot() as place:
            yield from digests.export(place, scheme, from_on=from_on, to_on=to_on)

    def policy_body(self, hash: str) -> bytes | None:
        """A policy as it was loaded, by the hash a decision pinned."""
        with self._readers.borrow() as place:
            return records.policy_body(place, hash)

    # care

    def verify(self, anchors: Sequence[Anchor] = ()) -> Verification:
        """Recount everything from the books at one commit; reads the whole database."""
        with self._readers.snapshot() as place:
            return verify(place, anchors)

    def doctor(self) -> list[Problem]:
        """Settings that could lose an acknowledged settlement, and a schema that is behind; [] when all is well."""
        behind = check_current(self._url)
        if self._writer is None:
            with self._readers.borrow() as place:
                found = place.session.settings()
        else:
            found = self._writer.submit(lambda unit: unit.settings(), Wants()).result()
        return behind + check_settings(found)

    def ready(self) -> bool:
        """Whether messages can be taken: the writer works and the database answers."""
        if self._writer is not None and not self._writer.is_alive():
            return False
        try:
            with self._readers.borrow() as place:
                return place.session.rows("SELECT 1") == [(1,)]
        except Refusal:
            return False

    def close(self) -> None:
        """Finish what was submitted, close every connection, give the lock file back.

        The writer goes last: only it can bring SQLite's log back into the one file that is copied as a backup.
        """
        self._readers.close()
        if self._writer is not None:
            self._writer.close()
        if self._lock is not None:
            self._lock.release()


def _opened(place: Place, head: Head) -> Stored:
    return opened(head, area=place.area, keyring=place.keyring)
