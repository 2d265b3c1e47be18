"""Regular expressions that cannot hang: RE2 runs in time linear to the text, whatever the pattern.

The dot matches line ends and a match may start anywhere (N1 section 5.6, matches). Look-around and back references do
not exist in RE2 and are refused.
"""

from functools import lru_cache
from typing import Any, Final

import re2  # type: ignore[import-untyped]

from gateway.fhirpath.code import MAX_TEXT

MAX_PATTERN: Final = 5_000
_MEMORY: Final = 8 * 1024 * 1024


class BadRegexError(ValueError):
    """A pattern that RE2 does not take; the message says why."""


@lru_cache(maxsize=512)
def compiled(pattern: str, *, full: bool = False) -> Any:
    """The compiled pattern. BadRegexError: not a pattern of RE2, or longer than 5,000 characters."""
    if len(pattern) > MAX_PATTERN:
        raise BadRegexError(f"longer than {MAX_PATTERN} characters")
    options = re2.Options()
    options.log_errors = False
    options.dot_nl = True
    options.max_mem = _MEMORY
    try:
        return re2.compile(f"^(?:{pattern})$" if full else pattern, options=options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        raise BadRegexError(said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)) from None


def found_in(pattern: str, text: str) -> bool:
    """Whether any part of the text matches."""
    return compiled(pattern).search(text) is not None


def is_all_of(pattern: str, text: str) -> bool:
    """Whether the whole text matches."""
    return compiled(pattern, full=True).fullmatch(text) is not None


def replaced(pattern: str, text: str, substitution: str) -> str:
    """Every match replaced; `$1` and `${name}` stand for groups, `$$` for the sign. ValueError: too long a result."""
    parts, at, size = [], 0, 0
    for match in compiled(pattern).finditer(text):
        made = _filled(substitution, match)
        parts += [text[at : match.start()], made]
        size += match.start() - at + len(made)
        if size > MAX_TEXT:
            break
        at = match.end()
    return "".join((*parts, text[at:]))


def _filled(substitution: str, match: Any) -> str:
    if "$" not in substitution:
        return substitution
    out, rest = [], substitution
    while True:
        before, sign, rest = rest.partition("$")
        out.append(before)
        if not sign:
            return "".join(out)
        name, rest = _group_name(rest)
        if name == "$":
            out.append("$")
            continue
        try:
            out.append((match.group(int(name) if name.isdigit() else name) or "") if name else "$")
        except (IndexError, KeyError):
            out.append(f"${name}")


def _group_name(rest: str) -> tuple[str, str]:
    """The name after a `$` and what follows it; '' where none is."""
    if rest[:1] == "$":
        return "$", rest[1:]
    if rest[:1] == "{" and "}" in rest:
        name, _, after = rest[1:].partition("}")
        return name, after
    digits = 0
    while digits < 2 and rest[digits : digits + 1].isdigit():
        digits += 1
    return rest[:digits], rest[digits:]
