"""What a code system says of a code, as one value; written as a JSON array, so that 200,000 are read back in C."""

from typing import Any, Final

import msgspec

ZH: Final = "zh-CN"
EN: Final = "en"


class Concept(msgspec.Struct, frozen=True, array_like=True):
    """A code. `display` is in the system's own language; `designations`: (language, text) of the others.

    `properties`: (code, value as text), without parents; `abstract`: a heading that is not chosen.
    """

    code: str
    display: str = ""
    designations: tuple[tuple[str, str], ...] = ()
    parents: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    definition: str = ""
    inactive: bool = False
    abstract: bool = False

    def in_language(self, language: str) -> str:
        """The designation in a language (`en`, `zh-CN`: the first part is compared), or the display."""
        wanted = primary(language)
        return next((text for said, text in self.designations if primary(said) == wanted), self.display)


class Property(msgspec.Struct, frozen=True, array_like=True):
    """A property that a system declares. `type`: code, string, boolean, integer, decimal, dateTime."""

    code: str
    type: str = "string"
    description: str = ""
    uri: str = ""


class Coding(msgspec.Struct, frozen=True):
    """A code with its system, as FHIR has it; '' where it is not said."""

    code: str = ""
    system: str = ""
    version: str = ""
    display: str = ""


def primary(language: str) -> str:
    """The language of a tag without its region: 'zh' of 'zh-CN'."""
    return language.partition("-")[0].lower()


def write_coding(system: str, concept: Concept, *, version: str = "", display: str = "") -> dict[str, Any]:
    """A FHIR Coding of a concept."""
    coding = {"system": system, "version": version, "code": concept.code, "display": display or concept.display}
    return {name: value for name, value in coding.items() if value}
