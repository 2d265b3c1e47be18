"""The grouper: which case group a treatment belongs to, by data. A DRG or DIP catalogue is a list of such groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from gateway.kernel import dated
from gateway.kernel.dated import Dated
from gateway.settlement.rule import Wording

LONGEST_STAY = 100_000
OLDEST = 1_000


@dataclass(frozen=True, slots=True)
class Group:
    """A case group 病组. `diagnoses`: beginnings of main diagnoses (ICD-10 医保版), empty for any; ages in years and
    days of stay from (inclusive) and to: `below_age` exclusive, `most_days` inclusive.
    """

    code: str
    title: Wording
    kinds: frozenset[str]
    diagnoses: tuple[str, ...]
    from_age: int = 0
    below_age: int = OLDEST
    least_days: int = 0
    most_days: int = LONGEST_STAY

    def takes(self, *, kind: str, days: int, age: int) -> bool:
        """Whether a case whose diagnosis fits belongs here."""
        return (
            (not self.kinds or kind in self.kinds)
            and self.from_age <= age < self.below_age
            and self.least_days <= days <= self.most_days
        )


@dataclass(frozen=True, eq=False)
class Grouper:
    """The groups of one version, in the order in which they are tried."""

    groups: tuple[Group, ...]


def group_in(
    groupers: Sequence[Dated[Grouper]], *, kind: str, diagnoses: Sequence[str], days: int, age: int, day: date
) -> str:
    """Code of the first group that takes the case in the version of a day, or '' (no version, no group).

    The main diagnosis, the first, decides. Cost: one look-up for each beginning of its code.
    """
    version = dated.on(groupers, day)
    if version is None:
        return ""
    main = diagnoses[0] if diagnoses else ""
    by_beginning = _by_beginning(version.value)
    found = [each for end in range(len(main) + 1) for each in by_beginning.get(main[:end], ())]
    for _, group in sorted(found, key=lambda each: each[0]):
        if group.takes(kind=kind, days=days, age=age):
            return group.code
    return ""


@lru_cache(maxsize=64)
def _by_beginning(grouper: Grouper) -> dict[str, tuple[tuple[int, Group], ...]]:
    found: dict[str, tuple[tuple[int, Group], ...]] = {}
    for number, group in enumerate(grouper.groups):
        for beginning in group.diagnoses or ("",):
            found[beginning] = (*found.get(beginning, ()), (number, group))
    return found
