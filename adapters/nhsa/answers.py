"""The output of each transaction: what the mapping rows gave, completed with what rows cannot compute.

Rows cannot add, divide, count years or join lists; and fields that repeat the request are taken from the request. The
field tables then put every field in its place and type.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

from adapters.nhsa.fields import Node, write_fields
from adapters.nhsa.numbers import read_number
from adapters.nhsa.statement_file import RESULTS
from adapters.nhsa.transactions import find_transaction
from gateway.contract import Context, Message, Tree
from gateway.kernel.calendar import business_day, parse_day

Complete: TypeAlias = Callable[[Message, dict[str, Any], Context], None]

NO_CEILING = Decimal(999999)
"""pric_uplmt_amt of an item without a price ceiling, as the platform writes it."""

OTHER_FUND = "999997"
TRACE_CHARACTERS = 4000
DESCRIPTION_CHARACTERS = 200
_ZERO = Decimal(0)


def complete_output(message: Message, answer: Tree, context: Context) -> dict[str, Any] | None:
    """The nodes of `output`, or None where the interface defines no output."""
    transaction = find_transaction(message.type)
    assert transaction is not None, "only offered transactions are answered"
    if not transaction.answers:
        return None
    output = dict(answer)
    complete = _COMPLETIONS.get(transaction.infno)
    if complete is not None:
        complete(message, output, context)
    written = {node.name: _write_node(node, output.get(node.name)) for node in transaction.answers}
    return {**written.pop("", {}), **written}  # 9101 has its fields in the output itself


def _write_node(node: Node, values: Any) -> Any:
    if node.many:
        return [write_fields(node.fields, row) for row in values or ()]
    return write_fields(node.fields, values or {})


def _sent_data(message: Message) -> Mapping[str, Any]:
    data: Mapping[str, Any] = message.tree["input"]["data"]
    return data


def _amount(values: Mapping[str, Any], name: str) -> Decimal:
    """An amount of the answer; a part nobody paid is zero."""
    value = values.get(name)
    if value is None:
        return _ZERO
    number = read_number(value)
    assert number is not None, f"{name} of the answer is an amount"
    return number


def age_on(born_on: date, day: date) -> Decimal:
    """Years with one decimal, whole months counted and rounded down: a child of 18 months is 1.5."""
    months = (day.year - born_on.year) * 12 + day.month - born_on.month - (day.day < born_on.day)
    return (Decimal(max(months, 0)) / 12).quantize(Decimal("0.1"), rounding=ROUND_DOWN)


def _add_age(person: dict[str, Any], context: Context) -> None:
    if "brdy" in person:
        person["age"] = age_on(parse_day(str(person["brdy"])), business_day(context.now))


def _complete_person(message: Message, output: dict[str, Any], context: Context) -> None:
    _add_age(output.setdefault("baseinfo", {}), context)


def _complete_registration(message: Message, output: dict[str, Any], context: Context) -> None:
    sent = _sent_data(message)
    output["data"] = {"psn_no": sent["psn_no"], "ipt_otp_no": sent["ipt_otp_no"], **output.get("data", {})}


def _complete_lines(message: Message, output: dict[str, Any], context: Context) -> None:
    """Each priced line as it now stands; one that was refunded in part comes back as what is left of it."""
    for row in output.get("result") or ():
        row.setdefault("pric_uplmt_amt", NO_CEILING)
        if row.get("chrgitm_lv") == "03":
            row["selfpay_prop"] = Decimal(1)


def _complete_settlement(message: Message, output: dict[str, Any], context: Context) -> None:
    sent = _sent_data(message)
    echoed = {name: sent[name] for name in ("mdtrt_id", "psn_no", "mdtrt_cert_type", "med_type") if name in sent}
    settled = {"clr_optins": context.area, **output.get("setlinfo", {}), **echoed}
    settled["medins_setl_id"] = message.tree["msgid"]
    _add_age(settled, context)
    _add_sums(settled)
    output["setlinfo"] = settled
    _complete_funds(output, settled)


def _complete_cancellation(message: Message, output: dict[str, Any], context: Context) -> None:
    """As a settlement; the cash part goes out under both spellings that hospitals' systems read."""
    _complete_settlement(message, output, context)
    output["setlinfo"]["pdn_cash_pay"] = _amount(output["setlinfo"], "psn_cash_pay")


def _add_sums(settled: dict[str, Any]) -> None:
    """psn_part_amt, oth_pay and the fund's ratio, so that the interface's identities hold to the fen."""
    fund, basic = _amount(settled, "fund_pay_sumamt"), _amount(settled, "hifp_pay")
    named = ("cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "hifdm_pay")
    settled["oth_pay"] = fund - basic - sum((_amount(settled, name) for name in named), _ZERO)
    settled["psn_part_amt"] = _amount(settled, "medfee_sumamt") - fund - _amount(settled, "hosp_part_amt")
    settled["pool_prop_selfpay"] = fund_ratio(basic=basic, in_scope=_amount(settled, "inscp_scp_amt"))


def fund_ratio(*, basic: Decimal, in_scope: Decimal) -> Decimal:
    """The pooled fund's share of the in-scope amount, four decimals half up; 0 when nothing is in scope."""
    return (basic / in_scope).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP) if in_scope else _ZERO


def _complete_funds(output: dict[str, Any], settled: Mapping[str, Any]) -> None:
    """setldetail: rows of funds that paid, and one for what no row names; their sum is fund_pay_sumamt."""
    rows = [row for row in output.get("setldetail") or () if _amount(row, "fund_payamt")]
    unnamed = _amount(settled, "fund_pay_sumamt") - sum((_amount(row, "fund_payamt") for row in rows), _ZERO)
    if unnamed:
        rows.append({"fund_pay_type": OTHER_FUND, "fund_pay_type_name": "其他基金", "fund_payamt": unnamed})
    trace = "\n".join(str(note["text"]) for note in output.get("notes") or ())
    for row in rows:
        row.setdefault("inscp_scp_amt", _amount(settled, "inscp_scp_amt"))
        row.setdefault("crt_payb_lmt_amt", row["fund_payamt"])
        if trace:
            row["setl_proc_info"] = trace[:TRACE_CHARACTERS]
    output["setldetail"] = rows


def _complete_totals(message: Message, output: dict[str, Any], context: Context) -> None:
    told = output.get("stmtinfo", {})
    output["stmtinfo"] = {
        "setl_optins": _sent_data(message).get("setl_optins"),
        "stmt_rslt": RESULTS[str(told["stmt_rslt"])],
        "stmt_rslt_dscr": str(told.get("stmt_rslt_dscr", ""))[:DESCRIPTION_CHARACTERS],
    }


def _complete_upload(message: Message, output: dict[str, Any], context: Context) -> None:
    sent = message.tree["input"]["fsUploadIn"]
    output[""] = {**output.get("file", {}), "fixmedins_code": sent["fixmedins_code"], "filename": sent["filename"]}


_COMPLETIONS: Mapping[str, Complete] = {
    "3201": _complete_totals,
    "9101": _complete_upload,
    "1101": _complete_person,
    "2201": _complete_registration,
    "2204": _complete_lines,
    "2301": _complete_lines,
    "2206": _complete_settlement,
    "2207": _complete_settlement,
    "2303": _complete_settlement,
    "2304": _complete_settlement,
    "2208": _complete_cancellation,
    "2305": _complete_cancellation,
}
