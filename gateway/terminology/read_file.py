"""Reads a catalogue as users hold it: a table of text (CSV, TSV, exported from a spreadsheet), GB 18030 or UTF-8.

The file may be hostile or broken: nothing is loaded unless every row reads. Problems are told by line, the first
`MOST_PROBLEMS` of them.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final

from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.terminology.concept import EN, Concept, Property, primary

LARGEST: Final = 1024 * 1024 * 1024
MOST_ROWS: Final = 5_000_000
MOST_COLUMNS: Final = 60
LONGEST_CODE: Final = 64
LONGEST_CELL: Final = 4000
LONGEST_LINE: Final = 1 << 18
MOST_PROBLEMS: Final = 50
ENCODINGS: Final = ("utf-8-sig", "gb18030")
DELIMITERS: Final = (",", "\t", ";", "|")

ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "code": (
        *("code", "编码", "代码", "药品代码", "医保药品代码", "医用耗材代码", "医疗服务项目代码", "诊断代码"),
        *("手术操作代码", "病种代码", "机构代码", "行政区划代码", "国家医保编码", "国家医保代码", "医保编码"),
    ),
    "display": (
        *("display", "name", "名称", "药品名称", "注册名称", "耗材名称", "医疗服务项目名称", "诊断名称"),
        *("手术操作名称", "病种名称", "机构名称", "单位名称", "项目名称", "通用名"),
    ),
    "en": ("en", "英文名称", "english"),
    "parent": ("parent", "上级代码", "上级编码", "父级代码"),
    "inactive": ("inactive", "停用", "停用标志"),
}
"""Names of columns that say by themselves what they are for; other columns become properties under their own name."""

_SPACES: Final = re.compile(r"\s+")
_TRUE: Final = frozenset({"true", "1", "是", "y", "yes"})
_FALSE: Final = frozenset({"false", "0", "否", "n", "no", ""})


@dataclass(frozen=True, slots=True)
class Table:
    """A file that can be read. `columns`: role or property of each column, '' for one that is left out."""

    path: Path
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    digest: str
    language: str

    @property
    def properties(self) -> tuple[Property, ...]:
        """The columns that become properties."""
        return tuple(Property(each, "string") for each in self.columns if each and each not in ROLES)


def open_table(path: Path, *, columns: Mapping[str, str], encoding: str = "", language: str = "zh-CN") -> Table:
    """How a file is to be read. `columns`: role (code, display, en, parent, inactive) → name of the column.

    Refusal: catalogue-file (not there, too large, no text), catalogue-columns.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise Refusal(_file(f"it cannot be opened ({error.strerror})", f"无法打开({error.strerror})", path)) from None
    if not 0 < size <= LARGEST:
        raise Refusal(_file(f"it is empty or has more than {LARGEST} bytes", "为空或过大", path))
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refusal(_file("it is a workbook: save the sheet as CSV", "是电子表格文件:请另存为 CSV", path))
    said = encoding or next((each for each in ENCODINGS if _decodes(path, each)), "")
    if not said or not _decodes(path, said):
        raise Refusal(_file("it is no text in UTF-8 or GB 18030", "不是 UTF-8 或 GB 18030 文本", path))
    with path.open(encoding=said, newline="") as text:
        header = text.readline(LONGEST_CELL * MOST_COLUMNS)
    delimiter = max(DELIMITERS, key=header.count)
    names = next(csv.reader([header.rstrip("\r\n")], delimiter=delimiter), [])
    return Table(path, said, delimiter, _roles(names, columns, path), _digest(path, columns), language)


def read_concepts(table: Table) -> Iterator[Concept]:
    """Every row as a concept, in order. Refusal with the problems of all rows, when the rows are at their end.

    Codes: catalogue-row (a row that is cut off or too long), catalogue-code, catalogue-duplicate, catalogue-too-long.
    """
    problems: list[Problem] = []
    seen: set[str] = set()
    with table.path.open(encoding=table.encoding, newline="") as file:
        for line, cells in _rows(file, table, problems):
            concept = _concept(cells, table, line, problems)
            if concept is None or len(problems) >= MOST_PROBLEMS:
                if len(problems) >= MOST_PROBLEMS:
                    break
                continue
            if concept.code in seen:
                problems.append(_row(line, "catalogue-duplicate", concept.code, "appears again", "重复出现"))
                continue
            seen.add(concept.code)
            yield concept
    if problems or not seen:
        raise Refusal(problems or [_file("it has no rows below its header", "标题行以下没有数据", table.path)])


