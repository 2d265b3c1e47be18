"""What the gateway holds at the end of the day, read back from the store and from the raw bytes of its files."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.demo.outcome import PAID, SPLIT, response_sums
from gateway.demo.people import AREA, Town, new_citizen_id, stranger_id
from gateway.fhir.json import read_stored
from gateway.fhir.parts import extension_of, referred
from gateway.fhir.systems import ext
from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind
from gateway.store.store import Store
from gateway.store.values import MessageRecord, Stored

PAGE = 500
CODECS = ("utf-8", "gb18030")
FUND = "fund-"


@dataclass(frozen=True, slots=True)
class ClaimParts:
    """A stored ClaimResponse in fen. `cancels`: id of the response it undoes, or ''; `funds`: by key of the fund."""

    id: str
    channel: str
    institution: str
    status: str
    cancels: str
    total: Fen
    own_expense: Fen
    over_limit: Fen
    first_payment: Fen
    in_scope: Fen
    deductible: Fen
    counted: Fen
    funds: dict[str, Fen]
    account: Fen
    institution_share: Fen
    cash: Fen

    @property
    def adds_up(self) -> bool:
        """Whether both identities of a claim hold."""
        split = self.own_expense + self.over_limit + self.first_payment + self.in_scope
        paid = sum(self.funds.values()) + self.account + self.cash + self.institution_share
        return self.total == split == paid


def all_messages(store: Store) -> list[MessageRecord]:
    """The whole inbox."""
    found: list[MessageRecord] = []
    while page := store.messages(limit=PAGE, after=found[-1].id if found else None):
        found += page
    return found


def read_claims(store: Store, messages: list[MessageRecord]) -> list[ClaimParts]:
    """Every ClaimResponse as it is stored, in the order of ids."""
    channels = {message.subject: message.channel for message in messages if message.subject}
    return [_parts(stored, channels) for stored in _resources(store, "ClaimResponse")]


def _resources(store: Store, type: str) -> Iterator[Stored]:
    after = None
    while page := store.search(type, limit=PAGE, after=after):
        yield from page
        after = page[-1].id


def _parts(stored: Stored, channels: dict[str, str]) -> ClaimParts:
    response = read_stored(stored.body, id=stored.id)
    sums = response_sums(response)
    cancels = extension_of(response, ext("cancels")) or {}
    return ClaimParts(
        id=stored.id,
        channel=channels.get(stored.id, ""),
        institution=stored.owner,
        status=response["status"],
        cancels=referred(cancels.get("valueReference"), "ClaimResponse"),
        total=sums["submitted"],
        **{name.replace("-", "_"): sums[name] for name in (*SPLIT, "deductible", "counted", *PAID[1:])},
        funds={name.removeprefix(FUND): fen for name, fen in sums.items() if _is_fund(name)},
    )


def _is_fund(name: str) -> bool:
    return name.startswith(FUND) and name != "fund-total"


def count_everything(store: Store, sent: list[str], messages: list[MessageRecord]) -> dict[str, int]:
    """Counts of what came in and what became of it, by name."""
    channels, states = Counter(sent), Counter(message.state.value for message in messages)
    kept = Counter(message.channel for message in messages)
    claims = read_claims(store, messages)
    credited = [message for message in messages if message.channel == "bank" and message.kind == "bank.camt.054"]
    counts = {
        "people": store.count("Patient"),
        "covered": store.count("Coverage"),
        "contributions": sum(1 for message in credited if message.subject),
        "visits": store.count("Encounter"),
        "settlements": sum(1 for claim in claims if not claim.cancels),
        "settlements cancelled": sum(1 for claim in claims if claim.cancels),
        "faults": sum(1 for message in messages if any(problem.kind is Kind.FAULT for problem in message.problems)),
    }
    counts |= {f"messages sent by {name}": many for name, many in sorted(channels.items())}
    counts |= {f"messages {name}": many for name, many in sorted(states.items())}
    counts |= {f"repeats by {name}": many - kept[name] for name, many in sorted(channels.items())}
    settled = Counter(claim.channel for claim in claims if not claim.cancels)
    return counts | {f"settlements by {name}": many for name, many in sorted(settled.items())}


def find_in_plain_text(home: Path, town: Town) -> list[str]:
    """Citizen IDs and names of the town that stand readable in any file of the home: 'file: what'."""
    ids = {resident.citizen_id for resident in town.residents} | {stranger_id()}
    ids.add(new_citizen_id(town.parts["renumbered"]))
    names = {resident.name for resident in town.residents}
    found = []
    for file in sorted(path for path in home.rglob("*") if path.is_file()):
        content = file.read_bytes()
        found += [f"{file.name}: {id}" for id in sorted(_ids_in(content) & ids)]
        for codec in CODECS:
            found += [f"{file.name}: {name} ({codec})" for name in sorted(_names_in(content, names, codec))]
    return found


def _ids_in(content: bytes) -> set[str]:
    """Everything with the shape of a citizen ID of the area; overlapping ones too."""
    return {match[1].decode() for match in re.finditer(rb"(?=(%s\d{11}[\dX]))" % AREA.encode(), content)}


def _names_in(content: bytes, names: set[str], codec: str) -> set[str]:
    """Names of the town in a character set: all of them begin alike, so one pass finds the places to look at."""
    coded = {name.encode(codec): name for name in names}
    length, start = max(map(len, coded)), next(iter(names))[:2].encode(codec)
    places = (content[match.start() : match.start() + length] for match in re.finditer(re.escape(start), content))
    return {coded[place] for place in places if place in coded}


def ledger_lines(store: Store) -> dict[str, Fen]:
    """The trial balance: 'scheme/fund/account' → fen, debit positive."""
    return {"/".join(account): fen for account, fen in sorted(store.trial_balance().items())}
