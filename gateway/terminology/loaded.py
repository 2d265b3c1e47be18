"""Code systems loaded from files: what is kept beside their concepts, and how a version is made ready for use."""

import zlib
from collections.abc import Iterator
from dataclasses import replace
from threading import Lock

import msgspec

from gateway.store.concepts import Concepts, LoadedVersion
from gateway.terminology.concept import ZH, Concept, Property
from gateway.terminology.packed import Packed
from gateway.terminology.system import CodeSystem


class Header(msgspec.Struct, frozen=True):
    """What a loaded version says of itself; a shipped system of the same url says the rest."""

    id: str
    title: str = ""
    language: str = ZH
    content: str = "complete"
    properties: tuple[Property, ...] = ()
    source: str = ""


_encode = msgspec.json.Encoder().encode
_read_header = msgspec.json.Decoder(Header).decode
_read_chunk = msgspec.json.Decoder(list[Concept]).decode


def write_chunk(concepts: list[Concept]) -> bytes:
    """Concepts as the store keeps them."""
    return zlib.compress(_encode(concepts), 6)


def read_chunk(content: bytes) -> list[Concept]:
    """The concepts of a chunk."""
    return _read_chunk(zlib.decompress(content))


def write_header(header: Header) -> bytes:
    """A header as the store keeps it."""
    return _encode(header)


class Loaded:
    """A loaded version; owns its concepts once somebody asked for them (about two seconds for 200,000)."""

    def __init__(self, found: LoadedVersion, store: Concepts, base: CodeSystem | None) -> None:
        self.found = found
        self.header = _read_header(found.header)
        self._store = store
        self._base = base
        self._lock = Lock()
        self._made: CodeSystem | None = None

    @property
    def id(self) -> str:
        """Of its resource: that of the shipped system, where there is one."""
        return self._base.id if self._base is not None else self.header.id

    def system(self) -> CodeSystem:
        """The system with its concepts."""
        with self._lock:
            if self._made is None:
                self._made = self._make(Packed(self._concepts()))
            return self._made

    def described(self) -> CodeSystem:
        """The system without its concepts, for its resource."""
        return self._make(Packed(()))

    def _concepts(self) -> Iterator[Concept]:
        for chunk in self._store.chunks(self.found.url, self.found.version):
            yield from read_chunk(chunk)

    def _make(self, concepts: Packed) -> CodeSystem:
        header = self.header
        if self._base is not None:
            properties = {each.code: each for each in (*self._base.properties, *header.properties)}
            return replace(
                self._base,
                version=self.found.version,
                concepts=concepts,
                content=header.content,
                properties=tuple(properties.values()),
                note=header.source or self._base.note,
                hierarchy="is-a",
                loaded=True,
            )
        return CodeSystem(
            url=self.found.url,
            id=header.id,
            version=self.found.version,
            title={"zh": header.title or header.id},
            concepts=concepts,
            content=header.content,
            language=header.language,
            properties=header.properties,
            note=header.source,
            hierarchy="is-a",
            loaded=True,
        )
