"""Many concepts in little memory: bytes and arrays instead of objects, looked up by bisection, searched as one text.

200,000 drugs with names and properties take about 40 MB as a `Packed` and would take ten times that as objects.
Whatever is found is made a Concept when it is asked for: blocks of `BLOCK` concepts lie compressed.
"""

import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

import msgspec

from gateway.terminology.concept import Concept
from gateway.terminology.fold import fold, initials

BLOCK: Final = 32
_REMEMBERED: Final = 64
_END: Final = b"\n"
_PART: Final = "\x1f"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[Concept]).decode


class Column:
    """Texts laid end to end; `starts` has one more entry than there are texts."""

    __slots__ = ("_starts", "_whole")

    def __init__(self, texts: Iterable[bytes]) -> None:
        parts = list(texts)
        self._starts = array("I", [0])
        at = 0
        for each in parts:
            at += len(each)
            self._starts.append(at)
        self._whole = b"".join(parts)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, row: int) -> bytes:
        return self._whole[self._starts[row] : self._starts[row + 1]]

    def containing(self, text: bytes) -> Iterator[int]:
        """Rows that hold a text which cannot span two of them, in order."""
        at = self._whole.find(text)
        while at >= 0:
            row = bisect_right(self._starts, at) - 1
            yield row
            at = self._whole.find(text, self._starts[row + 1])


class Packed:
    """Concepts of one system in their order, never changed. A row is a place in that order.

    `caseless`: codes are found whatever their case. Of a code that stands twice the first row is found.
    """

    __slots__ = ("_blocks", "_codes", "_displays", "_order", "_read", "_searched", "caseless", "inactive")

    def __init__(self, concepts: Iterable[Concept], *, caseless: bool = False) -> None:
        codes: list[bytes] = []
        displays: list[bytes] = []
        searched: list[bytes] = []
        inactive: set[int] = set()
        blocks: list[bytes] = []
        waiting: list[Concept] = []
        for row, concept in enumerate(concepts):
            codes.append((concept.code.lower() if caseless else concept.code).encode())
            displays.append(concept.display.encode())
            searched.append(_searched(concept))
            if concept.inactive:
                inactive.add(row)
            waiting.append(concept)
            if len(waiting) == BLOCK:
                blocks.append(zlib.compress(_encode(waiting), 6))
                waiting = []
        if waiting:
            blocks.append(zlib.compress(_encode(waiting), 6))
        self.caseless = caseless
        self.inactive = frozenset(inactive)
        self._order = array("I", sorted(range(len(codes)), key=codes.__getitem__))
        self._codes = Column(codes)
        self._displays = Column(displays)
        self._searched = Column(searched)
        self._blocks = tuple(blocks)
        self._read = lru_cache(_REMEMBERED)(self._block)

    def __len__(self) -> int:
        return len(self._codes)

    def __iter__(self) -> Iterator[Concept]:
        for block in self._blocks:
            yield from _decode(zlib.decompress(block))

    def row(self, code: str) -> int:
        """The row of a code, -1 where there is none."""
        wanted = (code.lower() if self.caseless else code).encode("utf-8", "surrogatepass")
        at = bisect_left(self._order, wanted, key=self._codes.__getitem__)
        if at == len(self._order):
            return -1
        row = self._order[at]
        return row if self._codes[row] == wanted else -1

    def find(self, code: str) -> Concept | None:
        """The concept of a code, None where there is none."""
        row = self.row(code)
        return self.at(row) if row >= 0 else None

    def at(self, row: int) -> Concept:
        """The concept of a row."""
        return self._read(row // BLOCK)[row % BLOCK]

    def display(self, row: int) -> str:
        """The display of a row, without opening its block."""
        return self._displays[row].decode()

    def code(self, row: int) -> str:
        """The code of a row, without opening its block (except where case does not matter)."""
        return self.at(row).code if self.caseless else self._codes[row].decode()

    def matching(self, words: Sequence[str]) -> Iterator[int]:
        """Rows whose code, names or pinyin initials hold every one of the folded words, in order."""
        asked = sorted((each.encode("utf-8", "surrogatepass") for each in words), key=len)
        if not asked:
            yield from range(len(self))
            return
        longest, others = asked[-1], asked[:-1]
        for row in self._searched.containing(longest):
            if not others or all(each in self._searched[row] for each in others):
                yield row

    def _block(self, number: int) -> list[Concept]:
        return _decode(zlib.decompress(self._blocks[number]))


def words_of(filter: str) -> tuple[str, ...]:
    """A filter as the folded words that all must be there."""
    return tuple(fold(filter).split())


def _searched(concept: Concept) -> bytes:
    texts = [concept.code, concept.display, *(text for _, text in concept.designations)]
    text = _PART.join([*(fold(each) for each in texts), initials("".join(texts[1:]))])
    return text.replace("\n", " ").encode("utf-8", "surrogatepass") + _END
