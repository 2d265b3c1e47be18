"""One day compared from three sides: institutions state totals, one of them lacks a settlement, the bank its statement.

Details show what is missing, an officer decides, the day is signed off and takes no more postings.
"""

import io
import zipfile
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta
from typing import Any

from gateway.demo.counter_nhsa import NhsaCounter
from gateway.demo.intake import Sent, send_file
from gateway.demo.month.money_in import LATE_PAYERS, assign_held, credit_of, event, notify
from gateway.demo.month.places import CHANNELS, INCOME_ACCOUNT, OFFICER, PLACES, SCHEME
from gateway.demo.month.plan import RECONCILED_ON
from gateway.demo.month.scene import Scene, Visit
from gateway.kernel import money
from gateway.kernel.calendar import BUSINESS_ZONE

NEXT = RECONCILED_ON + timedelta(days=1)
DAY = RECONCILED_ON.isoformat()
LACKING = "township"
"""The institution whose own books lack a settlement."""
_AGREED, _DIFFERS, _CORE_ALONE = "000000", "000103", "000101"


def reconcile(scene: Scene) -> list[Sent]:
    """Play the day. The clock stands on it, and on the next when it is over."""
    scene.on(RECONCILED_ON)
    late = scene.town.residents[-LATE_PAYERS:-1]
    files = [notify(scene, "MONTH-2", late, on=RECONCILED_ON), _state_bank(scene)]
    assign_held(scene)
    scene.on(NEXT)
    visits = {place: [each for each in scene.visits if _is_of(each, place)] for place in PLACES}
    for place, own in visits.items():
        stated = own[1:] if place == LACKING else own
        expected = _DIFFERS if place == LACKING else _AGREED
        actual = _state(scene, place, stated)
        scene.tried(f"totals-of-{place}", f"{PLACES[place].code}|{DAY}", expected=expected, actual=actual)
    missing, *kept = visits[LACKING]
    _compare_details(scene, kept, missing=missing)
    _sign_off(scene, missing=missing)
    return files


def _is_of(visit: Visit, place: str) -> bool:
    return visit.care.institution.place == place and visit.care.to_on == RECONCILED_ON


def sums_of(scene: Scene, visits: Sequence[Visit]) -> Any:
    """What an institution added up of its own settlements."""
    finals = [each.outcome.final for each in visits]
    amounts = (money.decimal(sum(each[name] for each in finals)) for name in ("submitted", "fund-total", "account"))
    return scene.site.senders["nhsa"].clearing.Sums(len(finals), *amounts)


def _state(scene: Scene, place: str, visits: Sequence[Visit]) -> str:
    """3201, or the same by HTTP: 000000 agreed, 000103 differs, or why it was refused."""
    sums = sums_of(scene, visits)
    if CHANNELS[place] == "nhsa":
        with closing(NhsaCounter(scene.site, PLACES[place])) as counter:
            client, clearing = counter.client, scene.site.senders["nhsa"].clearing
            request = clearing.totals(client.window, client.moment(), sums, begin=RECONCILED_ON, end=RECONCILED_ON)
            answer = client.post(request)
        return str(answer.output["stmtinfo"]["stmt_rslt"]) if answer.accepted else answer.error
    figures = {"cases": sums.cases, "total": sums.total, "fund": sums.fund, "account": sums.account}
    window = {"scheme": SCHEME, "from": DAY, "to": DAY}
    said = scene.office(PLACES[place].code).post("/reconcile/totals", {**window, **figures})
    if not said.ok:
        return said.told
    return {"matched": _AGREED, "differs": _DIFFERS}[said.value["Comparison"]["result"]]


