"""Invoices, decisions and contexts that the HL7 v2 specifications share."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from adapters.hl7v2.adapter import ADAPTER
from adapters.hl7v2.sender import SENDER, BillLine, Envelope, Invoice
from gateway.contract import Context, Incoming
from gateway.exchange.mappings import Mapping, load_mappings
from gateway.kernel.citizen_id import check_digit
from gateway.kernel.problem import Problem, Refusal

ROOT = Path(__file__).parents[3]
VERSIONS = ("2.6", "2.7", "2.7.1", "2.8", "2.8.1", "2.8.2")
CITIZEN = "32118219600101001" + check_digit("32118219600101001")
DAY = date(2015, 3, 9)
CONTEXT = Context(datetime(2015, 3, 9, 2, 0, tzinfo=UTC), "321182" + "1" * 24, "321182")
ENVELOPE = Envelope("C0001", datetime(2015, 3, 9, 1, 0, tzinfo=UTC))
SETTLED = "321182" + "0" * 24

INVOICE = Invoice(
    institution="H32118200001",
    institution_name="测试中心卫生院",
    area="321182",
    bill="B0001",
    visit="V0001",
    citizen_id=CITIZEN,
    name="张测试",
    born_on=date(1960, 1, 1),
    sex="male",
    kind="chronic",
    from_on=DAY,
    to_on=DAY,
    lines=(
        BillLine("XA0001", "测试药品甲", Decimal("2"), Decimal("10.25"), Decimal("20.50"), DAY),
        BillLine("XB0002", "测试药品乙", Decimal("1.5"), Decimal("3"), Decimal("4.50"), DAY),
    ),
    diagnoses=(("I10.x00", "原发性高血压"), ("E11.900", "2型糖尿病")),
    disease=("M03900", "高血压"),
)
STAY = replace(INVOICE, kind="inpatient", to_on=date(2015, 3, 16), disease=("", ""))


def claim(invoice: Invoice = INVOICE, *, predetermination: bool = False, **envelope: Any) -> bytes:
    """An E01 with another envelope."""
    return SENDER.claim(invoice, replace(ENVELOPE, **envelope), predetermination=predetermination)


def changed(old: str, new: str, body: bytes | None = None) -> bytes:
    """A message with one text replaced everywhere."""
    text = (body or claim()).decode()
    assert old in text, f"{old!r} stands in the message"
    return text.replace(old, new).encode()


@cache
def mappings() -> dict[tuple[str, str], Mapping]:
    """The feed's own mapping files, loaded as the gateway loads them."""
    with TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "mappings" / "hl7v2", Path(folder) / "hl7v2")
        (Path(folder) / "maps").mkdir()
        for file in (ROOT / "mappings" / "maps").glob("hl7v2-*.json"):
            shutil.copy(file, Path(folder) / "maps")
        return dict(load_mappings(Path(folder)))


def problems_of(body: bytes) -> list[Problem]:
    """Everything that decoding a message finds wrong."""
    try:
        ADAPTER.decode(Incoming(body))
    except Refusal as refusal:
        return list(refusal.problems)
    return []


def found(body: bytes) -> set[tuple[str, str]]:
    """(code, path) of every problem."""
    return {(problem.code, problem.path) for problem in problems_of(body)}


def _concept(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]}


def _money(yuan: str) -> dict[str, Any]:
    return {"value": Decimal(yuan), "currency": "CNY"}


def response(sign: int = 1) -> dict[str, Any]:
    """A decision on INVOICE: 25.00 billed, 0.45 first payment, 14.73 from the fund. `sign` -1: its cancellation."""
    totals = {
        "submitted": "25.00",
        "own-expense": "0.00",
        "over-limit": "0.00",
        "first-payment": "0.45",
        "in-scope": "24.55",
        "deductible": "0.00",
        "counted": "24.55",
        "fund-basic": "14.73",
        "fund-total": "14.73",
        "account": "0.00",
        "cash": "10.27",
        "institution-share": "0.00",
    }
    lines = (
        {"submitted": "20.50", "in-scope": "20.50"},
        {"submitted": "4.50", "first-payment": "0.45", "in-scope": "4.05"},
    )
    return {
        "resourceType": "ClaimResponse",
        "id": SETTLED,
        "total": [{"category": _concept(code), "amount": _money(str(sign * Decimal(a)))} for code, a in totals.items()],
        "processNote": [
            {"number": 1, "text": "基金支付60%|a^b", "language": _concept("zh-CN")},
            {"number": 2, "text": "the fund pays 60%", "language": _concept("en")},
        ],
        "item": [
            {
                "itemSequence": number,
                "adjudication": [
                    {"category": _concept(code), "amount": _money(str(sign * Decimal(a)))} for code, a in cut.items()
                ],
            }
            for number, cut in enumerate(lines, start=1)
        ],
    }
