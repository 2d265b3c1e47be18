"""The worklist: one difference a finding, kept until an officer resolves it. Noting the same one again changes nothing.

A finding says what the two sides say, each figure by name in fen or as a count; nothing about it is lost or guessed.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import msgspec

from gateway.kernel.ids import derived_id
from gateway.kernel.money import Fen
from gateway.store.unit import Unit
from gateway.store.values import Dossier

FINDING = "finding"
OPEN, RESOLVED, CARRIED = "open", "resolved", "carried"


class Step(msgspec.Struct, frozen=True):
    """What somebody did about a finding. `at`: FHIR instant."""

    action: str
    by: str
    at: str
    why: str = ""


class Finding(msgspec.Struct, frozen=True):
    """One difference. `what`: its class, also its code; `reference`: what it is about; `ours`, `theirs`: figures.

    `names`: what else an officer needs, such as the payment and the bank's reason.
    """

    day: str
    what: str
    reference: str
    en: str
    zh: str
    scheme: str = ""
    institution: str = ""
    ours: dict[str, int] = {}
    theirs: dict[str, int] = {}
    names: dict[str, str] = {}
    steps: tuple[Step, ...] = ()

    @property
    def key(self) -> str:
        """'2015-06-30|payment-unknown|REF1': the same difference has the same key."""
        return f"{self.day}|{self.what}|{self.reference}"


def note_finding(unit: Unit, finding: Finding, *, fen: Fen = 0) -> Dossier:
    """Put a finding on the worklist, or give the one that is there already."""
    found = unit.dossier_of_key(FINDING, finding.key)
    if found is not None:
        return found
    id = derived_id(unit.area, FINDING, finding.key)
    body = msgspec.json.encode(finding, order="deterministic")
    return unit.put_dossier(Dossier(FINDING, id, finding.key, OPEN, finding.day, finding.institution, fen, body, 0))


def close_finding(unit: Unit, key: str, step: Step) -> None:
    """Resolve a finding whose reason is gone, by whom and why; one that is resolved, or was never noted, is left."""
    found = unit.dossier_of_key(FINDING, key)
    if found is None or found.state == RESOLVED:
        return
    before = read_finding(found)
    body = msgspec.structs.replace(before, steps=(*before.steps, step))
    unit.put_dossier(replace(found, state=RESOLVED, body=msgspec.json.encode(body, order="deterministic")))


def read_finding(dossier: Dossier) -> Finding:
    """The finding that a dossier holds."""
    return msgspec.json.decode(dossier.body, type=Finding)


def finding(
    what: str,
    *,
    day: date,
    reference: str,
    en: str,
    zh: str,
    scheme: str = "",
    institution: str = "",
    ours: Mapping[str, int] | None = None,
    theirs: Mapping[str, int] | None = None,
    names: Mapping[str, str] | None = None,
) -> Finding:
    """A finding of a day. `names`: what else an officer needs, such as the payment and the bank's reason."""
    return Finding(
        day.isoformat(),
        what,
        reference,
        en,
        zh,
        scheme,
        institution,
        dict(ours or {}),
        dict(theirs or {}),
        dict(names or {}),
    )
