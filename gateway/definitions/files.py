"""The files of a package, from a .tgz or a folder, read with limits; nothing is ever unpacked to disk.

This and `loader` are the only modules of the room that touch files. A tar file is read as a stream: sizes are checked
before contents are read, and a hostile archive (links, paths that lead outside, bombs) is refused.
"""

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from gateway.definitions import problems as wrong
from gateway.definitions.package import MANIFEST, ROOT, File
from gateway.kernel.problem import Refusal

MOST_FILES: Final = 50_000
MOST_BYTES_A_FILE: Final = 64 * 1024 * 1024
MOST_BYTES: Final = 512 * 1024 * 1024


class _Bytes(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Limited:
    """A stream that ends with an error after so many bytes, so that a header may not ask for more memory."""

    def __init__(self, stream: _Bytes, left: int) -> None:
        self._stream = stream
        self._left = left

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise _TooMuch
        return data


class _TooMuch(Exception):
    """More bytes than the limit."""


def package_files(path: Path) -> Iterator[File]:
    """Every file of a package, folders as in the npm layout ("package", "package/example" …).

    `path`: a .tgz file, a folder that holds `package/`, or such a folder itself. Refusal: package-not-found,
    package-unreadable, package-unsafe, package-too-large.
    """
    if path.is_dir():
        return _folder(path)
    if path.is_file():
        return _archive(path)
    raise Refusal(wrong.package_not_found(path.name))


def package_folder(path: Path) -> Path | None:
    """The folder with package.json: `path` itself or `path/package`; None when neither has it."""
    return next((each for each in (path / ROOT, path) if (each / MANIFEST).is_file()), None)


def _archive(path: Path) -> Iterator[File]:
    try:
        with gzip.open(path, "rb") as stream:
            limited = _Limited(stream, MOST_BYTES)
            with tarfile.open(fileobj=limited, mode="r|") as archive:  # type: ignore[call-overload]
                yield from _members(archive, path.name)
    except _TooMuch:
        raise Refusal(wrong.too_large(path.name, f"{MOST_BYTES} bytes")) from None
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, OverflowError, MemoryError) as error:
        raise Refusal(wrong.unreadable(path.name, str(error) or type(error).__name__)) from None


def _members(archive: tarfile.TarFile, path: str) -> Iterator[File]:
    total = 0
    for count, member in enumerate(archive, 1):
        where = PurePosixPath(member.name.replace("\\", "/"))
        if ".." in where.parts or where.is_absolute() or not (member.isfile() or member.isdir()):
            raise Refusal(wrong.unsafe(path, member.name))
        total += member.size
        if count > MOST_FILES:
            raise Refusal(wrong.too_large(path, f"{MOST_FILES} files"))
        if member.size > MOST_BYTES_A_FILE or total > MOST_BYTES:
            raise Refusal(wrong.too_large(path, f"{MOST_BYTES_A_FILE} bytes a file, {MOST_BYTES} in all"))
        if member.isfile():
            content = archive.extractfile(member)
            assert content is not None, "a plain file"
            yield File(where.parent.as_posix(), where.name, content.read())


def _folder(path: Path) -> Iterator[File]:
    root = package_folder(path)
    if root is None:
        raise Refusal(wrong.no_package_json(path.name))
    total = 0
    for count, each in enumerate(sorted(root.rglob("*")), 1):
        if count > MOST_FILES:
            raise Refusal(wrong.too_large(path.name, f"{MOST_FILES} files"))
        if not each.is_file():
            continue
        if not each.resolve().is_relative_to(root.resolve()):
            raise Refusal(wrong.unsafe(path.name, each.name))
        total += each.stat().st_size
        if each.stat().st_size > MOST_BYTES_A_FILE or total > MOST_BYTES:
            raise Refusal(wrong.too_large(path.name, f"{MOST_BYTES_A_FILE} bytes a file, {MOST_BYTES} in all"))
        where = PurePosixPath(ROOT, *each.relative_to(root).parts)
        try:
            yield File(where.parent.as_posix(), where.name, each.read_bytes())
        except OSError as error:
            raise Refusal(wrong.unreadable(path.name, error.strerror or "the file cannot be opened")) from None
