"""Versions of packages and definitions: which is newer, and which fit a wildcard ("4.0.x", "latest").

Ordered as semantic versioning 2.0.0 (section 11) says, with any number of numeric parts and texts after them.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

MOVING: Final = frozenset({"current", "dev"})

_NUMBER = re.compile(r"\d{1,18}", re.ASCII)

T = TypeVar("T")


def order(version: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts versions: 1.9.0 < 1.10.0-beta < 1.10.0."""
    release, dash, before = version.partition("+")[0].partition("-")
    parts = tuple(_part(each) for each in release.split("."))
    if dash:
        return (*parts, (-1, 0, ""), *(_part(each) for each in before.split(".")))
    return (*parts, (0, 0, ""))


def fits(version: str, wanted: str) -> bool:
    """Whether a version is one that is wanted: exactly, by "x" or "*" for its last parts, or "latest" for any."""
    if wanted in ("", "latest", "x", "*"):
        return "-" not in version
    parts = wanted.split(".")
    if parts[-1] not in ("x", "*"):
        return version == wanted
    while parts and parts[-1] in ("x", "*"):
        parts.pop()
    return "-" not in version and version.split(".")[: len(parts)] == parts


def best(versions: Iterable[str], wanted: str) -> str | None:
    """The newest of the versions that fit, or None."""
    found = [each for each in versions if fits(each, wanted)]
    return max(found, key=order) if found else None


def newest(items: Sequence[T], version_of: Callable[[T], str]) -> T:
    """The item of the newest version; of equal ones the last."""
    assert items, "there is one to choose"
    return max(reversed(items), key=lambda item: order(version_of(item)))


def _part(text: str) -> tuple[int, int, str]:
    return (1, int(text), "") if _NUMBER.fullmatch(text) else (2, 0, text)