def _rows(file: Any, table: Table, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(file, delimiter=table.delimiter, strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            if number == 1 or not any(cell.strip() for cell in cells):
                continue
            if number > MOST_ROWS:
                problems.append(_row(number, "catalogue-row", "", f"is past {MOST_ROWS} rows", f"超过 {MOST_ROWS} 行"))
                return
            if len(cells) != len(table.columns):
                said = f"{len(cells)} cells for {len(table.columns)} columns"
                wrong = f"{len(cells)} 格,应为 {len(table.columns)} 格"
                problems.append(_row(reader.line_num, "catalogue-row", cells[0][:40], f"has {said}", wrong))
                if len(problems) >= MOST_PROBLEMS:
                    return
                continue
            yield reader.line_num, cells
    except (csv.Error, UnicodeDecodeError) as error:
        problems.append(_row(reader.line_num + 1, "catalogue-row", "", f"cannot be read ({error})", "无法读取"))


def _concept(cells: Sequence[str], table: Table, line: int, problems: list[Problem]) -> Concept | None:
    said = {name: _SPACES.sub(" ", cell).strip() for name, cell in zip(table.columns, cells, strict=True) if name}
    code, display = said.pop("code"), said.pop("display", "")
    before = len(problems)
    if not 0 < len(code) <= LONGEST_CODE or not code.isprintable():
        en = f"has no code of 1 to {LONGEST_CODE} printable characters"
        problems.append(_row(line, "catalogue-code", code[:40], en, f"代码应为 1 至 {LONGEST_CODE} 个可见字符"))
    for name, cell in (("display", display), *said.items()):
        if len(cell) > LONGEST_CELL or not cell.isprintable():
            en = f"has more than {LONGEST_CELL} or unprintable characters in {name}"
            problems.append(_row(line, "catalogue-too-long", code[:40], en, f"“{name}”过长或含不可见字符"))
    stopped = said.pop("inactive", "").lower()
    if stopped not in _TRUE | _FALSE:
        problems.append(_row(line, "catalogue-code", code[:40], "says neither yes nor no of inactive", "停用标志无效"))
    if len(problems) > before:
        return None
    en, parent = said.pop("en", ""), said.pop("parent", "")
    other = EN if primary(table.language) != EN else "zh-CN"
    return Concept(
        code,
        display,
        ((other, en),) if en else (),
        (parent,) if parent else (),
        tuple((name, cell) for name, cell in said.items() if cell),
        inactive=stopped in _TRUE,
    )


def _roles(names: Sequence[str], columns: Mapping[str, str], path: Path) -> tuple[str, ...]:
    """What each column is for."""
    heads = [_SPACES.sub(" ", name).strip() for name in names]
    problems = []
    if len(heads) > MOST_COLUMNS or len(set(heads)) != len(heads):
        problems.append(_columns(f"at most {MOST_COLUMNS}, each with its own name", "列数过多或列名重复", path))
    found: dict[str, str] = {}
    for role, known in ROLES.items():
        wanted = columns.get(role)
        if wanted is not None and wanted not in heads:
            problems.append(_columns(f"no column '{wanted[:60]}' for {role}", f"没有列“{wanted[:60]}”", path))
        named = [head for head in heads if (head == wanted if wanted is not None else head.lower() in known)]
        if named:
            found.setdefault(named[0], role)
    if "code" not in found.values() and not problems:
        shown = ", ".join(heads)[:200]
        problems.append(_columns(f"say which has the code: --columns code=NAME ({shown})", "请指明代码列", path))
    if problems:
        raise Refusal(problems)
    return tuple(found.get(head, head[:64]) for head in heads)


def _decodes(path: Path, encoding: str) -> bool:
    """Whether the file is text in an encoding: no NUL, no line so long that it is none of a table."""
    running = 0
    try:
        with path.open("rb") as file, TextIOWrapper(file, encoding=encoding, newline="") as text:
            while part := text.read(1 << 16):
                ends = part.rfind("\n")
                running = len(part) - ends - 1 if ends >= 0 else running + len(part)
                if "\x00" in part or running > LONGEST_LINE:
                    return False
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _digest(path: Path, columns: Mapping[str, str]) -> str:
    made = sha256(repr(sorted(columns.items())).encode())
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            made.update(part)
    return made.hexdigest()


def _file(en: str, zh: str, path: Path) -> Problem:
    return Problem(Kind.INVALID, "catalogue-file", path.name, f"the file cannot be loaded: {en}", f"文件无法加载:{zh}")


def _columns(en: str, zh: str, path: Path) -> Problem:
    return Problem(Kind.INVALID, "catalogue-columns", path.name, f"the columns do not fit: {en}", f"列不符:{zh}")


def _row(line: int, code: str, shown: str, en: str, zh: str) -> Problem:
    """One row. `code`: catalogue-row, catalogue-code, catalogue-duplicate, catalogue-too-long."""
    said = f" '{shown}'" if shown else ""
    return Problem(
        Kind.INVALID, code, f"line {line}", f"the row{said} {en}: correct the file", f"该行{said}:{zh},请更正"
    )
