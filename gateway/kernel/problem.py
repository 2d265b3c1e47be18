"""The one error value. Checks return lists of it; a door raises `Refusal` with all of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """What sort of problem it is; tables at the edges map it to an HTTP status, a v2 acknowledgement, an infcode."""

    MALFORMED = "malformed"  # the bytes are not what the channel speaks
    INVALID = "invalid"  # readable, but a value or its structure is wrong
    UNAUTHENTICATED = "unauthenticated"  # we do not know the sender, or its proof fails
    FORBIDDEN = "forbidden"  # the sender is known and may not
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"  # same key with other content, or a newer version is stored
    RULE = "rule"  # understood and refused by a rule of insurance
    UNSUPPORTED = "unsupported"  # a thing we do not offer
    TOO_LARGE = "too-large"
    UNAVAILABLE = "unavailable"  # cannot be stored now: send again later
    FAULT = "fault"  # our bug


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `path` says where, in the sender's own terms; the texts say what to send instead."""

    kind: Kind
    code: str
    path: str
    en: str
    zh: str

    def at(self, path: str) -> "Problem":
        return replace(self, path=path)

    def text(self) -> str:
        """Both languages and the place, for a person."""
        where = f" [{self.path}]" if self.path else ""
        return f"{self.zh} / {self.en}{where}"


class Refusal(Exception):
    """Input that goes no further, with every problem found. Its effect is rolled back, the input is kept."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        assert self.problems, "a refusal names at least one problem"
        super().__init__("; ".join(f"{p.code} {p.path}: {p.en}" for p in self.problems))


def refuse_if(problems: Iterable[Problem]) -> None:
    """Raise `Refusal` when there is any problem."""
    found = tuple(problems)
    if found:
        raise Refusal(found)
