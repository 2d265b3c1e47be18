"""Bad input on every channel: answered with its code in the sender's own format, kept with its reason, else nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from gateway.demo.counter_fhir import write_claim
from gateway.demo.home import BANK_ACCOUNT
from gateway.demo.intake import send_file
from gateway.demo.outcome import Outcome, reported_codes
from gateway.demo.people import TODAY
from gateway.demo.rewrite import rewritten
from gateway.demo.scenario import Scenario, Stage
from gateway.store.values import MessageState

BAD_INPUT = "bad-"
"""How the names of these scenarios begin."""

ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>&b;'
    "</BkToCstmrDbtCdtNtfctn></Document>"
)
NEGATIVE = Decimal("-1.00")
SEVENTEEN_DIGITS = Decimal("123456789012345.67")
NO_SUCH_DAY = "2015-02-30"
SIGNATURE = "x-tif-signature"
COUNTED_TYPES = ("Patient", "Coverage", "Encounter", "Claim", "ClaimResponse", "PaymentNotice")
MOST_MESSAGES = 1000


class Bad(NamedTuple):
    """One bad message: the codes it must be answered with, and how to send it."""

    name: str
    code: str
    send: Callable[[], Outcome]


def refuse_all(stage: Stage) -> list[Scenario]:
    """Each bad message as a scenario: 'refused: <code>; kept with its reason; nothing changed'."""
    bad = [*_nhsa(stage), *_hl7v2(stage), *_fhir(stage), *_files(stage)]
    return [_play(stage, each) for each in bad]


def _play(stage: Stage, bad: Bad) -> Scenario:
    before, kept_before = _fingerprint(stage), _rejected(stage)
    outcome = bad.send()
    kept = {id: codes for id, codes in _rejected(stage).items() if id not in kept_before}
    told = "refused: " + ", ".join(dict.fromkeys(outcome.codes)) if outcome.codes else "accepted"
    reasons = [", ".join(dict.fromkeys(codes)) for codes in kept.values()]
    reason = "kept with its reason" if bad.code in reasons else "not kept"
    changed = "nothing changed" if _fingerprint(stage) == before else "something changed"
    key = next(iter(kept), "")
    expected = f"refused: {bad.code}; kept with its reason; nothing changed"
    return Scenario(BAD_INPUT + bad.name, key, expected, f"{told}; {reason}; {changed}")


def _fingerprint(stage: Stage) -> list[Any]:
    """What must not change: the books, and how many resources of each type there are."""
    store = stage.store
    return [store.trial_balance(), *(store.count(type) for type in COUNTED_TYPES)]


def _rejected(stage: Stage) -> dict[str, list[str]]:
    """Ids and problem codes of all messages that were kept for their reason only."""
    kept = stage.store.messages(state=MessageState.REJECTED, limit=MOST_MESSAGES)
    return {message.id: [problem.code for problem in message.problems] for message in kept}


def _nhsa(stage: Stage) -> Iterator[Bad]:
    """A whole good conversation of one resident, and its messages sent again with one thing wrong."""
    counter = stage.nhsa
    talk = counter.talk(stage.care("bad_input"))
    sent = {answer.request.infno: answer.request for answer in talk.answers}

    def spoiled(infno: str, change: Callable[[dict[str, Any]], object]) -> Callable[[], Outcome]:
        request = sent[infno]
        number = next(stage.site.numbers)

        def change_all(said: dict[str, Any]) -> None:
            said["msgid"] = f"{request.msgid[:26]}{number:04d}"
            change(said)

        return partial(counter.post, rewritten(request.body, change_all), request.headers)

    def put(*path: str, value: Any) -> Callable[[dict[str, Any]], None]:
        def change(said: dict[str, Any]) -> None:
            for name in path[:-1]:
                said = said[name]
            said[path[-1]] = value

        return change

    settle, person = sent["2304"], sent["1101"]
    unsigned = {name: value for name, value in settle.headers.items() if not name.startswith("x-tif")}
    elsewhere = {"fixmedins_code": "H32118299999", "msgid": "H32118299999" + settle.msgid[12:]}
    wrong_digit = _wrong_check_digit(stage)
    yield Bad("nhsa-truncated", "bad-json", partial(counter.post, settle.body[: len(settle.body) // 2], settle.headers))
    yield Bad("nhsa-wrong-infno", "unknown-transaction", spoiled("2304", put("infno", value="9999")))
    yield Bad("nhsa-unsigned", "signature-missing", partial(counter.post, settle.body, unsigned))
    forged = {**settle.headers, SIGNATURE: "0" * 64}
    yield Bad("nhsa-forged", "signature-wrong", partial(counter.post, settle.body, forged))
    yield Bad("nhsa-unknown-institution", "unknown-sender", spoiled("2304", lambda said: said.update(elsewhere)))
    yield Bad("nhsa-wrong-charset", "bad-encoding", partial(counter.post, _in_gb18030(person.body), person.headers))
    for name, amount in (("negative", NEGATIVE), ("17-digits", SEVENTEEN_DIGITS)):
        change = put("input", "data", "medfee_sumamt", value=amount)
        yield Bad(f"nhsa-{name}", "bad-amount", spoiled("2304", change))
    no_such_day = put("input", "mdtrtinfo", "begntime", value=f"{NO_SUCH_DAY} 09:00:00")
    yield Bad("nhsa-no-such-day", "bad-instant", spoiled("2401", no_such_day))
    card = put("input", "data", "mdtrt_cert_no", value=wrong_digit)
    yield Bad("nhsa-check-digit", "citizen-id-checksum", spoiled("1101", card))
    yield Bad("nhsa-xml-entities", "bad-json", partial(counter.post, ENTITIES.encode(), settle.headers))


def _hl7v2(stage: Stage) -> Iterator[Bad]:
    """An invoice with one text changed, always in UTF-8 and version 2.7."""
    counter = stage.hl7v2
    sender = stage.site.senders["hl7v2"]
    care = stage.care("bad_input", "appendectomy", mark="-E")
    invoice = counter.invoice(care)

    def spoiled(old: str, new: str, codec: str = "utf-8") -> Callable[[], Outcome]:
        envelope = sender.envelope(f"C{next(stage.site.numbers):06d}", stage.site.clock())
        text = sender.claim(invoice, envelope).decode()
        assert old in text, f"{old} stands in the message"
        return partial(counter.post, envelope, text.replace(old, new, 1).encode(codec))

    total, first = f"|{care.total}&CNY", f"|{care.items[0].amount}&CNY|||||N"
    day = care.from_on.strftime("%Y%m%d")
    unread = sender.envelope("", stage.site.clock())
    yield Bad("hl7v2-broken-frame", "not-hl7v2", partial(counter.post, unread, b"PID|1|\x00no header\r"))
    yield Bad("hl7v2-wrong-charset", "charset-mismatch", spoiled("MSH", "MSH", "gb18030"))
    yield Bad("hl7v2-unbalanced", "unbalanced-sums", spoiled(total, "|1.00&CNY"))
    yield Bad("hl7v2-negative", "negative-amount", partial(_send_negative, stage, invoice))
    yield Bad("hl7v2-17-digits", "bad-amount", spoiled(first, f"|{SEVENTEEN_DIGITS}&CNY|||||N"))
    yield Bad("hl7v2-no-such-day", "bad-instant", spoiled(f"|{day}|", f"|{NO_SUCH_DAY.replace('-', '')}|"))
    citizen_id = care.resident.citizen_id
    yield Bad("hl7v2-check-digit", "citizen-id-checksum", spoiled(citizen_id, _wrong_check_digit(stage)))
    yield Bad("hl7v2-unknown-facility", "unknown-sender", spoiled("|HIS|H32118200001|", "|HIS|H32118299999|"))
    yield Bad("hl7v2-xml", "not-hl7v2", partial(counter.post, unread, ENTITIES.encode()))


def _send_negative(stage: Stage, invoice: Any) -> Outcome:
    """An invoice whose sums are right, with a line below zero."""
    first, *others = invoice.lines
    return stage.hl7v2.send(replace(invoice, lines=[replace(first, amount=NEGATIVE), *others]))


def _fhir(stage: Stage) -> Iterator[Bad]:
    """A Claim with one thing wrong."""
    counter = stage.fhir
    claim = write_claim(stage.care("bad_input", "appendectomy", mark="-F"))
    body = counter.bytes_of(claim)

    def spoiled(change: Callable[[dict[str, Any]], object]) -> Callable[[], Outcome]:
        return partial(counter.post, rewritten(body, change))

    def net(value: Decimal) -> Callable[[], Outcome]:
        return spoiled(lambda said: said["item"][0]["net"].update(value=value))

    person = {"identifier": {**claim["patient"]["identifier"], "value": _wrong_check_digit(stage)}}
    yield Bad("fhir-truncated", "not-json", partial(counter.post, body[: len(body) // 2]))
    yield Bad("fhir-wrong-charset", "not-json", partial(counter.post, _in_gb18030(body)))
    yield Bad("fhir-unbalanced", "unbalanced-total", spoiled(lambda said: said["total"].update(value=Decimal("1.00"))))
    yield Bad("fhir-negative", "negative-amount", net(NEGATIVE))
    yield Bad("fhir-17-digits", "bad-amount", net(SEVENTEEN_DIGITS))
    no_such_day = spoiled(lambda said: said["billablePeriod"].update(start=NO_SUCH_DAY))
    yield Bad("fhir-no-such-day", "bad-day", no_such_day)
    yield Bad("fhir-check-digit", "citizen-id-checksum", spoiled(lambda said: said.update(patient=person)))


def _files(stage: Stage) -> Iterator[Bad]:
    """Files of the bank that cannot be read, and a row of the police that cannot be used."""
    site = stage.site
    police, bank = site.senders["police"], site.senders["bank"]
    resident = stage.parts["bad_input"]
    row = police.change("死亡", "2015-9001", resident.citizen_id, resident.name, TODAY, died_on=TODAY)
    rows = police.population_file([row]).decode()
    credit = bank.credit(resident.citizen_id, resident.name, "-200.00", "CR-BAD")
    opened = {"created_at": site.clock(), "booked_on": TODAY, "account": BANK_ACCOUNT}
    good = bank.credit_file([credit._replace(amount="200.00")], message_id="BANK-BAD", **opened)

    def file(feed: str, body: bytes, records: int = 0) -> Callable[[], Outcome]:
        def send() -> Outcome:
            answer = send_file(site, feed, "bad", records, body).answer
            return Outcome(feed, "", body, answer, codes=reported_codes(answer))

        return send

    negative = bank.credit_file([credit], message_id="BANK-BAD", **opened)
    yield Bad("bank-xml-entities", "xml-forbidden", file("bank", ENTITIES.encode()))
    yield Bad("bank-truncated", "xml-malformed", file("bank", good[: len(good) // 2]))
    yield Bad("bank-wrong-charset", "bad-charset", file("bank", good.decode().encode("gb18030")))
    yield Bad("bank-negative", "bad-amount, entry-sum", file("bank", negative, 1))
    no_such_day = rows.replace(TODAY.isoformat(), NO_SUCH_DAY, 1).encode()
    yield Bad("police-no-such-day", "bad-day", file("police", no_such_day, 1))
    wrong_digit = rows.replace(resident.citizen_id, _wrong_check_digit(stage)).encode()
    yield Bad("police-check-digit", "citizen-id-checksum", file("police", wrong_digit, 1))


def _wrong_check_digit(stage: Stage) -> str:
    citizen_id = stage.parts["bad_input"].citizen_id
    return citizen_id[:17] + ("0" if citizen_id[17] != "0" else "1")


def _in_gb18030(body: bytes) -> bytes:
    return body.decode().encode("gb18030")
