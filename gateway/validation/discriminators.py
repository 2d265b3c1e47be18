"""Which slice an item belongs to: the criteria that a slice states at the paths of the discriminators."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from gateway.definitions.model import Discriminator
from gateway.definitions.types import Types
from gateway.validation.run import Terminology
from gateway.validation.selectors import Selected, Step, TreeOf, defined_at, read_path, select
from gateway.validation.tree import Node
from gateway.validation.values import pattern_test, same_value

Matches = Callable[[Any, str, Any], bool]
"""(item, its type where a choice says it, run) → whether the item is of the slice."""

_Holds = Callable[[Selected, Any], bool]


class World(NamedTuple):
    """What criteria are found with. `conforms`: (value, canonical, run) → whether it meets that profile."""

    types: Types
    tree_of: TreeOf
    terminology: Terminology
    conforms: Callable[[Any, str, Any], bool]
    choices: frozenset[str]


class Key(NamedTuple):
    """The value at the element `name` that tells a slice: a text `code` with system '', or a concept of one coding."""

    name: str
    system: str
    code: str


def slice_matcher(node: Node, discriminators: Sequence[Discriminator], world: World) -> Matches | None:
    """Whether an item is of a slice; None where the slice states no criterion, so that no item can be told to be."""
    tests = [test for each in discriminators if (test := _test(node, each, world)) is not None]
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    return lambda value, type_name, run: all(test(value, type_name, run) for test in tests)


def url_of(node: Node, discriminators: Sequence[Discriminator], world: World) -> str:
    """The one value of `url` that a slice of extensions is told by, '' where it is told otherwise."""
    if (
        len(discriminators) != 1
        or discriminators[0].type not in ("value", "pattern")
        or discriminators[0].path != "url"
    ):
        return ""
    for each in defined_at(node, (Step("name", "url"),), world.tree_of):
        if isinstance(each.element.fixed, str):
            return each.element.fixed
    return _url_of_missing(node)


def key_of(node: Node, discriminators: Sequence[Discriminator], world: World) -> Key | None:
    """What alone tells a slice where that can be looked up: a fixed text, or a pattern of one system and code."""
    if len(discriminators) != 1 or discriminators[0].type not in ("value", "pattern"):
        return None
    path = discriminators[0].path
    steps = read_path(path)
    if steps is None or len(steps) != 1 or steps[0] != Step("name", path):
        return None
    defined = defined_at(node, steps, world.tree_of)
    if len(defined) != 1:
        return None
    element = defined[0].element
    if isinstance(element.fixed, str):
        return Key(path, "", element.fixed)
    match element.pattern:
        case str() as text:
            return Key(path, "", text)
        case {"coding": [{"system": str() as system, "code": str() as code, **more}], **rest} if not more and not rest:
            return Key(path, system, code)
    return None


def _url_of_missing(node: Node) -> str:
    """An extension whose definition is in no package has the url of its canonical all the same."""
    urls = [url for ref in node.element.types if ref.code == "Extension" for url in ref.profiles]
    return urls[0].partition("|")[0] if len(urls) == 1 else ""


def _test(node: Node, discriminator: Discriminator, world: World) -> Matches | None:
    steps = read_path(discriminator.path)
    if steps is None:
        return None
    defined = defined_at(node, steps, world.tree_of)
    holds = _criterion(discriminator.type, defined, world)
    if discriminator.type == "exists":
        wanted = _wanted_existence(defined)
        if wanted is None:
            return None
        return lambda value, type_name, run: bool(select(value, type_name, steps, run, world.choices)) is wanted
    if holds is None:
        missing = _url_of_missing(node) if discriminator.path == "url" else ""
        return (lambda value, type_name, run: type(value) is dict and value.get("url") == missing) if missing else None
    if not steps:
        return lambda value, type_name, run: holds((value, type_name), run)
    return lambda value, type_name, run: any(
        holds(each, run) for each in select(value, type_name, steps, run, world.choices)
    )


def _wanted_existence(defined: list[Node]) -> bool | None:
    for each in defined:
        if each.element.max == 0 and not each.element.unbounded:
            return False
        if (each.element.min or 0) > 0:
            return True
    return None


def _criterion(kind: str, defined: list[Node], world: World) -> _Holds | None:
    if kind in ("value", "pattern"):
        found = [holds for each in defined if (holds := _value_criterion(each, world)) is not None]
    elif kind == "type":
        found = [holds for each in defined if (holds := _type_criterion(each, world)) is not None]
    elif kind == "profile":
        found = [holds for each in defined if (holds := _profile_criterion(each, world)) is not None]
    else:
        found = []
    if not found:
        return None
    return found[0] if len(found) == 1 else lambda each, run: any(holds(each, run) for holds in found)


def _value_criterion(node: Node, world: World, depth: int = 0) -> _Holds | None:
    element = node.element
    if element.fixed is not None:
        return lambda each, run: same_value(each[0], element.fixed)
    if element.pattern is not None:
        holds = pattern_test(element.pattern)
        return lambda each, run: holds(each[0])
    if depth < 4:
        inner = _children_criterion(node, world, depth)
        if inner is not None:
            return inner
    if element.binding is not None and element.binding.strength == "required" and element.binding.value_set:
        url = element.binding.value_set
        return lambda each, run: _member(each[0], url, world)
    return None


def _children_criterion(node: Node, world: World, depth: int) -> _Holds | None:
    """What the children of an element fix, where the element itself fixes nothing."""
    tests: list[tuple[Step, _Holds]] = []
    for name, child in node.children.items():
        if child.element.min or child.slices:
            for each in (child, *(one for one in child.slices.values() if one.element.min)):
                holds = _value_criterion(each, world, depth + 1)
                if holds is not None:
                    tests.append((Step("name", name.removesuffix("[x]")), holds))
    if not tests:
        return None

    def all_hold(each: Selected, run: Any) -> bool:
        return all(
            any(holds(one, run) for one in select(each[0], each[1], (step,), run, world.choices))
            for step, holds in tests
        )

    return all_hold


def _member(value: Any, url: str, world: World) -> bool:
    if type(value) is str:
        return world.terminology.validate(url, None, value).verdict == "in"
    if type(value) is not dict:
        return False
    codings = value.get("coding", [value])
    for each in codings if type(codings) is list else ():
        code, system = (each.get("code"), each.get("system")) if type(each) is dict else (None, None)
        if type(code) is str:
            said = system if type(system) is str else ""
            if world.terminology.validate(url, said, code).verdict == "in":
                return True
    return False


def _type_criterion(node: Node, world: World) -> _Holds | None:
    names = frozenset(ref.code for ref in node.element.types) or (
        frozenset({node.element.path}) if "." not in node.element.path else frozenset()
    )
    if not names:
        return None

    def holds(each: Selected, run: Any) -> bool:
        value, type_name = each
        said = value.get("resourceType") if type(value) is dict else None
        name = said if type(said) is str else type_name
        lower = name[:1].lower() + name[1:]
        return any(world.types.is_a(name, wanted) or lower == wanted for wanted in names)

    return holds


def _profile_criterion(node: Node, world: World) -> _Holds | None:
    urls = [url for ref in node.element.types for url in ref.profiles]
    if not urls:
        return None
    return lambda each, run: any(world.conforms(each[0], url, run) for url in urls)
