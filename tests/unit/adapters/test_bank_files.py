"""The bank feed: files that cannot be read, how the bank is answered, and the samples."""

from decimal import Decimal
from xml.etree.ElementTree import Element

import pytest
import yaml
from defusedxml.ElementTree import fromstring

from adapters.bank import document, notification
from adapters.bank.adapter import ADAPTER
from adapters.bank.sender import Credit
from gateway.contract import Context, Incoming
from gateway.exchange.translate import to_fhir, to_tree
from gateway.kernel.problem import Refusal
from tests.unit.adapters.test_bank import CREDIT, MAPPINGS, NOW, ROOT, SECOND, file_of, split

SAMPLES = ROOT / "adapters/bank/samples"
CONTEXT = Context(NOW, "321182" + "0" * 24, "321182")
ADMI = "{urn:iso:std:iso:20022:tech:xsd:admi.007.001.01}"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "xml-malformed"),
        (b"\x00\x01\x02", "xml-malformed"),
        (b"{}", "xml-malformed"),
        (file_of()[:-20], "xml-malformed"),
        (file_of().replace(b"?>", b"?><!DOCTYPE Document>", 1), "xml-forbidden"),
        (file_of().replace(b"?>", b'?><!DOCTYPE D [<!ENTITY a "b">]>', 1), "xml-forbidden"),
        (file_of().replace("测试一".encode(), b"&unknown;"), "xml-malformed"),
        (file_of().decode().encode("gb18030"), "bad-charset"),
        (file_of(charset="GB18030")[:-1] + b"\xff", "bad-charset"),
        (file_of().decode().encode("utf-16"), "charset-unsupported"),
        (file_of().replace(b"UTF-8", b"UTF-7"), "charset-unsupported"),
        (file_of().replace(b"camt.054.001.08", b"camt.054.001.09"), "camt-version"),
        (file_of().replace(b"camt.054.001.08", b"camt.053.001.08"), "camt-version"),
        (file_of().replace(b"camt.054.001.08", b"pain.001.001.09"), "camt-version"),
        (b"<Document/>", "camt-version"),
        (file_of().replace(b"BkToCstmrDbtCdtNtfctn", b"BkToCstmrStmt"), "camt-version"),
        (file_of().replace(b"Ntry>", b"Nothing>"), "no-entries"),
        (b"<a>" * 100_000, "xml-malformed"),
        (b" " * (document.MAX_BYTES + 1), "file-too-large"),
        (b"<" * (document.MAX_TAGS + 1), "file-too-large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_is_refused_whole(body: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        split(body)
    answer = ADAPTER.refuse(Incoming(body), refusal.value.problems, CONTEXT)

    assert [problem.code for problem in refusal.value.problems] == [code]
    assert statuses(answer) == ["RJCT"]
    assert f'code="{code}"'.encode() in answer


def test_a_file_has_a_largest_number_of_transactions() -> None:
    read = document.read_document(file_of(CREDIT, CREDIT._replace(reference="R2")))

    assert len(notification.read_records(read, most=2)) == 2
    with pytest.raises(Refusal, match="too-many-records"):
        notification.read_records(read, most=1)


def test_a_file_is_not_taken_for_a_record() -> None:
    for read in (ADAPTER.read_key, ADAPTER.decode):
        with pytest.raises(Refusal, match="not-a-bank-record"):
            read(Incoming(file_of()))


def test_files_carry_no_proof_of_their_own() -> None:
    assert ADAPTER.check_proof(split(file_of())[0], secret="s", now=NOW) == []


def test_the_answer_says_what_was_applied_and_why_not() -> None:
    answer = to_tree(MAPPINGS["bank", "camt.054"], {"values": {"applied": Decimal(0), "unapplied": Decimal(120)}})
    message = ADAPTER.decode(split(file_of(CREDIT._replace(remittance="")))[0])
    receipt = ADAPTER.encode(message, answer, CONTEXT)

    assert statuses(receipt) == ["ACCP"]
    assert "applied 0.00, unapplied 120.00; payer-missing" in receipt.decode()


def test_a_files_answer_counts_and_repeats_each_records_own_lines() -> None:
    body = file_of(CREDIT, Credit(SECOND, "测试二", "-1", "R2"))
    first, second = split(body)
    with pytest.raises(Refusal) as refusal:
        ADAPTER.decode(second)
    replies = [
        ADAPTER.encode(ADAPTER.decode(first), {"Applied": "120.00", "Unapplied": "0.00"}, CONTEXT),
        ADAPTER.refuse(second, refusal.value.problems, CONTEXT),
    ]
    report = ADAPTER.report(Incoming(body), replies, CONTEXT)

    assert statuses(report) == ["PART", "ACCP", "RJCT", "RJCT"]
    assert [element.text for element in elements(report, "Ref")] == ["NTF1", "R1", "R2", "R2"]
    assert "共2笔,接受1笔,拒绝1笔 / 2 records, 1 accepted, 1 refused" in report.decode()
    assert [place.text for place in elements(report, "PlcAndNm")] == [
        "Ntfctn[1]/Ntry[2]/NtryDtls[1]/TxDtls[1]/Amt",
        "Ntfctn[1]/Ntry[2]/Amt",
    ]
    assert all(len(text.text or "") <= 140 for text in elements(report, "Desc"))


def statuses(receipt: bytes) -> list[str | None]:
    return [element.text for element in elements(receipt, "StsCd")]


def elements(receipt: bytes, name: str) -> list[Element]:
    return list(fromstring(receipt).iter(f"{ADMI}{name}"))


@pytest.mark.parametrize("scenario", sorted(path.name for path in SAMPLES.iterdir()))
def test_every_sample_is_taken_or_refused_as_it_says(scenario: str) -> None:
    given = yaml.safe_load((SAMPLES / scenario / "given.yaml").read_text("utf-8"))
    found = {path.name: outcome(path.read_bytes()) for path in sorted((SAMPLES / scenario).glob("*.in"))}

    assert found == given["expect"]


def outcome(body: bytes) -> object:
    try:
        return [record_outcome(record) for record in split(body)]
    except Refusal as refusal:
        return {"refused": [problem.code for problem in refusal.problems]}


def record_outcome(record: Incoming) -> object:
    try:
        ADAPTER.read_key(record)
        message = ADAPTER.decode(record)
        to_fhir(MAPPINGS["bank", message.type], message.tree)
    except Refusal as refusal:
        return [problem.code for problem in refusal.problems]
    return "accepted"
