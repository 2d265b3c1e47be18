"""One small mistake in a valid resource, drawn from a seed: the sort that people and programs make.

Every change is one that either engine may or may not mind, so that both verdicts come up.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from decimal import Decimal
from random import Random
from typing import Any, Final, NamedTuple

from tests.unit.validation.mutations import Place, places


class Mutant(NamedTuple):
    """A changed resource. `origin`: what it was made from; `change`: what was done, with the name of the element."""

    origin: str
    change: str
    resource: dict[str, Any]


Change = Callable[[Any, Any, Any, Random], bool]
"""(owner, key, value, chance) → whether it could be done there."""


def _remove(owner: Any, key: Any, value: Any, chance: Random) -> bool:
    """An element, or one of several; `_empty` leaves arrays empty."""
    if isinstance(owner, list) and len(owner) == 1:
        return False
    del owner[key]
    return True


def _repeat(owner: Any, key: Any, value: Any, chance: Random) -> bool:
    if isinstance(value, list):
        value.append(deepcopy(value[0]))
    return isinstance(value, list)


def _single(owner: Any, key: Any, value: Any, chance: Random) -> bool:
    if isinstance(value, list):
        owner[key] = value[0]
    return isinstance(value, list)


def _list(owner: Any, key: Any, value: Any, chance: Random) -> bool:
    owner[key] = [value]
    return not isinstance(owner, list)


def _shorten(owner: Any, key: Any, value: Any, chance: Random) -> bool:
    if isinstance(value, str) and len(value) > 1:
        owner[key] = value[: chance.randrange(1, len(value))]
        return True
    return False


def _lengthen(owner: Any, key: Any, value: Any, chance: Random) -> bool:
    if isinstance(value, str):
        owner[key] = value + chance.choice((" ", "x", "-", "9", "é", "\n"))
    return isinstance(value, str)


def _case(owner: Any, key: Any, value: Any, chance: Random) -> bool:
    if isinstance(value, str) and value.swapcase() != value:
        owner[key] = value.upper() if value.islower() else value.lower()
        return True
    return False


def _empty(owner: Any, key: Any, value: Any, chance: Random) -> bool:
    owner[key] = type(value)() if isinstance(value, (str, list, dict)) else None
    return True


def _number(owner: Any, key: Any, value: Any, chance: Random) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return False
    owner[key] = chance.choice((-value, value + 1, 0, str(value), value + Decimal("0.5")))
    return True


def _boolean(owner: Any, key: Any, value: Any, chance: Random) -> bool:
    if isinstance(value, bool):
        owner[key] = chance.choice((not value, str(value).lower(), int(value)))
    return isinstance(value, bool)


def _rename(owner: Any, key: Any, value: Any, chance: Random) -> bool:
    if isinstance(key, str) and len(key) > 1:
        owner[chance.choice((key + "s", key[:-1], key[0].upper() + key[1:], f"_{key}"))] = owner.pop(key)
        return True
    return False


def _move(owner: Any, key: Any, value: Any, chance: Random) -> bool:
    """A value in the place of a sibling."""
    others = [each for each in owner if each != key] if isinstance(owner, dict) else []
    if others:
        owner[chance.choice(others)] = deepcopy(value)
    return bool(others)


def _day(owner: Any, key: Any, value: Any, chance: Random) -> bool:
    if not (isinstance(value, str) and len(value) >= 10 and value[4:5] == value[7:8] == "-"):
        return False
    changed = (value[:4], value[:7], value[:10], f"{value[:8]}31{value[10:]}", f"{value[:5]}13{value[7:]}", value[:-1])
    owner[key] = chance.choice((*changed, f"1850{value[4:]}", value.replace("-", "/")))
    return True


def _reference(owner: Any, key: Any, value: Any, chance: Random) -> bool:
    if key != "reference" or not isinstance(value, str):
        return False
    id = value.rpartition("/")[2]
    owner[key] = chance.choice((f"Location/{id}", id, f"#{id}", f"Patient/{id}", f"https://hospital.org/{value}"))
    return True


def _extend(owner: Any, key: Any, value: Any, chance: Random) -> bool:
    if not isinstance(value, dict) or "url" in value:
        return False
    added = chance.choice(({"valueString": "a"}, {"valueCode": "a b"}, {"valueInteger": 1}, {}))
    extensions = value.setdefault("extension", [])
    if isinstance(extensions, list):
        extensions.append({"url": "https://hospital.org/unknown", **added})
    return isinstance(extensions, list)


_CHANGES: Final[tuple[Change, ...]] = (
    *(_remove, _remove, _remove, _repeat, _single, _list, _shorten, _lengthen, _case, _empty),
    *(_number, _boolean, _rename, _move, _day, _day, _reference, _reference, _extend),
)


def mutants(origins: Sequence[tuple[str, dict[str, Any]]], *, number: int, seed: int) -> Iterator[Mutant]:
    """So many resources with one mistake each; narratives are left alone, they have cases of their own."""
    chance = Random(seed)
    made = 0
    while made < number:
        origin, resource = chance.choice(origins)
        changed = deepcopy(resource)
        change = chance.choice(_CHANGES)
        place = chance.choice([each for each in places(changed) if each.key not in ("div", "text", "resourceType")])
        path = _path(changed, place)
        if change(place.owner, place.key, place.owner[place.key], chance):
            made += 1
            yield Mutant(origin, f"{change.__name__.strip('_')} {path}", changed)


def _path(resource: dict[str, Any], place: Place) -> str:
    """Where an element is: the keys that lead to it."""
    left: list[tuple[Any, str]] = [(resource, "")]
    while left:
        node, path = left.pop()
        if node is place.owner:
            return f"{path}.{place.key}".removeprefix(".")
        pairs = node.items() if isinstance(node, dict) else enumerate(node)
        left += [(each, f"{path}.{key}") for key, each in pairs if isinstance(each, (dict, list))]
    return str(place.key)
