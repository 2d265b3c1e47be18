"""The guide as files by their name: pages, the resources themselves, and the package."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from gateway.guide.archive import archive_of
from gateway.guide.html import POLICY, page
from gateway.guide.model import Both, Example, Guide, Resource, file_of, page_of, title_of
from gateway.guide.overview import ARCHIVE, artifacts_body, example_body, overview_body
from gateway.guide.search import SEARCH_POLICY, search_page
from gateway.guide.services import capability_body, operation_body, search_parameter_body, topic_body
from gateway.guide.structures import structure_body
from gateway.guide.terms import code_system_body, concept_map_body, value_set_body

_HTML: Final = "text/html; charset=utf-8"
_JSON: Final = "application/fhir+json; charset=utf-8"

_BODIES: Final[Mapping[str, Callable[[Guide, Resource], str]]] = {
    "StructureDefinition": structure_body,
    "ValueSet": value_set_body,
    "CodeSystem": code_system_body,
    "ConceptMap": concept_map_body,
    "OperationDefinition": operation_body,
    "SearchParameter": search_parameter_body,
    "CapabilityStatement": capability_body,
    "Basic": topic_body,
}


@dataclass(frozen=True, slots=True)
class File:
    """What is served under a name. `etag`: quoted; `policy`: '' for what is no page."""

    content: bytes
    media_type: str
    etag: str
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """Every file of a guide; each is made when first asked for, and kept."""

    makers: Mapping[str, Callable[[], File]]
    _made: dict[str, File] = field(default_factory=dict)

    def file(self, name: str) -> File | None:
        """The file of a name, or None."""
        if name in self._made:
            return self._made[name]
        maker = self.makers.get(name)
        if maker is None:
            return None
        return self._made.setdefault(name, maker())


def site_of(guide: Guide) -> Site:
    """The files of a guide by name."""
    makers: dict[str, Callable[[], File]] = {
        "index.html": lambda: _page(Both("概览", "overview"), overview_body(guide)),
        "artifacts.html": lambda: _page(Both("全部定义", "all definitions"), artifacts_body(guide)),
        "search.html": lambda: _file(search_page(guide).encode(), _HTML, SEARCH_POLICY),
        ARCHIVE: lambda: _file(archive_of(guide), "application/gzip"),
        "package.json": lambda: _file(guide.files["package.json"], "application/json"),
    }
    for each in guide.resources:
        makers[page_of(each)] = partial(_definition_page, guide, each)
        makers[file_of(each)] = partial(_file, guide.files[file_of(each)], _JSON)
    for example in guide.examples:
        makers[example.page] = partial(_example_page, guide, example)
        makers[example.file] = partial(_file, example.text, _JSON)
    return Site(makers)


def _definition_page(guide: Guide, resource: Resource) -> File:
    return _page(title_of(resource), _BODIES[resource["resourceType"]](guide, resource))


def _example_page(guide: Guide, example: Example) -> File:
    title = Both(f"示例 {example.name}", f"example of {example.profile}")
    return _page(title, example_body(guide, example))


def _page(title: Both, body: str) -> File:
    return _file(page(title, body).encode(), _HTML, POLICY)


def _file(content: bytes, media_type: str, policy: str = "") -> File:
    return File(content, media_type, f'"{hashlib.sha256(content).hexdigest()[:32]}"', policy)
