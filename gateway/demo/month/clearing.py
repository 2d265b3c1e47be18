"""The month is closed and cleared: institutions apply, officers review and approve, nobody twice.

The city hospital's first application is wrong: it is revoked and made again. Institutions that have only a budget and
no care do not apply; an officer says why their month is reviewed all the same.
"""

from contextlib import closing
from datetime import date
from typing import Any

from gateway.demo.counter_nhsa import NhsaCounter
from gateway.demo.month.day_match import sums_of
from gateway.demo.month.office import Said, close_period
from gateway.demo.month.places import ACCOUNTANT, CHANNELS, CHIEF, MONTH, OFFICER, PLACES, SCHEME
from gateway.demo.month.scene import Scene
from gateway.kernel import money

LAST, CLOSED_ON, APPLIED_ON, REVIEWED_ON = date(2015, 3, 31), date(2015, 4, 1), date(2015, 4, 2), date(2015, 4, 3)
DEDUCTED = "150.00"
ALL_CARE, NOTHING_DONE = "99", "本月无医疗费用,只拨付总额预算 / no care in the month, the budget's twelfth alone"


def close_month(scene: Scene) -> None:
    """Ask for the closing on the month's last day, which is too early, and on the day after."""
    scene.on(LAST)
    early = close_period(scene.office(ACCOUNTANT), SCHEME, MONTH)
    scene.tried("closed-before-its-end", MONTH, expected="refused: period-not-ended", actual=early)
    scene.on(CLOSED_ON)
    state = close_period(scene.office(ACCOUNTANT), SCHEME, MONTH)
    scene.tried("month-closed", MONTH, expected="closed", actual=state)


def apply_all(scene: Scene) -> None:
    """Every institution with care applies, in its own way."""
    scene.on(APPLIED_ON)
    _apply_wrongly(scene)
    for place in PLACES:
        sums = sums_of(scene, scene.settled_at(place))
        id, status = _apply_nhsa(scene, place, sums) if CHANNELS[place] == "nhsa" else _apply_rest(scene, place, sums)
        scene.tried(f"application-of-{place}", id, expected="matched", actual=status)


def _apply_wrongly(scene: Scene) -> None:
    """3203 with a stay that was cancelled, answered and kept as differing; 3204 takes it back."""
    counted = [*scene.settled_at("city"), *scene.cancelled]
    id, status = _apply_nhsa(scene, "city", sums_of(scene, counted))
    scene.tried("application-differs", id, expected="differs", actual=status)
    clearing = scene.site.senders["nhsa"].clearing
    with closing(NhsaCounter(scene.site, PLACES["city"])) as counter:
        client = counter.client
        answer = client.post(clearing.revoke(client.window, client.moment(), application=id))
    told = _application(scene, id) if answer.accepted else answer.error
    scene.tried("application-revoked", id, expected="revoked", actual=told)


def _apply_nhsa(scene: Scene, place: str, sums: Any) -> tuple[str, str]:
    clearing = scene.site.senders["nhsa"].clearing
    span = {"month": MONTH.replace("-", ""), "begin": date(2015, 3, 1), "end": LAST}
    with closing(NhsaCounter(scene.site, PLACES[place])) as counter:
        client = counter.client
        answer = client.post(clearing.apply(client.window, client.moment(), sums, care=ALL_CARE, **span))
    if not answer.accepted:
        return answer.request.msgid, answer.error
    id = str(answer.output["result"]["clr_appy_evt_id"])
    return id, _application(scene, id)


def _apply_rest(scene: Scene, place: str, sums: Any) -> tuple[str, str]:
    amounts = {name: getattr(sums, name) for name in ("cases", "total", "fund", "account", "cash")}
    said = scene.office(PLACES[place].code).post(
        "/clearing/applications", {"month": MONTH, "careType": "all", **amounts}
    )
    return (said.value["application"], said.value["status"]) if said.ok else ("", said.told)


def _application(scene: Scene, id: str) -> str:
    return str(scene.office(OFFICER).get(f"/clearing/applications/{id}").value["state"])


def clearings_of(scene: Scene, month: str) -> list[dict[str, Any]]:
    """The month's clearings in the order of their institutions."""
    listed = scene.office(OFFICER).get("/clearing", period=month).value["clearings"]
    whole = [scene.office(OFFICER).get(f"/clearing/{each['id']}").value for each in listed]
    return sorted(whole, key=lambda each: str(each["institution"]))


def review_and_approve(scene: Scene) -> None:
    """An officer reviews, two people approve the same digest; what they may not do is refused."""
    scene.on(REVIEWED_ON)
    for each in clearings_of(scene, MONTH):
        if each["institution"] == PLACES["city"].code:
            _approve_city(scene, each["id"])
            continue
        body = {} if each["applications"] else {"unapplied": NOTHING_DONE}
        if not each["applications"] and each["institution"] == "H32118200102":
            bare = _review(scene, each["id"], {})
            scene.tried(
                "reviewed-without-application", each["id"], expected="refused: clearing-not-applied", actual=bare.told
            )
        digest = _review(scene, each["id"], body).value["digest"]
        _approve(scene, CHIEF, each["id"], digest)
        second = _approve(scene, ACCOUNTANT, each["id"], digest)
        state = second.value["state"] if second.ok else second.told
        pays = money.of(each["payable"]) > 0
        scene.tried(
            f"approved-{each['institution']}", each["id"], expected="approved" if pays else "paid", actual=state
        )


def _approve_city(scene: Scene, id: str) -> None:
    """Reviewed, approved once, reviewed again with a deduction: the first approval is void. Then two people."""
    old = _review(scene, id, {}).value["digest"]
    _approve(scene, CHIEF, id, old)
    stay = next(each for each in scene.settled_at("city") if each.care.stays).outcome.settlement
    deduction = {
        "amount": DEDUCTED,
        "reason": "over-price",
        "text": "床位费高于核定标准 / bed fee above what was approved",
        "source": "定点机构服务协议第12条",
        "settlement": stay,
    }
    digest = _review(scene, id, {"deductions": [deduction]}).value["digest"]
    void = _approve(scene, ACCOUNTANT, id, old)
    scene.tried("approved-what-changed", id, expected="refused: first-approval-void", actual=void.told)
    _approve(scene, CHIEF, id, digest)
    same = _approve(scene, CHIEF, id, digest, step="second")
    scene.tried("approved-twice-by-one-person", id, expected="refused: same-approver", actual=same.told)
    own = _approve(scene, OFFICER, id, digest)
    scene.tried("approved-by-the-reviewer", id, expected="refused: reviewer-approves", actual=own.told)
    second = _approve(scene, ACCOUNTANT, id, digest)
    state = second.value["state"] if second.ok else second.told
    scene.tried(f"approved-{PLACES['city'].code}", id, expected="approved", actual=state)


def _review(scene: Scene, id: str, body: dict[str, Any]) -> Said:
    return scene.office(OFFICER).post(f"/clearing/{id}/review", body)


def _approve(scene: Scene, by: str, id: str, digest: str, *, step: str = "") -> Said:
    return scene.office(by).post(f"/clearing/{id}/approve", {"digest": digest, "step": step})
