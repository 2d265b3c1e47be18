"""The delimited batch file 批量代付 that Chinese banks take beside ISO 20022, and its result file.

Every bank has its own columns; these are ours, from what the known formats share: a head line with count and sum, one
line a payment with a serial number, amounts in whole fen, GB 18030, lines ended by CR LF, fields parted by `|`.

    H|01|file id|day yyyyMMdd|count|sum in fen|debit account|debit name|CNY
    D|serial|EndToEndId|account|name|CNAPS number|fen|text

    R|01|file id|day yyyyMMdd|paid count|paid fen|failed count|failed fen|debit account
    D|serial|EndToEndId|fen|code|reason            code 0000 is paid, anything else failed

Assumption: a line that is paid is settled (ACSC), one that failed is rejected (RJCT) with the bank's own code; the
debit itself is posted from the account's notification, never from this file.
"""

from datetime import date

from adapters.bank.document import read_text
from adapters.bank.payment import check_payment_file
from adapters.bank.payment_status import StatusRecord
from gateway.contract import Tree
from gateway.kernel import money
from gateway.kernel.calendar import parse_day
from gateway.kernel.problem import Kind, Problem, Refusal

CHARSET = "gb18030"
VERSION = "01"
PAID = "0000"
MAX_BYTES = 32 * 1024 * 1024
MAX_LINES = 20_000
_HEAD_FIELDS, _LINE_FIELDS = 9, 6


def write_batch(answer: Tree) -> bytes:
    """The batch file of the same payments as a pain.001. AssertionError as there."""
    payments = check_payment_file(answer)
    debtor, day = answer["debtor"], answer["day"].replace("-", "")
    total = str(money.of(answer["total"]))
    head = ["H", VERSION, answer["id"], day, str(len(payments)), total, debtor["account"], debtor["name"], "CNY"]
    lines = [head]
    for number, payment in enumerate(payments, start=1):
        fen = str(money.of(payment["amount"]))
        bank, text = payment.get("bank", ""), payment.get("text", "")
        lines.append(["D", str(number), payment["id"], payment["account"], payment["name"], bank, fen, text])
    return "".join("|".join(_plain(field) for field in line) + "\r\n" for line in lines).encode(CHARSET)


def _plain(field: str) -> str:
    """A field without what parts fields and lines: the full-width bar stands for the bar."""
    return " ".join(field.replace("|", "|").split())


def is_batch_result(body: bytes) -> bool:
    """Whether a file is a batch result and no XML."""
    return body.startswith(b"R|")


def read_batch_result(body: bytes) -> list[StatusRecord]:
    """One status for each line of a result file. Refusal with every line that cannot be read, or sums that differ."""
    if len(body) > MAX_BYTES:
        raise Refusal(_too_large())
    head, *lines = [line.rstrip("\r").split("|") for line in read_text(body, otherwise=CHARSET).rstrip().split("\n")]
    if len(lines) > MAX_LINES:
        raise Refusal(_too_large())
    if len(head) != _HEAD_FIELDS or head[1] != VERSION or _day(head[3]) is None:
        raise Refusal(_bad_head())
    problems = [_bad_line(number) for number, line in enumerate(lines, start=2) if not _is_line(line)]
    if not problems and _counts(lines) != head[4:8]:
        problems.append(_bad_sums())
    if problems or not lines:
        raise Refusal(problems or _bad_head())
    return [_status(head, line, number) for number, line in enumerate(lines, start=2)]


def _is_line(line: list[str]) -> bool:
    fen = line[3] if len(line) == _LINE_FIELDS else ""
    return line[0] == "D" and fen.isascii() and fen.isdigit() and len(fen) <= 16 and bool(line[4])


def _counts(lines: list[list[str]]) -> list[str]:
    paid = [int(line[3]) for line in lines if line[4] == PAID]
    failed = [int(line[3]) for line in lines if line[4] != PAID]
    return [str(len(paid)), str(sum(paid)), str(len(failed)), str(sum(failed))]


def _status(head: list[str], line: list[str], number: int) -> StatusRecord:
    day = _day(head[3])
    assert day is not None, "the head was checked"
    paid = line[4] == PAID
    return StatusRecord(
        status_place=f"line {number}",
        message_id=head[2][:35],
        account=head[8],
        file=head[2],
        message_name="",
        end_to_end_id=line[2],
        status="ACSC" if paid else "RJCT",
        reason="" if paid else line[4][:35],
        reason_text="" if paid else line[5][:500],
        amount=money.text(int(line[3])),
        reported=day.isoformat(),
    )


def _day(text: str) -> date | None:
    try:
        return parse_day(text)
    except ValueError:
        return None


def _too_large() -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "file-too-large",
        "",
        f"the file is over {MAX_BYTES} bytes or {MAX_LINES} lines: send the results in several files",
        f"文件超过{MAX_BYTES}字节或{MAX_LINES}行:请分多个文件报送",
    )


def _bad_head() -> Problem:
    return Problem(
        Kind.MALFORMED,
        "batch-head",
        "line 1",
        "the first line is R|01|file|yyyyMMdd|paid count|paid fen|failed count|failed fen|account, then D lines",
        "首行应为 R|01|文件号|日期|成功笔数|成功金额(分)|失败笔数|失败金额(分)|付款账号,其后每笔一行D",
    )


def _bad_line(number: int) -> Problem:
    return Problem(
        Kind.INVALID,
        "batch-line",
        f"line {number}",
        "a line is D|serial|EndToEndId|fen|code|reason, the amount in whole fen: send the file again",
        "明细行应为 D|序号|EndToEndId|金额(分)|结果码|原因:请更正后重新发送",
    )


def _bad_sums() -> Problem:
    return Problem(
        Kind.INVALID,
        "batch-sum",
        "line 1",
        "counts and sums of the lines are not those of the first line: send the whole file again",
        "明细的笔数、金额与首行不符:请重新发送完整文件",
    )
