"""An institution's details of its settlements, line by line, in one form whatever way they came.

Text, one line a settlement or refund, parted by TAB, no heading, amounts in yuan with two decimals:

    settlement  visit  person  total  fund  account  refund(0|1)

and the result beside: person, visit, settlement, message, class, refund, memo, total, fund, account. Adapters read and
write their own files; these two forms are what they exchange with the core.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gateway.exchange.reconcile import problems
from gateway.exchange.reconcile.bodies import Figures
from gateway.kernel import money
from gateway.kernel.money import Fen
from gateway.kernel.problem import Problem, Refusal

MOST_LINES = 200_000
ENOUGH = 100
LONGEST_ID = 64
COLUMNS = ("settlement", "visit", "person", "total", "fund", "account", "refund")
NORMAL, REFUND = "0", "1"


class Line(NamedTuple):
    """One settlement, or one refund of it (`refund` '1', amounts as the sender wrote them, negative or not)."""

    settlement: str
    visit: str
    person: str
    total: Fen
    fund: Fen
    account: Fen
    refund: str

    @property
    def figures(self) -> dict[str, Fen]:
        """Its amounts by name, without sign: a refund states what it takes back."""
        return {"total": abs(self.total), "fund": abs(self.fund), "account": abs(self.account)}


class Verdict(NamedTuple):
    """What became of one line. `what`: matched, only-core, only-institution or differs."""

    line: Line
    what: str
    memo: str = ""
    message: str = ""


def read_lines(text: str) -> list[Line]:
    """The lines of a text. Refusal with every line that cannot be read, `too-many-lines`, `no-lines`."""
    rows = [row for row in text.split("\n") if row.strip()]
    if not rows:
        raise Refusal(problems.no_lines())
    if len(rows) > MOST_LINES:
        raise Refusal(problems.too_many_lines(MOST_LINES))
    found: list[Problem] = []
    lines = [_line(row, number, found) for number, row in enumerate(rows, start=1)]
    read = [line for line in lines if line is not None]
    found += _repeated(read)
    if found:
        raise Refusal(found[:ENOUGH])
    return read


def _line(row: str, number: int, found: list[Problem]) -> Line | None:
    cells = [cell.strip() for cell in row.rstrip("\r").split("\t")]
    if len(cells) != len(COLUMNS):
        found.append(problems.bad_columns(number, got=len(cells), wanted=len(COLUMNS)))
        return None
    settlement, visit, person, *amounts, refund = cells
    before = len(found)
    if not settlement or any(len(cell) > LONGEST_ID or not cell.isprintable() for cell in (settlement, visit, person)):
        found.append(problems.bad_cell(number, "settlement"))
    if refund not in (NORMAL, REFUND):
        found.append(problems.bad_cell(number, "refund"))
    fens = [_fen(text, number, name, found) for text, name in zip(amounts, COLUMNS[3:6], strict=True)]
    return Line(settlement, visit, person, fens[0], fens[1], fens[2], refund) if len(found) == before else None


def _fen(text: str, number: int, name: str, found: list[Problem]) -> Fen:
    try:
        return money.of(text)
    except ValueError:
        found.append(problems.bad_cell(number, name))
        return 0


def _repeated(lines: Iterable[Line]) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for number, line in enumerate(lines, start=1):
        if (line.settlement, line.refund) in seen:
            yield problems.repeated_line(number, line.settlement)
        seen.add((line.settlement, line.refund))


def write_line(line: Line) -> str:
    """A line as `read_lines` takes it."""
    amounts = (money.text(fen) for fen in (line.total, line.fund, line.account))
    return "\t".join((line.settlement, line.visit, line.person, *amounts, line.refund))


def write_verdicts(verdicts: Iterable[Verdict]) -> str:
    """The result lines, one a line or refund that either side has."""
    return "".join(_verdict(each) + "\n" for each in verdicts)


def _verdict(each: Verdict) -> str:
    line = each.line
    amounts = (money.text(fen) for fen in (line.total, line.fund, line.account))
    parts = (line.person, line.visit, line.settlement, each.message, each.what, line.refund, each.memo, *amounts)
    return "\t".join(parts)


def figures_of(lines: Iterable[Line]) -> Figures:
    """What lines add up to: refunds are taken off, whichever sign they were written with."""
    sums = Figures()
    for line in lines:
        sign = -1 if line.refund == REFUND else 1
        sums = Figures(
            sums.cases + sign,
            sums.total + sign * abs(line.total),
            sums.fund + sign * abs(line.fund),
            sums.account + sign * abs(line.account),
        )
    return sums
