"""Whether the types a profile names are within those of its base, and what they become together."""

from collections.abc import Callable
from typing import Final

from gateway.definitions.model import TypeRef
from gateway.kernel.problem import Problem
from gateway.validation.snapshot import problems as wrong

CORE: Final = "http://hl7.org/fhir/StructureDefinition/"
_ANY: Final = frozenset({"*", ""})

Derives = Callable[[str, str], bool | None]


def narrow_types(
    base: tuple[TypeRef, ...], said: tuple[TypeRef, ...], *, at: str, derives: Derives, found: list[Problem]
) -> tuple[TypeRef, ...]:
    """The types said, where they are within the base's; those that are not are left out and told.

    `derives(one, other)`: whether one type or profile (canonical) is built on the other; None: not known, which is let
    pass, since the profile may come from a package that is not loaded.
    """
    if not base:
        return said
    kept: list[TypeRef] = []
    for each in said:
        fitting = [one for one in base if _code_fits(each.code, one.code, derives)]
        if not fitting:
            found.append(wrong.type_loosened(at, base=_text(base), derived=each.code))
        elif not _all_within(each.profiles, [one.profiles for one in fitting], derives):
            found.append(wrong.type_loosened(at, base=_profiles(fitting), derived=", ".join(each.profiles)))
        elif not _all_within(each.targets, [one.targets for one in fitting], derives):
            found.append(wrong.type_loosened(at, base=_targets(fitting), derived=", ".join(each.targets)))
        else:
            kept.append(each)
    return tuple(kept) or base


def _code_fits(code: str, base: str, derives: Derives) -> bool:
    return code == base or base in _ANY or derives(CORE + code, CORE + base) is True


def _all_within(said: tuple[str, ...], allowed: list[tuple[str, ...]], derives: Derives) -> bool:
    """Whether each canonical is one that some base type allows; a base type without any allows all."""
    if not said or any(not each for each in allowed):
        return True
    every = [one for each in allowed for one in each]
    return all(any(_built_on(each, one, derives) for one in every) for each in said)


def _built_on(one: str, other: str, derives: Derives) -> bool:
    bare, other_bare = one.partition("|")[0], other.partition("|")[0]
    return bare == other_bare or other_bare == CORE + "Resource" or derives(bare, other_bare) is not False


def _text(types: tuple[TypeRef, ...]) -> str:
    return ", ".join(dict.fromkeys(each.code for each in types))


def _targets(types: list[TypeRef]) -> str:
    return ", ".join(dict.fromkeys(target for each in types for target in each.targets))


def _profiles(types: list[TypeRef]) -> str:
    return ", ".join(dict.fromkeys(profile for each in types for profile in each.profiles))
