"""What `gateway validate` reads: files, NDJSON, Bundles, folders and the input stream, one resource after another."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from gateway.definitions.types import Types
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.validation.issue import Finding
from gateway.validation.read_json import Text, read_json
from gateway.validation.read_xml import read_xml

SUFFIXES: Final = frozenset({".json", ".ndjson", ".xml"})
STDIN: Final = "-"


class Input(NamedTuple):
    """One resource. `name`: file, with the line of NDJSON; `value` None: it cannot be read; `wrong`: of the text."""

    name: str
    value: Any
    wrong: list[Finding]


def files_of(named: Iterable[str]) -> list[str]:
    """The files to read: those named, and those of FHIR in folders named, in order. Refusal: file-not-found."""
    found: list[str] = []
    for each in named:
        path = Path(each)
        if each == STDIN or path.is_file():
            found.append(each)
        elif path.is_dir():
            found += sorted(str(file) for file in path.rglob("*") if file.is_file() and file.suffix.lower() in SUFFIXES)
        else:
            raise Refusal(_not_found(each))
    return found


def read_inputs(files: Iterable[str], types: Types) -> Iterator[Input]:
    """The resources of each file. Refusal: file-unreadable."""
    for file in files:
        body = _read(file)
        if file.lower().endswith(".ndjson"):
            for number, line in enumerate(body.splitlines(), 1):
                if line.strip():
                    yield Input(f"{file}:{number}", *read_json(line))
        else:
            yield Input("stdin" if file == STDIN else file, *read_any(body, types))


def read_any(body: bytes, types: Types) -> Text:
    """The resource of a text: XML where it starts as XML does, else JSON."""
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return read_xml(body, types) if start == b"<" else read_json(body)


def _read(file: str) -> bytes:
    if file == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise Refusal(_unreadable(file, error.strerror or "it cannot be opened")) from None


def _not_found(name: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "file-not-found",
        name,
        "there is no such file or folder: correct the name",
        "文件或文件夹不存在:请更正名称",
    )


def _unreadable(name: str, reason: str) -> Problem:
    return Problem(
        Kind.UNAVAILABLE, "file-unreadable", name, f"the file cannot be read ({reason})", f"文件无法读取({reason})"
    )
