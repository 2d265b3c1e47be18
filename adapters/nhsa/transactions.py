"""The transactions offered: which nodes come in, which go out, and the checks that look at more than one field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from adapters.nhsa import problems
from adapters.nhsa import tables_clearing as clearing
from adapters.nhsa import tables_person as person
from adapters.nhsa import tables_settlement as settlement
from adapters.nhsa import tables_visit as visit
from adapters.nhsa.fields import Node
from gateway.kernel.problem import Problem

Nodes: TypeAlias = dict[str, Any]
Check: TypeAlias = Callable[[Nodes], list[Problem]]

ONE_BATCH = {"psn_no": "人员编号", "mdtrt_id": "就诊ID", "chrg_bchno": "收费批次号", "med_type": "医疗类别"}
"""What every line of one upload shares."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One infno. `answers` empty: the interface defines no output."""

    infno: str
    title: str
    nodes: tuple[Node, ...]
    answers: tuple[Node, ...] = ()
    checks: tuple[Check, ...] = ()


def check_card(nodes: Nodes) -> list[Problem]:
    """1101 by social-security card needs the card's own number too."""
    data = nodes.get("data") or {}
    if data.get("mdtrt_cert_type") == "03" and not data.get("card_sn"):
        return [problems.missing_field("input.data.card_sn", "卡识别码")]
    return []


def check_death(nodes: Nodes) -> list[Problem]:
    """2402 with dscg_way 5 (died) needs the day."""
    discharge = nodes.get("dscginfo") or {}
    if discharge.get("dscg_way") == "5" and not discharge.get("die_date"):
        return [problems.missing_field("input.dscginfo.die_date", "死亡日期")]
    return []


def check_one_batch(nodes: Nodes) -> list[Problem]:
    """Lines of one upload belong together, and none repeats another's number."""
    lines = nodes.get("feedetail") or []
    found: list[Problem] = []
    numbers_seen: set[str] = set()
    for index, line in enumerate(lines):
        for name, title in ONE_BATCH.items():
            if name in line and line[name] != lines[0].get(name, line[name]):
                found.append(problems.mixed_batch(f"input.feedetail[{index}].{name}", title))
        number = line.get("feedetl_sn")
        if number in numbers_seen:
            found.append(problems.duplicate_line(f"input.feedetail[{index}].feedetl_sn"))
        numbers_seen.add(number or "")
    return found


def check_valid_diagnosis(nodes: Nodes) -> list[Problem]:
    """2203 must leave one diagnosis standing after those marked invalid are taken out."""
    diagnoses = nodes.get("diseinfo") or []
    if diagnoses and all(row.get("vali_flag") == "0" for row in diagnoses):
        return [problems.missing_field("input.diseinfo[vali_flag=1]", "有效诊断")]
    return []


def check_month(nodes: Nodes) -> list[Problem]:
    """3203: setlym is a month, 201506."""
    month = str((nodes.get("data") or {}).get("setlym", ""))
    well = not month or (len(month) == 6 and month.isascii() and month.isdigit() and 1 <= int(month[4:]) <= 12)
    return [] if well else [problems.bad_code("input.data.setlym", "清算年月", value=month, allowed="yyyyMM")]


_SETTLED = (settlement.SETTLEMENT_ANSWER, settlement.FUNDS_ANSWER)
_CANCELLED = (settlement.CANCELLATION_ANSWER, settlement.FUNDS_ANSWER)

_ALL = (
    Transaction("9001", "签到", (person.SIGN_IN,), (person.SIGN_IN_ANSWER,)),
    Transaction("1101", "人员信息获取", (person.PERSON,), person.PERSON_ANSWER, (check_card,)),
    Transaction("2201", "门诊挂号", (visit.REGISTRATION,), (visit.REGISTRATION_ANSWER,)),
    Transaction("2203", "门诊就诊信息上传", (visit.VISIT, visit.VISIT_DIAGNOSES), (), (check_valid_diagnosis,)),
    Transaction("2204", "门诊费用明细上传", (visit.OUTPATIENT_LINES,), (visit.LINES_ANSWER,), (check_one_batch,)),
    Transaction("2206", "门诊预结算", (settlement.OUTPATIENT_BILL,), _SETTLED),
    Transaction("2207", "门诊结算", (settlement.OUTPATIENT_BILL,), _SETTLED),
    Transaction("2208", "门诊结算撤销", (settlement.CANCELLATION,), _CANCELLED),
    Transaction("2401", "入院办理", (visit.ADMISSION, visit.ADMISSION_DIAGNOSES), (visit.ADMISSION_ANSWER,)),
    Transaction("2402", "出院办理", (visit.DISCHARGE, visit.DISCHARGE_DIAGNOSES), (), (check_death,)),
    Transaction("2301", "住院费用明细上传", (visit.INPATIENT_LINES,), (visit.LINES_ANSWER,), (check_one_batch,)),
    Transaction("2303", "住院预结算", (settlement.INPATIENT_BILL,), _SETTLED),
    Transaction("2304", "住院结算", (settlement.INPATIENT_BILL,), _SETTLED),
    Transaction("2305", "住院结算撤销", (settlement.CANCELLATION,), _CANCELLED),
    Transaction("3201", "医药机构费用结算对总账", (clearing.TOTALS,), (clearing.TOTALS_ANSWER,)),
    Transaction("3202", "医药机构费用结算对明细账", (clearing.DETAILS,), (clearing.FILE_ANSWER,)),
    Transaction("3203", "清算申请", (clearing.APPLICATION,), (clearing.APPLICATION_ANSWER,), (check_month,)),
    Transaction("3204", "清算申请撤销", (clearing.REVOCATION,)),
    Transaction("9101", "文件上传", (clearing.UPLOAD,), (clearing.UPLOAD_ANSWER,)),
    Transaction("9102", "文件下载", (clearing.DOWNLOAD,)),
)

TRANSACTIONS: Mapping[str, Transaction] = {transaction.infno: transaction for transaction in _ALL}


def find_transaction(infno: str) -> Transaction | None:
    """The transaction of an infno; a suffix letter (2203A) names a regional form of the same transaction."""
    found = TRANSACTIONS.get(infno)
    if found is None and len(infno) == 5 and infno[4:].isalpha():
        return TRANSACTIONS.get(infno[:4])
    return found
