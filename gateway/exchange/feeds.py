"""Feeds found, not named: every folder of `adapters/` and every entry point of the group `gateway.adapters`."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from gateway.contract import Adapter
from gateway.exchange.mappings import Mapping as MessageMapping
from gateway.exchange.mappings import load_mappings

ENTRY_POINTS = "gateway.adapters"


class FeedError(Exception):
    """A folder under `adapters/` that is no adapter; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class Feed:
    """An adapter with the mappings of its message types."""

    adapter: Adapter
    mappings: Mapping[str, MessageMapping]


def load_feeds(adapters: Path, mappings: Path) -> dict[str, Feed]:
    """All feeds by name. `adapters` is an importable package folder."""
    mapped = load_mappings(mappings)
    feeds: dict[str, Feed] = {}
    for name, adapter in _found(adapters):
        if not isinstance(adapter, Adapter):
            raise FeedError(f"{name}: ADAPTER lacks a method of gateway.contract.Adapter")
        own = {message: mapping for (feed, message), mapping in mapped.items() if feed == adapter.feed}
        feeds[adapter.feed] = Feed(adapter, own)
    return feeds


def load_sender(adapters: Path, feed: str) -> Any:
    """The SENDER that a feed brings: the partner's side, for demonstrations and partners' own tests."""
    return importlib.import_module(f"{adapters.name}.{feed}.sender").SENDER


def _found(adapters: Path) -> list[tuple[str, Any]]:
    found = []
    for folder in sorted(adapters.iterdir()):
        if (folder / "adapter.py").is_file():
            module = importlib.import_module(f"{adapters.name}.{folder.name}.adapter")
            found.append((folder.name, getattr(module, "ADAPTER", None)))
    found += [(point.name, point.load()) for point in entry_points(group=ENTRY_POINTS)]
    return found
