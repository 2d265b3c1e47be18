"""The definitions of several packages together, found by canonical, version or type; decoded when asked for.

A library is a value: adding a package makes another one. Of a canonical without a version the package that was added
last wins, within a package the newest version.
"""

from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from importlib.resources import files
from typing import Final

from gateway.definitions import problems as wrong
from gateway.definitions.model import CodeSystem, Package, SearchParameter, Structure, ValueSet
from gateway.definitions.table import (
    CODE_SYSTEM,
    SEARCH_PARAMETER,
    STRUCTURE,
    VALUE_SET,
    Definition,
    Entry,
    Table,
    unpack,
)
from gateway.definitions.types import COMPLEX, PRIMITIVE, RESOURCE, Head, Types
from gateway.definitions.versions import newest
from gateway.kernel.problem import Refusal

CORE: Final = "http://hl7.org/fhir/StructureDefinition/"

_Place = tuple[Table, Entry]


class Library:
    """Immutable to those who ask; what was decoded is kept."""

    def __init__(self, tables: Iterable[Table] = ()) -> None:
        self._tables: tuple[Table, ...] = tuple(tables)
        self._places: dict[tuple[str, str], list[_Place]] = {}
        for table in self._tables:
            for entry in table.entries:
                self._places.setdefault((entry.kind, entry.url), []).append((table, entry))
        self._made: dict[tuple[int, int], Definition] = {}

    @property
    def packages(self) -> tuple[Package, ...]:
        """The packages in the order in which they were added."""
        return tuple(table.package for table in self._tables)

    def with_package(self, table: Table) -> "Library":
        """Another library that also has this package; one of the same name and version is replaced."""
        kept = (each for each in self._tables if each.package.id != table.package.id)
        return Library((*kept, table))

    def structure(self, url: str, version: str = "") -> Structure | None:
        """A StructureDefinition by canonical; `url` may end with |version, and may be the bare name of a base type."""
        found = self._one(STRUCTURE, url if ":" in url else CORE + url, version)
        return found if isinstance(found, Structure) else None

    def value_set(self, url: str, version: str = "") -> ValueSet | None:
        """A ValueSet by canonical, which may end with |version."""
        found = self._one(VALUE_SET, url, version)
        return found if isinstance(found, ValueSet) else None

    def code_system(self, url: str, version: str = "") -> CodeSystem | None:
        """A CodeSystem by canonical, which may end with |version."""
        found = self._one(CODE_SYSTEM, url, version)
        return found if isinstance(found, CodeSystem) else None

    def search_parameter(self, url: str, version: str = "") -> SearchParameter | None:
        """A SearchParameter by canonical, which may end with |version."""
        found = self._one(SEARCH_PARAMETER, url, version)
        return found if isinstance(found, SearchParameter) else None

    def search_parameters(self, type: str = "") -> tuple[SearchParameter, ...]:
        """Those for a resource type with those it inherits (Resource, DomainResource), by code; '': all there are."""
        line = {each for each in self.types.names() if self.types.is_a(type, each)} if type else set()
        found = [
            each
            for table, entry in self._all(SEARCH_PARAMETER)
            if (not type or line & set(entry.names)) and isinstance(each := self._decode(table, entry), SearchParameter)
        ]
        return tuple(sorted(found, key=lambda each: (each.code, each.url)))

    def structures(self, package: str = "") -> Iterator[Structure]:
        """All StructureDefinitions in order of packages and files; `package`: of that "name#version" alone."""
        for definition in self._each(STRUCTURE, package):
            if isinstance(definition, Structure):
                yield definition

    def value_sets(self, package: str = "") -> Iterator[ValueSet]:
        """All ValueSets, or those of one package."""
        for definition in self._each(VALUE_SET, package):
            if isinstance(definition, ValueSet):
                yield definition

    def code_systems(self, package: str = "") -> Iterator[CodeSystem]:
        """All CodeSystems, or those of one package."""
        for definition in self._each(CODE_SYSTEM, package):
            if isinstance(definition, CodeSystem):
                yield definition

    def supplements(self, url: str) -> tuple[CodeSystem, ...]:
        """The code systems that supplement one."""
        return tuple(each for each in self.code_systems() if each.supplements.partition("|")[0] == url)

    @cached_property
    def types(self) -> Types:
        """The base types of all packages."""
        heads: dict[str, Head] = {}
        urls: dict[str, str] = {}
        for _, entry in self._all(STRUCTURE):
            if entry.derivation != "constraint" and entry.kind_of_type in (PRIMITIVE, COMPLEX, RESOURCE):
                base = entry.base.rpartition("/")[2]
                heads[entry.type] = Head(entry.type, base, entry.kind_of_type, entry.abstract)
                urls[entry.type] = entry.url

        def load(name: str) -> Structure:
            found = self.structure(urls[name])
            assert found is not None, f"{name} is in the index"
            return found

        return Types(heads.values(), load)

    def _one(self, kind: str, url: str, version: str) -> Definition | None:
        bare, _, said = url.partition("|")
        places = self._places.get((kind, bare))
        if not places:
            return None
        wanted = version or said
        if wanted:
            places = [place for place in places if place[1].version == wanted]
        if not places:
            return None
        last = places[-1][0]
        table, entry = newest([place for place in places if place[0] is last], lambda place: place[1].version)
        return self._decode(table, entry)

    def _all(self, kind: str) -> Iterator[_Place]:
        for table in self._tables:
            yield from ((table, entry) for entry in table.entries if entry.kind == kind)

    def _each(self, kind: str, package: str) -> Iterator[Definition]:
        for table, entry in self._all(kind):
            if not package or table.package.id == package:
                yield self._decode(table, entry)

    def _decode(self, table: Table, entry: Entry) -> Definition:
        key = (id(table), entry.offset)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = table.decode(entry)
        return made


@cache
def base_library() -> Library:
    """FHIR R4 core as it ships with the product, read once in a process.

    Refusal: base-table-damaged, when the file of the installation is not what was shipped.
    """
    table = unpack(files("gateway.definitions").joinpath("r4", "core.table").read_bytes())
    if table is None:
        raise Refusal(wrong.base_table_damaged("gateway/definitions/r4/core.table"))
    return Library((table,))
