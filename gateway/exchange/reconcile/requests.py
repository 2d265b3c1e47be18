"""What an institution or the agency asks to be compared, read from Parameters with everything that is wrong in it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from gateway.exchange.clearing.bodies import CareType
from gateway.exchange.desk import Looking
from gateway.exchange.reconcile import problems
from gateway.exchange.reconcile.bodies import Figures, Window
from gateway.fhir.parameters import read_parameter
from gateway.kernel import money
from gateway.kernel.calendar import parse_day
from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.security.partners import Role

LONGEST_DAYS = 366
_CASES = re.compile(r"-?[0-9]{1,10}", re.ASCII)


def read_window(looking: Looking, resource: Mapping[str, Any], *, scheme_named: bool) -> Window:
    """The window of a request. `scheme_named`: a scheme must be said; else '' is all of the area's.

    Refusal with every problem: another institution's, unknown scheme or sort of care, days that cannot be.
    """
    found: list[Problem] = []
    institution = read_parameter(resource, "institution")
    partner = looking.partner
    if partner.role is Role.CLINIC and institution not in ("", partner.institution):
        raise Refusal(_other_institution(partner.institution, institution))
    agency = read_parameter(resource, "agency")
    if agency not in ("", looking.area):
        found.append(problems.other_agency(agency, looking.area))
    scheme = read_parameter(resource, "scheme")
    if (scheme or scheme_named) and scheme not in looking.schemes:
        found.append(problems.unknown_scheme(scheme, ", ".join(sorted(looking.schemes))))
    care = read_parameter(resource, "care") or CareType.ALL
    if care not in set(CareType):
        found.append(problems.unknown_care(care))
    refunds = read_parameter(resource, "refunds")
    if refunds not in ("", "0", "1"):
        found.append(problems.bad_refunds(refunds))
    from_on, to_on = (_day(resource, name, found) for name in ("from", "to"))
    if from_on and to_on and not 0 <= (to_on - from_on).days < LONGEST_DAYS:
        found.append(problems.bad_window(LONGEST_DAYS))
    if found or from_on is None or to_on is None:
        raise Refusal(found)
    own = partner.institution if partner.role is Role.CLINIC else institution
    return Window(own, scheme, care, from_on.isoformat(), to_on.isoformat(), refunds)


def read_figures(resource: Mapping[str, Any], *names: str) -> dict[str, int]:
    """The figures of these names that were stated, in fen or cases. Refusal with each that cannot be read."""
    found: list[Problem] = []
    figures: dict[str, int] = {}
    for name in names:
        text = read_parameter(resource, name)
        if not text:
            continue
        if name == "cases":
            if _CASES.fullmatch(text):
                figures[name] = int(text)
            else:
                found.append(problems.bad_figure(name))
        else:
            figures[name] = _amount(text, name, found)
    if found:
        raise Refusal(found)
    return figures


def whole_figures(figures: Mapping[str, int]) -> Figures:
    """Figures of which every one was stated. Refusal naming those that were not."""
    missing = [problems.bad_figure(name) for name in Figures.__struct_fields__ if name not in figures]
    if missing:
        raise Refusal(missing)
    return Figures(**{name: figures[name] for name in Figures.__struct_fields__})


def read_day(text: str, path: str) -> date:
    """A day. Refusal bad-day."""
    found: list[Problem] = []
    day = _parsed(text, path, found)
    if day is None:
        raise Refusal(found)
    return day


def _day(resource: Mapping[str, Any], name: str, found: list[Problem]) -> date | None:
    return _parsed(read_parameter(resource, name), name, found)


def _parsed(text: str, path: str, found: list[Problem]) -> date | None:
    try:
        return parse_day(text)
    except ValueError:
        found.append(problems.bad_day(path))
        return None


def _amount(text: str, name: str, found: list[Problem]) -> Fen:
    try:
        return money.of(text)
    except ValueError:
        found.append(problems.bad_figure(name))
        return 0


def _other_institution(own: str, stated: str) -> Problem:
    return Problem(
        Kind.FORBIDDEN,
        "other-institution",
        "institution",
        f"the sender is {own} and cannot act for {stated[:20]}",
        f"发送方为 {own},不能代 {stated[:20]} 办理",
    )
