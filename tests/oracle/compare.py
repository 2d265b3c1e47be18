"""Two verdicts on each case, counted, and held against the committed list of differences.

A difference is judged once: who is right and why, with the section of the specification. The list must be exact: a
difference that is not in it, or one in it that is gone, fails the run.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.oracle.corpus import read_values

FILE: Final = Path(__file__).parent / "differences.yaml"
LEAST_AGREEMENT: Final = 98
RIGHT: Final = frozenset({"ours", "theirs", "either"})


class Verdict(NamedTuple):
    """Both sides on one case: the errors each gave, empty where it took the resource as valid."""

    group: str
    name: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def agreed(self) -> bool:
        return bool(self.ours) == bool(self.theirs)


class Judged(NamedTuple):
    """The committed list. `by_case`: case → its reason; `not_asked`: messages theirs is not asked for, with why."""

    by_case: Mapping[str, Mapping[str, Any]]
    not_asked: Mapping[str, str]


def read_judged(path: Path = FILE) -> Judged:
    """The list; each reason says who is right and why, and has the cases it stands for."""
    read = read_values(path)
    by_case: dict[str, Mapping[str, Any]] = {}
    for reason in read["differences"]:
        assert reason["right"] in RIGHT, reason
        assert {reason["ours"], reason["theirs"]} == {"valid", "error"}, reason
        assert reason["why"], reason
        for case in reason["cases"]:
            assert case not in by_case, f"{case} is listed twice"
            by_case[case] = reason
    return Judged(by_case, {message: each["why"] for each in read["not_asked"] for message in each["messages"]})


def agreement(verdicts: Sequence[Verdict]) -> tuple[int, int]:
    """How many agree, of how many."""
    return sum(each.agreed for each in verdicts), len(verdicts)


def failures(verdicts: Sequence[Verdict], judged: Judged) -> list[str]:
    """What makes the run fail: too little agreement, differences not in the list, entries that are gone or other."""
    found = []
    agreed, total = agreement(verdicts)
    if agreed * 100 < total * LEAST_AGREEMENT:
        found.append(f"{agreed} of {total} agree: at least {LEAST_AGREEMENT} % must")
    differ = {each.name: each for each in verdicts if not each.agreed}
    for name, each in differ.items():
        entry = judged.by_case.get(name)
        if entry is None:
            found.append(f"not in the list: {name}: {told(each)}")
        elif (entry["ours"] == "error") != bool(each.ours):
            found.append(f"listed the other way round: {name}: {told(each)}")
    found += [f"listed and gone: {name}" for name in judged.by_case if name not in differ]
    return found


def told(verdict: Verdict) -> str:
    """What the side that found errors says."""
    side, said = ("ours", verdict.ours) if verdict.ours else ("theirs", verdict.theirs)
    return f"only {side} finds errors: {'; '.join(said[:3])}"


def by_group(verdicts: Iterable[Verdict]) -> dict[str, list[Verdict]]:
    """The verdicts of each group, in order."""
    found: dict[str, list[Verdict]] = {}
    for each in verdicts:
        found.setdefault(each.group, []).append(each)
    return found
