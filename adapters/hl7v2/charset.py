"""Which characters a message is written in. Bytes are decoded whole before anything is split.

In GB 18030 the second byte of a character can be `|`, `^`, `~` or a backslash, so a splitter that works on bytes tears
names apart. The trap reaches MSH itself: a Chinese facility name in MSH-4 may hold a `|` byte and move MSH-18. The
header is therefore read under each encoding in turn, and the one that MSH-18 itself names is taken.

MSH-18 (HL7 table 0211): ASCII, UNICODE UTF-8, GB 18030-2000; nothing means UTF-8. Leniency: the spellings UTF-8, UTF8,
GB18030, GB18030-2000, GB 18030 and GBK are understood, since clinics' systems write them. UTF-16 and UTF-32 are
refused: HL7 forbids them and their bytes break MLLP frames.
"""

import codecs
import re
from dataclasses import dataclass

from gateway.kernel.problem import Kind, Problem, Refusal

_CODECS = {
    "": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    "ASCII": "ascii",
    "GB 18030-2000": "gb18030",
    "GB18030-2000": "gb18030",
    "GB 18030": "gb18030",
    "GB18030": "gb18030",
    "GBK": "gb18030",
}
_CANDIDATES = ("utf-8", "gb18030", "latin-1")
_LINE_END = re.compile(rb"[\r\n]")
_WIDE_MARKS = (
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
    codecs.BOM_UTF32_BE,
    b"M\x00S\x00",
    b"\x00M\x00S",
    b"\x00\x00\x00M",
)


@dataclass(frozen=True, slots=True)
class Charset:
    """`name`: as MSH-18 says it, '' when it says nothing; `codec`: Python's name."""

    name: str
    codec: str


UTF8 = Charset("UNICODE UTF-8", "utf-8")


def named(name: str) -> Charset | None:
    """The character set of an MSH-18 value; None when we do not speak it."""
    codec = _CODECS.get(name.strip().upper())
    return None if codec is None else Charset(name.strip(), codec)


def decode(body: bytes) -> tuple[str, Charset]:
    """The text of a whole message and what it was written in. Refusal when MSH-18 and the bytes do not go together."""
    if body.startswith(_WIDE_MARKS):
        raise Refusal(_wide("MSH.18"))
    body = body.removeprefix(codecs.BOM_UTF8)
    charset = _declared(body)
    try:
        return body.decode(charset.codec), charset
    except UnicodeDecodeError as error:
        raise Refusal(_mismatch(charset, error.start)) from None


def _declared(body: bytes) -> Charset:
    """The character set whose reading of the header names that very character set."""
    header = _LINE_END.split(body, maxsplit=1)[0]
    said = ""
    for codec in _CANDIDATES:
        try:
            said = _msh_18(header.decode(codec))
        except UnicodeDecodeError:
            continue
        charset = named(said)
        if charset is not None and (charset.codec == codec or header.isascii()):
            return charset
    charset = named(said)
    if charset is not None:  # the header itself is not what it claims; decoding the whole will say where
        return charset
    raise Refusal(_wide("MSH.18") if "UTF-16" in said or "UTF-32" in said else _unknown(said))


def _msh_18(header: str) -> str:
    fields = header.split(header[3:4] or "|")
    return fields[17] if len(fields) > 17 else ""


def _wide(path: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "charset-wide",
        path,
        "UTF-16 and UTF-32 are not allowed in HL7 v2 messages: send UNICODE UTF-8 or GB 18030-2000",
        "HL7 v2 报文不允许使用 UTF-16 或 UTF-32:请使用 UNICODE UTF-8 或 GB 18030-2000",
    )


def _unknown(said: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "charset-unsupported",
        "MSH.18",
        f"character set '{said[:40]}' is not supported: send one of ASCII, UNICODE UTF-8, GB 18030-2000",
        f"不支持字符集“{said[:40]}”:请使用 ASCII、UNICODE UTF-8 或 GB 18030-2000 之一",
    )


def _mismatch(charset: Charset, at: int) -> Problem:
    name = charset.name or UTF8.name
    return Problem(
        Kind.MALFORMED,
        "charset-mismatch",
        "MSH.18",
        f"byte {at + 1} is not {name}: send the characters that MSH-18 names, or name the ones you send",
        f"第{at + 1}个字节不是 {name} 编码:请使报文编码与 MSH-18 一致",
    )
