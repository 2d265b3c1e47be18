"""Splits an expression into tokens (FHIRPath N1 section 8 and the grammar of appendix B); white space and comments go.

Texts and delimited names come with their escapes resolved. The offset of every token is kept for messages.
"""

import re
from typing import Final, NamedTuple

from gateway.fhirpath import problems as wrong
from gateway.fhirpath.problems import place, refuse

MAX_LENGTH: Final = 20_000

_TOKEN = re.compile(
    r"""(?P<space>[\s\uFEFF]+|//[^\r\n]*|/\*.*?\*/)
      | (?P<time>@T\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?)
      | (?P<date>@\d{4}(?:-\d\d(?:-\d\d)?)?(?:T(?:\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:\d\d)?)?)?)
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<quoted>`(?:[^`\\]|\\.)*`)
      | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
      | (?P<special>\$[A-Za-z]+)
      | (?P<symbol><=|>=|!=|!~|[-+*/&|=~<>.,()\[\]{}%])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED: Final = {"r": "\r", "n": "\n", "t": "\t", "f": "\f", **{sign: sign for sign in "'\"`\\/"}}


class Token(NamedTuple):
    """`kind`: time, date, number, name, quoted, text, special, symbol, end; `text` without quotes and escapes."""

    kind: str
    text: str
    at: int
    end: int


def tokens_of(text: str) -> list[Token]:
    """All tokens, the last of kind `end`. Refusal: fhirpath-too-long, fhirpath-syntax."""
    if len(text) > MAX_LENGTH:
        refuse(wrong.too_long(len(text), MAX_LENGTH))
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            refuse(wrong.syntax(place(text, at), found=_at(text, at), expected=_wanted(text[at])))
        kind = match.lastgroup or ""
        said = match[0]
        if kind in ("text", "quoted"):
            said = _unescaped(text, said[1:-1], at)
        if kind != "space":
            found.append(Token(kind, said, at, match.end()))
        at = match.end()
    found.append(Token("end", "", len(text), len(text)))
    return found


def _unescaped(whole: str, said: str, at: int) -> str:
    def one(match: re.Match[str]) -> str:
        sign = match[1]
        if len(sign) == 5:
            return chr(int(sign[1:], 16))
        if sign not in _ESCAPED:
            refuse(wrong.syntax(place(whole, at + 1 + match.start()), found=match[0], expected="an escape such as \\'"))
        return _ESCAPED[sign]

    text = _ESCAPE.sub(one, said)
    # Two escapes may be the halves of one character beyond the basic plane.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if "\\u" in said else text


def _at(text: str, at: int) -> str:
    return repr(text[at : at + 12])


def _wanted(sign: str) -> str:
    if sign in "'\"`":
        return f"the end of the text that begins with {sign}"
    if sign == "@":
        return "a date such as @2024-01-31 or a time such as @T10:30"
    return "an operator, a name or a constant"
