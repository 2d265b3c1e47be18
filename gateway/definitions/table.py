"""The compact form of a package: an index of its definitions and one JSON text for each, packed and checked by hash.

A table is read back without reading its definitions; each is decoded when it is asked for. The packed form is data
alone (JSON arrays inside zlib), so a foreign or broken cache file can be refused but can do nothing.

    "GWDEF" format(1 byte) SHA-256 of the payload(32 bytes) zlib( length of the index(4 bytes) index definitions )
"""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

import msgspec

from gateway.definitions.model import CodeSystem, Package, SearchParameter, Structure, ValueSet
from gateway.kernel.problem import Kind, Problem

FORMAT: Final = 1
MAGIC: Final = b"GWDEF" + bytes([FORMAT])
MOST_BYTES: Final = 512 * 1024 * 1024

STRUCTURE, VALUE_SET, CODE_SYSTEM, SEARCH_PARAMETER = "structure", "value-set", "code-system", "search-parameter"

Definition = Structure | ValueSet | CodeSystem | SearchParameter

_RECORDS: Final[Mapping[str, type[Any]]] = MappingProxyType(
    {STRUCTURE: Structure, VALUE_SET: ValueSet, CODE_SYSTEM: CodeSystem, SEARCH_PARAMETER: SearchParameter}
)
_encoder = msgspec.json.Encoder(decimal_format="number")
_decoders: Final[Mapping[str, Callable[[memoryview], Definition]]] = MappingProxyType(
    {kind: msgspec.json.Decoder(record, float_hook=Decimal).decode for kind, record in _RECORDS.items()}
)


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """Where a definition lies in the body, and what is asked of it without decoding.

    Of a structure: `type`, `base` (canonical), `kind_of_type`, `abstract`, `derivation`; of a search parameter:
    `type` is its type, `names` the resource types it is for.
    """

    kind: str
    url: str
    version: str
    offset: int
    length: int
    type: str = ""
    base: str = ""
    kind_of_type: str = ""
    abstract: bool = False
    derivation: str = ""
    names: tuple[str, ...] = ()


class _Index(msgspec.Struct, frozen=True, array_like=True):
    package: Package
    entries: tuple[Entry, ...]
    problems: tuple[tuple[Kind, str, str, str, str], ...] = ()


class Table(msgspec.Struct, frozen=True):
    """A package as its compact table. `problems`: files of the package that could not be used, as data."""

    package: Package
    entries: tuple[Entry, ...]
    body: bytes
    problems: tuple[Problem, ...] = ()

    def decode(self, entry: Entry) -> Definition:
        """The definition at an entry. msgspec.MsgspecError: the body is not what the index says."""
        return _decoders[entry.kind](memoryview(self.body)[entry.offset : entry.offset + entry.length])


def make_table(package: Package, definitions: Iterable[Definition], problems: Iterable[Problem] = ()) -> Table:
    """A table of definitions in their order."""
    parts: list[bytes] = []
    entries: list[Entry] = []
    offset = 0
    for each in definitions:
        text = _encoder.encode(each)
        entries.append(_entry(each, offset, len(text)))
        parts.append(text)
        offset += len(text)
    return Table(package, tuple(entries), b"".join(parts), tuple(problems))


def pack(table: Table) -> bytes:
    """The bytes of a cache file."""
    payload = _payload(table)
    return b"".join((MAGIC, hashlib.sha256(payload).digest(), zlib.compress(payload, 9)))


def unpack(data: bytes) -> Table | None:
    """The table in the bytes of a cache file; None when they are of another format, cut off or changed."""
    start = len(MAGIC) + 32
    if not data.startswith(MAGIC):
        return None
    try:
        inflate = zlib.decompressobj()
        payload = inflate.decompress(memoryview(data)[start:], MOST_BYTES)
    except zlib.error:
        return None
    if not inflate.eof or hashlib.sha256(payload).digest() != data[len(MAGIC) : start]:
        return None
    cut = 4 + int.from_bytes(payload[:4], "big")
    try:
        index = msgspec.json.decode(payload[4:cut], type=_Index)
    except msgspec.MsgspecError:
        return None
    return Table(index.package, index.entries, payload[cut:], tuple(Problem(*each) for each in index.problems))


def digest(data: bytes) -> str:
    """SHA-256 (hex) of the payload that a packed table says it has: equal for equal content, however compressed."""
    return data[len(MAGIC) : len(MAGIC) + 32].hex()


def _payload(table: Table) -> bytes:
    problems = tuple((p.kind, p.code, p.path, p.en, p.zh) for p in table.problems)
    index = _encoder.encode(_Index(table.package, table.entries, problems))
    return b"".join((len(index).to_bytes(4, "big"), index, table.body))


def _entry(each: Definition, offset: int, length: int) -> Entry:
    match each:
        case Structure():
            return Entry(
                STRUCTURE,
                each.url,
                each.version,
                offset,
                length,
                type=each.type,
                base=each.base,
                kind_of_type=each.kind,
                abstract=each.abstract,
                derivation=each.derivation,
            )
        case SearchParameter():
            return Entry(SEARCH_PARAMETER, each.url, each.version, offset, length, type=each.type, names=each.base)
        case ValueSet():
            return Entry(VALUE_SET, each.url, each.version, offset, length)
        case CodeSystem():
            return Entry(CODE_SYSTEM, each.url, each.version, offset, length)
