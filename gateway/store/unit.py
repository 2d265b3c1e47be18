"""One group's unit of work: reads see what is committed and what the group already did; writes wait for the flush.

Used on the writer's thread only, by one job after the other. Nothing here touches the network, the clock or files.
A job may run more than once (another process was faster, the connection broke): its effects stay inside the unit.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from gateway.kernel.calendar import Period
from gateway.kernel.ids import AreaCode, PersonId, is_made_id
from gateway.kernel.money import Fen
from gateway.kernel.problem import Refusal
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Entry
from gateway.settlement.claim import NOTHING, Counters, Layer, Movement
from gateway.store import problems
from gateway.store.facts import Facts
from gateway.store.pending import Audit, Letter, Mark, Move, Pending, Policy, Put
from gateway.store.periods import Frontier
from gateway.store.queries import Place
from gateway.store.rows import Head, date_span, instant, micros, opened
from gateway.store.values import (
    ClosedPeriod,
    Contribution,
    DateRange,
    Dossier,
    MessageKey,
    MessageRecord,
    PeriodState,
    Prior,
    Seal,
    Settlement,
    SettlementState,
    Stored,
    Token,
)

_TIME_OF_ID = 15  # characters of an id that hold its area and its time, to 8 ms


class Unit:
    """`now`: the instant of the group, in whole milliseconds."""

    def __init__(
        self, place: Place, facts: Facts, pending: Pending, *, now: datetime, make_id: Callable[[], str]
    ) -> None:
        self.now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        self.area: AreaCode = place.area
        self.make_id = make_id
        self._first_new_id = make_id()[:_TIME_OF_ID]
        self._place = place
        self._facts = facts
        self._pending = pending

    @property
    def place(self) -> Place:
        """The writing connection, for tables whose rows need no buffering (`gateway.store.concepts`)."""
        return self._place

    def mark(self) -> Mark:
        """A point that `rollback` goes back to."""
        return self._pending.mark()

    def rollback(self, mark: Mark) -> None:
        """Drop everything written since the mark."""
        self._pending.rollback(mark)

    # messages

    def prior(self, key: MessageKey) -> Prior | None:
        """What was answered when this key came first; None when it is new."""
        return self._pending.priors.get(key) or self._facts.prior(key)

    def record_message(self, record: MessageRecord) -> None:
        """Keep a message with its answer. AssertionError when its key is taken: ask `prior` first."""
        problems.check_text("message", record.key or "", record.sender, record.channel, record.kind, record.subject)
        if record.key is not None:
            key = MessageKey(record.area, record.channel, record.sender, record.key)
            assert self.prior(key) is None, "a message key is recorded once"
            self._pending.priors[key] = Prior(record.state, record.content_hash, record.answer, record.subject)
        self._pending.messages.append((self._pending.place(), record))

    # resources

    def read(self, type: str, id: str) -> Stored | None:
        """The newest version; None when it does not exist or is deleted."""
        put = self._pending.heads.get((type, id))
        if put is not None:
            return _stored(put)
        head = self._facts.head(type, id)
        return self._opened(head) if head is not None and not head.deleted else None

    def find(self, type: str, token: Token) -> list[str]:
        """Ids of the resources that carry a token, in the order of ids: oldest first for ids this gateway makes."""
        number = self._facts.token_hash(type, token)
        ids = {*self._facts.ids(type, token, number), *(self._pending.tokens.get(number) or ())}
        heads = ((id, self._pending.heads.get((type, id))) for id in sorted(ids))
        return [id for id, put in heads if put is None or number in put.tokens]

    def of_person(self, type: str, person: PersonId) -> list[Stored]:
        """The heads of a type that belong to a person, in the order of ids."""
        ids = {*self._facts.of_person(type, person), *(self._pending.owned.get((type, person)) or ())}
        found = (self.read(type, id) for id in sorted(ids))
        return [stored for stored in found if stored is not None and stored.person == person]

    def put(
        self,
        *,
        type: str,
        id: str,
        body: bytes,
        tokens: Sequence[Token] = (),
        dates: Sequence[DateRange] = (),
        owner: str = "",
        person: str = "",
        expected_version: int | None = None,
    ) -> Stored:
        """Store the next version. Refusal `version-conflict` when another than the expected one is there (0: none).

        `tokens` and `dates` are all index rows of the new version; those of the version before are dropped.
        """
        problems.check_text(f"{type}/", id, owner, person)
        if expected_version == 0 or self._is_made_here(id):
            self._facts.presume_new(type, id)
        before = self._pending.heads.get((type, id)) or self._facts.head(type, id)
        found = before.version if before is not None else 0
        if expected_version is not None and expected_version != found:
            raise Refusal(problems.version_conflict(type, id, expected=expected_version, found=found))
        hashes = tuple(dict.fromkeys(self._facts.token_hash(type, token) for token in tokens))
        spans = tuple(dict.fromkeys((self._facts.date_hash(type, span.param), *date_span(span)) for span in dates))
        put = Put(type, id, found + 1, micros(self.now), owner, person, body, hashes, spans)

        pending = self._pending
        pending.puts.append((pending.place(), put))
        pending.heads[type, id] = put
        for number in hashes:
            pending.tokens[number] = (*(pending.tokens.get(number) or ()), id)
        if person:
            pending.owned[type, person] = (*(pending.owned.get((type, person)) or ()), id)
        return _stored(put)

    # settlements

    def settlement(self, id: str) -> Settlement | None:
        buffered = self._pending.settlements.get(id)
        return buffered[1] if buffered is not None else self._facts.settlement(id)

    def effective(self, treatment: str) -> Settlement | None:
        """The settlement in force for a treatment, whichever channel brought it."""
        if treatment in self._pending.effective:
            id = self._pending.effective[treatment]
            return self.settlement(id) if id else None
        return self._facts.effective(treatment)

    def settlement_of_claim(self, claim: str) -> Settlement | None:
        """The newest settlement of a claim, in force or cancelled."""
        id = self._pending.claims.get(claim)
        if id is not None:
            return self.settlement(id)
        found = self._facts.settlement_of_claim(claim)
        return self.settlement(found.id) if found is not None else None

    def last_number(self, person: PersonId, scheme: str) -> int:
        """The running number of a person's last settlement in a scheme; 0 before the first."""
        buffered = self._pending.numbers.get((person, scheme))
        return buffered if buffered is not None else self._facts.last_number(person, scheme)

    def later_effective(self, settlement: Settlement) -> Settlement | None:
        """The last settlement in force of the same person, scheme and period with a higher number, or None."""
        found = {later.id: later for later in self._facts.later_effective(settlement)}
        for id, (_, buffered) in self._pending.settlements.items():
            found[id] = buffered
        later = (one for one in found.values() if _is_later(one, settlement))
        return max(later, key=lambda one: one.number, default=None)

    def effective_in(self, person: PersonId, scheme: str, period: Period) -> list[Settlement]:
        """The settlements in force of a person's scheme and period, in the order they were decided."""
        found = {one.id: one for one in self._facts.effective_in(person, scheme, period)}
        for id, (_, buffered) in self._pending.settlements.items():
            found[id] = buffered
        key = (person, scheme, period)
        return sorted((one for one in found.values() if _is_effective_in(one, key)), key=lambda one: one.number)

    def add_settlement(self, settlement: Settlement) -> None:
        """Record a decision. Its number is the person's next, and its treatment has none in force."""
        assert self.effective(settlement.treatment) is None, "a treatment has one settlement in force"
        person = PersonId(settlement.person)
        assert settlement.number > self.last_number(person, settlement.scheme), "settlement numbers run upwards"
        problems.check_text("settlement", settlement.treatment, settlement.id)

        pending = self._pending
        pending.settlements[settlement.id] = (pending.place(), settlement)
        pending.added_settlements[settlement.id] = True
        pending.claims[settlement.claim] = settlement.id
        pending.numbers[settlement.person, settlement.scheme] = settlement.number
        pending.effective[settlement.treatment] = settlement.id

    def cancel_settlement(self, id: str, *, by: str, on: date) -> None:
        """Mark a settlement in force as undone by another ClaimResponse, on a day of the books."""
        found = self.settlement(id)
        assert found is not None, "a settlement that is cancelled exists"
        assert found.state == SettlementState.EFFECTIVE, "a settlement is cancelled once"
        cancelled = replace(found, state=SettlementState.CANCELLED, cancelled_by=by, cancelled_on=on)
        self._pending.settlements[id] = (self._pending.place(), cancelled)
        self._pending.effective[found.treatment] = ""

    # the two books

    def post(self, entry: Entry) -> None:
        """Book a balanced entry. Refusal `period-closed` when its day takes no more.

        AssertionError when a personal account would owe money: look at `account_balance` first.
        """
        assert entry.area == self.area, "a store keeps the books of one area"
        problems.check_line(
            "entry", entry.cause, *(text for line in entry.postings for text in (line.fund, line.party))
        )
        self._check_open(entry)
        for posting in entry.postings:
            if posting.account == Account.PERSONAL_ACCOUNT and posting.party:
                person = PersonId(posting.party)
                left = self.account_balance(person, entry.scheme) - posting.fen
                assert left >= 0, "a personal account never owes money"
                self._pending.balances[person, entry.scheme] = left
        self._pending.entries.append((self._pending.place(), entry))
        for _ in entry.postings[1:]:
            self._pending.place()

    def entries_of(self, cause: str) -> list[Entry]:
        """Entries booked for a claim or a contribution, in the order of booking."""
        return self._facts.entries_of(cause) + [entry for _, entry in self._pending.entries if entry.cause == cause]

    def counters(self, person: PersonId, scheme: str) -> dict[tuple[Layer, Period], Counters]:
        """What a person has used in a scheme, by layer and period, this group's own movements included."""
        committed = self._facts.counters(person)
        used = {(layer, period): sums for (one, layer, period), sums in committed.items() if one == scheme}
        for key, delta in (self._pending.counters.get((person, scheme)) or {}).items():
            used[key] = used.get(key, NOTHING).plus(delta)
        return used

    def move(
        self, *, claim: str, person: PersonId, scheme: str, movements: Sequence[Movement], reverses: str = ""
    ) -> None:
        """Book changes of a person's counters, and the sums kept beside. `reverses`: id of the claim undone, or ''."""
        problems.check_line("movement", claim, person, scheme, reverses)
        self._facts.counters(person)
        deltas = dict(self._pending.counters.get((person, scheme)) or {})
        for movement in movements:
            key = (movement.layer, movement.period)
            deltas[key] = deltas.get(key, NOTHING).plus(movement.delta)
            move = Move(self.make_id(), person, scheme, claim, movement, reverses)
            self._pending.moves.append((self._pending.place(), move))
        self._pending.counters[person, scheme] = deltas

    def movements_of(self, claim: str) -> list[Movement]:
        """Changes of counters booked for a claim, in the order of booking."""
        buffered = [move.movement for _, move in self._pending.moves if move.claim == claim]
        return self._facts.movements_of(claim) + buffered

    def contribution(self, person: PersonId, scheme: str, period: Period) -> Contribution | None:
        buffered = self._pending.contributions.get((person, scheme, period))
        return buffered or self._facts.contribution(person, scheme, period)

    def put_contribution(self, contribution: Contribution) -> None:
        """Replace what a person owes and what arrived for a period; read it in the same unit first."""
        key = (contribution.person, contribution.scheme, contribution.period)
        self._facts.contribution(*key)
        self._pending.contributions[key] = contribution

    def account_balance(self, person: PersonId, scheme: str) -> Fen:
        """What a person's account holds in a scheme: the credit balance of `personal-account`, never negative."""
        buffered = self._pending.balances.get((person, scheme))
        return buffered if buffered is not None else self._facts.account_balance(person, scheme)

    # periods

    def closed_until(self, scheme: str) -> date | None:
        """The last day of a scheme's books that takes no more postings, periods being closed included."""
        return self._frontier(scheme).until

    def open_day(self, scheme: str, day: date) -> date:
        """The day itself, or the first one after the closed periods: what happens on a day is booked on this one."""
        return self._frontier(scheme).open_day(day)

    def close(self, period: ClosedPeriod) -> None:
        """Begin to close a period of the books (state closing), or close it for ever.

        A job that does so says `Wants(closes=True)`: it waits for every job that is posting, and they for it.
        """
        self._facts.need_closing()
        before = self._pending.periods.get((period.scheme, period.period))
        stored = before[1].state if before else self._facts.period_state(period.scheme, period.period)
        assert stored != PeriodState.CLOSED, "a period is closed once"
        problems.check_text("period", period.closed_by, period.digest)
        self._pending.periods[period.scheme, period.period] = (self._pending.place(), period)

    def _frontier(self, scheme: str) -> Frontier:
        found = self._facts.frontier(scheme)
        for (one, _), (_, period) in self._pending.periods.items():
            found = found.with_(period) if one == scheme else found
        return found

    def _check_open(self, entry: Entry) -> None:
        found = self._frontier(entry.scheme)
        if found.is_open(entry.booked_on):
            return
        for period in found.closings_of(entry.booked_on):
            closing = self.dossier_of_key("closing", f"{entry.scheme}|{period}")
            if closing is not None and closing.id == entry.cause:
                return
        assert found.until is not None, "what is not open was closed"
        raise Refusal(problems.period_closed(entry.scheme, entry.booked_on, until=found.until))

    # cases of business

    def dossier(self, kind: str, id: str) -> Dossier | None:
        """The working state of a case, by its id."""
        return self._pending.dossiers.get((kind, id)) or self._facts.dossier(kind, id)

    def dossier_of_key(self, kind: str, key: str) -> Dossier | None:
        """The working state of a case, by its business key."""
        id = self._pending.dossier_ids.get((kind, key))
        return self._pending.dossiers.get((kind, id)) if id is not None else self._facts.dossier_of_key(kind, key)

    def put_dossier(self, dossier: Dossier) -> Dossier:
        """Store a case as its next version. Refusal `version-conflict` when another than `dossier.version` is there.

        A new one has version 0. Its kind, id and key stay.
        """
        before = self.dossier_of_key(dossier.kind, dossier.key)
        found = before.version if before is not None else 0
        if found != dossier.version or (before is not None and before.id != dossier.id):
            path = f"{dossier.kind}/{dossier.key}"
            raise Refusal(problems.dossier_conflict(path, expected=dossier.version, found=found))
        problems.check_text("dossier", dossier.id, dossier.key, dossier.state, dossier.period, dossier.party)
        stored = replace(dossier, version=found + 1)
        self._pending.dossiers[dossier.kind, dossier.id] = stored
        self._pending.dossier_ids[dossier.kind, dossier.key] = dossier.id
        return stored

    # records

    def last_seal(self) -> Seal | None:
        """The newest link of the hash chain over the books; no other process adds one before this group's commit."""
        buffered = self._pending.seals.items()
        return buffered[-1][1] if buffered else self._facts.last_seal()

    def add_seal(self, seal: Seal) -> None:
        """Add the next link of the hash chain; read the last one in the same unit first."""
        last = self.last_seal()
        assert seal.number == (last.number if last else 0) + 1, "links of the chain are numbered without gaps"
        self._pending.seals[seal.number] = seal

    def keep_policy(self, *, policy_id: str, hash: str, body: bytes) -> None:
        """Keep a policy by its hash for ever; keeping it again changes nothing."""
        self._pending.policies.append((self._pending.place(), Policy(hash, policy_id, body)))

    def audit(self, *, principal: str, action: str, object: str, outcome: str, message: str = "") -> None:
        """Note who did what."""
        problems.check_text("audit", principal, action, object, outcome, message)
        line = Audit(principal, action, object, outcome, message)
        self._pending.audits.append((self._pending.place(), line))

    def enqueue(self, *, id: str, receiver: str, kind: str, body: bytes) -> None:
        """Owe somebody a message: it is delivered after the commit."""
        problems.check_text("outbox", receiver, kind)
        self._pending.letters.append((self._pending.place(), Letter(id, receiver, kind, body)))

    def settings(self) -> dict[str, str]:
        """The settings durability depends on, as the writing connection has them."""
        return self._place.session.settings()

    def _is_made_here(self, id: str) -> bool:
        """Whether an id was made since the group began: nobody else can have used it."""
        return is_made_id(id) and id[:_TIME_OF_ID] >= self._first_new_id

    def _opened(self, head: Head) -> Stored:
        return opened(head, area=self.area, keyring=self._place.keyring)


def _stored(put: Put) -> Stored:
    return Stored(put.type, put.id, put.version, instant(put.updated_at), put.body, put.owner, put.person)


def _is_later(one: Settlement, than: Settlement) -> bool:
    return _is_effective_in(one, (than.person, than.scheme, than.period)) and one.number > than.number


def _is_effective_in(one: Settlement, key: tuple[str, str, Period]) -> bool:
    return one.state == SettlementState.EFFECTIVE and (one.person, one.scheme, one.period) == key
