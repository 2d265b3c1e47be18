"""What a client meets in the sandbox, as data: phases with their answers, and what the client must then do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

PHASES = Path(__file__).parent.parent / "tests" / "client" / "phases.yaml"


class Repeat(StrEnum):
    """Whether the same claim must be sent again before the last answer, or must not be sent again after it."""

    REQUIRED = "required"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Prepared:
    """One answer. `settle`: a ClaimResponse; `silence`: the connection ends without an answer; `cut`: bytes left out.

    Else an OperationOutcome with `status`, issue `code`, our `problem` and both texts; `retry_after` in seconds.
    """

    settle: bool = False
    silence: bool = False
    cut: int = 0
    status: int = 200
    retry_after: int = 0
    code: str = ""
    problem: str = ""
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A requirement on a client in two languages, and where it stands."""

    name: str
    requirement: str
    requirement_zh: str
    source: str


@dataclass(frozen=True, slots=True)
class Phase:
    """One treatment that a client submits. The last answer stays for every attempt after it."""

    rule: Rule
    answers: tuple[Prepared, ...]
    repeat: Repeat

    def answer(self, attempt: int) -> Prepared:
        """The answer to an attempt, counted from 0."""
        return self.answers[min(attempt, len(self.answers) - 1)]

    @property
    def wait_seconds(self) -> int:
        """How long the client must wait after the first attempt."""
        return self.answers[0].retry_after


def read_phases(path: Path = PHASES) -> tuple[Phase, ...]:
    """The phases of a file, in order."""
    return tuple(
        Phase(_rule(each), tuple(Prepared(**answer) for answer in each["answers"]), Repeat(each["repeat"]))
        for each in _tree(path)["phases"]
    )


def read_rules(path: Path = PHASES) -> tuple[Rule, ...]:
    """The requirements on every request."""
    return tuple(_rule(each) for each in _tree(path)["requests"])


def _rule(tree: Mapping[str, Any]) -> Rule:
    return Rule(tree["name"], tree["requirement"]["en"], tree["requirement"]["zh"], tree["source"])


def _tree(path: Path) -> Mapping[str, Any]:
    tree: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return tree
