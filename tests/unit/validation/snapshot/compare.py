"""Two snapshots of one profile, ours and the published one, compared facet by facet.

What is compared: the ids in order, min and max, types with profiles and targets, slicing, fixed and pattern, binding,
keys of constraints, mustSupport and isModifier, maxLength, minValue and maxValue, content references.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from gateway.definitions.library import Library
from gateway.definitions.model import ElementDef, Structure
from gateway.kernel.problem import Problem
from gateway.validation.snapshot.generate import Made


class Difference(NamedTuple):
    """`facet`: "missing" (published has the element, ours not), "extra", "order", or the name of what differs."""

    url: str
    id: str
    facet: str
    ours: Any
    published: Any


def facets(element: ElementDef) -> dict[str, Any]:
    """What counts of an element, in a form in which order that means nothing is taken out."""
    slicing = element.slicing
    return {
        "min": element.min or 0,
        "max": "*" if element.unbounded else element.max,
        "types": sorted({each.code for each in element.types}),
        "profiles": sorted({profile for each in element.types for profile in each.profiles}),
        "targets": sorted({target for each in element.types for target in each.targets}),
        "slicing": slicing and (sorted((each.type, each.path) for each in slicing.discriminators), slicing.rules),
        "fixed": (element.fixed_type, element.fixed),
        "pattern": (element.pattern_type, element.pattern),
        "binding": element.binding and (element.binding.strength, element.binding.value_set),
        "constraints": sorted({each.key for each in element.constraints}),
        "must_support": bool(element.must_support),
        "is_modifier": bool(element.is_modifier),
        "max_length": element.max_length,
        "range": (element.min_value, element.max_value),
        "content_reference": element.content_reference.rpartition("#")[2].partition(":")[0],
    }


def differences(ours: Structure, published: Structure) -> Iterator[Difference]:
    """Every difference, in the order of the published snapshot."""
    mine = {each.id: each for each in ours.snapshot}
    theirs = {each.id: each for each in published.snapshot}
    for id, element in theirs.items():
        if id not in mine:
            yield Difference(published.url, id, "missing", None, element.path)
            continue
        here, there = facets(mine[id]), facets(element)
        for name in there:
            if here[name] != there[name]:
                yield Difference(published.url, id, name, here[name], there[name])
    for id, element in mine.items():
        if id not in theirs:
            yield Difference(published.url, id, "extra", element.path, None)
    shared = [id for id in theirs if id in mine]
    if shared != [id for id in mine if id in theirs]:
        yield Difference(published.url, "", "order", None, None)


class Pair(NamedTuple):
    """Ours and the published snapshot of one profile, with those of its bases, and what was told of ours."""

    ours: Structure
    published: Structure
    bases: tuple[Structure, ...] = ()
    problems: tuple[Problem, ...] = ()


def judge(difference: Difference, pair: Pair, library: Library) -> str:
    """The class of a difference (docs/definitions.md judges each), or "other": what the differential itself says."""
    if _shortcut(difference, pair):
        return "shortcut"
    if any(problem.path == f"{difference.url}#{difference.id}" for problem in pair.problems):
        return "loosens"
    if _said(difference, pair.published):
        return "other"
    if _inherits(difference, pair):
        return "inherits"
    if difference.facet in ("missing", "extra"):
        holder = pair.published if difference.facet == "missing" else pair.ours
        if _is_plain(_by_id(holder)[difference.id], _by_id(holder), library):
            return "unfolded"
    if _dropped(difference, pair):
        return "dropped"
    profile = _profile_above(_by_id(pair.ours), difference.id)
    if profile and "xtension" in difference.id:
        return "extension" if library.structure(profile) else "not-loaded"
    return "other"


def _said(difference: Difference, published: Structure) -> bool:
    """Whether the differential speaks of just this: then it is no matter of inheritance or of what got lost."""
    said = [each for each in published.differential if each.id == difference.id]
    nothing = facets(ElementDef("", ""))
    return any(
        difference.facet not in nothing or facets(each)[difference.facet] != nothing[difference.facet] for each in said
    )


def _inherits(difference: Difference, pair: Pair) -> bool:
    """Ours differs because a slice has what the element it is a slice of says, in both snapshots."""
    mine, theirs = _by_id(pair.ours), _by_id(pair.published)
    for above in _unsliced(difference.id):
        if above in mine and above in theirs:
            here, there = facets(mine[above]), facets(theirs[above])
            if difference.facet in here and here[difference.facet] == difference.ours == there[difference.facet]:
                return True
            if difference.facet == "extra" and facets(mine[difference.id]) == there:
                return True
    return False


def _unsliced(id: str) -> Iterator[str]:
    """The id without one of its slices."""
    parts = id.split(".")
    for place, part in enumerate(parts):
        if ":" in part:
            yield ".".join([*parts[:place], part.partition(":")[0], *parts[place + 1 :]])


def _is_plain(element: ElementDef, holder: dict[str, ElementDef], library: Library) -> bool:
    """Whether an element says no more than the base definition it comes from, or the profile it lies in."""
    profile = _profile_above(holder, element.id.rpartition(".")[0])
    sources = [(element.base_path.partition(".")[0], element.base_path)]
    if profile:
        sources.append((profile, f"Extension.{element.path.rpartition('.')[2]}"))
    for url, id in sources:
        structure = library.structure(url)
        found = _by_id(structure).get(id) if structure else None
        if found and facets(found) == {**facets(element), "profiles": facets(found)["profiles"]}:
            return True
    return False


def _profile_above(holder: dict[str, ElementDef], id: str) -> str:
    """The one profile of the nearest element, from this one up, that names any."""
    while id:
        profiles = [each for type in holder[id].types for each in type.profiles] if id in holder else []
        if profiles:
            return profiles[0] if len(profiles) == 1 else ""
        id = id.rpartition(".")[0]
    return ""


def _dropped(difference: Difference, pair: Pair) -> bool:
    """What a base's published snapshot says here, or of the element this is a slice of, and the profile's has lost."""
    for base in map(_by_id, pair.bases):
        for id in (difference.id, *_unsliced(difference.id)):
            if id in base:
                said = facets(base[id])
                if difference.facet == "extra" or said.get(difference.facet) == difference.ours:
                    return True
    return False


def pair_of(made: Made, published: Structure, library: Library) -> Pair:
    """What was made of a profile beside what was published, with the bases it has in the library."""
    bases: list[Structure] = []
    structure: Structure | None = published
    while structure is not None and structure.base:
        structure = library.structure(structure.base)
        bases += [structure] if structure else []
    return Pair(made.structure, published, tuple(bases), made.problems)


def _shortcut(difference: Difference, pair: Pair) -> bool:
    """The older reading of a path such as valueQuantity: only that type is left, and the slice is not told apart."""
    mine = _by_id(pair.ours)
    choice = difference.id[: difference.id.index("[x]") + 3] if "[x]" in difference.id else ""
    element = mine.get(choice)
    return (
        element is not None
        and element.slicing is not None
        and any(each.type == "type" for each in element.slicing.discriminators)
        and difference.facet in ("types", "slicing", "missing", "extra", "min")
    )


def _by_id(structure: Structure) -> dict[str, ElementDef]:
    return {each.id: each for each in structure.snapshot}
