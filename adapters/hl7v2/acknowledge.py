"""Who is acknowledged when: HL7 v2 chapter 2, original and enhanced mode, as one table.

MSH-15 asks for accept acknowledgements (CA: committed to safe storage, CE: cannot be stored now, CR: refused at the
door), MSH-16 for application acknowledgements (AA, AE, AR): AL always, NE never, ER on error only, SU on success only.
Both empty is original mode: the application's answer alone. One of them empty beside a valued one counts as NE.

A refusal at the door ends the exchange, so it is said once: as CR or CE where MSH-15 wants errors, else as AR where
MSH-16 does. Acknowledgements themselves are never acknowledged.
"""

from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """What became of a message."""

    ACCEPTED = "accepted"  # stored, and done
    ERROR = "error"  # stored, and refused by the application
    REJECTED = "rejected"  # refused at the door: header, version, sender, size, or it cannot be stored now


class Acknowledgements(NamedTuple):
    """Codes for MSA-1, '' where nothing is sent. The commit acknowledgement goes first."""

    commit: str
    application: str


_ON_SUCCESS = frozenset({"AL", "SU"})
_ON_ERROR = frozenset({"AL", "ER"})
CONDITIONS = ("", "AL", "NE", "ER", "SU")
"""HL7 table 0155, and empty."""


def acknowledgements(msh_15: str, msh_16: str, outcome: Outcome, *, storable: bool = True) -> Acknowledgements:
    """What to send for a message. `storable` False: rejected only because it cannot be stored now, so CE, not CR."""
    application_code = {Outcome.ACCEPTED: "AA", Outcome.ERROR: "AE", Outcome.REJECTED: "AR"}[outcome]
    if not msh_15 and not msh_16:
        return Acknowledgements("", application_code)
    if outcome is Outcome.REJECTED:
        if msh_15 in _ON_ERROR:
            return Acknowledgements("CR" if storable else "CE", "")
        return Acknowledgements("", "AR" if msh_16 in _ON_ERROR else "")
    wanted = _ON_SUCCESS if outcome is Outcome.ACCEPTED else _ON_ERROR
    return Acknowledgements("CA" if msh_15 in _ON_SUCCESS else "", application_code if msh_16 in wanted else "")
