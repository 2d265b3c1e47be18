"""The guide as values: definitions by type and id, examples by profile, and what is said of them in both languages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

Resource: TypeAlias = Mapping[str, Any]

TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"
TOPIC: Final = "http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic."
"""Elements of R5's SubscriptionTopic, as extensions of a Basic."""


class Both(NamedTuple):
    """A text in Chinese and in English; '' where it is not said."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Example:
    """A resource that meets its profile, or one that does not.

    `expected`: code, place and, of a rule, key of each error the validator finds, in its order. `text`: the file.
    """

    profile: str
    name: str
    text: bytes
    expected: tuple[str, ...] = ()
    valid: bool = True

    @property
    def page(self) -> str:
        return f"example-{self.profile}-{self.name}.html"

    @property
    def file(self) -> str:
        return f"example-{self.profile}-{self.name}.json"


@dataclass(frozen=True, slots=True)
class Guide:
    """`resources` in the order of their file names; `files`: their bytes by file name, with package.json."""

    manifest: Mapping[str, Any]
    resources: Sequence[Resource]
    files: Mapping[str, bytes]
    examples: Sequence[Example]

    def of_type(self, *types: str) -> Iterator[Resource]:
        """The definitions of some types."""
        return (each for each in self.resources if each["resourceType"] in types)

    def profiles(self) -> Iterator[Resource]:
        """Profiles of resources, without extensions."""
        return (each for each in self.of_type("StructureDefinition") if each["type"] != "Extension")

    def extensions(self) -> Iterator[Resource]:
        """Extensions."""
        return (each for each in self.of_type("StructureDefinition") if each["type"] == "Extension")

    def by_url(self, url: str) -> Resource | None:
        """The definition with a canonical address; a version behind | is not looked at."""
        bare = url.partition("|")[0]
        return next((each for each in self.resources if url_of(each) == bare), None)

    def examples_of(self, profile: str) -> list[Example]:
        """Valid ones first."""
        return sorted((each for each in self.examples if each.profile == profile), key=lambda each: not each.valid)


def url_of(resource: Resource) -> str:
    """The canonical address of a definition, '' without one."""
    if resource["resourceType"] == "Basic":
        return _topic_value(resource, "url")
    url: str = resource.get("url", "")
    return url


def page_of(resource: Resource) -> str:
    """The file name of the page of a definition."""
    return f"{resource['resourceType']}-{resource['id']}.html"


def file_of(resource: Resource) -> str:
    """The file name of a definition."""
    return f"{resource['resourceType']}-{resource['id']}.json"


def title_of(resource: Resource) -> Both:
    """What a definition is called."""
    if resource["resourceType"] == "Basic":
        return split(_topic_value(resource, "title"))
    if resource["resourceType"] == "ConceptMap":
        return split(resource.get("title") or resource["name"])
    if resource["resourceType"] == "SearchParameter":
        return Both(_translated(resource, "description"), f"{resource['code']} of {', '.join(resource['base'])}")
    return Both(_translated(resource, "title"), resource.get("title") or resource.get("name", resource["id"]))


def description_of(resource: Resource) -> Both:
    """What a definition is for."""
    return Both(_translated(resource, "description"), resource.get("description", ""))


def split(text: str) -> Both:
    """'中文 / English' in its two halves; a text of one language alone."""
    before, slash, after = text.partition(" / ")
    if slash and is_chinese(before):
        return Both(before, after)
    return Both(text, "") if is_chinese(text) else Both("", text)


def is_chinese(text: str) -> bool:
    """Whether there is any Chinese character."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def _translated(resource: Resource, element: str) -> str:
    for extension in (resource.get(f"_{element}") or {}).get("extension", ()):
        if extension.get("url") == TRANSLATION:
            return next((part["valueString"] for part in extension["extension"] if part["url"] == "content"), "")
    return ""


def _topic_value(resource: Resource, name: str) -> str:
    for extension in resource.get("extension", ()):
        if extension["url"] == TOPIC + name:
            return next((str(value) for key, value in extension.items() if key.startswith("value")), "")
    return ""
