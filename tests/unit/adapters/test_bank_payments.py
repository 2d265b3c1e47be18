"""Payments: the instruction as a bank takes it, and everything a bank may say of it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from adapters.bank.adapter import ADAPTER
from adapters.bank.payment import NAMESPACE
from adapters.bank.sender import SENDER
from adapters.bank.sender_answers import Booking, Instruction
from gateway.contract import Context, Incoming
from gateway.exchange.feeds import Feed
from gateway.exchange.render import render
from gateway.exchange.translate import to_fhir
from gateway.fhir.parameters import read_parameter
from gateway.kernel.problem import Refusal
from tests.unit.adapters.test_bank import MAPPINGS

NOW = datetime(2015, 7, 3, 2, tzinfo=UTC)
DAY = date(2015, 7, 3)
CONTEXT = Context(NOW, "321182" + "r" * 24, "321182")
FIRST, SECOND, FILE = ("321182" + digit * 24 for digit in "129")
ACCOUNT = "3211820100000003"
FEEDS = {"bank": Feed(ADAPTER, {type: each for (feed, type), each in MAPPINGS.items() if feed == "bank"}, "")}


def instruction(*payments: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A payment file of two payments, as clearing hands it over."""
    two = (
        {"id": FIRST, "amount": Decimal("100.25"), "name": "示范市人民医院", "account": "111", "bank": "102100099996"},
        {"id": SECOND, "amount": Decimal("200.25"), "name": "第一镇卫生院", "account": "222", "text": "2015-06 清算"},
    )
    listed = list(payments or two)
    file = {
        "id": FILE,
        "created": "2015-07-03T02:00:00.000Z",
        "day": "2015-07-03",
        "initiator": "示范市医保中心",
        "debtor": {"name": "支出户", "account": ACCOUNT, "bank": "102100099996"},
        "count": len(listed),
        "total": sum((each["amount"] for each in listed), Decimal("0.00")),
        "payment": listed,
    }
    return {"PaymentFile": {**file, **changed}}


def written(tree: dict[str, Any], type: str = "pain.001") -> bytes:
    return render(FEEDS, "bank", type, tree, CONTEXT)


def read() -> Instruction:
    return SENDER.read_instruction(written(instruction()))


# The element order of pain.001.001.09, as far as it is written: a schema sequence refuses any other.
ORDER = {
    "GrpHdr": "MsgId CreDtTm Authstn NbOfTxs CtrlSum InitgPty FwdgAgt",
    "PmtInf": "PmtInfId PmtMtd BtchBookg NbOfTxs CtrlSum PmtTpInf ReqdExctnDt PoolgAdjstmntDt Dbtr DbtrAcct DbtrAgt "
    "DbtrAgtAcct InstrForDbtrAgt UltmtDbtr ChrgBr ChrgsAcct ChrgsAcctAgt CdtTrfTxInf",
    "CdtTrfTxInf": "PmtId PmtTpInf Amt XchgRateInf ChrgBr MndtRltdInf ChqInstr UltmtDbtr IntrmyAgt1 CdtrAgt "
    "CdtrAgtAcct Cdtr CdtrAcct UltmtCdtr InstrForCdtrAgt InstrForDbtrAgt Purp RgltryRptg Tax RltdRmtInf RmtInf",
    "PmtId": "InstrId EndToEndId UETR",
    "FinInstnId": "BICFI ClrSysMmbId LEI Nm PstlAdr Othr",
    "ClrSysMmbId": "ClrSysId MmbId",
}
REQUIRED = {
    "GrpHdr": {"MsgId", "CreDtTm", "NbOfTxs", "InitgPty"},
    "PmtInf": {"PmtInfId", "PmtMtd", "ReqdExctnDt", "Dbtr", "DbtrAcct", "DbtrAgt", "CdtTrfTxInf"},
    "CdtTrfTxInf": {"PmtId", "Amt"},
    "PmtId": {"EndToEndId"},
}


def names(element: Element) -> list[str]:
    return [child.tag.removeprefix("{" + NAMESPACE + "}") for child in element]


@pytest.mark.parametrize("name", sorted(ORDER))
def test_an_instruction_keeps_to_the_order_of_the_schema(name: str) -> None:
    found = list(fromstring(written(instruction())).iter("{" + NAMESPACE + "}" + name))

    assert found
    for element in found:
        order = ORDER[name].split()
        places = [order.index(child) for child in names(element)]
        assert places == sorted(places)
        assert set(names(element)) >= REQUIRED.get(name, set())


