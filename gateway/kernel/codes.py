"""Shapes of the codes that name places and institutions (NHSA coding standards; GB/T 2260)."""

import re

from gateway.kernel.problem import Kind, Problem

_AREA = re.compile(r"[1-9][0-9]{5}", re.ASCII)
_INSTITUTION = re.compile(r"[HP][1-9][0-9]{10}", re.ASCII)


def check_area_code(text: str, path: str) -> list[Problem]:
    """Six digits: province, prefecture, county (GB/T 2260; medical districts 医保区划 have the same shape)."""
    if _AREA.fullmatch(text):
        return []
    return [
        Problem(
            Kind.INVALID,
            "area-code",
            path,
            f"'{text[:20]}' is not an area code: send six digits such as 321182",
            f"“{text[:20]}”不是医保区划代码:应为六位数字,如 321182",
        )
    ]


def check_institution_code(text: str, path: str) -> list[Problem]:
    """H (medical institution) or P (pharmacy), six digits of area, five of serial: H32118200001."""
    if _INSTITUTION.fullmatch(text):
        return []
    return [
        Problem(
            Kind.INVALID,
            "institution-code",
            path,
            f"'{text[:20]}' is not an institution code: send H or P and eleven digits such as H32118200001",
            f"“{text[:20]}”不是定点机构代码:应为 H 或 P 加十一位数字,如 H32118200001",
        )
    ]
