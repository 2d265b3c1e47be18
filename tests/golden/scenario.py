"""A scenario folder played: `given.yaml` says who is there, `NN-name.in` is sent in order, the answers come back.

Nothing here knows a feed: how a message goes in follows from what its adapter can do, who may send it from what its
mappings ask for.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import yaml

from gateway.contract import Acknowledger, FileAdapter, Incoming
from gateway.exchange.exchange import Exchange
from gateway.exchange.feeds import Feed
from gateway.exchange.translate import to_fhir
from gateway.fhir.json import encode
from gateway.kernel.problem import Refusal
from gateway.security.allow import OPERATIONS
from gateway.security.partners import Partner, Role
from tests.golden.world import ADAPTERS, Citizen, Shared, open_world, settle_in

PLACEHOLDER = re.compile(rb'"\$\{(\d\d)\.([A-Za-z0-9_.\[\]]+)\}"')
BETWEEN_FRAMES = b"\x1c\r\x0b"
"""How MLLP separates two messages on the wire: an answer file holds what is sent without the outermost frame."""


@dataclass(frozen=True, slots=True)
class Given:
    """What given.yaml says. `expect`: for each file, what its author expects of it."""

    feed: str
    policy: str
    day: date
    sender: str
    institution: str
    citizens: tuple[Citizen, ...]
    expect: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Played:
    """One message and what came of it. `fhir`: what its mapping made, b'' for nothing; `codes`: of its refusals."""

    name: str
    answer: bytes
    fhir: bytes
    codes: frozenset[str]


def scenarios() -> list[Path]:
    """Every scenario of every adapter."""
    return sorted(path.parent for path in ADAPTERS.glob("*/samples/*/given.yaml"))


def read_given(folder: Path, feed: Feed) -> Given:
    """given.yaml. People of a feed that collects contributions have not paid yet, unless `insured: true` is said."""
    said = yaml.safe_load((folder / "given.yaml").read_text("utf-8"))
    collecting = role_of(feed) is Role.BANK
    citizens = (
        Citizen(each["citizen_id"], each["name"], each.get("insured", not collecting)) for each in said["persons"]
    )
    return Given(
        feed=feed.adapter.feed,
        policy=said["policy"],
        day=date.fromisoformat(said["day"]),
        sender=said.get("sender") or said["institution"],
        institution=said.get("institution", ""),
        citizens=tuple(citizens),
        expect=said["expect"],
    )


def role_of(feed: Feed) -> Role:
    """The one role that may do everything the mappings of a feed ask for."""
    asked = {mapping.operation for mapping in feed.mappings.values() if mapping.operation}
    return next(role for role, allowed in OPERATIONS.items() if asked <= allowed)


def play(folder: Path, shared: Shared, place: Path) -> list[Played]:
    """Every message of a scenario, in order, on a gateway of its own in the empty folder `place`."""
    feed = shared.feeds[folder.parents[1].name]
    given = read_given(folder, feed)
    names = {given.feed: frozenset({given.sender})}
    sender = Partner(given.sender, role_of(feed), given.sender, institution=given.institution, names=names)
    area = shared.book.policies[given.policy].policy.area
    exchange = open_world(place, shared, area=area, day=given.day, partners=[sender])
    try:
        settle_in(exchange, given.citizens, on=given.day)
        return _play(folder, exchange, feed, sender)
    finally:
        exchange.store.close()


def expected_codes(expect: Any) -> frozenset[str]:
    """The codes in an expectation: 'accepted', a list of codes, a list for each record, or {refused: codes}."""
    match expect:
        case "accepted":
            return frozenset()
        case str(code):
            return frozenset({code})
        case {"refused": codes}:
            return expected_codes(codes)
        case _:
            return frozenset().union(*map(expected_codes, expect))


def _play(folder: Path, exchange: Exchange, feed: Feed, sender: Partner) -> list[Played]:
    answers: dict[str, bytes] = {}
    played = []
    last = ""
    for path in sorted(folder.glob("*.in")):
        incoming = Incoming(_filled(path.read_bytes(), answers))
        answers[path.name[:2]] = answer = _send(exchange, feed, incoming, sender)
        records = exchange.store.messages(after=last or None, limit=1000)
        last = records[-1].id if records else last
        codes = frozenset(problem.code for record in records for problem in record.problems)
        played.append(Played(path.stem, answer, _translated(feed, incoming), codes))
    return played


def _send(exchange: Exchange, feed: Feed, incoming: Incoming, sender: Partner) -> bytes:
    adapter = feed.adapter
    if isinstance(adapter, FileAdapter):
        return exchange.accept_file(adapter.feed, incoming, proven=sender).body
    if isinstance(adapter, Acknowledger):
        return BETWEEN_FRAMES.join(asyncio.run(exchange.accept_framed(adapter.feed, incoming.body)))
    return exchange.accept(adapter.feed, incoming).result().body


def _filled(body: bytes, answers: Mapping[str, bytes]) -> bytes:
    """A request with the values of earlier answers in the places that name them: `"${02.output.data.mdtrt_id}"`."""

    def value(found: re.Match[bytes]) -> bytes:
        node: Any = msgspec.json.decode(answers[found[1].decode()], type=msgspec.Raw)
        for step in re.findall(rb"[A-Za-z0-9_]+", found[2]):
            node = msgspec.json.decode(node, type=list[msgspec.Raw] if step.isdigit() else dict[str, msgspec.Raw])
            node = node[int(step)] if step.isdigit() else node[step.decode()]
        return bytes(node)

    return PLACEHOLDER.sub(value, body)


def _translated(feed: Feed, incoming: Incoming) -> bytes:
    """What the mappings make of a message, or of each record of a file, as a Bundle; b'' when nothing can be read."""
    resources: list[dict[str, Any]] = []
    for each in _records(feed, incoming):
        try:
            message = feed.adapter.decode(each)
            resources += to_fhir(feed.mappings[message.type], message.tree)
        except (Refusal, KeyError):
            continue
    if not resources:
        return b""
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]}
    return msgspec.json.format(encode(bundle), indent=2) + b"\n"


def _records(feed: Feed, incoming: Incoming) -> Sequence[Incoming]:
    if not isinstance(feed.adapter, FileAdapter):
        return [incoming]
    try:
        return feed.adapter.split(incoming)
    except Refusal:
        return []
