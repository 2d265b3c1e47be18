"""What is committed, as far as one group needs it: loaded ahead for all its jobs at once, or when a job asks.

Locks come in one order, so that two processes never wait for each other in a circle: first message keys, treatments and
Patient tokens, then persons, each sorted. What a job asks for unannounced is locked out of that order; if that ends in
a deadlock the group runs again with everything it asked for announced.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.kernel.calendar import Period
from gateway.ledger.entry import Entry
from gateway.settlement.claim import Movement
from gateway.store import queries
from gateway.store.queries import AllCounters, Place
from gateway.store.rows import Head
from gateway.store.session import Session
from gateway.store.values import Contribution, MessageKey, Prior, Settlement, Token, Wants

_LISTED_TYPES = ("Coverage",)  # what is loaded ahead of everything that belongs to a person


@dataclass(slots=True)
class Wanted:
    """The wants of a group, merged; it grows by what jobs ask for unannounced."""

    messages: set[MessageKey] = field(default_factory=set)
    resources: set[tuple[str, str]] = field(default_factory=set)
    tokens: set[tuple[str, Token]] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    treatments: set[str] = field(default_factory=set)

    def add(self, wants: Wants) -> None:
        self.messages.update(wants.messages)
        self.resources.update(wants.resources)
        self.tokens.update(wants.tokens)
        self.persons.update(wants.persons)
        self.treatments.update(wants.treatments)


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

    def prefetch(self) -> None:
        """Everything wanted, with a fixed number of statements."""
        wanted = self._wanted
        self._lock(
            *(self._hash("message", *key) for key in wanted.messages),
            *(self._hash("treatment", treatment) for treatment in wanted.treatments),
            *(self.token_hash(type, token) for type, token in wanted.tokens if type == "Patient"),
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

    def _lock(self, *hashes: int) -> None:
        new = sorted(set(hashes) - self._locked)
        if new:
            self._session.lock(new)
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
        self._counters.update(queries.counters(self._place, names))
        self._numbers.update(queries.numbers(self._place, names))
        self._contributions.update(queries.contributions(self._place, names))

    def _load_owned(self, persons: Iterable[str], types: tuple[str, ...]) -> None:
        names = sorted(persons)
        found: dict[tuple[str, str], list[str]] = {(type, person): [] for type in types for person in names}
        for head in queries.person_heads(self._place, names, types):
            self._heads.setdefault((head.type, head.id), head)
            found[head.type, head.person].append(head.id)
        self._owned.update((key, tuple(sorted(ids))) for key, ids in found.items())
