"""Refusals and commit acknowledgements: an ACK with one ERR segment for each problem, in Chinese and English."""

from collections.abc import Sequence

from adapters.hl7v2.charset import UTF8, Charset
from adapters.hl7v2.er7 import Er7, encode
from adapters.hl7v2.location import read_location
from adapters.hl7v2.reference import NEWEST, TABLE_OF_VERSION
from adapters.hl7v2.write import coded, stamp, write_msh, write_segment
from gateway.contract import Context
from gateway.kernel.problem import Kind, Problem

APPLICATION = "GATEWAY"
LARGEST_COUNT = 100
ERROR_SYSTEM = "99GATEWAY"

_REJECTED = frozenset(
    {
        Kind.MALFORMED,
        Kind.UNSUPPORTED,
        Kind.UNAUTHENTICATED,
        Kind.FORBIDDEN,
        Kind.TOO_LARGE,
        Kind.UNAVAILABLE,
        Kind.FAULT,
    }
)
"""AR: refused for its header, its sender or our own state. What is left is about content, AE."""

_CONDITION_OF_CODE = {
    "unexpected-segment": "100",
    "missing-segment": "100",
    "bad-segment": "100",
    "sequence-order": "100",
    "missing-field": "101",
    "bad-amount": "102",
    "bad-quantity": "102",
    "bad-price": "102",
    "bad-instant": "102",
    "bad-day": "102",
    "charset-mismatch": "102",
    "control-character": "102",
    "unknown-code": "103",
    "bad-currency": "103",
    "diagnosis-system": "103",
    "unsupported-message": "200",
    "unsupported-processing-id": "202",
    "unsupported-version": "203",
}
_CONDITION_OF_KIND = {
    Kind.NOT_FOUND: "204",
    Kind.CONFLICT: "205",
    Kind.UNAVAILABLE: "207",
    Kind.FAULT: "207",
    Kind.RULE: "207",
    Kind.FORBIDDEN: "207",
    Kind.UNAUTHENTICATED: "207",
    Kind.TOO_LARGE: "104",
    Kind.UNSUPPORTED: "201",
}
_DATA_TYPE_ERROR = "102"
_CONDITION_TEXTS = {
    "100": "Segment sequence error",
    "101": "Required field missing",
    "102": "Data type error",
    "103": "Table value not found",
    "104": "Value too long",
    "200": "Unsupported message type",
    "201": "Unsupported event code",
    "202": "Unsupported processing id",
    "203": "Unsupported version id",
    "204": "Unknown key identifier",
    "205": "Duplicate key identifier",
    "207": "Application internal error",
}


def acknowledgement_code(problems: Sequence[Problem]) -> str:
    """AR when any problem is about the header, the sender or our own state, else AE."""
    header = any(problem.path.startswith("MSH") for problem in problems)
    return "AR" if header or any(problem.kind in _REJECTED for problem in problems) else "AE"


def condition(problem: Problem) -> str:
    """HL7 table 0357 for a problem."""
    return _CONDITION_OF_CODE.get(problem.code) or _CONDITION_OF_KIND.get(problem.kind, _DATA_TYPE_ERROR)


def write_refusal(message: Er7 | None, problems: Sequence[Problem], context: Context) -> bytes:
    """The refusal of a message, which may be one that could not be read at all (None)."""
    charset = UTF8 if message is None else answer_charset(message.charset)
    segments = _head(message, acknowledgement_code(problems), context, charset)
    for problem in problems[:LARGEST_COUNT]:
        segments.append(write_segment("ERR", _err(problem, message, charset), charset))
    if len(problems) > LARGEST_COUNT:
        more = len(problems) - LARGEST_COUNT
        texts = (f"another {more} problem(s) are not listed", f"另有{more}个问题未列出")
        listed = Problem(Kind.INVALID, "more-problems", "", *texts)
        segments.append(write_segment("ERR", _err(listed, message, charset), charset))
    return encode(segments, charset)


def write_commit(message: Er7 | None, code: str, context: Context) -> bytes:
    """A commit acknowledgement: CA, CE or CR."""
    charset = UTF8 if message is None else answer_charset(message.charset)
    return encode(_head(message, code, context, charset, suffix="C"), charset)


def answer_charset(charset: Charset) -> Charset:
    """The sender's own, named as it named it."""
    return charset if charset.name else UTF8


def _head(message: Er7 | None, code: str, context: Context, charset: Charset, suffix: str = "") -> list[str]:
    if message is None:
        msh = write_header({}, context, charset, version=NEWEST, message_type={1: "ACK"}, suffix=suffix)
        return [msh, write_segment("MSA", {1: code, 2: "UNKNOWN"}, charset)]
    version = message.header(12)
    event = message.header(9, 2)
    msh = write_header(
        {3: _hd(message, 3), 4: _hd(message, 4), 5: _hd(message, 5), 6: _hd(message, 6), 11: "P"},
        context,
        charset,
        version=version if version in TABLE_OF_VERSION else NEWEST,
        message_type={1: "ACK", 2: event, 3: "ACK"},
        suffix=suffix,
    )
    return [msh, write_segment("MSA", {1: code, 2: message.header(10) or "UNKNOWN"}, charset)]


def _hd(message: Er7, number: int) -> dict[int, str]:
    return {part: message.header(number, part) for part in (1, 2, 3)}


def write_header(
    theirs: dict[int, object],
    context: Context,
    charset: Charset,
    *,
    version: str,
    message_type: dict[int, str],
    suffix: str = "",
) -> str:
    """Our MSH: receiver and sender change places; `suffix` keeps the id of a commit acknowledgement its own."""
    fields = {
        3: theirs.get(5) or APPLICATION,
        4: theirs.get(6) or f"agency-{context.area}",
        5: theirs.get(3),
        6: theirs.get(4),
        7: stamp(context.now),
        9: message_type,
        10: context.reference + suffix,
        11: "P",
        12: version,
        17: "CHN",
        18: charset.name,
    }
    return write_msh(fields, charset)


def _err(problem: Problem, message: Er7 | None, charset: Charset) -> dict[int, object]:
    texts = problem.en if charset.codec == "ascii" else f"{problem.zh} / {problem.en}"
    number = condition(problem)
    return {
        2: read_location(problem.path, message),
        3: coded(number, _CONDITION_TEXTS[number], "HL70357"),
        4: "E",
        5: coded(problem.code, problem.kind.value, ERROR_SYSTEM),
        7: problem.path,
        8: texts,
    }
