"""Where a figure comes from, and words in both languages."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Wording:
    """The same words for both readers."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Policy, version (content hash), path in its file, first day in force, the cited words, our reading of them."""

    policy: str
    version: str
    path: str
    from_on: date
    source: str
    reading: str
