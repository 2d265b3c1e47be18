"""The report of an employer's levy: a quarter's roster and what was paid, read from JSON.

{"scheme": "worker", "employer": "91370200MA00000000", "quarter": "2015Q1", "reference": "ZS-1", "paid_on":
"2015-01-08", "amount": "12345.00", "roster": [{"person": "<id or citizen ID>", "retired": false, "earned":
"60000"}]}

The first report of a quarter brings the roster (its amount may be 0: the levy alone); later ones bring payments.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from gateway.exchange.apply import fund_words as words
from gateway.exchange.apply.fund_report import content_of, read_amount, read_day, read_reference
from gateway.kernel.money import Fen
from gateway.kernel.problem import Problem, Refusal
from gateway.policies.read_fund import FundPlan

REQUIRED = ("scheme", "employer", "quarter", "reference", "paid_on", "amount")
LONGEST_ROSTER = 2_000
_EMPLOYER = re.compile(r"[0-9A-Z]{8,18}", re.ASCII)
_QUARTER = re.compile(r"([12][0-9]{3})Q([1-4])", re.ASCII)


class Rostered(NamedTuple):
    """One line of a roster as it was sent. `earned`: last year's wage, of a retiree last year's pension, in fen."""

    person: str
    retired: bool
    earned: Fen


@dataclass(frozen=True, slots=True)
class LevyReport:
    """A report whose members are in order. `roster` empty: it came before."""

    scheme: str
    employer: str
    year: int
    quarter: int
    reference: str
    paid_on: date
    amount: Fen
    roster: tuple[Rostered, ...]
    content: str

    @property
    def key(self) -> str:
        """The business key of the quarter's levy."""
        return levy_key(self.scheme, self.employer, year=self.year, quarter=self.quarter)

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.quarter - 2, 1)


def levy_key(scheme: str, employer: str, *, year: int, quarter: int) -> str:
    """The business key of an employer's quarter."""
    return f"{scheme}|{employer}|{year}Q{quarter}"


def read_levy(stated: Any, plans: Mapping[str, FundPlan], *, today: date) -> LevyReport:
    """The report. Refusal with every problem of its members. `plans`: by scheme."""
    if not isinstance(stated, dict):
        raise Refusal(words.malformed_report("", "one JSON object", "一个 JSON 对象"))
    found = _check_members(stated)
    scheme, employer = str(stated.get("scheme", "")), str(stated.get("employer", ""))
    if "scheme" in stated and scheme not in plans:
        found.append(words.unknown_scheme(scheme, plans))
    if "employer" in stated and not _EMPLOYER.fullmatch(employer):
        en = "the employer's code of 8 to 18 digits and capital letters"
        found.append(words.bad_party("employer", en, "单位代码(8 至 18 位数字和大写字母)"))
    quarter = _QUARTER.fullmatch(str(stated.get("quarter", "")))
    if "quarter" in stated and quarter is None:
        found.append(words.malformed_report("quarter", "a quarter such as 2015Q1", "季度,如 2015Q1"))
    amount = read_amount(stated.get("amount"), found, zero=True) if "amount" in stated else 0
    paid_on = read_day(stated.get("paid_on"), found, today=today, path="paid_on") if "paid_on" in stated else today
    reference = read_reference(stated, found)
    roster = _roster(stated.get("roster", []), found)
    year, number = (int(quarter[1]), int(quarter[2])) if quarter else (1, 1)
    if quarter and scheme in plans and plans[scheme].employers_on(date(year, 3 * number - 2, 1)) is None:
        found.append(words.no_terms("employers", scheme))
    if found:
        raise Refusal(found)
    content = content_of({**stated, "amount": amount})
    return LevyReport(scheme, employer, year, number, reference, paid_on, amount, roster, content)


def _check_members(stated: Mapping[str, Any]) -> list[Problem]:
    known = (*REQUIRED, "roster")
    found = [
        words.malformed_report(name, f"'{name}', it is missing", f"“{name}”,目前缺少")
        for name in REQUIRED
        if name not in stated
    ]
    for name in stated:
        if name not in known:
            listed = ", ".join(known)
            found.append(words.malformed_report(name[:40], f"only {listed}", f"且仅提供 {listed}"))
        elif name not in ("amount", "roster") and not isinstance(stated[name], str):
            found.append(words.malformed_report(name, "a text", "文字"))
    return found


def _roster(stated: Any, found: list[Problem]) -> tuple[Rostered, ...]:
    if not isinstance(stated, list) or len(stated) > LONGEST_ROSTER:
        en, zh = f"a list of at most {LONGEST_ROSTER} people", f"至多 {LONGEST_ROSTER} 人的名单"
        found.append(words.malformed_report("roster", en, zh))
        return ()
    roster, seen = [], set[str]()
    for place, line in enumerate(stated):
        path = f"roster[{place}]"
        if not (
            isinstance(line, dict)
            and line.keys() == {"person", "retired", "earned"}
            and isinstance(line["person"], str)
            and isinstance(line["retired"], bool)
        ):
            en = '{"person": "<id or citizen ID>", "retired": false, "earned": "60000.00"}'
            found.append(words.malformed_report(path, en, f" {en}"))
            continue
        earned = read_amount(line["earned"], found, path=f"{path}.earned", zero=True)
        if line["person"] in seen:
            found.append(words.malformed_report(f"{path}.person", "each person once", "不重复的人员"))
        seen.add(line["person"])
        roster.append(Rostered(line["person"], line["retired"], earned))
    return tuple(roster)
