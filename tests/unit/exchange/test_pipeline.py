"""Keys, repeats and refusals: what is answered again, what may be corrected, and what is kept."""

from dataclasses import replace
from decimal import Decimal

import pytest

from adapters.hl7v2.sender import SENDER as HL7
from adapters.hl7v2.sender import BillLine, Envelope, Invoice
from adapters.nhsa import requests
from adapters.police.sender import SENDER as POLICE
from adapters.police.sender import Change
from gateway.contract import Incoming
from gateway.exchange.desk import Desk, Result
from gateway.exchange.submit import prepare_submit
from gateway.fhir.json import encode
from gateway.kernel.problem import Kind
from gateway.security.partners import Partners
from gateway.store.values import MessageState
from tests.unit.exchange.town import (
    CITY,
    COUNTER,
    DRUG,
    INDICATION,
    THE_BANK,
    THE_POLICE,
    TOWNSHIP,
    UNIT,
    Answer,
    Town,
    citizen,
    claim,
)


def states(town: Town, kind: str) -> list[tuple[MessageState, bool]]:
    """State of every kept message of a kind, and whether it fixed a key."""
    return [(each.state, each.key is not None) for each in town.messages() if each.kind == kind]


# repeats


def test_a_repeat_is_answered_with_the_stored_bytes_and_does_nothing(town: Town) -> None:
    person = town.resident()
    first, again = town.submit(claim(person)), town.submit(claim(person))

    assert again.reply.body == first.reply.body
    assert (first.reply.repeated, again.reply.repeated) == (False, True)
    assert len(town.settlements()) == 1
    town.sound()


def test_a_repeat_with_its_members_in_another_order_is_a_repeat(town: Town) -> None:
    sent = claim(town.resident())
    first = town.submit(sent)

    assert town.submit(dict(reversed(sent.items()))).reply.body == first.reply.body


def test_the_same_key_with_other_content_is_a_conflict(town: Town) -> None:
    person = town.resident()
    town.submit(claim(person), key="k1")
    other = town.submit(claim(person, "2000.00", visit="V2"), key="k1")

    assert (other.codes, other.reply.refused) == (["key-reused"], Kind.CONFLICT)
    assert len(town.settlements()) == 1
    assert town.submit(claim(person), key="k1").reply.repeated


def test_keys_of_two_partners_never_meet(town: Town) -> None:
    person = town.resident()
    town.submit(claim(person), key="k1")
    second = town.submit(claim(person, provider=TOWNSHIP.institution), by=TOWNSHIP, key="k1")

    assert second.codes == []


def test_keys_of_two_channels_never_meet_but_the_treatment_does(town: Town) -> None:
    person = town.resident()
    first = town.submit(claim(person, visit="V1"), key="C0001")
    second = town.exchange.accept("hl7v2", Incoming(HL7.claim(invoice(town, person), envelope(town)))).result()

    assert [problem.code for problem in second.problems] == ["already-settled"]
    assert first.id in second.problems[0].text()
    assert len(town.settlements()) == 1


def test_three_people_with_one_treatment_in_three_formats_get_the_same_fen(town: Town) -> None:
    one, two = town.resident(1), town.resident(2)
    over_fhir = town.submit(claim(one, visit="V1", bill="B1"))
    reply = town.exchange.accept("hl7v2", Incoming(HL7.claim(invoice(town, two, "V2", "B2"), envelope(town)))).result()

    assert HL7.read_answer(reply.body).paid == over_fhir.total("fund-total") == "300.00"


# refusals


def test_a_refusal_by_rule_fixes_its_key(town: Town) -> None:
    person = citizen(1)
    town.event("登记", person)
    first = town.submit(claim(person))
    town.pay(person)
    again = town.submit(claim(person))

    assert (first.codes, first.reply.refused) == (["not-covered"], Kind.RULE)
    assert (again.reply.refused, again.reply.repeated) == (Kind.RULE, True)
    assert again.reply.body == first.reply.body
    assert town.submit(claim(person), key="a new one").codes == []
    assert states(town, "fhir.Claim/$submit") == [(MessageState.REFUSED, True), (MessageState.ANSWERED, True)]


