"""Reads what an institution applies for, from Parameters, with everything that is wrong in it.

Reading: 3203 (NHSA) names no scheme; where the area has one scheme it is that one. A month is written 2015-06 or, as
setlym, 201506. What an institution bears itself is in no field, so `cash` is total less fund and account.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gateway.exchange.clearing import problems
from gateway.exchange.clearing.bodies import Applied, CareType
from gateway.exchange.desk import Desk
from gateway.exchange.records import own_institution
from gateway.fhir.parameters import read_parameter
from gateway.kernel import money
from gateway.kernel.calendar import parse_day
from gateway.kernel.ids import InstitutionCode
from gateway.kernel.money import Fen
from gateway.kernel.problem import Problem, Refusal
from gateway.security.partners import Role

_MONTH = re.compile(r"([0-9]{4})-?(0[1-9]|1[0-2])", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9._-]{0,20}", re.ASCII)
_CASES = re.compile(r"-?[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stated:
    """An application as it was sent. `month`: '2015-06'."""

    scheme: str
    month: str
    institution: str
    care: CareType
    type: str
    way: str
    figures: Applied

    @property
    def key(self) -> str:
        """'resident|2015-06|H32118200001|21|1': the sender's codes, or ours where it sends none."""
        return "|".join((self.scheme, self.month, self.institution, self.type or self.care, self.way))


def read_application(desk: Desk, resource: Mapping[str, Any]) -> Stated:
    """An application of the sender's own institution; the agency names one. Refusal with every problem."""
    found: list[Problem] = []
    named = read_parameter(resource, "institution")
    institution = named if desk.partner.role is Role.AGENCY else own_institution(desk, named, "institution")
    scheme = _scheme(desk, read_parameter(resource, "scheme"), found)
    if scheme and not desk.area_policy(scheme).institutions.by_code.get(InstitutionCode(institution)):
        found.append(problems.unknown_institution(institution))
    month = _month(desk, resource, found)
    care = read_parameter(resource, "care-type") or CareType.ALL
    if care not in set(CareType):
        found.append(problems.unknown_care(care))
    codes = [_code(resource, name, found) for name in ("type", "way")]
    amounts = {name: _amount(resource, name, found) for name in ("total", "fund", "account", "cash")}
    cases = read_parameter(resource, "cases")
    if not _CASES.fullmatch(cases):
        found.append(problems.bad_application("cases", en="a whole number", zh="整数"))
    if found:
        raise Refusal(found)
    return Stated(scheme, month, institution, CareType(care), codes[0], codes[1], Applied(cases=int(cases), **amounts))


def read_month(text: str) -> str:
    """'2015-06' of '2015-06' or '201506'; '' for anything else."""
    match = _MONTH.fullmatch(text)
    return f"{match[1]}-{match[2]}" if match and match[1] != "0000" else ""


def _scheme(desk: Desk, named: str, found: list[Problem]) -> str:
    if named in desk.schemes:
        return named
    if not named and len(desk.schemes) == 1:
        return next(iter(desk.schemes))
    found.append(problems.scheme_needed(", ".join(sorted(desk.schemes))))
    return ""


def _month(desk: Desk, resource: Mapping[str, Any], found: list[Problem]) -> str:
    text = read_parameter(resource, "month")
    month = read_month(text)
    if not month:
        found.append(problems.bad_application("month", en="a month such as 2015-06", zh="月份,如 2015-06"))
        return ""
    if month > desk.today.isoformat()[:7]:
        found.append(problems.month_to_come(month))
    days: list[date] = []
    for name in ("from", "to"):
        said = read_parameter(resource, name)
        try:
            days += [parse_day(said)] if said else []
        except ValueError:
            found.append(problems.bad_application(name, en="a day such as 2015-06-01", zh="日期,如 2015-06-01"))
    if any(day.isoformat()[:7] != month for day in days) or days != sorted(days):
        found.append(problems.period_outside(month))
    return month


def _code(resource: Mapping[str, Any], name: str, found: list[Problem]) -> str:
    text = read_parameter(resource, name)
    if not _CODE.fullmatch(text):
        found.append(problems.bad_application(name, en="a code of at most 20 characters", zh="不超过20位的代码"))
    return text


def _amount(resource: Mapping[str, Any], name: str, found: list[Problem]) -> Fen:
    try:
        return money.of(read_parameter(resource, name))
    except ValueError:
        found.append(problems.bad_application(name, en="an amount with two decimals", zh="两位小数的金额"))
        return 0
