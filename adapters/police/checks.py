"""Whether a row can be used: what its event needs, values that exist, and a citizen ID that agrees with them."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from adapters.police.columns import (
    BORN_ON,
    CITIZEN_ID,
    CITIZEN_IDS,
    DAYS,
    DIED_ON,
    EVENT,
    EVENT_DAY,
    ID_CHANGE,
    LONGEST,
    MANDATORY,
    NEEDED,
    NEW_CITIZEN_ID,
    NUMBER,
    ONLY_FOR,
    REGISTERED_AREA,
    SEX,
    SEXES,
    UNIT,
)
from gateway.kernel.calendar import parse_day
from gateway.kernel.citizen_id import CitizenId, parse_citizen_id
from gateway.kernel.codes import check_area_code
from gateway.kernel.problem import Kind, Problem

_NAMES = {UNIT: re.compile(r"[A-Za-z0-9_-]{1,30}", re.ASCII), NUMBER: re.compile(r"[A-Za-z0-9_-]{1,50}", re.ASCII)}

# Not str.isprintable: it refuses the private-use characters that GB 18030 keeps for rare names.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def check_key(cells: Mapping[str, str]) -> list[Problem]:
    """Problems with what names the row: the reporting unit and its own number for the change."""
    return [
        Problem(
            Kind.INVALID,
            "missing-reference",
            name,
            f"{name} names the sender's row: send 1 to {LONGEST[name]} letters, digits, hyphens or underscores",
            f"“{name}”用于识别本行:应为1至{LONGEST[name]}位字母、数字、连字符或下划线",
        )
        for name, shape in _NAMES.items()
        if not shape.fullmatch(cells.get(name, ""))
    ]


def check_change(cells: Mapping[str, str]) -> list[Problem]:
    """Every reason why a row cannot be used, with the column's name as path. Source: GB/T 31000-2015, GB 11643."""
    return [
        *check_key(cells),
        *_check_text(cells),
        *_check_event(cells),
        *_check_days(cells),
        *_check_citizen_ids(cells),
    ]


def _check_text(cells: Mapping[str, str]) -> Iterator[Problem]:
    for name, text in cells.items():
        if len(text) > LONGEST.get(name, 0):
            yield Problem(
                Kind.INVALID,
                "too-long",
                name,
                f"the value has over {LONGEST[name]} characters: shorten it",
                f"超过{LONGEST[name]}个字符:请缩短",
            )
        if _CONTROL.search(text):
            yield Problem(
                Kind.INVALID,
                "bad-text",
                name,
                "the value has control characters: send plain text",
                "含有控制字符:请发送纯文本",
            )
    if cells.get(REGISTERED_AREA):
        yield from check_area_code(cells[REGISTERED_AREA], REGISTERED_AREA)


def _check_event(cells: Mapping[str, str]) -> Iterator[Problem]:
    event = cells.get(EVENT, "")
    if event and event not in NEEDED:
        yield Problem(
            Kind.INVALID,
            "unknown-event",
            EVENT,
            f"the kind of change is not known: send one of {', '.join(NEEDED)}",
            f"变动类型不存在:应为{'、'.join(NEEDED)}之一",
        )
    for name in (*MANDATORY, *NEEDED.get(event, ())):
        if not cells.get(name) and name not in _NAMES:
            yield Problem(
                Kind.INVALID,
                "missing-field",
                name,
                f"{name} is empty and needed for this kind of change: fill it in",
                f"“{name}”为空,此类变动必须填写",
            )
    for name, only in ONLY_FOR.items():
        if cells.get(name) and event in NEEDED and event != only:
            yield Problem(
                Kind.INVALID,
                "not-for-event",
                name,
                f"{name} is only sent with {only}: leave it empty, or send that change in a row of its own",
                f"“{name}”只用于“{only}”:请留空,或另报一行该类变动",
            )


def _check_days(cells: Mapping[str, str]) -> Iterator[Problem]:
    days = {name: _day(cells[name]) for name in DAYS if cells.get(name)}
    for name, day in days.items():
        if day is None:
            yield Problem(
                Kind.INVALID,
                "bad-day",
                name,
                "this day does not exist: send YYYY-MM-DD or YYYYMMDD",
                "日期不存在:请按YYYY-MM-DD或YYYYMMDD填写",
            )
    for earlier, later in ((BORN_ON, EVENT_DAY), (DIED_ON, EVENT_DAY), (BORN_ON, DIED_ON)):
        first, second = days.get(earlier), days.get(later)
        if first and second and first > second:
            yield Problem(
                Kind.INVALID,
                "day-order",
                earlier,
                f"{earlier} lies after {later}: check both days",
                f"“{earlier}”晚于“{later}”:请核对两个日期",
            )


def _check_citizen_ids(cells: Mapping[str, str]) -> Iterator[Problem]:
    numbers: dict[str, CitizenId] = {}
    for name in CITIZEN_IDS:
        parsed = parse_citizen_id(cells[name], name) if cells.get(name) else None
        if isinstance(parsed, Problem):
            yield parsed
        elif parsed is not None:
            numbers[name] = parsed
    if NEW_CITIZEN_ID in numbers and numbers[NEW_CITIZEN_ID] == numbers.get(CITIZEN_ID):
        yield Problem(
            Kind.INVALID,
            "same-citizen-id",
            NEW_CITIZEN_ID,
            "the new citizen ID is the old one: send the number on the new card",
            "新公民身份号码与原号码相同:请填写新证件号码",
        )
    # A number is often changed because its birth date or sex was wrong, so the row agrees with the new one.
    number = numbers.get(NEW_CITIZEN_ID if cells.get(EVENT) == ID_CHANGE else CITIZEN_ID)
    yield from _check_person(cells, number)


def _check_person(cells: Mapping[str, str], number: CitizenId | None) -> Iterator[Problem]:
    sex, born_on = cells.get(SEX, ""), _day(cells.get(BORN_ON, ""))
    if sex and sex not in SEXES:
        yield Problem(
            Kind.INVALID,
            "unknown-sex",
            SEX,
            "the sex is not known: send 男 or 女, or the GB/T 2261.1 code 0, 1, 2 or 9",
            "性别代码不存在:应为男、女,或GB/T 2261.1代码0、1、2、9",
        )
    if number and SEXES.get(sex) and SEXES[sex] != number.sex:
        yield Problem(
            Kind.INVALID,
            "sex-differs",
            SEX,
            "the sex is not that of the citizen ID's 17th digit: check both",
            "性别与公民身份号码第17位不符:请核对",
        )
    if number and born_on and born_on != number.born_on:
        yield Problem(
            Kind.INVALID,
            "birth-date-differs",
            BORN_ON,
            "the birth date is not that of digits 7 to 14 of the citizen ID: check both",
            "出生日期与公民身份号码第7至14位不符:请核对",
        )


def _day(text: str) -> date | None:
    try:
        return parse_day(text)
    except ValueError:
        return None