def test_what_is_invalid_is_kept_without_a_key_and_may_be_corrected(town: Town) -> None:
    person = town.resident()
    wrong = town.submit(claim(person, total={"value": Decimal("1.00"), "currency": "CNY"}))

    assert wrong.codes == ["unbalanced-total"]
    assert town.submit(claim(person)).codes == []
    assert states(town, "fhir.Claim/$submit") == [(MessageState.REJECTED, False), (MessageState.ANSWERED, True)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not-json"),
        (b'{"resourceType":"Claim"', "not-json"),
        (b"[]", "not-a-resource"),
        (b'{"resourceType":"Patient"}', "not-a-claim"),
        (
            b'{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient"}}]}',
            "bundle-without-claim",
        ),
    ],
)
def test_a_body_that_is_no_claim_is_kept_with_its_reason(town: Town, body: bytes, code: str) -> None:
    answer = town.submit_bytes(body)
    [kept] = town.messages()

    assert answer.codes == [code]
    assert answer.body["resourceType"] == "OperationOutcome"
    assert (kept.request, kept.state, kept.key) == (body, MessageState.REJECTED, None)
    assert [problem.code for problem in kept.problems] == [code]


@pytest.mark.parametrize("key", ["k" * 201, "a\nb", "\x7f"])
def test_a_key_that_cannot_be_kept_is_refused(town: Town, key: str) -> None:
    assert town.submit(claim(citizen(1)), key=key).codes == ["bad-idempotency-key"]


def test_a_bundle_is_settled_by_its_first_entry(town: Town) -> None:
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": claim(town.resident())}]}

    assert town.submit(bundle).codes == []


