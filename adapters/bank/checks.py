"""Whether a record is money that moved: booked, in yuan, with sums that agree. All problems at once."""

import re
from collections.abc import Iterator

from adapters.bank.amounts import read_amount, read_booking_day
from adapters.bank.record import Record
from adapters.bank.uses import Use
from gateway.kernel import money
from gateway.kernel.problem import Kind, Problem

CURRENCY = "CNY"
LONGEST_REFERENCE = 80

_REFERENCE = re.compile(r"[\x21-\x7e][\x20-\x7e]*", re.ASCII)
_ACCOUNT = re.compile(r"[A-Za-z0-9-]{1,34}", re.ASCII)


def check_key(record: Record) -> list[Problem]:
    """Problems with what names the record: the credited account and the bank's reference."""
    problems = []
    if not _ACCOUNT.fullmatch(record.account):
        problems.append(
            Problem(
                Kind.INVALID,
                "missing-account",
                f"{record.place.split('/')[0]}/Acct/Id",
                "the account is not named: send IBAN or Othr/Id, at most 34 letters, digits or hyphens",
                "缺少账号:请填写IBAN或Othr/Id,最多34位字母、数字或连字符",
            )
        )
    if len(record.reference) > LONGEST_REFERENCE or not _REFERENCE.fullmatch(record.reference):
        problems.append(
            Problem(
                Kind.INVALID,
                "missing-reference",
                f"{record.place}/Refs/AcctSvcrRef",
                "nothing names this transaction: send AcctSvcrRef, or an EndToEndId other than NOTPROVIDED, "
                "at most 35 characters each",
                "交易没有可用的参考号:请填写AcctSvcrRef,或非NOTPROVIDED的EndToEndId,各不超过35个字符",
            )
        )
    return problems


def check_record(record: Record) -> list[Problem]:
    """Every reason why the record is not money that moved. Standard: ISO 20022 camt.053, camt.054."""
    return [*_check_state(record), *_check_amount(record), *_check_day(record), *_check_sums(record)]


def _entry_place(record: Record) -> str:
    return "/".join(record.place.split("/")[:2])


def _check_state(record: Record) -> Iterator[Problem]:
    entry = record.entry
    place = _entry_place(record)
    if entry.direction not in ("CRDT", "DBIT") or record.direction != entry.direction:
        yield Problem(
            Kind.INVALID,
            "entry-direction",
            f"{place}/CdtDbtInd",
            "CdtDbtInd is CRDT or DBIT, the same on an entry and its transactions: send the entry again so",
            "借贷标志CdtDbtInd应为CRDT或DBIT,且交易与条目一致:请更正后重新发送",
        )
    if entry.status != "BOOK":
        yield Problem(
            Kind.UNSUPPORTED,
            "entry-not-booked",
            f"{place}/Sts",
            "the entry is not booked: send it again with status BOOK once the money has arrived",
            "条目尚未入账:到账后以状态BOOK重新发送",
        )
    back = entry.reversal not in ("", "false", "0") or record.returned
    if back and record.use is not Use.RETURNED:
        yield Problem(
            Kind.UNSUPPORTED,
            "entry-reversal",
            f"{place}/RvslInd",
            "a credit that is taken back is not posted from this feed: report it to the fund's accountant",
            "已到账款项的冲回不由本接口入账:请联系基金财务人员处理",
        )


def _check_amount(record: Record) -> Iterator[Problem]:
    if read_amount(record.amount) is None:
        yield Problem(
            Kind.INVALID,
            "bad-amount",
            record.amount_place,
            "the amount is not above zero with at most 14 digits and two decimals: send it like 120.00",
            "金额应大于零,整数最多14位、小数最多2位:格式如120.00",
        )
    if {record.currency, record.entry.currency} != {CURRENCY}:
        yield Problem(
            Kind.UNSUPPORTED,
            "bad-currency",
            f"{record.amount_place}/@Ccy",
            "the fund's accounts are kept in yuan: send Ccy CNY on the entry and its transactions",
            "基金账户为人民币账户:条目及交易的Ccy应为CNY",
        )


def _check_day(record: Record) -> Iterator[Problem]:
    if read_booking_day(record.booked or record.valued) is None:
        yield Problem(
            Kind.INVALID,
            "bad-day",
            f"{_entry_place(record)}/BookgDt",
            "the booking day is missing or does not exist: send BookgDt/Dt as YYYY-MM-DD",
            "缺少入账日期或日期不存在:请按YYYY-MM-DD填写BookgDt/Dt",
        )


def _check_sums(record: Record) -> Iterator[Problem]:
    entry, batch = record.entry, record.batch
    stated = read_amount(entry.amount)
    if entry.details and (stated is None or entry.details_fen != stated):
        counted = "?" if entry.details_fen is None else money.text(entry.details_fen)
        yield Problem(
            Kind.INVALID,
            "entry-sum",
            f"{_entry_place(record)}/Amt",
            f"the transactions add up to {counted}, not to the entry's amount: send the entry again with all of them",
            f"交易合计{counted},与条目金额不符:请补全交易后重新发送该条目",
        )
    group = "/".join(record.place.split("/")[:3])
    if batch.stated_count and batch.stated_count.lstrip("0") != str(batch.counted):
        yield Problem(
            Kind.INVALID,
            "batch-count",
            f"{group}/Btch/NbOfTxs",
            f"the batch holds {batch.counted} transactions, not the number stated: send all, or the true number",
            f"批次实有{batch.counted}笔交易,与所报笔数不符:请补全交易或更正笔数",
        )
    if batch.stated_total and (batch.counted_fen is None or read_amount(batch.stated_total) != batch.counted_fen):
        counted = "?" if batch.counted_fen is None else money.text(batch.counted_fen)
        yield Problem(
            Kind.INVALID,
            "batch-sum",
            f"{group}/Btch/TtlAmt",
            f"the batch adds up to {counted}, not to the total stated: send all transactions, or the true total",
            f"批次合计{counted},与所报总额不符:请补全交易或更正总额",
        )
