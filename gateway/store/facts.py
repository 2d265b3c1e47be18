"""What is committed, as far as one group needs it: loaded ahead for all its jobs at once, or when a job asks.

Locks come in one order, so that two processes never wait for each other in a circle: first the books (shared by all who
may post, alone for who closes a period), then message keys, treatments, dossiers and Patient tokens, then persons, each
sorted. What a job asks for unannounced is locked out of that order; if that ends in
a deadlock the group runs again with everything it asked for announced.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gateway.kernel.calendar import Period
from gateway.kernel.money import Fen
from gateway.ledger.entry import Entry
from gateway.settlement.claim import Movement
from gateway.store import cases, queries
from gateway.store.periods import Frontier
from gateway.store.queries import AllCounters, Place
from gateway.store.rows import Head
from gateway.store.session import Rerun, Session
from gateway.store.values import Contribution, Dossier, MessageKey, PeriodState, Prior, Seal, Settlement, Token, Wants

_LISTED_TYPES = ("Coverage",)  # what is loaded ahead of everything that belongs to a person


@dataclass(slots=True)
class Wanted:
    """The wants of a group, merged; it grows by what jobs ask for unannounced."""

    messages: set[MessageKey] = field(default_factory=set)
    resources: set[tuple[str, str]] = field(default_factory=set)
    tokens: set[tuple[str, Token]] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    treatments: set[str] = field(default_factory=set)
    dossiers: set[tuple[str, str]] = field(default_factory=set)
    closes: bool = False

    def add(self, wants: Wants) -> None:
        self.messages.update(wants.messages)
        self.resources.update(wants.resources)
        self.tokens.update(wants.tokens)
        self.persons.update(wants.persons)
        self.treatments.update(wants.treatments)
        self.dossiers.update(wants.dossiers)
        self.closes |= wants.closes


class Facts:
    """The committed state a group sees. Lives as long as one attempt to run the group."""

    def __init__(self, place: Place, session: Session, wanted: Wanted) -> None:
        self._place = place
        self._session = session
        self._wanted = wanted
        self._locked: set[int] = set()
        self._heads: dict[tuple[str, str], Head | None] = {}
        self._tokens: dict[int, tuple[str, ...]] = {}
        self._priors: dict[MessageKey, Prior | None] = {}
        self._owned: dict[tuple[str, str], tuple[str, ...]] = {}
        self._counters: dict[str, AllCounters] = {}
        self._numbers: dict[str, dict[str, int]] = {}
        self._contributions: dict[str, dict[tuple[str, Period], Contribution]] = {}
        self._effective: dict[str, Settlement | None] = {}
        self._balances: dict[str, dict[str, Fen]] = {}
        self._dossiers: dict[tuple[str, str], Dossier | None] = {}
        self._frontiers: dict[str, Frontier] = {}

    def prefetch(self) -> None:
        """Everything wanted, with a fixed number of statements."""
        wanted = self._wanted
        books = self._hash("books")
        self._lock(
            *(self._hash("message", *key) for key in wanted.messages),
            *(self._hash("treatment", treatment) for treatment in wanted.treatments),
            *(self._hash("dossier", *key) for key in wanted.dossiers),
            *(self.token_hash(type, token) for type, token in wanted.tokens if type == "Patient"),
            first=books,
            shared=() if wanted.closes else (books,),
        )
        found = self._load_tokens(wanted.tokens)
        persons = wanted.persons | {id for type, id in found if type == "Patient"}
        self._lock(*(self._hash("person", person) for person in persons))

        if wanted.messages:
            self._priors.update(queries.priors(self._place, wanted.messages))
        self._load_heads(wanted.resources | found | {("Patient", person) for person in persons})
        self._load_persons(persons)
        if wanted.treatments:
            self._effective.update(queries.effective(self._place, sorted(wanted.treatments)))
        if wanted.dossiers:
            self._dossiers.update(cases.dossiers_of_keys(self._place, wanted.dossiers))

    def token_hash(self, type: str, token: Token) -> int:
        return self._place.keyring.index_hash("token", self._place.area, type, *token)

    def date_hash(self, type: str, param: str) -> int:
        return self._place.keyring.index_hash("date", self._place.area, type, param)

    def prior(self, key: MessageKey) -> Prior | None:
        if key not in self._priors:
            self._wanted.messages.add(key)
            self._lock(self._hash("message", *key))
            self._priors.update(queries.priors(self._place, (key,)))
        return self._priors[key]

    def head(self, type: str, id: str) -> Head | None:
        if (type, id) not in self._heads:
            self._wanted.resources.add((type, id))
            self._load_heads({(type, id)})
        return self._heads[type, id]

    def presume_new(self, type: str, id: str) -> None:
        """Take an id for unused without asking. If it is not, the insert fails and the group runs again, informed."""
        if (type, id) not in self._heads:
            self._wanted.resources.add((type, id))
            self._heads[type, id] = None

    def ids(self, type: str, token: Token, hash: int) -> tuple[str, ...]:
        if hash not in self._tokens:
            self._wanted.tokens.add((type, token))
            if type == "Patient":
                self._lock(hash)
            self._load_tokens({(type, token)})
        return self._tokens[hash]

    def of_person(self, type: str, person: str) -> tuple[str, ...]:
        """Ids of the heads of a type that belong to a person, oldest first."""
        if (type, person) not in self._owned:
            self._load_owned((person,), (type,))
        return self._owned[type, person]

    def counters(self, person: str) -> AllCounters:
        self._need_person(person)
        return self._counters[person]

    def last_number(self, person: str, scheme: str) -> int:
        self._need_person(person)
        return self._numbers[person].get(scheme, 0)

    def contribution(self, person: str, scheme: str, period: Period) -> Contribution | None:
        self._need_person(person)
        return self._contributions[person].get((scheme, period))

    def effective(self, treatment: str) -> Settlement | None:
        if treatment not in self._effective:
            self._wanted.treatments.add(treatment)
            self._lock(self._hash("treatment", treatment))
            self._effective.update(queries.effective(self._place, (treatment,)))
        return self._effective[treatment]

    def account_balance(self, person: str, scheme: str) -> Fen:
        self._need_person(person)
        return self._balances[person].get(scheme, 0)

    def dossier(self, kind: str, id: str) -> Dossier | None:
        """By id: its key is looked up first, since that is what is locked."""
        found = cases.dossier(self._place, kind, id)
        return self.dossier_of_key(kind, found.key) if found is not None else None

    def dossier_of_key(self, kind: str, key: str) -> Dossier | None:
        name = (kind, key)
        if name not in self._dossiers:
            self._wanted.dossiers.add(name)
            self._lock(self._hash("dossier", *name))
            self._dossiers.update(cases.dossiers_of_keys(self._place, (name,)))
        return self._dossiers[name]

    def frontier(self, scheme: str) -> Frontier:
        """How far a scheme's books are closed: read after the lock, so it stays so until this group's commit."""
        if scheme not in self._frontiers:
            self._frontiers[scheme] = cases.frontier_of(self._place, scheme)
        return self._frontiers[scheme]

    def period_state(self, scheme: str, period: str) -> PeriodState | None:
        return cases.period_state(self._place, scheme, period)

    def need_closing(self) -> None:
        """The books for this group alone. Unannounced it runs again: sharing them it cannot wait for other sharers."""
        if not self._wanted.closes:
            self._wanted.closes = True
            self._session.failure = Rerun("a period is closed alone")
            raise self._session.failure

    def last_seal(self) -> Seal | None:
        """The newest link of the hash chain, which only one process at a time may follow."""
        self._lock(self._hash("seals"))
        return cases.last_seal(self._place)

    def settlement(self, id: str) -> Settlement | None:
        return queries.settlement(self._place, id)

    def settlement_of_claim(self, claim: str) -> Settlement | None:
        return queries.settlement_of_claim(self._place, claim)

    def later_effective(self, after: Settlement) -> list[Settlement]:
        self._need_person(after.person)
        return queries.later_effective(self._place, after)

    def effective_in(self, person: str, scheme: str, period: Period) -> list[Settlement]:
        self._need_person(person)
        return queries.effective_in(self._place, person, scheme, period, above=0)

    def entries_of(self, cause: str) -> list[Entry]:
        return queries.entries_of(self._place, cause)

    def movements_of(self, claim: str) -> list[Movement]:
        return queries.movements_of(self._place, claim)

    def _need_person(self, person: str) -> None:
        if person not in self._counters:
            self._wanted.persons.add(person)
            self._lock(self._hash("person", person))
            self._load_persons({person})

    def _hash(self, *parts: str) -> int:
        return self._place.keyring.index_hash("lock", self._place.area, *parts)

    def _lock(self, *hashes: int, first: int | None = None, shared: Sequence[int] = ()) -> None:
        new = sorted(set(hashes) - self._locked)
        if first is not None:
            new.insert(0, first)
        if new:
            self._session.lock(new, shared=shared)
            self._locked.update(new)

    def _load_tokens(self, wanted: Iterable[tuple[str, Token]]) -> set[tuple[str, str]]:
        """The (type, id) that carry one of the tokens."""
        types = {self.token_hash(type, token): type for type, token in wanted}
        if not types:
            return set()
        found = queries.token_ids(self._place, sorted(types))
        self._tokens.update(found)
        return {(types[number], id) for number, ids in found.items() for id in ids}

    def _load_heads(self, wanted: set[tuple[str, str]]) -> None:
        if wanted:
            self._heads.update(dict.fromkeys(wanted))
            self._heads.update(((head.type, head.id), head) for head in queries.heads(self._place, wanted))

    def _load_persons(self, persons: set[str]) -> None:
        if not persons:
            return
        names = sorted(persons)
        self._load_owned(names, _LISTED_TYPES)
        counters, balances = queries.counters_and_balances(self._place, names)
        self._counters.update(counters)
        self._balances.update(balances)
        self._numbers.update(queries.numbers(self._place, names))
        self._contributions.update(queries.contributions(self._place, names))

    def _load_owned(self, persons: Iterable[str], types: tuple[str, ...]) -> None:
        names = sorted(persons)
        found: dict[tuple[str, str], list[str]] = {(type, person): [] for type in types for person in names}
        for head in queries.person_heads(self._place, names, types):
            self._heads.setdefault((head.type, head.id), head)
            found[head.type, head.person].append(head.id)
        self._owned.update((key, tuple(sorted(ids))) for key, ids in found.items())
