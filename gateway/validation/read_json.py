"""FHIR JSON text to plain values with exact decimals, and the names that an object has twice.

A decoder keeps the last of two equal names, so that a reader of the first sees another resource: that is an error here
(FHIR R4 section 2.6.2: property names are unique).
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

import msgspec

from gateway.validation import texts
from gateway.validation.issue import MOST_FINDINGS, Finding

MOST_BYTES: Final = 256 * 1024 * 1024
DEEPEST: Final = 120

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_NAME_END = re.compile(rb'"[ \t\r\n]*:')
_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*+)"([ \t\r\n]*:)?|[{}\[\],]', re.DOTALL)


class Text(NamedTuple):
    """What a text holds: a value, None where it cannot be read; and what is wrong with the text itself."""

    value: Any
    wrong: list[Finding]


def read_json(body: bytes) -> Text:
    """The value of a JSON text in UTF-8; findings not-json, text-too-large, too-deep, repeated-name."""
    if len(body) > MOST_BYTES:
        return Text(None, [too_large(len(body), MOST_BYTES)])
    try:
        value = _decoder.decode(body.removeprefix(b"\xef\xbb\xbf"))
    except RecursionError:
        return Text(None, [texts.too_deep()])
    except (msgspec.MsgspecError, UnicodeDecodeError, InvalidOperation) as error:
        reason = str(error)[:160] if isinstance(error, msgspec.MsgspecError) else "a text or number cannot be read"
        return Text(None, [_not_json(reason)])
    names = count_names(value)
    if names is None:
        return Text(None, [texts.too_deep()])
    if len(_NAME_END.findall(body)) == names:
        return Text(value, [])
    return Text(value, _repeated_names(body))


def count_names(value: Any) -> int | None:
    """How many names the objects in a value have together; None for one that is too deep."""
    names = 0
    level = [value] if type(value) in (dict, list) else []
    for _ in range(DEEPEST):
        if not level:
            return names
        below: list[Any] = []
        for node in level:
            if type(node) is dict:
                names += len(node)
                below.extend(each for each in node.values() if type(each) in (dict, list))
            else:
                below.extend(each for each in node if type(each) in (dict, list))
        level = below
    return None if level else names


def _repeated_names(body: bytes) -> list[Finding]:
    """One walk over the tokens with the names of every open object."""
    found: list[Finding] = []
    seen: list[set[bytes] | None] = []
    steps: list[str] = []
    for token in _TOKEN.finditer(body):
        mark = token[0]
        if mark in (b"{", b"["):
            seen.append(set() if mark == b"{" else None)
            steps.append("" if mark == b"{" else "[0]")
        elif mark in (b"}", b"]"):
            seen.pop()
            steps.pop()
        elif mark == b"," and seen and seen[-1] is None:
            steps[-1] = f"[{int(steps[-1][1:-1]) + 1}]"
        elif token[2] is not None and seen and (names := seen[-1]) is not None:
            name = _name(token[1])
            if name.encode() in names and len(found) <= MOST_FINDINGS:
                found.append(_repeated_name("".join((*steps[:-1], f".{texts.shown(name)}")), name))
            names.add(name.encode())
            steps[-1] = f".{name}"
    return found


def _name(raw: bytes) -> str:
    decoded: Any = _decoder.decode(b'"' + raw + b'"') if b"\\" in raw else raw.decode("utf-8", "replace")
    return str(decoded).encode("utf-8", "replace").decode()


def too_large(size: int, most: int) -> Finding:
    """A text beyond what is read at once."""
    return texts.error(
        "text-too-large",
        "too-long",
        f"{size} bytes are more than {most}: split the content",
        f"内容 {size} 字节,超过上限 {most}:请拆分",
    )


def _not_json(reason: str) -> Finding:
    return texts.error(
        "not-json",
        "structure",
        f"the text is not JSON in UTF-8 ({reason}): send a complete JSON text",
        f"内容不是有效的 UTF-8 JSON({reason}):请发送完整的 JSON",
    )


def _repeated_name(path: str, name: str) -> Finding:
    return texts.error(
        "repeated-name",
        "structure",
        f"the object has '{texts.shown(name)}' twice: send it once",
        f"对象中“{texts.shown(name)}”出现两次:只能发送一次",
        path,
    )
