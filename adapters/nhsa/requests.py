"""Requests as a hospital's information system (HIS) writes them: pure builders, bytes and headers out.

A `Window` is a counter at an institution (its code, its operator, its secret); a `Moment` is the clock and the running
number that together make the msgid. Fields are those a real system fills in, neutral where nothing turns on
them. `at` is the time of what happened to the patient; the moment is that of the message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from adapters.nhsa.proof import APPLICATION, NONCE, SIGNATURE, TIMESTAMP, sign
from gateway.kernel import money, quantity
from gateway.kernel.calendar import BUSINESS_ZONE

PATH = "/fsi/api/rsfComIfsService/callService"
RESIDENT = "390"
BY_ITEM = "01"

_ENCODER = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class Window:
    """Who sends. `secret` '': unsigned. `area`: of the institution; `insured_area`: of the person, from 1101."""

    institution: str
    name: str
    area: str
    insured_area: str
    secret: str = ""
    operator: str = "0001"
    operator_name: str = "测试操作员"
    sign_no: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """When, and which number of the second: 1 to 9999."""

    at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Request:
    """One transaction ready to be posted to `PATH`."""

    infno: str
    msgid: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A line of a bill: national code, unit price, quantity; the amount follows. `refunds`: the line it takes back."""

    number: str
    code: str
    price: Decimal
    count: Decimal
    at: datetime
    name: str = ""
    refunds: str = ""

    @property
    def amount(self) -> Decimal:
        """Yuan, two decimals: price times quantity, half up."""
        return money.decimal(quantity.cost(quantity.price(self.price), quantity.quantity(self.count)))


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """An ICD-10 code (医保版) and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Bill:
    """What is settled: `total` must be the sum of the uploaded lines. `med_type` and `batch` are for outpatients."""

    visit_id: str
    person: str
    card: str
    total: Decimal
    med_type: str = "11"
    batch: str = ""
    split: Mapping[str, Decimal] = field(default_factory=dict)


def build(window: Window, moment: Moment, infno: str, nodes: Mapping[str, Any]) -> Request:
    """Any transaction: envelope, msgid and signature around its nodes."""
    local = moment.at.astimezone(BUSINESS_ZONE)
    msgid = f"{window.institution}{local:%Y%m%d%H%M%S}{moment.number:04d}"
    envelope = {
        "infno": infno,
        "msgid": msgid,
        "mdtrtarea_admvs": window.area,
        "insuplc_admdvs": window.insured_area,
        "recer_sys_code": "YBXT",
        "dev_no": "",
        "dev_safe_info": "",
        "cainfo": "",
        "signtype": "",
        "infver": "V1.0",
        "opter_type": "1",
        "opter": window.operator,
        "opter_name": window.operator_name,
        "inf_time": _time(moment.at),
        "fixmedins_code": window.institution,
        "fixmedins_name": window.name,
        "sign_no": window.sign_no,
        "input": nodes,
    }
    return Request(infno, msgid, _ENCODER.encode(envelope), _headers(window, moment, msgid))


def _headers(window: Window, moment: Moment, msgid: str) -> dict[str, str]:
    headers = {"content-type": "application/json; charset=UTF-8"}
    if window.secret:
        timestamp = str(int(moment.at.timestamp()))
        signature = sign(timestamp=timestamp, secret=window.secret, nonce=msgid)
        headers |= {APPLICATION: window.institution, TIMESTAMP: timestamp, NONCE: msgid, SIGNATURE: signature}
    return headers


def sign_in(window: Window, moment: Moment) -> Request:
    """9001."""
    return build(
        window, moment, "9001", {"signIn": {"opter_no": window.operator, "mac": "02-00-00-00-00-01", "ip": "192.0.2.1"}}
    )


def person(window: Window, moment: Moment, *, citizen_id: str, name: str = "") -> Request:
    """1101 by citizen ID card."""
    data = {
        "mdtrt_cert_type": "02",
        "mdtrt_cert_no": citizen_id,
        "card_sn": "",
        "begntime": "",
        "psn_cert_type": "01",
        "certno": citizen_id,
        "psn_name": name,
    }
    return build(window, moment, "1101", {"data": data})


def register(window: Window, moment: Moment, *, person: str, card: str, visit: str, at: datetime) -> Request:
    """2201. `person`: psn_no of 1101; `visit`: the hospital's own number of the visit."""
    data = {
        "psn_no": person,
        "insutype": RESIDENT,
        "begntime": _time(at),
        "mdtrt_cert_type": "02",
        "mdtrt_cert_no": card,
        "ipt_otp_no": visit,
        "atddr_no": "D321182000001",
        "dr_name": "测试医师",
        "dept_code": "0301",
        "dept_name": "内科门诊",
        "caty": "A03",
    }
    return build(window, moment, "2201", {"data": data})


