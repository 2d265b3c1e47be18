"""Where a simulation's cases come from: the store's books, the stored claims with their diagnoses, or a file."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec

from gateway.datasets.backtest.rows import read_record, stored_rows
from gateway.kernel import money
from gateway.kernel.calendar import completed_years, parse_day
from gateway.kernel.codes import check_institution_code
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.payment.case import Case
from gateway.payment.months import first_day, last_day
from gateway.settlement.claim import STAYS, ClaimKind
from gateway.store.store import Store


class Diagnosed(NamedTuple):
    """What a grouper needs beside the case."""

    diagnoses: Sequence[str]
    age: int
    day: date


class Seen(NamedTuple):
    """A case, and what to group it by under each payment; None keeps the group it was given when it was settled."""

    case: Case
    diagnosed: Diagnosed | None = None


def booked_cases(store: Store, scheme: str, year: str) -> Iterator[Seen]:
    """Everything settled and cancelled in a year's books, with the groups of its day."""
    for row in store.care(scheme, from_on=first_day(year), to_on=last_day(year)):
        yield Seen(Case(*row))


def decided_cases(store: Store, scheme: str, year: str) -> Iterator[Seen]:
    """The settlements in force decided for days of a year, with their diagnoses: each payment groups them anew."""
    for row in stored_rows(store, scheme, from_on=first_day(year), to_on=last_day(year)):
        record = read_record(row.record)
        claim = record.claim
        case = Case(
            institution=claim.institution,
            person=claim.person.id,
            kind=claim.kind,
            case_group="",
            days=claim.days if claim.kind in STAYS else 0,
            total=record.total,
            fund=sum(record.funds.values()),
            account=record.account,
            sign=1,
            settlement=claim.id,
            booked_on=claim.decided_on,
        )
        age = completed_years(claim.person.born_on, claim.decided_on)
        yield Seen(case, Diagnosed(claim.diagnoses, age, claim.decided_on))


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    """A line of a care file. Amounts in yuan as texts; with `diagnoses` (and `age`) the case is grouped anew."""

    institution: str
    kind: str
    total: str
    fund: str
    booked_on: str
    account: str = "0"
    case_group: str = ""
    days: int = 0
    sign: int = 1
    person: str = ""
    settlement: str = ""
    diagnoses: list[str] | None = None
    age: int = 0


_decoder = msgspec.json.Decoder(_Row)


def file_cases(file: Path) -> Iterator[Seen]:
    """The cases of a file of JSON objects, one a line. Refusal: `care-file`, or `care-row` at the first bad line."""
    try:
        with file.open("rb") as lines:
            yield from _read_lines(lines, file.name)
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise Refusal(
            Problem(
                Kind.INVALID,
                "care-file",
                str(file),
                f"cannot be opened ({reason}): name a file of JSON lines",
                f"文件打不开({reason}):请给出每行一个 JSON 对象的文件",
            )
        ) from None


def _read_lines(lines: Iterable[bytes], name: str) -> Iterator[Seen]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _read_line(line, f"{name}:{number}")


def _read_line(line: bytes, where: str) -> Seen:
    try:
        row = _decoder.decode(line)
        case = Case(
            institution=row.institution,
            person=row.person,
            kind=ClaimKind(row.kind),
            case_group=row.case_group,
            days=row.days,
            total=money.of(row.total),
            fund=money.of(row.fund),
            account=money.of(row.account),
            sign=row.sign,
            settlement=row.settlement,
            booked_on=parse_day(row.booked_on),
        )
    except (msgspec.ValidationError, msgspec.DecodeError, ValueError) as error:
        raise Refusal(_bad_row(where, str(error))) from None
    problems = check_institution_code(case.institution, where)
    if problems:
        raise Refusal(problems)
    if case.sign not in (1, -1) or min(case.days, case.fund, case.account, row.age) < 0:
        raise Refusal(_bad_row(where, "sign is 1 or -1, nothing else is negative"))
    if case.fund + case.account > case.total:
        raise Refusal(_bad_row(where, "fund and account are more than total"))
    if row.diagnoses is None:
        return Seen(case)
    return Seen(case, Diagnosed(row.diagnoses, row.age, case.booked_on))


def _bad_row(where: str, reason: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "care-row",
        where,
        f"is no case ({reason[:120]}): write institution, kind, total, fund, booked_on as docs/payment.md says",
        f"不是一个病例({reason[:120]}):应按 docs/payment.md 写 institution、kind、total、fund、booked_on",
    )
