"""The bank pays: one file made once, its answers, a payment rejected, one returned, both paid by a second file."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from gateway.demo.intake import Sent, send_file
from gateway.demo.month.day_match import at_evening
from gateway.demo.month.money_in import event
from gateway.demo.month.office import Office
from gateway.demo.month.places import ACCOUNTANT, CHIEF, EXPENDITURE_ACCOUNT, OFFICER, PLACES, SCHEME
from gateway.demo.month.scene import Scene
from gateway.kernel import money

PAID_ON, RETURNED_ON, AGAIN_ON = date(2015, 4, 7), date(2015, 4, 9), date(2015, 4, 10)
REJECTED, RETURNED = "outside", "rehabilitation"
"""Whose account the bank does not know, and whose account was closed when the money came."""
FED = "600000.00"


def pay(scene: Scene) -> list[Sent]:
    """Two files and everything that the bank says of them."""
    scene.on(PAID_ON)
    event(scene, "to-expenditure", "BK-2015-04-01", FED, PAID_ON)
    first = _instruct_twice(scene)
    rejected = _payment_of(scene, first, REJECTED)
    files = [
        _status(scene, first, "PS-1", {rejected: ("AC01", "账号不存在")}),
        _bookings(scene, "BN-1", scene.site.senders["bank"].bookings_of(first, prefix="D1-", rejected=[rejected])),
    ]
    scene.tried("payment-rejected", rejected, expected="rejected, approved", actual=_states(scene, rejected))
    files.append(_say_again(scene, first, rejected))
    files.append(_say_unknown(scene))

    scene.on(RETURNED_ON)
    back = _payment_of(scene, first, RETURNED)
    amount = next(each.amount for each in first.payments if each.id == back)
    came = scene.site.senders["bank"].booking("X1-1", amount, back, returned="AC04", file=first.file)
    files.append(_bookings(scene, "BN-2", [came]))
    scene.tried("payment-returned", back, expected="returned, approved", actual=_states(scene, back))

    scene.on(AGAIN_ON)
    second = _read(scene, _instruct(scene.office(OFFICER)))
    wanted = sorted(PLACES[place].code for place in (REJECTED, RETURNED))
    paid = sorted(_institution(scene, each.id) for each in second.payments)
    scene.tried("paid-again-in-a-second-file", second.file, expected=str(wanted), actual=str(paid))
    booked = scene.site.senders["bank"].bookings_of(second, prefix="D2-")
    files += [_status(scene, second, "PS-2", {}), _bookings(scene, "BN-3", booked)]
    files.append(_statement(scene, booked))
    _match(scene)
    return files


def _instruct(office: Office) -> str:
    """Today's payment file of the scheme: its MsgId."""
    said = office.post("/clearing/payment-files", {"scheme": SCHEME, "batch": "1"})
    assert said.ok, said.told
    return str(said.value["id"])


def _instruct_twice(scene: Scene) -> Any:
    """Two officers ask at the same moment; the file is one, and the same bytes whenever it is fetched."""
    offices = [scene.office(OFFICER), scene.office(CHIEF)]
    with ThreadPoolExecutor(len(offices)) as threads:
        made = list(threads.map(_instruct, offices))
    bodies = {scene.office(by).get(f"/clearing/payment-files/{made[0]}").body for by in (OFFICER, CHIEF)}
    told = "one file" if len(set(made)) == len(bodies) == 1 else f"{len(set(made))} files, {len(bodies)} contents"
    scene.tried("payment-file-asked-for-twice", made[0], expected="one file", actual=told)
    return _read(scene, made[0])


def _read(scene: Scene, id: str) -> Any:
    """A pain.001 as the bank reads it."""
    return scene.site.senders["bank"].read_instruction(
        scene.office(ACCOUNTANT).get(f"/clearing/payment-files/{id}").body
    )


def _payment_of(scene: Scene, instruction: Any, place: str) -> str:
    code = PLACES[place].code
    return next(str(each.id) for each in instruction.payments if _institution(scene, each.id) == code)


def _institution(scene: Scene, payment: str) -> str:
    return str(scene.office(OFFICER).get(f"/clearing/payments/{payment}").value["institution"])


