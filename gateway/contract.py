"""What an adapter is: the only public seam.

A feed is a folder `adapters/<feed>/` with `adapter.py`, `adapter.toml` and samples; the rows that cannot compute are
`mappings/<feed>/<message type>.yaml`. The core frames (channel), asks the adapter for the key, opens the message, has
it decoded, walks the mapping into FHIR, decides, walks the answer rows back into a tree and has the adapter encode it.

Everything an adapter refuses it raises as `gateway.kernel.problem.Refusal`, with every problem it found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias, runtime_checkable

from gateway.kernel.problem import Problem

Tree: TypeAlias = dict[str, Any]
"""Nested dicts and lists whose leaves are str, int, Decimal, bool or None: a message in the feed's own field names."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a channel hands over: the bytes as they came, the path asked for, header names in lower case."""

    body: bytes
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Key:
    """Who says it sent the message, its own id for it, and the business content that makes a repeat a repeat.

    `sender`: institution code, sending facility, account: matched against the configured partners.
    `content`: bytes that stay equal when the same business is sent again (times and sign-in numbers left out).
    """

    sender: str
    id: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A decoded message: its type names the mapping file."""

    type: str
    tree: Tree


@dataclass(frozen=True, slots=True)
class Context:
    """What an answer needs of the gateway: the instant, our own id for the message (30 characters), our area."""

    now: datetime
    reference: str
    area: str


@runtime_checkable
class Adapter(Protocol):
    """One object per feed, named `ADAPTER` in `adapters/<feed>/adapter.py`. Pure: bytes and values, no I/O."""

    feed: str

    def read_key(self, incoming: Incoming) -> Key:
        """The key alone, as cheaply as possible. Refusal when the bytes are not this feed's at all."""
        ...

    def check_proof(self, incoming: Incoming, *, secret: str, now: datetime) -> list[Problem]:
        """Problems with the sender's signature, given the partner's secret; [] for feeds that sign nothing."""
        ...

    def decode(self, incoming: Incoming) -> Message:
        """The whole message as a tree. Refusal with every structural problem: missing, too long, wrong type."""
        ...

    def encode(self, message: Message, answer: Tree, context: Context) -> bytes:
        """The answer in the sender's own format; `answer` is what the mapping's answer rows made."""
        ...

    def refuse(self, incoming: Incoming, problems: Sequence[Problem], context: Context) -> bytes:
        """The refusal in the sender's own format; must work for bytes that could not be read at all."""
        ...


@runtime_checkable
class FileAdapter(Adapter, Protocol):
    """A feed whose files hold many messages: each record is accepted, kept and refused on its own."""

    def split(self, incoming: Incoming) -> Sequence[Incoming]:
        """The records of a file in order, each readable by the other methods. Refusal when the file is unusable."""
        ...

    def report(self, incoming: Incoming, replies: Sequence[bytes], context: Context) -> bytes:
        """The answer to the file: counts, and each refused record with its reason."""
        ...


@runtime_checkable
class Acknowledger(Adapter, Protocol):
    """A feed whose protocol acknowledges apart from answering (HL7 v2 enhanced mode)."""

    def acknowledge(self, incoming: Incoming, answer: bytes, context: Context) -> Sequence[bytes]:
        """The messages to send back for a committed answer, in order: none, an acknowledgement, the answer, or both."""
        ...


class Sender(Protocol):
    """The partner's side of a feed, for the demo and partners' tests: `SENDER` in `adapters/<feed>/sender.py`."""

    feed: str
