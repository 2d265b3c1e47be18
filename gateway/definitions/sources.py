"""Where packages are found: folders of .tgz files, FHIR package caches, registries when asked; the compiled cache.

Reads files; opens no connection (see `registry`).
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.definitions.files import package_files, package_folder
from gateway.definitions.package import compile_package
from gateway.definitions.table import Table, pack, unpack
from gateway.definitions.versions import best, order

REGISTRIES: Final = ("https://packages.fhir.org", "https://packages.simplifier.net")

_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._\-]{0,126}[A-Za-z0-9_])?", re.ASCII)
_VERSION = re.compile(r"[A-Za-z0-9*](?:[A-Za-z0-9.+\-*]{0,62}[A-Za-z0-9*])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sources:
    """`folders`: of .tgz files or unpacked packages; `caches`: laid out name#version/package; asked in this order.

    `registries`: base urls, asked last and only when given. `compiled`: folder for compiled tables and for what a
    registry gave; None: nothing is kept.
    """

    folders: tuple[Path, ...] = ()
    caches: tuple[Path, ...] = ()
    registries: tuple[str, ...] = ()
    compiled: Path | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A package that is there, not yet read."""

    name: str
    version: str
    path: Path


def sources_from(environ: Mapping[str, str], home: Path, *, registries: tuple[str, ...] = ()) -> Sources:
    """What a machine has: FHIR_PACKAGE_DIR (folders, separated as PATH is), ~/.fhir/packages, the user's cache."""
    folders = tuple(Path(each) for each in environ.get("FHIR_PACKAGE_DIR", "").split(os.pathsep) if each)
    return Sources(folders, (home / ".fhir" / "packages",), registries, cache_folder(environ, home))


def cache_folder(environ: Mapping[str, str], home: Path) -> Path:
    """The folder for compiled tables: below XDG_CACHE_HOME, LOCALAPPDATA, or what the system has for caches."""
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        if environ.get(name):
            return Path(environ[name]) / "medical-insurance-gateway" / "definitions"
    mac = home / "Library" / "Caches"
    return (mac if mac.is_dir() else home / ".cache") / "medical-insurance-gateway" / "definitions"


def is_name(name: str, version: str) -> bool:
    """Whether a package may be called so; what is not, is never made into a path or a url."""
    return _NAME.fullmatch(name) is not None and _VERSION.fullmatch(version) is not None and ".." not in name + version


def find_package(name: str, version: str, sources: Sources) -> Found | None:
    """The package of that version on this machine; "4.0.x" and "latest": the newest that fits.

    "dev" is also satisfied by "current", and both, where there is no such build, by the newest release that is there.
    """
    if not is_name(name, version):
        return None
    there = {found.version: found for found in reversed(_there(name, sources))}
    for exact in (version, *(("current",) if version == "dev" else ())):
        if exact in there:
            return there[exact]
    moving = version in ("current", "dev")
    chosen = best(there, "latest" if moving else version)
    if chosen is None and moving and there:
        chosen = max(there, key=order)
    return there[chosen] if chosen else None


def load_package(path: Path, *, compiled: Path | None = None) -> Table:
    """A package from a .tgz or a folder, from its compiled table where that is kept, else compiled and kept.

    Refusal: package-not-found, package-unreadable, package-unsafe, package-too-large, no-package-json,
    bad-package-json, package-not-r4.
    """
    if compiled is None:
        return compile_package(package_files(path), path.name)
    mark = fingerprint(path)
    kept = _kept(compiled, mark)
    if kept is not None:
        return kept
    table = compile_package(package_files(path), path.name)
    if is_name(table.package.name, table.package.version):
        write_whole(compiled / f"{table.package.id}-{mark}.table", pack(table))
    return table


def fingerprint(path: Path) -> str:
    """SHA-256 (hex) of the content of a .tgz, or of the names and contents of the files of a folder."""
    if path.is_file():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    sums = hashlib.sha256()
    for file in package_files(path):
        sums.update(f"{file.folder}/{file.name}\0{len(file.content)}\0".encode())
        sums.update(file.content)
    return sums.hexdigest()


def write_whole(path: Path, content: bytes) -> bool:
    """Write a file so that others see all of it or nothing; False where the folder cannot be written to."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".writing-", delete=False) as stream:
            stream.write(content)
        os.replace(stream.name, path)
    except OSError:
        return False
    return True


def _there(name: str, sources: Sources) -> list[Found]:
    """Every version of a package on this machine, in the order in which places are asked."""
    found: list[Found] = []
    downloads = (sources.compiled / "packages",) if sources.compiled else ()
    for folder in (*sources.folders, *sources.caches, *downloads):
        if not folder.is_dir():
            continue
        for path in sorted(folder.iterdir()):
            version = _version_of(path, name)
            if version and (path.is_file() or package_folder(path)):
                found.append(Found(name, version, path))
    return found


def _version_of(path: Path, name: str) -> str:
    """The version in name#version.tgz, name-version.tgz or the folder name#version; '' where it is another package."""
    text = path.name.removesuffix(".tgz")
    if text == path.name and path.is_file():
        return ""
    for sign in ("#", "-", "@"):
        if text.startswith(name + sign):
            version = text[len(name) + 1 :]
            return version if _VERSION.fullmatch(version) else ""
    return ""


def _kept(compiled: Path, mark: str) -> Table | None:
    """The compiled table of a fingerprint; None where there is none or it is broken, so that it is made again."""
    for path in sorted(compiled.glob(f"*-{mark}.table")):
        try:
            table = unpack(path.read_bytes())
        except OSError:
            continue
        if table is not None:
            return table
    return None
