"""Puts a gateway's terminology together: what ships, the policies' catalogues, the guide, what is loaded, packages."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from gateway.definitions.library import base_library
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.store.concepts import Concepts
from gateway.terminology.read_data import shipped_systems
from gateway.terminology.read_maps import read_maps
from gateway.terminology.terminology import Terminology
from gateway.terminology.value_set import read_code_system, read_value_set
from gateway.terminology.write_resources import write_code_system, write_value_set


def open_terminology(
    *, maps: Path, guide: Path, catalogues: Iterable[Mapping[str, Any]], versions: str, store: Concepts | None
) -> Terminology:
    """The terminology of a gateway. `maps`: folder of ConceptMaps; `guide`: folder of the compiled guide, or none.

    `catalogues`: CodeSystem resources of policies; `versions`: 'id=version,…', which version of a system applies.
    Refusal: concept-map-file, code-versions.
    """
    shipped = shipped_systems()
    own = [*map(read_code_system, map(dict, catalogues)), *shipped]
    known = {each.url for each in own}
    own += [each for each in map(read_code_system, _resources(guide, "CodeSystem")) if each.url not in known]
    return Terminology(
        own,
        [found for _, found in read_maps(maps)],
        value_sets=map(read_value_set, _resources(guide, "ValueSet")),
        definitions=base_library(),
        choices=read_choices(versions, {(each.id, each.version) for each in own}),
        store=store,
    )


def published_resources(terminology: Terminology, maps: Path) -> list[dict[str, Any]]:
    """What can be read and searched: each code system in the version that applies, value sets, concept maps."""
    systems = {each.id: each for each in reversed(terminology.described())}
    resources = [write_code_system(each) for each in systems.values() if each.content]
    resources += [write_value_set(each) for each in terminology.value_sets()]
    return [*resources, *(resource for resource, _ in read_maps(maps))]


def read_choices(text: str, known: set[tuple[str, str]]) -> dict[str, str]:
    """'id=version,…' by id. Refusal: code-versions, for what cannot be read or is not there."""
    choices = dict(part.strip().partition("=")[::2] for part in text.split(",") if part.strip())
    wrong = [each for each in choices.items() if each not in known]
    if wrong:
        raise Refusal(
            Problem(
                Kind.INVALID,
                "code-versions",
                "GATEWAY_CODE_VERSIONS",
                f"no shipped version {', '.join(map('='.join, wrong))}: write id=version, such as nhsa-clr-way=1-local",
                f"没有随附版本 {'、'.join(map('='.join, wrong))}:请写 id=版本,如 nhsa-clr-way=1-local",
            )
        )
    return choices


def _resources(folder: Path, type: str) -> Iterator[dict[str, Any]]:
    """The resources of a type in the folder of the guide."""
    for path in sorted(folder.glob(f"{type}-*.json")):
        yield msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
