"""pain.002 to records: what the bank says of a payment file, of a part of it, and of each transaction.

A transaction's own status counts before that of its part (PmtInf), and that before the group's: where only the group or
a part has a status, one record says it of the whole file, `excepted` naming the transactions that were told apart.
PART is said of a group or a part alone and only announces the transactions that follow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import msgspec

from adapters.bank.notification import text_at
from adapters.bank.record import read_kept
from adapters.bank.uses import provided
from gateway.kernel.problem import Kind, Problem, Refusal

MAX_RECORDS = 20_000
MAX_REASON = 500
PARTLY = "PART"
STATUSES = frozenset({"RCVD", "ACTC", "ACCP", "ACSP", "ACWC", "ACFC", "PDNG", "ACSC", "ACCC", "RJCT"})
"""ExternalPaymentTransactionStatus1Code as far as an instruction of ours can come to it."""


@dataclass(frozen=True, slots=True)
class StatusRecord:
    """One status. `end_to_end_id` '': of the whole file but the `excepted`. Values are the bank's text, unchecked."""

    status_place: str
    message_id: str
    account: str
    file: str
    message_name: str
    end_to_end_id: str
    status: str
    reason: str
    reason_text: str
    amount: str
    reported: str
    excepted: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """What the bank calls the thing it speaks of."""
        return self.end_to_end_id or self.file


_DECODER = msgspec.json.Decoder(StatusRecord, strict=True)


def read_status(body: bytes) -> StatusRecord:
    """The record of kept bytes. Refusal `not-a-bank-record`."""
    return read_kept(body, _DECODER)


def read_statuses(document: Element, *, most: int = MAX_RECORDS) -> list[StatusRecord]:
    """Every status of a pain.002 document, transactions first. Refusal `no-status`, `too-many-records`."""
    report = document[0]
    common = StatusRecord(
        status_place="OrgnlGrpInfAndSts",
        message_id=text_at(report, "GrpHdr/MsgId")[:35],
        account=_account(report),
        file=text_at(report, "OrgnlGrpInfAndSts/OrgnlMsgId"),
        message_name=text_at(report, "OrgnlGrpInfAndSts/OrgnlMsgNmId"),
        end_to_end_id="",
        status=text_at(report, "OrgnlGrpInfAndSts/GrpSts"),
        reason="",
        reason_text="",
        amount="",
        reported=text_at(report, "GrpHdr/CreDtTm"),
    )
    records = list(_records(report, common))
    if len(records) > most:
        raise Refusal(_too_many(most))
    if not records:
        raise Refusal(_no_status())
    return records


def _records(report: Element, common: StatusRecord) -> Iterator[StatusRecord]:
    named: list[str] = []
    whole = (common.status, report.find("OrgnlGrpInfAndSts"), "OrgnlGrpInfAndSts")
    for number, part in enumerate(report.findall("OrgnlPmtInfAndSts"), start=1):
        place = f"OrgnlPmtInfAndSts[{number}]"
        transactions = part.findall("TxInfAndSts")
        for position, element in enumerate(transactions, start=1):
            status = text_at(element, "TxSts") or text_at(part, "PmtInfSts") or common.status
            told = _with(common, element, place=f"{place}/TxInfAndSts[{position}]", status=status)
            named.append(told.end_to_end_id)
            yield told
        if text_at(part, "PmtInfSts"):
            whole = (text_at(part, "PmtInfSts"), part, place)
    status, said, place = whole
    if said is not None and status and (status != PARTLY or not named):
        yield _with(common, said, place=place, status=status, excepted=sorted({*named}))


def _with(
    common: StatusRecord, element: Element, *, place: str, status: str, excepted: Sequence[str] = ()
) -> StatusRecord:
    reason = text_at(element, "StsRsnInf/Rsn/Cd") or text_at(element, "StsRsnInf/Rsn/Prtry")
    words = " ".join((each.text or "").strip() for each in element.findall("StsRsnInf/AddtlInf"))
    return StatusRecord(
        status_place=place,
        message_id=common.message_id,
        account=text_at(element, "OrgnlTxRef/DbtrAcct/Id/Othr/Id")
        or text_at(element, "OrgnlTxRef/DbtrAcct/Id/IBAN")
        or common.account,
        file=common.file,
        message_name=common.message_name,
        end_to_end_id=provided(text_at(element, "OrgnlEndToEndId")),
        status=status,
        reason=reason[:35],
        reason_text=words[:MAX_REASON],
        amount=text_at(element, "OrgnlTxRef/Amt/InstdAmt"),
        reported=common.reported,
        excepted=tuple(excepted),
    )


