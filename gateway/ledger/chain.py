"""The hash chain over the books: what a row is as text, and how a batch of rows is linked to the one before.

A line joins the fields of a row by U+001F, a text joins lines by U+001E. No field of a row that was booked holds either
(the store refuses them), and the number of rows is part of the link: so no other rows make the same text. A chain names
its area and begins with a link of its own, and each link names its number: nothing can be taken from another place.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

FIELD, LINE = "\x1f", "\x1e"


def joined(rows: Iterable[Sequence[str | int]]) -> bytes:
    """The canonical text of rows, in their order."""
    return LINE.join(FIELD.join(map(str, row)) for row in rows).encode()


def ledger_hash(lines: Iterable[Sequence[str | int]]) -> str:
    """64 hexadecimal digits over the lines of an exported ledger, each with a U+001E behind it."""
    digest = sha256()
    for line in lines:
        digest.update(joined((line,)) + LINE.encode())
    return digest.hexdigest()


def genesis(area: str) -> bytes:
    """The link before the first: 32 bytes."""
    return sha256(f"ledger{FIELD}{area}".encode()).digest()


def link(
    previous: bytes, *, number: int, last_seq: int, postings: bytes, movements: bytes, counts: tuple[int, int]
) -> bytes:
    """The link over a batch: 32 bytes. `postings`, `movements`: their canonical texts; `counts`: how many rows each."""
    head = FIELD.join(map(str, (number, last_seq, *counts))).encode()
    return sha256(previous + head + b"\n" + sha256(postings).digest() + sha256(movements).digest()).digest()