def test_an_instruction_says_sums_accounts_and_ids() -> None:
    body = written(instruction())

    assert body.count(b"<NbOfTxs>2</NbOfTxs><CtrlSum>300.50</CtrlSum>") == 2
    assert b'<InstdAmt Ccy="CNY">100.25</InstdAmt>' in body
    assert b"<BtchBookg>false</BtchBookg>" in body
    assert b"<CreDtTm>2015-07-03T10:00:00+08:00</CreDtTm>" in body
    found = SENDER.read_instruction(body)
    assert (found.file, found.account) == (FILE, ACCOUNT)
    assert [(each.id, each.name) for each in found.payments] == [(FIRST, "示范市人民医院"), (SECOND, "第一镇卫生院")]


def test_the_same_file_is_the_same_bytes() -> None:
    assert written(instruction()) == written(instruction())


def test_a_bank_that_is_not_known_is_not_provided() -> None:
    [_, last] = written(instruction()).split(b"<CdtrAgt>")[1:]
    assert last.startswith(b"<FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId>")


@pytest.mark.parametrize(
    "tree",
    [
        instruction(total=Decimal("300.51")),
        instruction(count=3),
        instruction(id="9" * 36),
        instruction(*[{"id": FIRST, "amount": Decimal(1), "name": "a", "account": "1"}] * 2),
        instruction({"id": FIRST, "amount": Decimal("0.00"), "name": "a", "account": "1"}),
        instruction({"id": FIRST, "amount": Decimal(1), "name": "a", "account": "1" * 35}),
    ],
    ids=["total", "count", "long id", "id twice", "nothing", "long account"],
)
def test_a_file_that_no_bank_would_take_is_never_written(tree: dict[str, Any]) -> None:
    for type in ("pain.001", "batch-payment"):
        with pytest.raises(AssertionError):
            written(tree, type)


def test_the_batch_file_has_the_same_payments_in_fen() -> None:
    text = written(instruction(), "batch-payment").decode("gb18030")

    assert text.splitlines() == [
        f"H|01|{FILE}|20150703|2|30050|{ACCOUNT}|支出户|CNY",
        f"D|1|{FIRST}|111|示范市人民医院|102100099996|10025|",
        f"D|2|{SECOND}|222|第一镇卫生院||20025|2015-06 清算",
    ]


def test_a_bar_in_a_name_does_not_part_fields() -> None:
    one = {"id": FIRST, "amount": Decimal("1.00"), "name": "甲|乙\r\n丙", "account": "1"}
    assert "甲|乙 丙" in written(instruction(one), "batch-payment").decode("gb18030")


# what comes back


def parts(body: bytes) -> list[tuple[str, str, dict[str, Any]]]:
    """Sender, message type and Parameters of each part."""
    found = []
    for each in ADAPTER.split(Incoming(body)):
        message = ADAPTER.decode(each)
        [resource] = to_fhir(MAPPINGS["bank", message.type], message.tree)
        found.append((ADAPTER.read_key(each).sender, message.type, resource))
    return found


def said(body: bytes, *wanted: str) -> list[tuple[str, ...]]:
    return [tuple(read_parameter(resource, name) for name in wanted) for _, _, resource in parts(body)]


def status(rejected: dict[str, tuple[str, str]] | None = None, old: str = "", new: str = "") -> bytes:
    text = SENDER.status_file(read(), rejected=rejected or {}, message_id="S1", created_at=NOW).decode()
    assert old in text
    return text.replace(old, new).encode()


def codes(body: bytes) -> list[str]:
    with pytest.raises(Refusal) as refusal:
        read_all(body)
    return [problem.code for problem in refusal.value.problems]


def read_all(body: bytes) -> None:
    for each in ADAPTER.split(Incoming(body)):
        read_part(each)


def read_part(part: Incoming) -> str:
    """The type of a part whose key can be read too."""
    ADAPTER.read_key(part)
    return ADAPTER.decode(part).type


def test_a_partial_rejection_is_one_status_a_payment() -> None:
    body = status({SECOND: ("AC01", "账号不存在")})

    assert said(body, "end-to-end-id", "status", "reason", "reason-text", "amount") == [
        (FIRST, "ACCP", "", "", "100.25"),
        (SECOND, "RJCT", "AC01", "账号不存在", "200.25"),
    ]
    assert {sender for sender, _, _ in parts(body)} == {ACCOUNT}


def whole(status: str, *, inside: str = "", where: str = "OrgnlGrpInfAndSts/GrpSts") -> bytes:
    """A report on a whole file; its sender is the bank's own number."""
    group = f"<GrpSts>{status}</GrpSts>" if where.endswith("GrpSts") else ""
    part = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{FILE}</OrgnlPmtInfId>{inside}</OrgnlPmtInfAndSts>" if inside else ""
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
        "<GrpHdr><MsgId>S2</MsgId><CreDtTm>2015-07-03T11:00:00</CreDtTm>"
        "<DbtrAgt><FinInstnId><BIC>TESTCNBJ</BIC></FinInstnId></DbtrAgt></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{FILE}</OrgnlMsgId><OrgnlMsgNmId>pain.001</OrgnlMsgNmId>{group}"
        f"</OrgnlGrpInfAndSts>{part}</CstmrPmtStsRpt></Document>"
    ).encode()


