"""The definitions that answers must meet: base R4, and the guides that are named or lie in the project."""

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from gateway.definitions.library import Library
from gateway.definitions.loader import load_library
from gateway.definitions.sources import sources_from
from gateway.kernel.problem import Refusal

OURS = Path(__file__).parent.parent / "profiles" / "package"


class GuideError(Exception):
    """A guide that is not there or cannot be read."""


def load_guide(named: Sequence[str] | None) -> Library:
    """Base R4 with the packages named; with none named, that of this project where it lies. GuideError."""
    return _loaded(tuple(named or ()))


@lru_cache
def _loaded(named: tuple[str, ...]) -> Library:
    wanted: list[str | Path] = [*named] if named else [OURS] if (OURS / "package.json").exists() else []
    try:
        return load_library(wanted, sources_from(os.environ, Path.home())).library
    except Refusal as refusal:
        raise GuideError("; ".join(each.en for each in refusal.problems)) from None
