"""The tables of `tables/`, loaded once: structures, fields and data types of each version we speak."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec


class FieldRow(NamedTuple):
    """Data type and cardinality of one field; `most` -1 is unbounded, 0 a withdrawn field."""

    type: str
    least: int
    most: int


class Part(NamedTuple):
    """One node of a message structure: a segment, or a group when it has parts."""

    name: str
    least: int
    most: int
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """The tables of one version."""

    structures: dict[str, tuple[Part, ...]]
    segments: dict[str, tuple[FieldRow, ...]]
    types: dict[str, tuple[str, ...]]


TABLE_OF_VERSION = {
    "2.6": "2.6",
    "2.7": "2.7",
    "2.7.1": "2.7",
    "2.8": "2.8",
    "2.8.1": "2.8",
    "2.8.2": "2.8.2",
}
"""Versions a sender may put in MSH-12, and the table each is checked by."""

NEWEST = "2.8.2"


@cache
def load(version: str) -> Reference:
    """The tables for an MSH-12 value that `TABLE_OF_VERSION` knows."""
    file = resources.files("adapters.hl7v2") / "tables" / f"{TABLE_OF_VERSION[version]}.json"
    return msgspec.json.decode(file.read_bytes(), type=Reference)
