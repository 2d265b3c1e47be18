"""What an expression asks of the world: references, terminology, profiles and the time. The caller brings them."""

from datetime import datetime
from typing import Any, Protocol


class Host(Protocol):
    """Answers of the world around one evaluation. None where the answer is not known: it becomes the empty collection.

    References to contained resources (`#id`) never come here: they are found in %rootResource.
    """

    def resolve(self, reference: str) -> dict[str, Any] | None:
        """The resource a reference (relative, absolute or urn) points to."""
        ...

    def member_of(self, coded: Any, value_set: str) -> bool | None:
        """Whether a code (text), Coding or CodeableConcept (objects) is in the value set of that url."""
        ...

    def conforms_to(self, node: Any, type: str, profile: str) -> bool | None:
        """Whether a JSON value of a FHIR type conforms to the profile of that url."""
        ...

    def subsumes(self, general: Any, special: Any) -> bool | None:
        """Whether one Coding or CodeableConcept is the other or a generalisation of it."""
        ...

    def now(self) -> datetime | None:
        """The aware instant of the evaluation; None: there is no clock, and now() is refused."""
        ...

    def trace(self, name: str, values: list[Any]) -> None:
        """Takes what trace() shows; it is never printed here, since it may hold personal data."""
        ...


class NoHost:
    """The host of those who have none: nothing resolves, no terminology, no profiles, no clock; traces go nowhere."""

    __slots__ = ()

    def resolve(self, reference: str) -> dict[str, Any] | None:
        """Nothing is found."""
        return None

    def member_of(self, coded: Any, value_set: str) -> bool | None:
        """Not known."""
        return None

    def conforms_to(self, node: Any, type: str, profile: str) -> bool | None:
        """Not known."""
        return None

    def subsumes(self, general: Any, special: Any) -> bool | None:
        """Not known."""
        return None

    def now(self) -> datetime | None:
        """There is no clock."""
        return None

    def trace(self, name: str, values: list[Any]) -> None:
        """Goes nowhere."""
