"""Answers to the police: CSV with the columns 行号, 结果, 代码, 说明, in the character set of the file.

A file's answer opens with the total and lists every refused row, one line for each of its problems. A record's own
answer has no line number, because the same change may stand in another line of another file.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from gateway.kernel.problem import Problem

COLUMNS = ("行号", "结果", "代码", "说明")
ACCEPTED, REFUSED, TOTAL = "接受", "拒绝", "合计"


def accepted_reply(receipt_number: str) -> bytes:
    """A record's answer: accepted, with our number for it."""
    return _lines([(ACCEPTED, "", f"回执号 {receipt_number}")]).encode()


def refused_reply(problems: Iterable[Problem]) -> bytes:
    """A record's answer: one line for each problem."""
    return _lines([(REFUSED, problem.code, problem.text()) for problem in problems]).encode()


def refused_file(problems: Iterable[Problem], charset: str) -> bytes:
    """The answer to a file that could not be read at all."""
    return _encoded([("", REFUSED, problem.code, problem.text()) for problem in problems], charset)


def write_report(lines: Sequence[int], replies: Sequence[bytes], charset: str) -> bytes:
    """The answer to a file: the total, then each refused row with its line number and reasons."""
    answers = [(line, _parsed(reply)) for line, reply in zip(lines, replies, strict=True)]
    refused = [(line, rows) for line, rows in answers if rows[0][0] != ACCEPTED]
    total = f"共{len(answers)}行,接受{len(answers) - len(refused)}行,拒绝{len(refused)}行"
    total += f" / {len(answers)} rows, {len(answers) - len(refused)} accepted, {len(refused)} refused"
    reasons = [[str(line), *row] for line, rows in refused for row in rows]
    return _encoded([["", TOTAL, "", total], *reasons], charset)


def _parsed(reply: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(reply.decode(), newline="")))


def _encoded(rows: Sequence[Sequence[str]], charset: str) -> bytes:
    return _lines([COLUMNS, *rows]).encode(charset)


def _lines(rows: Sequence[Sequence[str]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue()
