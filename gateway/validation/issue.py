"""What is found wrong: `Issue` for those who ask, `Finding` while it is on its way up from where it was found.

A check answers None where all is well, so that a valid resource costs no allocation. A finding starts with the path
'' and every object or array it passes puts its own step in front; places are built for what is wrong only.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec

ERROR: Final = "error"
WARNING: Final = "warning"
INFORMATION: Final = "information"

MOST_FINDINGS: Final = 200
"""More than these are not listed; one more issue says that there are more."""
FULL: Final = 2 * (MOST_FINDINGS + 1)
"""When so many were found, nothing is looked for any more in a list."""


class Issue(msgspec.Struct, frozen=True):
    """One thing wrong with a resource.

    `severity`: error, warning or information; `code`: our stable code; `type`: the FHIR issue type for an
    OperationOutcome (R4 value set issue-type); `location`: FHIRPath of the element (`Claim.item[3].net`), or of the
    object that lacks it; both texts say what to send instead.
    """

    severity: str
    code: str
    type: str
    location: str
    text_en: str
    text_zh: str


class Finding(NamedTuple):
    """An issue before its place is known. `path`: JSON steps from the value that was checked (`.item[3].net`).

    `known`: what is needed to judge it once the whole place is known (the contexts of an extension), else None.
    """

    path: str
    severity: str
    code: str
    type: str
    en: str
    zh: str
    known: Any = None


Findings = list[Finding] | None
Check = Callable[[Any, Any], Findings]
"""A compiled check: (value, run) → what is wrong, None where nothing is."""


def joined(found: Findings, step: str, more: list[Finding]) -> Findings:
    """`more`, found under `step`, put behind what was found before.

    A few hundred are kept: errors still find room where others no longer do, so that none hides behind warnings.
    """
    if found is None:
        found = []
    for each in more:
        if len(found) <= MOST_FINDINGS or (each.severity == ERROR and len(found) < FULL):
            found.append(each._replace(path=step + each.path))
    return found


def added(found: Findings, more: Findings) -> Findings:
    """Two lists of findings of one value as one."""
    if more is None:
        return found
    return more if found is None else joined(list(found), "", more)


def has_errors(found: Findings) -> bool:
    """Whether anything makes the value invalid; warnings do not."""
    return found is not None and any(each.severity == ERROR for each in found)
