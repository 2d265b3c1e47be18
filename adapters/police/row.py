"""One row of a population file as a record of its own: stored, repeated and refused alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from adapters.police.columns import CITIZEN_IDS, DAYS, LONGEST, NUMBER, UNIT
from gateway.kernel.calendar import parse_day
from gateway.kernel.citizen_id import CitizenId, parse_citizen_id
from gateway.kernel.problem import Kind, Problem, Refusal


@dataclass(frozen=True, slots=True)
class Row:
    """`line` counts from 1 in the file. Either `cells` by column name, trimmed, or the `raw` line and its `fault`."""

    line: int
    cells: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""
    fault: Problem | None = None


_DECODER = msgspec.json.Decoder(Row, strict=True)


def write_row(row: Row) -> bytes:
    """The canonical bytes of a row: what is kept of it and handed on."""
    return msgspec.json.encode(row, order="deterministic")


def read_row(body: bytes) -> Row:
    """The row of such bytes. Refusal `not-a-population-row` for anything else, such as a whole file."""
    try:
        return _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal(
            Problem(
                Kind.MALFORMED,
                "not-a-population-row",
                "",
                "this is not one row of a population file: send the CSV file itself, it is split here",
                "这不是人口变动文件中的一行:请发送完整的CSV文件,由系统拆分",
            )
        ) from None


def normal_cells(cells: Mapping[str, str]) -> dict[str, str]:
    """The filled cells that are read: days as YYYY-MM-DD, citizen IDs in 18 digits, as far as they are valid."""
    return {name: _normal(name, cells[name]) for name in LONGEST if cells.get(name)}


def business_content(cells: Mapping[str, str]) -> bytes:
    """What makes a repeat a repeat: every value that is read, but for the two that are the key."""
    content = {name: value for name, value in normal_cells(cells).items() if name not in (UNIT, NUMBER)}
    return msgspec.json.encode(content, order="sorted")


def _normal(name: str, text: str) -> str:
    if name in CITIZEN_IDS:
        parsed = parse_citizen_id(text)
        return parsed.number if isinstance(parsed, CitizenId) else text
    if name in DAYS:
        try:
            return parse_day(text).isoformat()
        except ValueError:
            return text
    return text