def test_a_status_of_the_whole_file_is_one_message() -> None:
    assert said(whole("RJCT"), "file", "end-to-end-id", "status") == [(FILE, "", "RJCT")]
    assert parts(whole("ACSC"))[0][0] == "TESTCNBJ"


def test_a_part_has_its_own_status() -> None:
    body = whole("", inside="<PmtInfSts>ACSP</PmtInfSts>", where="")
    assert said(body, "file", "status") == [(FILE, "ACSP")]


def test_a_group_status_does_not_touch_what_is_told_apart() -> None:
    told = f"<TxInfAndSts><OrgnlEndToEndId>{SECOND}</OrgnlEndToEndId><TxSts>RJCT</TxSts></TxInfAndSts>"
    body = whole("ACCP", inside=told)

    assert said(body, "end-to-end-id", "status", "except") == [(SECOND, "RJCT", ""), ("", "ACCP", SECOND)]


def test_a_transaction_without_a_status_has_that_of_its_group() -> None:
    told = f"<TxInfAndSts><OrgnlEndToEndId>{FIRST}</OrgnlEndToEndId></TxInfAndSts>"
    assert said(whole("RJCT", inside=told), "end-to-end-id", "status")[0] == (FIRST, "RJCT")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (whole("PART"), "status-without-transactions"),
        (whole("MAYBE"), "bad-status"),
        (whole("", where=""), "no-status"),
        (whole("ACCP").replace(b"pain.001<", b"pain.008<"), "other-original-message"),
        (whole("ACCP").replace(b"TESTCNBJ", b""), "missing-account"),
        (whole("ACCP").replace(FILE.encode(), b""), "missing-reference"),
        (whole("ACCP").replace(FILE.encode(), b"9" * 36), "missing-reference"),
        (whole("ACCP").replace(b"pain.002.001.03", b"pain.002.001.11"), "camt-version"),
        (whole("ACCP").replace(b"CstmrPmtStsRpt", b"BkToCstmrStmt"), "camt-version"),
    ],
)
def test_a_report_that_says_nothing_usable_is_refused(body: bytes, code: str) -> None:
    assert codes(body) == [code]


def test_a_status_is_one_message_for_each_state_a_payment_comes_to() -> None:
    [accepted, *_] = ADAPTER.split(Incoming(status()))
    [settled, *_] = ADAPTER.split(Incoming(status(old="ACCP", new="ACSC")))
    [again, *_] = ADAPTER.split(Incoming(status(old="<MsgId>S1", new="<MsgId>S9")))

    assert ADAPTER.read_key(accepted) == ADAPTER.read_key(again)
    assert ADAPTER.read_key(accepted).id != ADAPTER.read_key(settled).id


def test_a_batch_result_is_a_status_a_line() -> None:
    rows = [f"D|1|{FIRST}|10025|0000|", f"D|2|{SECOND}|20025|1102|户名不符"]
    body = "\r\n".join([f"R|01|{FILE}|20150703|1|10025|1|20025|{ACCOUNT}", *rows]).encode("gb18030")

    assert said(body, "end-to-end-id", "status", "reason", "reason-text", "amount") == [
        (FIRST, "ACSC", "", "", "100.25"),
        (SECOND, "RJCT", "1102", "户名不符", "200.25"),
    ]


@pytest.mark.parametrize(
    ("text", "codes_"),
    [
        ("R|02|F|20150703|0|0|0|0|1", ["batch-head"]),
        ("R|01|F|20150732|0|0|0|0|1\nD|1|E|1|0000|", ["batch-head"]),
        ("R|01|F|20150703|0|0|0|0|1", ["batch-head"]),
        ("R|01|F|20150703|1|1|0|0|1\nD|1|E|-1|0000|\nD|1|E|1", ["batch-line", "batch-line"]),
        ("R|01|F|20150703|1|2|0|0|1\nD|1|E|1|0000|", ["batch-sum"]),
    ],
)
def test_a_batch_result_that_cannot_be_trusted_is_refused_whole(text: str, codes_: list[str]) -> None:
    assert codes(text.encode("gb18030")) == codes_


