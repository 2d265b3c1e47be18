"""The file of details 对明细账文件: a ZIP with one text in UTF-8, one line a settlement, parted by TAB.

    setl_id  mdtrt_id  psn_no  medfee_sumamt  fund_pay_sumamt  acct_pay  refd_setl_flag  [exp_content]

A value that is not there is written `null`. Inside the gateway the lines are the seven columns without `null`; what
they hold is checked by the core. The result file has eleven columns, in the order of `RESULT_COLUMNS`.

The archive is hostile until proven otherwise: it is never written to disk, its names are not used, and what comes out
of it is counted while it is read, whatever its directory says.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from gateway.kernel.problem import Kind, Problem, Refusal

MOST_BYTES = 64 * 1024 * 1024
MOST_RATIO = 200
MOST_LINES = 200_000
ENOUGH = 100
NULL = "null"
COLUMNS = ("setl_id", "mdtrt_id", "psn_no", "medfee_sumamt", "fund_pay_sumamt", "acct_pay", "refd_setl_flag")
RESULT_COLUMNS = (
    *("psn_no", "mdtrt_id", "setl_id", "msgid", "stmt_rslt", "refd_setl_flag", "memo"),
    *("medfee_sumamt", "fund_pay_sumamt", "acct_pay", "exp_content"),
)
RESULTS = {"matched": "000000", "only-core": "000101", "only-institution": "000102", "differs": "000103"}
"""stmt_rslt: agreed, the platform has it alone (inferred), the institution has it alone, the two differ."""
_AMOUNTS = frozenset({3, 4, 5})
_ENCRYPTED, _STRANGE = 0x1, 0x60
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FIXED = (1980, 1, 1, 0, 0, 0)
_BROKEN = (IndexError, zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError)


def read_statement_file(data: bytes, *, most: int = MOST_LINES) -> str:
    """The lines of the one text in a ZIP, seven columns each, parted by TAB.

    Refusal: zip-unreadable, zip-encrypted, zip-several-files, zip-path, zip-too-large, file-not-utf8, file-empty, or
    file-columns with every line that has another number of columns.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            text = _read_only(archive, len(data))
    except _BROKEN:
        raise Refusal(_unreadable()) from None
    rows = [row.rstrip("\r") for row in _decoded(text).split("\n") if row.strip()]
    if not rows:
        raise Refusal(_empty())
    if len(rows) > most:
        raise Refusal(_too_large())
    problems = [_columns(number, row) for number, row in enumerate(rows, start=1) if _count(row) not in (7, 8)]
    if problems:
        raise Refusal(problems[:ENOUGH])
    return "".join("\t".join(_cells(row)) + "\n" for row in rows)


def _read_only(archive: zipfile.ZipFile, size: int) -> bytes:
    """The bytes of the only member, counted while they come out."""
    members = archive.infolist()
    if len(members) != 1 or members[0].filename.endswith("/"):
        raise Refusal(_several())
    [member] = members
    name = member.orig_filename
    if not name or "/" in name or "\\" in name or ".." in name or name.startswith("."):
        raise Refusal(_path())
    if member.flag_bits & _ENCRYPTED:
        raise Refusal(_encrypted())
    if member.flag_bits & _STRANGE or member.compress_type not in _PLAIN:
        raise Refusal(_unreadable())
    most = min(MOST_BYTES, max(size * MOST_RATIO, 64 * 1024))
    with archive.open(member) as opened:
        text = opened.read(most + 1)
    if len(text) > most:
        raise Refusal(_too_large())
    return text


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(_not_utf8(error.start)) from None


def _count(row: str) -> int:
    return row.count("\t") + 1


def _cells(row: str) -> Iterator[str]:
    for number, cell in enumerate(row.split("\t")[:7]):
        value = cell.strip()
        value = "" if value.lower() == NULL else value
        yield "0.00" if number in _AMOUNTS and not value else value


def write_result_file(text: str, *, name: str) -> bytes:
    """The ZIP of a result: always the same bytes for the same lines.

    `text`: person, visit, settlement, message, class, refund, memo, total, fund, account, parted by TAB.
    """
    rows = (row.split("\t") for row in text.split("\n") if row)
    lines = "".join("\t".join(_result(row)) + "\n" for row in rows)
    return _zipped(lines, name)


def write_lines_file(text: str, *, name: str) -> bytes:
    """The ZIP of lines as they were uploaded."""
    rows = (row.split("\t") for row in text.split("\n") if row)
    return _zipped("".join("\t".join(cell or NULL for cell in (*row, "")) + "\n" for row in rows), name)


def _result(row: list[str]) -> Iterator[str]:
    person, visit, settlement, message, what, refund, memo, *amounts = row
    for cell in (person, visit, settlement, message, RESULTS[what], refund, memo, *amounts, ""):
        yield cell or NULL


def _zipped(lines: str, name: str) -> bytes:
    held = io.BytesIO()
    member = zipfile.ZipInfo(name.rpartition("/")[2].removesuffix(".zip") + ".txt", _FIXED)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = 0
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(member, lines.encode("utf-8"))
    return held.getvalue()


def _unreadable() -> Problem:
    return Problem(
        Kind.MALFORMED,
        "zip-unreadable",
        "input.fsUploadIn.in",
        "the file is no whole ZIP archive, stored or deflated: make it again and send all its bytes",
        "文件不是完整的ZIP压缩包(存储或deflate):请重新压缩并上传全部字节",
    )


def _encrypted() -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "zip-encrypted",
        "input.fsUploadIn.in",
        "the archive has a password: send it without, the connection is encrypted already",
        "压缩包带有密码:请去除密码后上传",
    )


def _several() -> Problem:
    return Problem(
        Kind.INVALID,
        "zip-several-files",
        "input.fsUploadIn.in",
        "the archive holds no file or several: send one archive with one text file",
        "压缩包内应只有一个文本文件:请每个压缩包放一个文件",
    )


def _path() -> Problem:
    return Problem(
        Kind.INVALID,
        "zip-path",
        "input.fsUploadIn.in",
        "the file's name in the archive has a path: send a plain name",
        "压缩包内文件名含有路径:请使用不带目录的文件名",
    )


def _too_large() -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "zip-too-large",
        "input.fsUploadIn.in",
        f"the text is over {MOST_BYTES} bytes, {MOST_LINES} lines, or {MOST_RATIO} times its archive: send fewer days",
        f"解压后超过{MOST_BYTES}字节、{MOST_LINES}行或压缩比{MOST_RATIO}:请缩短对账时段",
    )


def _not_utf8(at: int) -> Problem:
    return Problem(
        Kind.MALFORMED,
        "file-not-utf8",
        f"byte {at}",
        "the text in the archive is not UTF-8 from here on: write it in UTF-8",
        "压缩包内文本自此字节起不是UTF-8编码:请使用UTF-8",
    )


def _empty() -> Problem:
    return Problem(
        Kind.INVALID,
        "file-empty",
        "input.fsUploadIn.in",
        "the text has no line: send one line for each settlement and refund",
        "文件中没有明细:每笔结算、退费各占一行",
    )


def _columns(number: int, row: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "file-columns",
        f"line {number}",
        f"the line has {_count(row)} columns parted by TAB: send {', '.join(COLUMNS)} and, if you like, exp_content",
        f"该行有{_count(row)}列(TAB分隔):应为 {'、'.join(COLUMNS)},可另加exp_content",
    )
