"""Police feed: population changes as CSV, each row a message of its own.

The key of a row is its 报送单位 (the sender) and its 变动序号 (the sender's own number), so the same change in a later
file is a repeat. The tree of a row has the file's column names; days are YYYY-MM-DD, citizen IDs 18 digits.
"""

from collections.abc import Sequence
from datetime import datetime

from adapters.police.checks import check_change, check_key
from adapters.police.columns import NUMBER, UNIT
from adapters.police.receipt import accepted_reply, refused_file, refused_reply, write_report
from adapters.police.row import business_content, normal_cells, read_row, write_row
from adapters.police.table import UTF8_BOM, charset_of, read_rows
from gateway.contract import Context, FileAdapter, Incoming, Key, Message, Tree
from gateway.kernel.problem import Problem, Refusal, refuse_if

MESSAGE_TYPE = "population"


class PoliceAdapter:
    """The police feed. See `gateway.contract.FileAdapter`."""

    feed = "police"

    def split(self, incoming: Incoming) -> Sequence[Incoming]:
        """One record for each row. Refusal when the file has no header, no rows, or cannot be read."""
        rows = read_rows(incoming.body, _charset(incoming))
        return [Incoming(write_row(row), incoming.path, incoming.headers) for row in rows]

    def read_key(self, incoming: Incoming) -> Key:
        """The reporting unit and its number for the change. Refusal `missing-reference`, or why the line is no row."""
        row = read_row(incoming.body)
        refuse_if([row.fault] if row.fault else check_key(row.cells))
        return Key(row.cells[UNIT], row.cells[NUMBER], business_content(row.cells))

    def check_proof(self, incoming: Incoming, *, secret: str, now: datetime) -> list[Problem]:
        """Files are signed by the line they come over, not row by row."""
        return []

    def decode(self, incoming: Incoming) -> Message:
        """The row as a tree of its columns. Refusal with everything that is wrong in it."""
        row = read_row(incoming.body)
        refuse_if([row.fault] if row.fault else check_change(row.cells))
        return Message(MESSAGE_TYPE, dict(normal_cells(row.cells)))

    def encode(self, message: Message, answer: Tree, context: Context) -> bytes:
        """The row's own line of the report, without its line number."""
        return accepted_reply(str(answer.get("回执号", context.reference)))

    def refuse(self, incoming: Incoming, problems: Sequence[Problem], context: Context) -> bytes:
        """The lines of a refused row, or the whole answer to a file that could not be read."""
        try:
            read_row(incoming.body)
        except Refusal:
            return refused_file(problems, _answer_charset(incoming))
        return refused_reply(problems)

    def report(self, incoming: Incoming, replies: Sequence[bytes], context: Context) -> bytes:
        """The total and every refused row, in the file's character set. Line numbers are those of this file."""
        charset = _charset(incoming)
        lines = [row.line for row in read_rows(incoming.body, charset)]
        return write_report(lines, replies, charset)


def _charset(incoming: Incoming) -> str:
    return charset_of(incoming.body, path=incoming.path, headers=incoming.headers)


def _answer_charset(incoming: Incoming) -> str:
    try:
        return _charset(incoming)
    except Refusal:
        return UTF8_BOM


ADAPTER: FileAdapter = PoliceAdapter()
