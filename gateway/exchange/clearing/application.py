"""An institution applies for its month 清算申请, and revokes an application 清算撤销 until the month is reviewed.

What it says is matched with the core's figures to the fen. A mismatch is no refusal: both figures are kept, the answer
says which differ, and a finding waits for an officer or for another application. Before its month is calculated an
application is kept and matched then.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from gateway.exchange.clearing import folders, problems
from gateway.exchange.clearing.acting import act, open_day
from gateway.exchange.clearing.bodies import (
    UNREVIEWED,
    Application,
    ApplicationState,
    Clearing,
    State,
)
from gateway.exchange.clearing.folders import Held
from gateway.exchange.clearing.matched import DIFFERS, close_differences, match_application, with_applications
from gateway.exchange.clearing.matching import Difference, differences
from gateway.exchange.clearing.opening import open_clearing
from gateway.exchange.clearing.stated import Stated, read_application
from gateway.exchange.desk import Desk, Resource, Result
from gateway.fhir.parameters import read_parameter
from gateway.kernel import money
from gateway.kernel.problem import Refusal
from gateway.security.partners import Role
from gateway.store.values import PeriodState


def apply_clearing(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The operation `apply-clearing`. Sent again with the same figures it answers the same; tree as docs/clearing.md.

    Refusal: what is wrong with the figures; application-exists; clearing-reviewed.
    """
    stated = read_application(desk, resources[0])
    clearing = _clearing_of(desk, stated)
    key, before = folders.application_in_force(desk.unit, stated.key)
    if before is not None:
        if before.body.stated != stated.figures:
            raise Refusal(problems.application_exists(before.id))
        return _told(before)
    if clearing.state not in UNREVIEWED:
        raise Refusal(problems.reviewed(clearing.state))

    held = folders.new_application(desk.new_id(), key, _application(desk, stated, clearing.id))
    clearing = _with(clearing, applications=(*clearing.body.applications, held.id))
    if clearing.state == State.EXPECTED:
        folders.put_clearing(desk.unit, clearing)
        return _told(folders.put_application(desk.unit, held, state=ApplicationState.KEPT))
    held = match_application(desk.unit, held, clearing.body, by=desk.partner.id)
    with_applications(desk.unit, clearing)
    return _told(held)


def revoke_clearing(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The operation `revoke-clearing`: its own application, until the month is reviewed; again: the same answer."""
    id = read_parameter(resources[0], "application")
    held = folders.find_application(desk.unit, id) if id else None
    if held is None or not _is_own(desk, held.body):
        raise Refusal(problems.application_not_found(id))
    if held.state == ApplicationState.REVOKED:
        return _told(held)
    clearing = folders.find_clearing(desk.unit, held.body.clearing)
    assert clearing is not None, "an application has a clearing"
    if clearing.state not in UNREVIEWED:
        raise Refusal(problems.reviewed(clearing.state))

    body = msgspec.structs.replace(held.body, acts=(*held.body.acts, act(desk, "revoked")))
    held = folders.put_application(desk.unit, folders.with_body(held, body), state=ApplicationState.REVOKED)
    close_differences(desk.unit, held, by=desk.partner.id)
    rest = tuple(each for each in clearing.body.applications if each != id)
    clearing = _with(clearing, applications=rest)
    if clearing.state == State.EXPECTED:
        folders.put_clearing(desk.unit, clearing)
    else:
        with_applications(desk.unit, clearing)
    return _told(held)


def _clearing_of(desk: Desk, stated: Stated) -> Held[Clearing]:
    """The month's clearing. A closed month that has none had nothing to clear: it is one of nothing then."""
    held = folders.clearing_of(desk.unit, stated.scheme, stated.month, stated.institution)
    closing = desk.unit.dossier_of_key("closing", f"{stated.scheme}|{stated.month}")
    if held.state != State.EXPECTED or closing is None or closing.state != PeriodState.CLOSED:
        return held
    open_clearing(
        desk.unit,
        scheme=stated.scheme,
        month=stated.month,
        institution=stated.institution,
        payables={},
        booked_on=open_day(desk, stated.scheme),
        by=desk.partner.id,
    )
    return folders.clearing_of(desk.unit, stated.scheme, stated.month, stated.institution)


def _with(held: Held[Clearing], *, applications: tuple[str, ...]) -> Held[Clearing]:
    return folders.with_body(held, msgspec.structs.replace(held.body, applications=applications))


def _is_own(desk: Desk, application: Application) -> bool:
    return desk.partner.role is Role.AGENCY or application.institution == desk.partner.institution


def _application(desk: Desk, stated: Stated, clearing: str) -> Application:
    return Application(
        clearing=clearing,
        scheme=stated.scheme,
        month=stated.month,
        institution=stated.institution,
        care=stated.care,
        type=stated.type,
        way=stated.way,
        stated=stated.figures,
        acts=(act(desk, "applied"),),
    )


def _told(held: Held[Application]) -> Result:
    body = held.body
    found = differences(body.stated, body.ours) if body.ours and held.state == ApplicationState.DIFFERS else []
    code = DIFFERS if found else ""
    values = {
        "application": held.id,
        "clearing": body.clearing,
        "status": held.state,
        "code": code,
        "text": _text(held.state, found),
    }
    listed: list[Mapping[str, Any]] = [{"name": name, "valueString": value} for name, value in values.items() if value]
    listed += [_difference(each) for each in found]
    return Result(
        {"values": values, "Parameters": {"resourceType": "Parameters", "parameter": listed}}, subject=held.id
    )


def _difference(each: Difference) -> Mapping[str, Any]:
    said = [("stated", each.stated), ("ours", each.ours)]
    if each.figure == "cases":
        parts: list[Mapping[str, Any]] = [{"name": name, "valueInteger": value} for name, value in said]
    else:
        parts = [{"name": name, "valueDecimal": money.decimal(value)} for name, value in said]
    return {"name": "difference", "part": [{"name": "figure", "valueCode": each.figure}, *parts]}


def _text(state: str, found: Sequence[Difference]) -> str:
    if state == ApplicationState.KEPT:
        return "已受理,待当月结账后核对 / kept until the month is closed"
    if found:
        said = ";".join(_said(each) for each in found)
        return f"与中心数据不一致:{said} / differs from the core in {', '.join(each.figure for each in found)}"
    return {"matched": "一致 / matched", "revoked": "已撤销 / revoked"}.get(state, state)


def _said(each: Difference) -> str:
    if each.figure == "cases":
        return f"人次 {each.stated} ≠ {each.ours}"
    title = {"total": "费用总额", "fund": "基金支付", "account": "个人账户", "cash": "现金"}[each.figure]
    return f"{title} {money.text(each.stated)} ≠ {money.text(each.ours)}"