def describe(
    window: Window,
    moment: Moment,
    *,
    visit_id: str,
    person: str,
    med_type: str,
    diagnoses: Sequence[Diagnosis],
    at: datetime,
    disease: Diagnosis | None = None,
) -> Request:
    """2203. `disease`: the chronic or special disease (M…) of med_type 14 or 15."""
    visit = {
        "mdtrt_id": visit_id,
        "psn_no": person,
        "med_type": med_type,
        "begntime": _time(at),
        "main_cond_dscr": "",
        "dise_codg": disease.code if disease else "",
        "dise_name": disease.name if disease else "",
        "birctrl_type": "",
        "birctrl_matn_date": "",
    }
    rows = [_diagnosis(each, number, at) | {"vali_flag": "1"} for number, each in enumerate(diagnoses, 1)]
    return build(window, moment, "2203", {"mdtrtinfo": visit, "diseinfo": rows})


def _diagnosis(diagnosis: Diagnosis, number: int, at: datetime) -> dict[str, Any]:
    return {
        "diag_type": "1",
        "diag_srt_no": number,
        "diag_code": diagnosis.code,
        "diag_name": diagnosis.name,
        "diag_dept": "内科",
        "dise_dor_no": "D321182000001",
        "dise_dor_name": "测试医师",
        "diag_time": _time(at),
    }


def outpatient_lines(
    window: Window, moment: Moment, *, visit_id: str, person: str, batch: str, lines: Sequence[FeeLine]
) -> Request:
    """2204."""
    rows = [
        _line(line, visit_id=visit_id, person=person)
        | {"chrg_bchno": batch, "rxno": f"R{batch}"[:30], "rx_circ_flag": "0", "prd_days": Decimal("1.00")}
        for line in lines
    ]
    return build(window, moment, "2204", {"feedetail": rows})


def inpatient_lines(
    window: Window, moment: Moment, *, visit_id: str, person: str, med_type: str, lines: Sequence[FeeLine]
) -> Request:
    """2301."""
    rows = [
        _line(line, visit_id=visit_id, person=person)
        | {"init_feedetl_sn": line.refunds, "drord_no": "", "med_type": med_type, "memo": ""}
        for line in lines
    ]
    return build(window, moment, "2301", {"feedetail": rows})


def _line(line: FeeLine, *, visit_id: str, person: str) -> dict[str, Any]:
    return {
        "feedetl_sn": line.number,
        "mdtrt_id": visit_id,
        "psn_no": person,
        "fee_ocur_time": _time(line.at),
        "med_list_codg": line.code,
        "medins_list_codg": f"HIS-{line.code}",
        "medins_list_name": line.name,
        "det_item_fee_sumamt": line.amount,
        "cnt": line.count,
        "pric": line.price,
        "bilg_dept_codg": "0301",
        "bilg_dept_name": "内科",
        "bilg_dr_codg": "D321182000001",
        "bilg_dr_name": "测试医师",
        "hosp_appr_flag": "1",
        "etip_flag": "0",
    }


