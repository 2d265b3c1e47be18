"""Feeds found, not named: every folder of `adapters/` and every entry point of the group `gateway.adapters`."""

import importlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from gateway.contract import Adapter
from gateway.exchange.mappings import Mapping as MessageMapping
from gateway.exchange.mappings import load_mappings

ENTRY_POINTS = "gateway.adapters"


class FeedError(Exception):
    """A folder under `adapters/` that is no adapter; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class Feed:
    """An adapter with the mappings of its message types. `content_type`: of what it answers, as adapter.toml says."""

    adapter: Adapter
    mappings: Mapping[str, MessageMapping]
    content_type: str


def load_feeds(adapters: Path, mappings: Path) -> dict[str, Feed]:
    """All feeds by name. `adapters` is an importable package folder."""
    mapped = load_mappings(mappings)
    feeds: dict[str, Feed] = {}
    for module in _found(adapters):
        adapter = getattr(module, "ADAPTER", None)
        if not isinstance(adapter, Adapter):
            raise FeedError(f"{module.__name__}: ADAPTER lacks a method of gateway.contract.Adapter")
        own = {message: mapping for (feed, message), mapping in mapped.items() if feed == adapter.feed}
        feeds[adapter.feed] = Feed(adapter, own, _content_type(module))
    return feeds


def load_sender(adapters: Path, feed: str) -> Any:
    """The SENDER that a feed brings: the partner's side, for demonstrations and partners' own tests."""
    return importlib.import_module(f"{adapters.name}.{feed}.sender").SENDER


def _found(adapters: Path) -> list[ModuleType]:
    names = [f"{adapters.name}.{file.parent.name}.adapter" for file in sorted(adapters.glob("*/adapter.py"))]
    names += [point.value for point in entry_points(group=ENTRY_POINTS)]
    return [importlib.import_module(name) for name in names]


def _content_type(module: ModuleType) -> str:
    assert module.__file__, "an adapter is a file"
    file = Path(module.__file__).with_name("adapter.toml")
    try:
        about = tomllib.loads(file.read_text(encoding="utf-8"))
        return str(about["content_type"])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise FeedError(f'{file}: write content_type = "…" ({type(error).__name__})') from error
