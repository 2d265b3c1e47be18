"""Loads a catalogue into the store: read twice, written in chunks, seen by nobody until it is whole.

The first reading finds everything wrong, so that nothing of a broken file is kept. A load that was interrupted goes on
behind the chunks that are there; the version applies from one commit on.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.store.concepts import Concepts, LoadState
from gateway.terminology.concept import Concept
from gateway.terminology.loaded import Header, write_chunk, write_header
from gateway.terminology.read_file import Table, read_concepts
from gateway.terminology.structure import Form

CHUNK: Final = 5000
_SHOWN: Final = 5


class Report(NamedTuple):
    """What a load did. `odd`: codes that are not built as the system's structure says, a few of them shown.

    `resumed`: chunks that an interrupted load had left; `repeated`: the very version was there already.
    """

    concepts: int
    inactive: int
    odd: int
    examples: tuple[str, ...] = ()
    resumed: int = 0
    repeated: bool = False


Told = Callable[[int], None]
"""Is told how many concepts are read or written so far."""


def load(
    store: Concepts, table: Table, url: str, version: str, header: Header, *, form: Form | None, told: Told
) -> Report:
    """Load a file as a version of a system and let it apply.

    Refusal: what `read_concepts` finds; catalogue-version when another file was loaded as this version before.
    """
    before = [each for each in store.versions() if (each.url, each.version) == (url, version)]
    done = bool(before) and before[0].state != LoadState.LOADING
    if done and before[0].digest != table.digest:
        raise Refusal(_other_file(version))
    report = _checked(table, form, told)
    if done:
        return report._replace(repeated=True)

    there = store.begin(url, version, digest=table.digest, header=write_header(header))
    chunks = 0
    for number, concepts in enumerate(_chunked(read_concepts(table))):
        if number not in there:
            store.keep(url, version, number, write_chunk(concepts))
        chunks = number + 1
        told(min(chunks * CHUNK, report.concepts))
    store.switch(url, version, concepts=report.concepts, chunks=chunks)
    return report._replace(resumed=len(there))


def _checked(table: Table, form: Form | None, told: Told) -> Report:
    """The file read once for what is wrong with it, and counted."""
    count = inactive = 0
    odd: list[str] = []
    odd_count = 0
    for count, each in enumerate(read_concepts(table), 1):
        inactive += each.inactive
        if form is not None and not form.holds(each.code):
            odd_count += 1
            odd += [each.code] * (len(odd) < _SHOWN)
        if count % CHUNK == 0:
            told(count)
    return Report(count, inactive, odd_count, tuple(odd))


def _chunked(concepts: Iterator[Concept]) -> Iterator[list[Concept]]:
    while part := list(islice(concepts, CHUNK)):
        yield part


def _other_file(version: str) -> Problem:
    return Problem(
        Kind.CONFLICT,
        "catalogue-version",
        "version",
        f"another file was loaded as version {version[:40]}: give this one another version",
        f"版本 {version[:40]} 已由另一文件加载:请使用新的版本号",
    )
