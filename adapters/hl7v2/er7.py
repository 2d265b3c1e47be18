"""ER7, the |^~\\& text of HL7 v2: split after decoding, escapes resolved last, and the way back.

A field is kept as it came until somebody asks for its value, since most fields of a message are never read.
"""

import re
from dataclasses import dataclass

from adapters.hl7v2.charset import UTF8, Charset, decode
from gateway.kernel.problem import Kind, Problem, Refusal

Segment = list[str]
"""Fields by their HL7 number, raw; [0] is the segment name. In MSH [1] is the field separator, as HL7 counts."""

_SEGMENT_NAME = re.compile(r"[A-Z][A-Z0-9]{2}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+", re.ASCII)
_TO_ESCAPE = re.compile(r"[|^~\\&\r\n\x00-\x1f]")
_NAMED_ESCAPES = {"|": "F", "^": "S", "~": "R", "\\": "E", "&": "T", "\n": ".br"}
LONGEST_HEADER = 4096
MOST_SEGMENTS = 20_000
LARGEST_BYTES = 4 * 1024 * 1024
"""The channel hands over the first 4 MiB of what is longer: a body of that size is a beginning, not a message."""
HIGHLIGHTS = frozenset({"H", "N"})


@dataclass(frozen=True, slots=True)
class Separators:
    """MSH-1 and MSH-2 of a message."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"
    truncation: str = ""

    @property
    def encoding(self) -> str:
        """MSH-2."""
        return self.component + self.repetition + self.escape + self.subcomponent + self.truncation


STANDARD = Separators()


@dataclass(frozen=True, slots=True)
class Er7:
    """A message that was split: segments in their order."""

    charset: Charset
    separators: Separators
    segments: tuple[Segment, ...]

    @property
    def msh(self) -> Segment:
        return self.segments[0]

    def header(self, number: int, component: int = 1) -> str:
        """A component of an MSH field, '' when absent."""
        return self.component(self.msh, number, component)

    def component(self, segment: Segment, number: int, component: int = 1) -> str:
        """A component of the first repetition of a field, unescaped and trimmed, '' when absent."""
        if number >= len(segment):
            return ""
        first = segment[number].split(self.separators.repetition, 1)[0]
        parts = first.split(self.separators.component)
        return self.unescape(parts[component - 1]).strip() if component <= len(parts) else ""

    def unescape(self, text: str) -> str:
        r"""The text with \F\ \S\ \T\ \R\ \E\ \P\ \Xdd..\ \.br\ resolved; what is no escape stays as it is."""
        escape = self.separators.escape
        if escape not in text:
            return text
        parts = text.split(escape)
        out, at = [parts[0]], 1
        while at < len(parts):
            known = self._escaped(parts[at]) if at + 1 < len(parts) else None
            if known is None:
                out.append(escape + parts[at])
                at += 1
            else:
                out.append(known + parts[at + 1])
                at += 2
        return "".join(out)

    def _escaped(self, code: str) -> str | None:
        """What stands for an escape code; None when it is none."""
        separators = self.separators
        match code:
            case "F":
                return separators.field
            case "S":
                return separators.component
            case "T":
                return separators.subcomponent
            case "R":
                return separators.repetition
            case "E":
                return separators.escape
            case "P":
                return separators.truncation or "#"
            case ".br":
                return "\n"
            case _ if code in HIGHLIGHTS:
                return ""
            case _ if code.startswith("X") and _HEX.fullmatch(code, 1):
                return self._from_hex(code[1:])
        return None

    def _from_hex(self, digits: str) -> str | None:
        try:
            text = bytes.fromhex(digits).decode(self.charset.codec)
        except UnicodeDecodeError:
            return None
        return None if _CONTROL.search(text) else text


def read(body: bytes) -> Er7:
    """Decode, then split. Refusal when the bytes are not an HL7 v2 message."""
    if len(body) >= LARGEST_BYTES:
        raise Refusal(_too_large())
    if not body.lstrip(b"\r\n\xef\xbb\xbf").startswith((b"MSH", b"M\x00", b"\xff\xfe", b"\xfe\xff", b"\x00")):
        raise Refusal(_no_message())
    text, charset = decode(body.lstrip(b"\r\n"))
    if (control := _CONTROL.search(text)) is not None:
        raise Refusal(_control_character(control.start()))
    separators = _separators(text)
    lines = (line.rstrip(" ") for line in _LINE_END.split(text))
    segments = [line.split(separators.field) for line in lines if line]
    if len(segments) > MOST_SEGMENTS:
        raise Refusal(_too_many_segments(len(segments)))
    segments[0].insert(1, separators.field)
    bad = [index for index, segment in enumerate(segments) if not _SEGMENT_NAME.fullmatch(segment[0])]
    if bad:
        raise Refusal([_bad_segment(index) for index in bad[:20]])
    return Er7(charset, separators, tuple(segments))


def read_header(body: bytes) -> Er7 | None:
    """MSH alone, of a message that cannot be read whole, so that its refusal can name it; None when there is none."""
    start = body.find(b"MSH", 0, 8)
    if start < 0:
        return None
    header = _LINE_END.split(body[start : start + LONGEST_HEADER].decode("utf-8", errors="replace"), maxsplit=1)[0]
    try:
        separators = _separators(header)
    except Refusal:
        return None
    return Er7(UTF8, separators, (["MSH", separators.field, *header.split(separators.field)[1:]],))


def _separators(text: str) -> Separators:
    """From MSH-1 and MSH-2: four or five different signs, none of them a letter, digit or space."""
    encoding = text[4:].split(text[3:4] or "|", 1)[0]
    signs = text[3:4] + encoding
    usable = len(encoding) in (4, 5) and len(set(signs)) == len(signs) and signs.isascii() and signs.isprintable()
    if not usable or any(sign.isalnum() or sign == " " for sign in signs):
        raise Refusal(
            Problem(
                Kind.MALFORMED,
                "bad-separators",
                "MSH.2",
                "MSH-1 and MSH-2 must be five or six different signs: send MSH|^~\\&|",
                "MSH-1 与 MSH-2 应为互不相同的分隔符:请以 MSH|^~\\&| 开头",
            )
        )
    return Separators(*signs)


def _no_message() -> Problem:
    return Problem(
        Kind.MALFORMED,
        "not-hl7v2",
        "",
        "this is not an HL7 v2 message: begin with the MSH segment, MSH|^~\\&|…",
        "不是 HL7 v2 报文:请以 MSH 段开头(MSH|^~\\&|…)",
    )


def _control_character(at: int) -> Problem:
    return Problem(
        Kind.MALFORMED,
        "control-character",
        "",
        f"character {at + 1} is a control character: end segments with CR and leave out all others",
        f"第{at + 1}个字符是控制字符:段以 CR 结束,不得含其他控制字符",
    )


def _bad_segment(index: int) -> Problem:
    return Problem(
        Kind.MALFORMED,
        "bad-segment",
        "",
        f"line {index + 1} is no segment: begin each with three capital letters or digits and end it with CR",
        f"第{index + 1}行不是有效的段:每段应以三位大写字母或数字的段名开头,并以 CR 结束",
    )


def _too_large() -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "message-too-large",
        "",
        "the message has 4 MiB or more: send the invoice in several messages",
        "报文达到或超过4 MiB:请拆分为多份报文",
    )


def _too_many_segments(count: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "too-many-segments",
        "",
        f"the message has {count} segments, more than {MOST_SEGMENTS}: send the invoice in several messages",
        f"报文共{count}段,超过{MOST_SEGMENTS}段:请拆分为多份报文",
    )


def escape(text: str, charset: Charset) -> str:
    """A value as it may stand between the standard separators |^~\\&."""
    if _TO_ESCAPE.search(text) is None:
        return text
    return _TO_ESCAPE.sub(lambda sign: _escape_of(sign[0], charset), text)


def _escape_of(sign: str, charset: Charset) -> str:
    code = _NAMED_ESCAPES.get(sign) or "X" + sign.encode(charset.codec).hex().upper()
    return f"\\{code}\\"


def encode(segments: list[str], charset: Charset) -> bytes:
    """Segments as bytes, each ended by CR. Characters that ASCII lacks become '?'; the others hold every character."""
    return ("\r".join(segments) + "\r").encode(charset.codec, errors="replace")
