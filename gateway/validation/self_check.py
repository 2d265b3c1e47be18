"""Whether a package holds together: every profile compiles, every example is as its publisher intends."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from gateway.definitions.model import Structure
from gateway.validation.invariants import compile_problem
from gateway.validation.issue import ERROR, Issue
from gateway.validation.validate import Validator

_TYPES_OF_DEFINITIONS: Final = frozenset({"ImplementationGuide"})


class Profiles(msgspec.Struct, frozen=True):
    """What was compiled. `broken`: canonical → why there is no check; `notes`: what the definitions say and cannot be
    judged (a rule that is no FHIRPath, a slice without criterion, a profile of another package)."""

    total: int
    compiled: int
    broken: Mapping[str, str]
    notes: tuple[str, ...]


class Checked(msgspec.Struct, frozen=True):
    """One example with what is wrong with it."""

    file: str
    issues: tuple[Issue, ...]

    @property
    def has_errors(self) -> bool:
        return any(each.severity == ERROR for each in self.issues)


def compile_profiles(validator: Validator, package: str) -> Profiles:
    """Compiles every structure of a package ("name#version")."""
    compiler = validator.compiler
    before = len(compiler.problems)
    broken: dict[str, str] = {}
    notes: list[str] = []
    total = 0
    for structure in validator.library.structures(package):
        if structure.kind == "logical":
            continue
        total += 1
        made = compiler.snapshots.of_structure(structure)
        if compiler.check_of(structure.url) is None:
            broken[structure.url] = made.problems[0].en if made.problems else "there is no snapshot"
            continue
        notes += _rules_of(structure, validator)
    notes += compiler.problems[before:]
    return Profiles(total, total - len(broken), broken, tuple(dict.fromkeys(notes)))


def _rules_of(structure: Structure, validator: Validator) -> list[str]:
    """The rules of a profile's own that are no FHIRPath for where they stand."""
    found = []
    for element in structure.differential:
        for constraint in element.constraints:
            reason = compile_problem(
                constraint, _type_path(element.path, structure, validator), validator.library.types
            )
            if reason:
                found.append(f"{structure.name} {element.path} {constraint.key}: {reason}")
    return found


def _type_path(path: str, structure: Structure, validator: Validator) -> str:
    """The type path of an element of a profile, '' where a choice leaves it open."""
    types = validator.library.types
    owner = structure.type
    for name in path.split(".")[1:]:
        bare = name.removesuffix("[x]")
        child = types.child(owner, bare)
        owner = types.json_names(owner).get(bare, ("", ""))[1] if child is None else child.path
        if not owner:
            return ""
    return owner


def is_example(value: Any, folder: str) -> bool:
    """Whether a file of a package is an example: a resource outside of the definitions' own folder."""
    return (
        folder != "package"
        and isinstance(value, dict)
        and isinstance(value.get("resourceType"), str)
        and value["resourceType"] not in _TYPES_OF_DEFINITIONS
        and not folder.endswith(("/other", "/openapi", "/xml"))
    )


def check_examples(validator: Validator, examples: Iterable[tuple[str, Any]]) -> Iterable[Checked]:
    """Each example (file, resource) validated as it claims to be."""
    for file, resource in examples:
        yield Checked(file, tuple(validator.validate(resource)))
