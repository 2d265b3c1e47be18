"""Citizen identity number 公民身份号码 (GB 11643): checksum (ISO 7064 MOD 11-2), birth date, sex, 15-digit upgrade."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gateway.kernel.problem import Kind, Problem

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_SHAPE_18 = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_SHAPE_15 = re.compile(r"[1-9][0-9]{14}", re.ASCII)


class Sex(StrEnum):
    """Named as FHIR's administrative-gender names them."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class CitizenId:
    """A number that passed its checks, always in the 18-digit form."""

    number: str

    @property
    def born_on(self) -> date:
        return date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14]))

    @property
    def sex(self) -> Sex:
        return Sex.MALE if int(self.number[16]) % 2 else Sex.FEMALE

    @property
    def area(self) -> str:
        """GB/T 2260 code of the place of first registration."""
        return self.number[:6]


def check_digit(first_17: str) -> str:
    """The 18th character for the first seventeen digits."""
    return _CHECKS[sum(w * int(d) for w, d in zip(_WEIGHTS, first_17, strict=True)) % 11]


def upgraded(number_15: str) -> str:
    """The 18-digit form of an old 15-digit number: century 19 and the check digit are added."""
    first_17 = number_15[:6] + "19" + number_15[6:]
    return first_17 + check_digit(first_17)


def parse_citizen_id(text: str, path: str = "") -> CitizenId | Problem:
    """The number in 18-digit form, or the problem: shape, birth date that does not exist, or checksum."""
    number = text.strip().upper()
    if _SHAPE_15.fullmatch(number):
        number = upgraded(number)
    if not _SHAPE_18.fullmatch(number):
        return Problem(
            Kind.INVALID,
            "citizen-id-shape",
            path,
            "a citizen ID has 18 characters: 17 digits and a digit or X (15 digits for old cards)",
            "公民身份号码应为18位:17位数字加一位数字或X(老证15位)",
        )
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Problem(
            Kind.INVALID,
            "citizen-id-birth-date",
            path,
            "digits 7 to 14 of the citizen ID are not a day that exists: check the number against the card",
            "公民身份号码第7至14位不是有效日期:请核对证件",
        )
    if check_digit(number[:17]) != number[17]:
        return Problem(
            Kind.INVALID,
            "citizen-id-checksum",
            path,
            "the last character of the citizen ID does not match the others: check the number against the card",
            "公民身份号码校验位不符:请核对证件",
        )
    return CitizenId(number)