def _states(scene: Scene, payment: str) -> str:
    """'rejected, approved': of the payment and of its clearing."""
    told = scene.office(OFFICER).get(f"/clearing/payments/{payment}").value
    clearing = scene.office(OFFICER).get(f"/clearing/{told['clearing']}").value
    return f"{told['state']}, {clearing['state']}"


def _status(scene: Scene, instruction: Any, name: str, rejected: Mapping[str, tuple[str, str]]) -> Sent:
    body = scene.site.senders["bank"].status_file(
        instruction, rejected=rejected, message_id=name, created_at=scene.clock()
    )
    return send_file(scene.site, "bank", name, len(instruction.payments), body)


def _bookings(scene: Scene, name: str, bookings: Sequence[Any]) -> Sent:
    body = scene.site.senders["bank"].notification_file(
        bookings,
        account=EXPENDITURE_ACCOUNT,
        message_id=name,
        created_at=at_evening(scene.clock.today),
        booked_on=scene.clock.today,
    )
    return send_file(scene.site, "bank", name, len(bookings), body)


def _say_again(scene: Scene, first: Any, rejected: str) -> Sent:
    """The debits once more, in another file: nothing moves."""
    before = dict(scene.store.trial_balance())
    again = scene.site.senders["bank"].bookings_of(first, prefix="D1-", rejected=[rejected])
    sent = _bookings(scene, "BN-1-AGAIN", again)
    moved = "nothing moved" if dict(scene.store.trial_balance()) == before else "the books moved"
    scene.tried("bank-says-it-twice", "BN-1-AGAIN", expected="nothing moved", actual=moved)
    return sent


def _say_unknown(scene: Scene) -> Sent:
    """An answer to a file and a payment that were never made: both wait for an officer."""
    bank = scene.site.senders["bank"]
    instruction = bank.instruction("321182-resident-20150401-9", EXPENDITURE_ACCOUNT, ())
    stranger = bank.payment("3211820000000000000000UNKNOWN", "1.00", "测试外人", "1")
    sent = _status(scene, instruction._replace(payments=(stranger,)), "PS-UNKNOWN", {})
    office = scene.office(OFFICER)
    found = [
        each for each in office.get("/reconcile/findings", state="open").value["findings"]
        if each["class"] == "payment-unknown"
    ]  # fmt: skip
    scene.tried("bank-answers-an-unknown-payment", "PS-UNKNOWN", expected="2 findings", actual=f"{len(found)} findings")
    for each in found:
        act = {"action": "corrected", "why": "银行更正 / the bank took it back", "reference": "BANK-LETTER-1"}
        office.post(f"/reconcile/findings/{each['id']}", act)
    return sent


def _statement(scene: Scene, booked: Sequence[Any]) -> Sent:
    """The expenditure account's statement of the second payment day."""
    before = scene.clock.today - timedelta(days=1)
    balances = scene.store.balances(SCHEME, on=before)
    body = scene.site.senders["bank"].statement_file(
        booked,
        account=EXPENDITURE_ACCOUNT,
        message_id="ST-OUT-20150410",
        created_at=at_evening(AGAIN_ON),
        day=AGAIN_ON,
        opening=sum(fen for (_, account), fen in balances.items() if account == "expenditure-account"),
    )
    return send_file(scene.site, "bank", "statement-expenditure", len(booked) + 1, body)


def _match(scene: Scene) -> None:
    day = {"scheme": SCHEME, "day": AGAIN_ON.isoformat()}
    said = scene.office(OFFICER).post("/reconcile/day", day)
    told = said.value["Day"] if said.ok else {}
    actual = f"{told['compared']['bank']} entries, found {told['found']}" if told else said.told
    scene.tried("payments-and-statement-agree", AGAIN_ON.isoformat(), expected="2 entries, found {}", actual=actual)


def paid_of(payments: Sequence[Mapping[str, Any]]) -> money.Fen:
    """What the bank carried out and did not get back."""
    return sum(money.of(each["amount"]) for each in payments if each["state"] == "booked")
