"""Institutions of an area: designated from and to, at a level of the policy."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from gateway.kernel import dated
from gateway.kernel.codes import check_institution_code
from gateway.kernel.dated import Dated
from gateway.kernel.ids import InstitutionCode
from gateway.kernel.problem import Problem
from gateway.policies.nodes import Spot
from gateway.policies.reading import by_day, check_overlap, items, members, span, text, word
from gateway.settlement.rule import Wording

KINDS = ("hospital", "township_centre", "community_centre", "pharmacy")


@dataclass(frozen=True, slots=True)
class Institution:
    """A designated institution 定点医药机构. `level`: level key of the area's policy."""

    code: InstitutionCode
    title: Wording
    level: str
    kind: str


@dataclass(frozen=True, eq=False)
class Institutions:
    """All designated institutions of an area by code, each dated by its designation."""

    by_code: Mapping[InstitutionCode, tuple[Dated[Institution], ...]]

    def on(self, code: InstitutionCode, day: date) -> Institution | None:
        """The institution as designated on a day, or None."""
        found = dated.on(self.by_code.get(code, ()), day)
        return found.value if found else None


def read_institutions(spot: Spot, levels: Collection[str]) -> Institutions:
    """The institutions of a file; problems go to its list."""
    head = members(spot, ("institutions",), ("source", "reading"))
    found: dict[InstitutionCode, list[tuple[Spot, Dated[Institution]]]] = {}
    source, reading = text(head.get("source"), empty=True), text(head.get("reading"), empty=True)
    for entry in items(head.get("institutions")):
        parts = members(entry, ("code", "zh", "en", "level", "kind", "from"), ("to",))
        first, last = span(parts)
        code = InstitutionCode(text(parts.get("code")))
        entry.problems.extend(_code_problems(parts.get("code"), code))
        institution = Institution(
            code,
            Wording(text(parts.get("zh")), text(parts.get("en"))),
            word(parts.get("level"), levels),
            word(parts.get("kind"), KINDS),
        )
        found.setdefault(code, []).append((entry, Dated(institution, first, last, source, reading)))
    for versions in found.values():
        check_overlap([entry for entry, _ in versions], [value for _, value in versions])
    return Institutions({code: by_day(value for _, value in versions) for code, versions in found.items()})


def _code_problems(spot: Spot | None, code: str) -> list[Problem]:
    return check_institution_code(code, spot.where) if spot is not None and code else []