def test_a_withdrawn_claim_in_a_bundle_is_not_settled_either(town: Town) -> None:
    sent = claim(town.resident(), status="cancelled")

    assert town.submit({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": sent}]}).codes == [
        "withdrawn-claim"
    ]


def test_a_partner_that_may_not_is_refused_before_anything_is_read(town: Town) -> None:
    answer = town.submit(claim(town.resident()), by=THE_BANK)

    assert (answer.codes, answer.reply.refused) == (["forbidden"], Kind.FORBIDDEN)
    assert town.settlements() == []


# feeds


def test_an_unknown_sender_is_refused_in_its_own_format(town: Town) -> None:
    nobody = replace(COUNTER, institution="H32118299999")
    answer = town.nhsa(requests.person(nobody, town.moment(), citizen_id=citizen(1)))

    assert answer.codes == ["unknown-sender"]
    assert answer.body["infcode"] != 0
    assert states(town, "nhsa") == [(MessageState.REJECTED, False)]


def test_a_file_that_is_none_is_refused_whole(town: Town) -> None:
    sent = b"\xef\xbb\xbf" + "报送单位,变动序号\r\n".encode()
    reply = town.exchange.accept_file("police", Incoming(sent), proven=THE_POLICE)

    assert [problem.code for problem in reply.problems] != []


def test_a_record_of_another_sender_than_the_token_holder_is_refused(town: Town) -> None:
    """A file whose rows name the police unit, shown with the bank's token."""
    change = Change("登记", "1", citizen(1), "测试一", town.today, household="H1", relation="0", head_id=citizen(1))
    file = POLICE.population_file([change], unit=UNIT)
    reply = town.exchange.accept_file("police", Incoming(file), proven=THE_BANK)

    assert [problem.code for problem in reply.problems] == ["sender-is-not-token-holder"]


def test_a_signature_is_asked_of_whoever_has_a_secret(town: Town) -> None:
    signing = replace(CITY, nhsa_secret="shared")
    exchange = replace(town.exchange, partners=Partners((signing,)))
    request = requests.person(COUNTER, town.moment(), citizen_id=citizen(1))
    reply = exchange.accept("nhsa", Incoming(request.body, requests.PATH, request.headers)).result()

    assert reply.refused is Kind.UNAUTHENTICATED


def test_a_message_type_without_mapping_is_unsupported(town: Town) -> None:
    request = requests.build(COUNTER, town.moment(), "9999", {"data": {}})

    assert town.nhsa(request).reply.refused in (Kind.UNSUPPORTED, Kind.INVALID)


def test_an_nhsa_message_sent_again_is_answered_with_the_stored_bytes(town: Town) -> None:
    request = requests.person(COUNTER, town.moment(), citizen_id=town.resident())
    first, again = town.nhsa(request), town.nhsa(request)

    assert again.reply.body == first.reply.body
    assert again.reply.repeated


# faults


def failing(desk: Desk) -> Result:
    desk.unit.audit(principal="x", action="half", object="", outcome="ok")
    raise ZeroDivisionError


def test_our_own_fault_changes_nothing_and_says_its_number(town: Town) -> None:
    person = town.resident()
    prepared = prepare_submit(town.exchange, CITY, encode(claim(person)), idempotency_key="")
    reply = town.exchange.conclude(replace(prepared, run=failing)).result()

    assert [problem.code for problem in reply.problems] == ["internal-fault"]
    assert prepared.id in reply.problems[0].text()
    assert [line.action for line in town.store.audit_lines(limit=100) if line.action == "half"] == []
    assert town.submit(claim(person)).codes == []
    town.sound()


def test_a_message_that_fails_hurts_no_other(town: Town) -> None:
    one, other = town.resident(1), town.resident(2)
    bodies = [encode(claim(person, visit=f"V{person[-3:]}")) for person in (one, other)]
    prepared = [prepare_submit(town.exchange, CITY, body, idempotency_key="") for body in bodies]
    pending = [town.exchange.conclude(each) for each in (replace(prepared[0], run=failing), prepared[1])]

    assert [future.result().refused for future in pending] == [Kind.FAULT, None]
    assert len(town.settlements()) == 1


def test_when_the_store_is_closed_the_sender_is_told_to_send_again(town: Town) -> None:
    town.store.close()
    answer = town.submit(claim(citizen(1)))

    assert (answer.codes, answer.reply.refused) == (["store-unavailable"], Kind.UNAVAILABLE)


def test_every_concluded_message_leaves_an_audit_line(town: Town) -> None:
    person = town.resident()
    before = len(town.store.audit_lines(limit=1000))
    answer: Answer = town.submit(claim(person))
    town.submit(claim(person, bill="B2"))
    lines = town.store.audit_lines(limit=1000)[before:]

    assert [(line.principal, line.action, line.object, line.outcome) for line in lines] == [
        (CITY.id, "fhir.Claim/$submit", answer.id, "ok"),
        (CITY.id, "fhir.Claim/$submit", "", "already-settled"),
    ]


def invoice(town: Town, citizen_id: str, visit: str = "V1", bill: str = "B1") -> Invoice:
    """The treatment of `claim(citizen_id)` as an HL7 v2 invoice."""
    patient = town.patient(citizen_id)
    day = town.today.replace(day=9)
    return Invoice(
        institution=CITY.institution,
        institution_name="示范市人民医院",
        area="321182",
        bill=bill,
        visit=visit,
        citizen_id=citizen_id,
        name="张测试",
        born_on=day.replace(year=1950, month=1, day=1),
        sex=patient["gender"],
        kind="inpatient",
        from_on=day,
        to_on=day,
        lines=(BillLine(DRUG, "伊马替尼", Decimal(1), Decimal("1000.00"), Decimal("1000.00"), day),),
        diagnoses=((INDICATION, "慢性髓性白血病"),),
    )


def envelope(town: Town) -> Envelope:
    return Envelope("C0001", town.now)
