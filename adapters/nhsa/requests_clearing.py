"""Requests of reconciliation and clearing as a hospital sends them: 3201 to 3204, 9101 and 9102.

Everything is passed in; the same arguments make the same bytes.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from adapters.nhsa.requests import RESIDENT, Moment, Request, Window, build
from adapters.nhsa.statement_file import NULL

ALL_CARE = "99"


@dataclass(frozen=True, slots=True)
class Sums:
    """What a hospital added up, net of refunds: settlements less refunds, and yuan."""

    cases: int
    total: Decimal
    fund: Decimal
    account: Decimal = Decimal("0.00")

    @property
    def cash(self) -> Decimal:
        return self.total - self.fund - self.account


@dataclass(frozen=True, slots=True)
class Detail:
    """One line of a hospital's details; a refund has `refund` and negative amounts."""

    settlement: str
    visit: str
    person: str
    total: Decimal
    fund: Decimal
    account: Decimal = Decimal("0.00")
    refund: bool = False


def totals(
    window: Window, moment: Moment, sums: Sums, *, begin: date, end: date, care: str = ALL_CARE, scheme: str = RESIDENT
) -> Request:
    """3201. `care`: clr_type."""
    data = {
        "insutype": scheme,
        "clr_type": care,
        "setl_optins": window.area,
        "stmt_begndate": begin.isoformat(),
        "stmt_enddate": end.isoformat(),
        "medfee_sumamt": sums.total,
        "fund_pay_sumamt": sums.fund,
        "acct_pay": sums.account,
        "fixmedins_setl_cnt": sums.cases,
    }
    return build(window, moment, "3201", {"data": data})


def upload(window: Window, moment: Moment, lines: Sequence[Detail], *, name: str = "detail.zip") -> Request:
    """9101 of a ZIP of lines, its bytes as signed numbers."""
    sent = [each - 256 if each > 127 else each for each in details_file(lines)]
    node = {"in": sent, "filename": name, "fixmedins_code": window.institution}
    return build(window, moment, "9101", {"fsUploadIn": node})


def details_file(lines: Iterable[Detail]) -> bytes:
    """The ZIP of lines, always the same bytes for the same lines."""
    text = "".join("\t".join(_row(line)) + "\n" for line in lines)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("detail.txt"), text.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _row(line: Detail) -> Sequence[str]:
    amounts = (f"{amount:.2f}" for amount in (line.total, line.fund, line.account))
    return (line.settlement, line.visit or NULL, line.person or NULL, *amounts, "1" if line.refund else "0", NULL)


def details(
    window: Window, moment: Moment, sums: Sums, *, file: str, begin: date, end: date, care: str = ALL_CARE
) -> Request:
    """3202. `file`: file_qury_no of the upload."""
    data = {
        "setl_optins": window.area,
        "file_qury_no": file,
        "stmt_begndate": begin.isoformat(),
        "stmt_enddate": end.isoformat(),
        "medfee_sumamt": sums.total,
        "fund_pay_sumamt": sums.fund,
        "cash_payamt": sums.cash,
        "fixmedins_setl_cnt": sums.cases,
        "clr_type": care,
    }
    return build(window, moment, "3202", {"data": data})


def download(window: Window, moment: Moment, *, file: str, name: str) -> Request:
    """9102."""
    node = {"file_qury_no": file, "filename": name, "fixmedins_code": window.institution}
    return build(window, moment, "9102", {"fsDownloadIn": node})


def apply(
    window: Window, moment: Moment, sums: Sums, *, month: str, begin: date, end: date, care: str, way: str = "1"
) -> Request:
    """3203. `month`: '201506'; `way`: clr_way in the hospital's own codes."""
    data = {
        "clr_type": care,
        "clr_way": way,
        "setlym": month,
        "psntime": sums.cases,
        "medfee_sumamt": sums.total,
        "med_sumfee": sums.total,
        "fund_appy_sum": sums.fund,
        "cash_payamt": sums.cash,
        "acct_pay": sums.account,
        "begndate": begin.isoformat(),
        "enddate": end.isoformat(),
    }
    return build(window, moment, "3203", {"data": data})


def revoke(window: Window, moment: Moment, *, application: str) -> Request:
    """3204."""
    return build(window, moment, "3204", {"data": {"clr_appy_evt_id": application}})
