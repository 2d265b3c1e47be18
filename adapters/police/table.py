"""Bytes of a population file to its rows. Every line stands alone: a bad one spoils no other.

A cell therefore holds no line break, and each line is decoded for itself; neither UTF-8 nor GB 18030 has a line feed,
a comma or a quote inside a character. Values stay text, whatever they begin with: nothing here is a formula.
"""

import csv
import re
from collections.abc import Iterator, Mapping

from adapters.police.columns import LONGEST, MANDATORY
from adapters.police.row import Row
from gateway.kernel.problem import Kind, Problem, Refusal, refuse_if

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 200_000
MAX_LINE = 20_000

UTF8, UTF8_BOM, GB18030 = "utf-8", "utf-8-sig", "gb18030"

_BOM = b"\xef\xbb\xbf"
_STATED = re.compile(r"charset=\"?(?P<header>[a-z0-9_-]+)|[._-](?P<name>gb18030|gbk|gb2312|utf-?8)\.csv$")
_CODECS = {"utf-8": UTF8, "utf8": UTF8, "gb18030": GB18030, "gbk": GB18030, "gb2312": GB18030}


def charset_of(body: bytes, *, path: str = "", headers: Mapping[str, str] | None = None) -> str:
    """utf-8, utf-8-sig or gb18030: by byte order mark, as stated, or as the header line reads.

    Stated means `charset=` of the Content-Type header, or a file name like `x.gb18030.csv`.
    Refusal `charset-unsupported`, `bad-charset`.
    """
    if body.startswith(_BOM):
        return UTF8_BOM
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refusal(_unknown_charset("UTF-16"))
    stated = _STATED.search((headers or {}).get("content-type", "").lower()) or _STATED.search(path.lower())
    if stated:
        name = stated["header"] or stated["name"]
        if name not in _CODECS:
            raise Refusal(_unknown_charset(name))
        return _CODECS[name]
    first = next((line for line in body[:MAX_LINE].split(b"\n") if any(byte > 127 for byte in line)), b"")
    for codec in (UTF8, GB18030):
        try:
            first.decode(codec)
        except UnicodeDecodeError:
            continue
        return codec
    raise Refusal(_bad_charset_file())


def read_rows(body: bytes, charset: str, *, most: int = MAX_ROWS) -> list[Row]:
    """The rows below the header, blank lines and lines that begin with # left out; unreadable ones carry their fault.

    Refusal `file-too-large`, `too-many-rows` (above `most`), `missing-header`, `missing-column`, `repeated-column` or
    `no-rows`.
    """
    if len(body) > MAX_BYTES:
        raise Refusal(_too_large())
    codec = UTF8 if charset == UTF8_BOM else charset
    lines = enumerate(body.removeprefix(_BOM).split(b"\n"), start=1)
    written = ((number, line.removesuffix(b"\r")) for number, line in lines)
    filled = ((number, line) for number, line in written if line.strip(b" ,\t") and not line.startswith(b"#"))
    names = _read_header(filled, codec)
    rows: list[Row] = []
    for number, line in filled:
        if len(rows) == most:
            raise Refusal(_too_many_rows(most))
        rows.append(_read_line(line, number=number, names=names, codec=codec))
    if not rows:
        raise Refusal(_no_rows())
    return rows


def _read_header(lines: Iterator[tuple[int, bytes]], codec: str) -> list[str]:
    number, line = next(lines, (1, b""))
    try:
        names = [name.strip() for name in _cells(line[:MAX_LINE].decode(codec))]
    except (UnicodeDecodeError, csv.Error):
        names = []
    if not set(names) & set(LONGEST):
        raise Refusal(_missing_header(number))
    refuse_if(
        [
            *(_missing_column(name) for name in MANDATORY if name not in names),
            *(_repeated_column(name) for name in LONGEST if names.count(name) > 1),
        ]
    )
    return names


def _read_line(line: bytes, *, number: int, names: list[str], codec: str) -> Row:
    if len(line) > MAX_LINE:
        return Row(number, raw=line[:200], fault=_long_line())
    try:
        cells = _cells(line.decode(codec))
    except UnicodeDecodeError as error:
        return Row(number, raw=line, fault=_bad_charset(codec, error.start))
    except csv.Error:
        return Row(number, raw=line, fault=_bad_quotes())
    if len(cells) != len(names):
        return Row(number, raw=line, fault=_column_count(len(cells), len(names)))
    known = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if name in LONGEST}
    return Row(number, known)


def _cells(text: str) -> list[str]:
    return next(csv.reader([text], strict=True), [])


def _long_line() -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "row-too-long",
        "",
        f"the line is over {MAX_LINE} bytes: send one person's change in each line",
        f"该行超过{MAX_LINE}字节:每行只报一人一项变动",
    )


def _bad_charset(codec: str, offset: int) -> Problem:
    return Problem(
        Kind.MALFORMED,
        "bad-charset",
        f"byte {offset + 1}",
        f"the line is not {codec} like the header: write the whole file in one character set, UTF-8 or GB18030",
        f"该行不符合表头使用的{codec}编码:整个文件应统一使用UTF-8或GB18030",
    )


def _bad_quotes() -> Problem:
    return Problem(
        Kind.MALFORMED,
        "bad-quotes",
        "",
        'the quotes do not match: write "…" around a cell, "" for a quote in it, and no line break inside a cell',
        "引号不匹配:单元格用双引号括起,其中的双引号写两个,单元格内不得换行",
    )


def _column_count(found: int, wanted: int) -> Problem:
    return Problem(
        Kind.MALFORMED,
        "column-count",
        "",
        f"the line has {found} cells, the header {wanted}: send the whole line again, commas for empty cells",
        f"该行有{found}列,表头有{wanted}列:请完整重报该行,空项保留逗号",
    )


def _unknown_charset(name: str) -> Problem:
    return Problem(
        Kind.MALFORMED,
        "charset-unsupported",
        "",
        f"the character set {name} is not read here: send UTF-8 or GB18030",
        f"不支持字符集{name}:请使用UTF-8或GB18030",
    )


def _bad_charset_file() -> Problem:
    return Problem(
        Kind.MALFORMED,
        "bad-charset",
        "",
        "the file is neither UTF-8 nor GB18030: save it in one of them",
        "文件既不是UTF-8也不是GB18030编码:请以其中一种编码保存",
    )


def _too_large() -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "file-too-large",
        "",
        f"the file is over {MAX_BYTES} bytes: send the changes in several files",
        f"文件超过{MAX_BYTES}字节:请分多个文件报送",
    )


def _too_many_rows(most: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "too-many-rows",
        "",
        f"the file has over {most} rows: send the changes in several files",
        f"文件超过{most}行:请分多个文件报送",
    )


def _missing_header(line: int) -> Problem:
    return Problem(
        Kind.MALFORMED,
        "missing-header",
        f"line {line}",
        f"the first line does not name the columns: send a header with {', '.join(MANDATORY)} and the others",
        f"首行不是表头:请以列名开头,至少含{'、'.join(MANDATORY)}",
    )


def _missing_column(name: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "missing-column",
        name,
        f"the header lacks the column {name}: add it, spelled like this",
        f"表头缺少“{name}”列:请按此列名补充",
    )


def _repeated_column(name: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "repeated-column",
        name,
        f"the header names the column {name} more than once: keep one",
        f"表头中“{name}”列重复:请只保留一列",
    )


def _no_rows() -> Problem:
    return Problem(
        Kind.INVALID,
        "no-rows",
        "",
        "the file has a header and no rows: send at least one change, or no file at all",
        "文件只有表头没有数据:至少应有一行变动,否则无需报送",
    )