def _account(report: Element) -> str:
    """Who sends it: the debtor's account where any transaction repeats it, else the bank or the party of the header."""
    accounts = [
        text_at(report, f"OrgnlPmtInfAndSts/{where}DbtrAcct/Id/{kind}")
        for where in ("OrgnlTxRef/", "TxInfAndSts/OrgnlTxRef/")
        for kind in ("Othr/Id", "IBAN")
    ]
    places = (
        "GrpHdr/DbtrAgt/FinInstnId/BICFI",
        "GrpHdr/DbtrAgt/FinInstnId/BIC",
        "GrpHdr/DbtrAgt/FinInstnId/ClrSysMmbId/MmbId",
        "GrpHdr/DbtrAgt/FinInstnId/Othr/Id",
        "GrpHdr/InitgPty/Id/OrgId/AnyBIC",
        "GrpHdr/InitgPty/Id/OrgId/BICOrBEI",
        "GrpHdr/InitgPty/Id/OrgId/Othr/Id",
    )
    return next((found for found in (*accounts, *(text_at(report, place) for place in places)) if found), "")


def check_status_key(record: StatusRecord) -> list[Problem]:
    """Problems with what names the record: who sent it, and the file or transaction it speaks of."""
    problems = []
    if not _is_name(record.account):
        problems.append(_no_sender())
    if not _is_name(record.reference) or len(record.file) > 35 or len(record.end_to_end_id) > 35:
        problems.append(_no_original(record.status_place))
    return problems


def check_status(record: StatusRecord) -> list[Problem]:
    """Every reason why the record is not a status of a payment of ours. Standard: ISO 20022 pain.002."""
    problems = []
    if record.message_name and not record.message_name.startswith("pain.001"):
        problems.append(_other_message(record.message_name))
    if record.status == PARTLY:
        problems.append(_nothing_told(record.status_place))
    elif record.status not in STATUSES:
        problems.append(_bad_status(record.status_place, record.status))
    return problems


def _is_name(text: str) -> bool:
    return 0 < len(text) <= 80 and text.isascii() and text.isprintable() and text == text.strip()


def _too_many(most: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "too-many-records",
        "OrgnlPmtInfAndSts",
        f"the report holds over {most} statuses: send them in several files",
        f"状态报告超过{most}条:请分多个文件报送",
    )


def _no_status() -> Problem:
    return Problem(
        Kind.INVALID,
        "no-status",
        "OrgnlGrpInfAndSts",
        "the report says no status: send GrpSts, PmtInfSts or one TxInfAndSts with TxSts",
        "状态报告中没有状态:请填写GrpSts、PmtInfSts或TxInfAndSts/TxSts",
    )


def _no_sender() -> Problem:
    return Problem(
        Kind.INVALID,
        "missing-account",
        "GrpHdr/DbtrAgt",
        "the sender is not named: send OrgnlTxRef/DbtrAcct, or DbtrAgt with BICFI or MmbId, or InitgPty/Id/OrgId",
        "无法识别发送方:请填写OrgnlTxRef/DbtrAcct,或DbtrAgt的BICFI、MmbId,或InitgPty/Id/OrgId",
    )


def _no_original(place: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "missing-reference",
        place,
        "nothing names what the status is of: send OrgnlEndToEndId or OrgnlMsgId, at most 35 characters each",
        "无法识别状态所指的指令:请填写OrgnlEndToEndId或OrgnlMsgId,各不超过35个字符",
    )


def _other_message(name: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "other-original-message",
        "OrgnlGrpInfAndSts/OrgnlMsgNmId",
        f"the report is about '{name[:35]}': only statuses of pain.001 are taken here",
        f"状态报告针对“{name[:35]}”:此处只接收pain.001的状态",
    )


def _nothing_told(place: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "status-without-transactions",
        place,
        "PART says that transactions differ, and none follows: send TxInfAndSts with a TxSts for each",
        "PART表示各笔结果不同,但未列出交易:请逐笔填写TxInfAndSts及TxSts",
    )


def _bad_status(place: str, status: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-status",
        place,
        f"'{status[:10]}' is not a status taken here: send one of {', '.join(sorted(STATUSES))}",
        f"“{status[:10]}”不是可用的状态代码:请发送{'、'.join(sorted(STATUSES))}之一",
    )
