"""Packages with all they depend on, as one library. What is missing is named, and the rest goes on without it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.definitions import problems as wrong
from gateway.definitions.library import Library, base_library
from gateway.definitions.sources import Found, Sources, find_package, load_package, write_whole
from gateway.definitions.table import Table
from gateway.definitions.versions import fits
from gateway.kernel.problem import Problem, Refusal

MOST_PACKAGES: Final = 200


@dataclass(frozen=True, slots=True)
class Loaded:
    """A library, the packages that were asked for (name#version), and what a caller should know but need not stop for.

    `notes`: missing-dependency, dependency-other-version, registry-unavailable, bad-definition.
    """

    library: Library
    asked: tuple[str, ...]
    notes: tuple[Problem, ...]


def load_library(wanted: Iterable[str | Path], sources: Sources, *, base: Library | None = None) -> Loaded:
    """The base definitions with the wanted packages and all they depend on, dependencies first.

    `wanted`: a path to a .tgz or folder, or "name#version" ("name" alone: the newest). Refusal: a wanted package that
    is not there or cannot be read, as `load_package` says; a missing dependency is a note.
    """
    library = base if base is not None else base_library()
    notes: list[Problem] = []
    asked: list[Table] = [_wanted(each, sources, notes) for each in wanted]
    tables: dict[str, Table] = {}
    here = {(package.name, package.version) for package in library.packages}
    for table in asked:
        _add(table, sources, tables=tables, here=here, notes=notes)
    for table in tables.values():
        notes += table.problems
        library = library.with_package(table)
    return Loaded(library, tuple(table.package.id for table in asked), tuple(dict.fromkeys(notes)))


def _wanted(each: str | Path, sources: Sources, notes: list[Problem]) -> Table:
    path = Path(each)
    if isinstance(each, Path) or path.exists():
        return load_package(path, compiled=sources.compiled)
    name, _, version = each.partition("#")
    found = find_package(name, version or "latest", sources) or _fetch(name, version or "latest", sources, notes)
    if found is None:
        raise Refusal(wrong.package_not_found(each))
    return load_package(found.path, compiled=sources.compiled)


def _add(
    first: Table, sources: Sources, *, tables: dict[str, Table], here: set[tuple[str, str]], notes: list[Problem]
) -> None:
    """A table after its dependencies, each once; rings are left where they close."""
    waiting: list[tuple[Table, bool]] = [(first, False)]
    opened: set[str] = set()
    while waiting:
        table, ready = waiting.pop()
        package = table.package
        if ready:
            tables.setdefault(package.id, table)
            continue
        if package.id in opened or package.id in tables or len(opened) + len(tables) >= MOST_PACKAGES:
            continue
        opened.add(package.id)
        waiting.append((table, True))
        for name, version in package.dependencies:
            if not any(name == other and fits(has, version) for other, has in here):
                needed = _dependency(name, version, package.id, sources, notes)
                waiting += [(needed, False)] if needed else []


def _dependency(name: str, version: str, wanted_by: str, sources: Sources, notes: list[Problem]) -> Table | None:
    """The table of a dependency, or None with a note."""
    found = find_package(name, version, sources)
    if found is None or (found.version != version and version in ("current", "dev")):
        found = _fetch(name, version, sources, notes) or found
    if found is None:
        notes.append(wrong.missing_dependency(wanted_by, name, version))
        return None
    if not fits(found.version, version):
        notes.append(wrong.other_version(wanted_by, name, wanted=version, taken=found.version))
    try:
        return load_package(found.path, compiled=sources.compiled)
    except Refusal as refusal:
        notes.extend(refusal.problems)
        notes.append(wrong.missing_dependency(wanted_by, name, version))
        return None


def _fetch(name: str, version: str, sources: Sources, notes: list[Problem]) -> Found | None:
    """The package from the first registry that has it, kept beside the compiled tables."""
    if not sources.registries or sources.compiled is None:
        return None
    # Imported here: the client costs more than all the rest of the room, and most runs ask no registry.
    from gateway.definitions.registry import fetch_package

    for registry in sources.registries:
        try:
            fetched = fetch_package(registry, name, version)
        except Refusal as refusal:
            notes.extend(refusal.problems)
            continue
        if fetched is not None:
            chosen, content = fetched
            path = sources.compiled / "packages" / f"{name}#{chosen}.tgz"
            if write_whole(path, content):
                return Found(name, chosen, path)
    return None
