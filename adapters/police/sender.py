"""The police's side: population files for given changes, in any character set the feed reads.

Used by the demo and by partners' own tests. The same arguments make the same bytes.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from adapters.police.columns import LONGEST
from gateway.kernel.citizen_id import CitizenId, Sex, check_digit, parse_citizen_id


class Change(NamedTuple):
    """One population change. Sex and birth date are those of the citizen ID. '' leaves a cell empty."""

    event: str  # 出生, 登记, 死亡, 迁入, 迁出, 变更号码, 户变动
    number: str
    citizen_id: str
    name: str
    event_day: date
    household: str = ""
    relation: str = ""
    head_id: str = ""
    address: str = ""
    registered_area: str = "321182"
    new_citizen_id: str = ""
    died_on: date | None = None
    note: str = ""


class PoliceSender:
    """Builders under one name, found as `SENDER`."""

    feed = "police"
    change = Change

    @staticmethod
    def citizen_id(born_on: date, serial: int, area: str = "321182") -> str:
        """A made-up citizen ID with a valid check digit; `serial` below 1000, odd for men, even for women."""
        first_17 = f"{area}{born_on:%Y%m%d}{serial:03d}"
        return first_17 + check_digit(first_17)

    @staticmethod
    def population_file(changes: Sequence[Change], *, unit: str = "PSB321182", charset: str = "utf-8") -> bytes:
        """The CSV of these changes with all columns. `charset`: utf-8, utf-8-sig (byte order mark) or gb18030."""
        written = io.StringIO(newline="")
        rows = csv.writer(written, lineterminator="\r\n")
        rows.writerow(LONGEST)
        rows.writerows(_cells(change, unit) for change in changes)
        return written.getvalue().encode(charset)


def _cells(change: Change, unit: str) -> list[str]:
    person = parse_citizen_id(change.new_citizen_id or change.citizen_id)
    known = isinstance(person, CitizenId)
    cells = {
        "报送单位": unit,
        "变动序号": change.number,
        "变动类型": change.event,
        "变动日期": change.event_day.isoformat(),
        "公民身份号码": change.citizen_id,
        "姓名": change.name,
        "性别": ("男" if person.sex is Sex.MALE else "女") if isinstance(person, CitizenId) else "",
        "出生日期": person.born_on.isoformat() if isinstance(person, CitizenId) else "",
        "民族": "01" if known else "",
        "户号": change.household,
        "户主公民身份号码": change.head_id,
        "与户主关系": change.relation,
        "户籍地": change.registered_area,
        "现住地门楼详址": change.address,
        "新公民身份号码": change.new_citizen_id,
        "死亡日期": change.died_on.isoformat() if change.died_on else "",
        "备注": change.note,
    }
    assert list(cells) == list(LONGEST), "one cell for each column"
    return list(cells.values())


SENDER = PoliceSender()
