"""Where and how partners reach the gateway, and what a counter of theirs is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from gateway.api.serve import Addresses
from gateway.demo.care import Care
from gateway.demo.home import Access
from gateway.demo.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Site:
    """Where the gateway listens, how partners prove themselves, the senders by feed, the time, and running numbers.

    `sent`: the channel of every message that was sent; a file counts itself and each of its records.
    """

    addresses: Addresses
    access: Access
    senders: Mapping[str, Any]
    clock: Callable[[], datetime]
    numbers: Iterator[int]
    sent: list[str]


class Counter(Protocol):
    """A connection of one institution over one channel. Close it."""

    channel: str

    def submit(self, care: Care) -> Outcome:
        """Try the treatment, then settle it; the outcome ends at the first refusal."""
        ...

    def close(self) -> None: ...