def _compare_details(scene: Scene, visits: Sequence[Visit], *, missing: Visit) -> None:
    """9101 with the lines, 3202, and 9102 of the result: it lists the settlement that the institution lacks."""
    nhsa = scene.site.senders["nhsa"]
    sums = sums_of(scene, visits)
    with closing(NhsaCounter(scene.site, PLACES[LACKING])) as counter:
        client = counter.client
        uploaded = client.post(nhsa.clearing.upload(client.window, client.moment(), [_line(nhsa, v) for v in visits]))
        file = str(uploaded.output["file_qury_no"])
        span = {"begin": RECONCILED_ON, "end": RECONCILED_ON}
        asked = nhsa.clearing.details(client.window, client.moment(), sums, file=file, **span)
        result = client.post(asked).output["fileinfo"]
        names = {"file": str(result["file_qury_no"]), "name": str(result["filename"])}
        request = nhsa.clearing.download(client.window, client.moment(), **names)
        fetched = client.http.post(nhsa.requests.PATH, content=request.body, headers=dict(request.headers))
    listed = {row[2]: row[4] for row in _rows(fetched.content)}
    told = sorted(f"{settlement} {verdict}" for settlement, verdict in listed.items() if verdict != _AGREED)
    wanted = f"{missing.outcome.settlement} {_CORE_ALONE}"
    scene.tried("details-name-what-is-missing", file, expected=wanted, actual=", ".join(told))


def _line(nhsa: Any, visit: Visit) -> Any:
    final = visit.outcome.final
    amounts = (money.decimal(final[name]) for name in ("submitted", "fund-total", "account"))
    info = visit.talk.settlement
    return nhsa.clearing.Detail(visit.outcome.settlement, str(info["mdtrt_id"]), str(info["psn_no"]), *amounts)


def _rows(archive: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        text = opened.read(opened.namelist()[0]).decode("utf-8")
    return [line.split("\t") for line in text.splitlines()]


def _sign_off(scene: Scene, *, missing: Visit) -> None:
    office = scene.office(OFFICER)
    asked = {"scheme": SCHEME, "day": DAY}
    found = office.post("/reconcile/day", asked).value["Day"]["found"]
    scene.tried("day-matched", DAY, expected="{'only-core': 1}", actual=str(found))
    early = office.post("/reconcile/day/sign-off", asked)
    scene.tried("signed-off-with-a-finding", DAY, expected="refused: findings-open", actual=early.told)

    [finding] = office.get("/reconcile/findings", day=DAY, state="open").value["findings"]
    act = {"action": "accept-core", "why": "机构网络中断未收到应答,已核对病历 / the answer was lost, records checked"}
    said = office.post(f"/reconcile/findings/{finding['id']}", act)
    decided = f"{finding['reference']} {said.value['Finding']['state']}" if said.ok else said.told
    scene.tried("finding-resolved", finding["id"], expected=f"{missing.outcome.settlement} resolved", actual=decided)
    signed = office.post("/reconcile/day/sign-off", {**asked, "why": "三方一致"})
    state = signed.value["Day"]["state"] if signed.ok else signed.told
    scene.tried("day-signed-off", DAY, expected="signed-off", actual=state)
    late = event(scene, "interest-received", "LX-2015-03-16", "0.16", RECONCILED_ON, station="fiscal-account")
    booked = late.value["booked_on"] if late.ok else late.told
    scene.tried("nothing-more-on-a-signed-day", DAY, expected=NEXT.isoformat(), actual=booked)


def _state_bank(scene: Scene) -> Sent:
    """The income account's statement: what was told, and one credit that was not."""
    bank = scene.site.senders["bank"]
    entries = [_told(bank, credit_of(bank, payer)) for payer in scene.town.residents[-LATE_PAYERS:-1]]
    entries.append(bank.booking("CM-UNTOLD", "200.00", payer="测试无名", remittance="居民医保"))
    body = bank.statement_file(
        entries,
        account=INCOME_ACCOUNT,
        message_id="ST-IN-20150316",
        created_at=at_evening(RECONCILED_ON),
        day=RECONCILED_ON,
        opening=0,
    )
    return send_file(scene.site, "bank", "statement-income", len(entries) + 1, body)


def _told(bank: Any, credit: Any) -> Any:
    """The entry of a credit that a notification told before, in the same words."""
    words = f"YB/{credit.year}/{credit.citizen_id}/{credit.name}"
    return bank.booking(credit.reference, credit.amount, payer=credit.name, remittance=words)


def at_evening(day: date) -> datetime:
    """When a bank writes its files of a day."""
    return datetime.combine(day, time(18), BUSINESS_ZONE)