def test_debits_and_returns_name_their_payment() -> None:
    found = read()
    bookings = [*SENDER.bookings_of(found, prefix="D", rejected=[SECOND]), Booking("X1", "100.25", FIRST)]
    body = SENDER.notification_file(bookings, account=ACCOUNT, message_id="N1", created_at=NOW, booked_on=DAY)

    assert [
        (type, read_parameter(each, "end-to-end-id"), read_parameter(each, "reference"))
        for _, type, each in parts(body)
    ] == [
        ("payment-booked", FIRST, "D1"),
        ("payment-returned", FIRST, "X1"),
    ]
    assert said(body, "amount", "booked-on", "file")[0] == ("100.25", "2015-07-03", FILE)


@pytest.mark.parametrize(
    ("booking", "type"),
    [
        (Booking("A", "-5.00"), "payment-booked"),
        (Booking("A", "5.00", "PAYER-1"), "camt.054"),
        (Booking("A", "5.00", "PAYER-1", returned="AC04"), "payment-returned"),
        (Booking("A", "5.00", FIRST), "payment-returned"),
    ],
    ids=["a debit of nobody's", "a contribution", "returned", "with an id of ours"],
)
def test_an_entry_is_what_its_marks_say(booking: Booking, type: str) -> None:
    body = SENDER.notification_file([booking], account=ACCOUNT, message_id="N1", created_at=NOW, booked_on=DAY)
    assert [found for _, found, _ in parts(body)] == [type]


def test_a_reason_goes_with_what_came_back() -> None:
    booking = Booking("A", "5.00", FIRST, returned="AC04")
    body = SENDER.notification_file([booking], account=ACCOUNT, message_id="N1", created_at=NOW, booked_on=DAY)
    assert said(body, "reason") == [("AC04",)]


def test_a_reversed_debit_is_a_return_and_a_reversed_credit_is_refused() -> None:
    booking = Booking("A", "5.00", FIRST)
    body = SENDER.notification_file([booking], account=ACCOUNT, message_id="N1", created_at=NOW, booked_on=DAY)
    reversed_ = body.replace(b"<Sts>", b"<RvslInd>true</RvslInd><Sts>")

    assert [type for _, type, _ in parts(reversed_)] == ["payment-returned"]
    assert codes(reversed_.replace(b"CRDT", b"DBIT")) == ["entry-reversal"]


# the statement


def statement(*bookings: Booking, opening: int = 10000) -> bytes:
    return SENDER.statement_file(bookings, account=ACCOUNT, message_id="ST1", created_at=NOW, day=DAY, opening=opening)


def test_a_statement_is_its_entries_and_itself() -> None:
    body = statement(Booking("D1", "-100.25", FIRST), Booking("C1", "7.00"))

    assert [type for _, type, _ in parts(body)] == ["payment-booked", "camt.054", "camt.053"]
    last = parts(body)[-1][2]
    assert [read_parameter(last, name) for name in ("account", "day", "opening", "closing")] == [
        ACCOUNT,
        "2015-07-03",
        "100.00",
        "6.75",
    ]


def test_an_entry_told_before_is_the_same_message_in_the_statement() -> None:
    booking = Booking("D1", "-100.25", FIRST)
    told = SENDER.notification_file([booking], account=ACCOUNT, message_id="N1", created_at=NOW, booked_on=DAY)

    [before] = ADAPTER.split(Incoming(told))
    [after, _] = ADAPTER.split(Incoming(statement(booking)))

    assert ADAPTER.read_key(before) == ADAPTER.read_key(after)


def test_a_day_without_movement_has_a_statement() -> None:
    assert [type for _, type, _ in parts(statement())] == ["camt.053"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b">100.00</Amt>", b">100.01</Amt>", "statement-sum"),
        (b"<Bal><Tp><CdOrPrtry><Cd>CLBD", b"<Bal><Tp><CdOrPrtry><Cd>CLAV", "ok"),
        (
            b"<Dt><Dt>2015-07-03</Dt></Dt></Bal>\n<Ntry>",
            b"<Dt><Dt>2015-07-02</Dt></Dt></Bal>\n<Ntry>",
            "statement-several-days",
        ),
        (b"<Id>ST1-1</Id>", b"", "missing-reference"),
        (b"<Id>3211820100000003</Id>", b"", "missing-account"),
    ],
)
def test_a_statement_that_proves_nothing_is_refused(old: bytes, new: bytes, code: str) -> None:
    body = statement(Booking("D1", "-1.00", FIRST))
    assert old in body
    *_, last = ADAPTER.split(Incoming(body.replace(old, new)))
    if code == "ok":
        assert read_part(last) == "camt.053"
        return
    with pytest.raises(Refusal) as refusal:
        read_part(last)
    assert [problem.code for problem in refusal.value.problems] == [code]