def admit(
    window: Window,
    moment: Moment,
    *,
    person: str,
    card: str,
    visit: str,
    diagnoses: Sequence[Diagnosis],
    at: datetime,
    med_type: str = "21",
) -> Request:
    """2401; the first diagnosis is the main one."""
    main = diagnoses[0]
    stay = {
        "psn_no": person,
        "insutype": RESIDENT,
        "coner_name": "测试联系人",
        "tel": "",
        "begntime": _time(at),
        "mdtrt_cert_type": "02",
        "mdtrt_cert_no": card,
        "med_type": med_type,
        "ipt_no": visit,
        "medrcdno": visit,
        "atddr_no": "D321182000001",
        "chfpdr_name": "测试医师",
        "adm_diag_dscr": main.name,
        "adm_dept_codg": "0301",
        "adm_dept_name": "内科病区",
        "adm_bed": "01",
        "dscg_maindiag_code": main.code,
        "dscg_maindiag_name": main.name,
        "dise_type_code": "",
    }
    return build(window, moment, "2401", {"mdtrtinfo": stay, "diseinfo": _stay_diagnoses(diagnoses, person, at)})


def _stay_diagnoses(diagnoses: Sequence[Diagnosis], person: str, at: datetime) -> list[dict[str, Any]]:
    return [
        {"psn_no": person, "maindiag_flag": "1" if number == 1 else "0", "adm_cond": ""} | _diagnosis(each, number, at)
        for number, each in enumerate(diagnoses, 1)
    ]


def discharge(
    window: Window,
    moment: Moment,
    *,
    visit_id: str,
    person: str,
    diagnoses: Sequence[Diagnosis],
    at: datetime,
    died_on: date | None = None,
) -> Request:
    """2402."""
    stay = {
        "mdtrt_id": visit_id,
        "psn_no": person,
        "insutype": RESIDENT,
        "endtime": _time(at),
        "cop_flag": "0",
        "dscg_dept_codg": "0301",
        "dscg_dept_name": "内科病区",
        "dscg_bed": "01",
        "dscg_way": "5" if died_on else "1",
        "die_date": died_on.isoformat() if died_on else "",
    }
    rows = [{"mdtrt_id": visit_id} | row for row in _stay_diagnoses(diagnoses, person, at)]
    return build(window, moment, "2402", {"dscginfo": stay, "diseinfo": rows})


def settle_outpatient(window: Window, moment: Moment, bill: Bill, *, trial: bool = False) -> Request:
    """2207, or 2206 for a trial."""
    data = _bill(bill) | {"med_type": bill.med_type, "chrg_bchno": bill.batch}
    if not trial:
        data |= {"invono": bill.batch[:20], **bill.split}
    return build(window, moment, "2206" if trial else "2207", {"data": data})


def settle_inpatient(window: Window, moment: Moment, bill: Bill, *, trial: bool = False) -> Request:
    """2304, or 2303 for a trial."""
    data = _bill(bill) | {"mid_setl_flag": "0", "invono": "", **bill.split}
    return build(window, moment, "2303" if trial else "2304", {"data": data})


def _bill(bill: Bill) -> dict[str, Any]:
    return {
        "psn_no": bill.person,
        "mdtrt_cert_type": "02",
        "mdtrt_cert_no": bill.card,
        "medfee_sumamt": bill.total,
        "psn_setlway": BY_ITEM,
        "mdtrt_id": bill.visit_id,
        "acct_used_flag": "0",
        "insutype": RESIDENT,
    }


def cancel(
    window: Window, moment: Moment, *, settlement: str, visit_id: str, person: str, inpatient: bool = False
) -> Request:
    """2208, or 2305 for a stay."""
    data = {"setl_id": settlement, "mdtrt_id": visit_id, "psn_no": person}
    return build(window, moment, "2305" if inpatient else "2208", {"data": data})


def _time(at: datetime) -> str:
    return f"{at.astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M:%S}"
