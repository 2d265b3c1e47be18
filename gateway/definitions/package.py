"""Makes a table of the files of a package: reads its manifest and each definition, leaves out what cannot be read.

Values in, values out: the files come from `loader`. Definitions are the JSON files of the folder `package` itself;
examples and what publishers add lie in folders below it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

import msgspec

from gateway.definitions import problems as wrong
from gateway.definitions.model import Package
from gateway.definitions.read_search import read_search_parameter
from gateway.definitions.read_structure import read_structure
from gateway.definitions.read_terminology import read_code_system, read_value_set
from gateway.definitions.table import Definition, Table, make_table
from gateway.kernel.problem import Problem, Refusal

MANIFEST: Final = "package.json"
ROOT: Final = "package"
MOST_PROBLEMS: Final = 200
R4: Final = "4.0"

_decode = msgspec.json.Decoder(float_hook=Decimal).decode
_READERS: Final[Mapping[str, Callable[[dict[str, Any]], Definition]]] = {
    "StructureDefinition": read_structure,
    "ValueSet": read_value_set,
    "CodeSystem": read_code_system,
    "SearchParameter": read_search_parameter,
}
_KINDS: Final = tuple(f'"{kind}"'.encode() for kind in _READERS)


class File(NamedTuple):
    """A file of a package. `folder`: "package", "package/example" …; `name`: without folder."""

    folder: str
    name: str
    content: bytes


class _Manifest(msgspec.Struct):
    name: str
    version: str
    canonical: str = ""
    fhir_versions: list[str] = msgspec.field(default_factory=list, name="fhirVersions")
    fhir_version_list: list[str] = msgspec.field(default_factory=list, name="fhir-version-list")
    dependencies: dict[str, str] = {}


def compile_package(files: Iterable[File], path: str) -> Table:
    """The table of a package. Refusal: no-package-json, bad-package-json, package-not-r4.

    `path` names the package in problems. A definition that cannot be read is left out and named in `problems`.
    """
    manifest: bytes | None = None
    definitions: list[tuple[str, Definition]] = []
    found: list[Problem] = []
    sums: list[tuple[str, bytes]] = []
    for file in files:
        if file.folder != ROOT:
            continue
        if file.name == MANIFEST:
            manifest = file.content
        elif is_definition(file):
            sums.append((file.name, hashlib.sha256(file.content).digest()))
            try:
                definitions += [(file.name, each) for each in _read(file.content)]
            except _Unreadable as error:
                found.append(wrong.bad_definition(f"{path}/{file.name}", str(error)))
    if manifest is None:
        raise Refusal(wrong.no_package_json(path))
    package = read_manifest(manifest, path)
    checksum = hashlib.sha256(b"".join(name.encode() + digest for name, digest in sorted(sums))).hexdigest()
    package = msgspec.structs.replace(package, hash=checksum)
    definitions.sort(key=lambda each: each[0])
    stamped = (msgspec.structs.replace(each, package=package.id) for _, each in definitions)
    return make_table(package, stamped, sorted(found[:MOST_PROBLEMS], key=lambda problem: problem.path))


def read_manifest(content: bytes, path: str) -> Package:
    """What package.json says. Refusal: bad-package-json, package-not-r4."""
    try:
        read = msgspec.json.decode(content, type=_Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(wrong.bad_package_json(path, str(error))) from None
    if not read.name or not read.version:
        raise Refusal(wrong.bad_package_json(path, "name or version is empty"))
    versions = read.fhir_versions or read.fhir_version_list
    if versions and not any(each.startswith(R4) for each in versions):
        raise Refusal(wrong.not_r4(path, ", ".join(versions)))
    dependencies = tuple(sorted(read.dependencies.items()))
    return Package(read.name, read.version, (versions or ["4.0.1"])[0], dependencies, canonical=read.canonical)


def is_definition(file: File) -> bool:
    """Whether a file may be a definition that is kept: JSON, and one of the kinds by the look of its start."""
    if file.folder != ROOT or not file.name.endswith(".json") or file.name.startswith("."):
        return False
    head, _, rest = file.name.partition("-")
    return head in _READERS if rest and head.isalpha() and head[:1].isupper() else _mentions_a_kind(file.content)


def read_json(content: bytes) -> Any:
    """A JSON value with exact decimals. ValueError: it is none."""
    try:
        return _decode(content)
    except RecursionError:
        raise ValueError("objects lie too deep inside each other") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, InvalidOperation) as error:
        raise ValueError(str(error)) from None


class _Unreadable(ValueError):
    """Why a file is left out."""


def _mentions_a_kind(content: bytes) -> bool:
    return any(kind in content for kind in _KINDS)


def _read(content: bytes) -> Iterator[Definition]:
    """The definition in a file; none when it is a resource of another kind."""
    try:
        resource = read_json(content)
    except ValueError as error:
        raise _Unreadable(str(error)) from None
    if not isinstance(resource, dict):
        raise _Unreadable("it is not a JSON object")
    reader = _READERS.get(str(resource.get("resourceType")))
    if reader is None:
        return
    try:
        yield reader(resource)
    except (msgspec.ValidationError, RecursionError) as error:
        raise _Unreadable(str(error)) from None
