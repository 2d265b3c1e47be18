"""Checks a message against its table: required segments, their order and grouping, required fields, repetitions.

Segments are matched greedily, as the grammar of HL7's message structures allows. Segments whose name begins with Z are
the sender's own and may stand anywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from adapters.hl7v2.er7 import Er7, Segment
from adapters.hl7v2.problems import missing_field, missing_segment
from adapters.hl7v2.reference import Part, load
from gateway.kernel.problem import Kind, Problem

_DELETE = '""'
ENOUGH = 200
"""Problems of one message after which looking for more helps nobody."""
HEADER_FIELDS = 2  # MSH-1 and MSH-2 hold the separators themselves


def check_structure(message: Er7, structure: str, version: str) -> list[Problem]:
    """Everything wrong with the message's skeleton, each with its path: 'PSG[1]', 'IVC.10', 'PSL[3].7'."""
    segments = [segment for segment in message.segments if not segment[0].startswith("Z")]
    names = [segment[0] for segment in segments]
    problems: list[Problem] = []
    end = _match(load(version).structures[structure], names, 0, problems)
    if end < len(names):
        problems.append(_unexpected(names, end))
    problems.extend(_field_problems(segments, message.separators.repetition, version))
    return problems


def _match(parts: Sequence[Part], names: Sequence[str], at: int, problems: list[Problem]) -> int:
    """Walk one level of the structure from segment `at`; the index of the first segment it does not take."""
    for part in parts:
        count = 0
        while at < len(names) and (part.most < 0 or count < part.most) and _begins(part, names[at], count):
            at = _match(part.parts, names, at, problems) if part.parts else at + 1
            count += 1
        if count < part.least and len(problems) < ENOUGH:
            problems.append(_missing(part, names, at))
    return at


def _begins(part: Part, name: str, count: int) -> bool:
    """Whether a segment opens this part. A required group whose head is missing is opened by what else it holds,
    so that the missing head is what gets reported."""
    if not part.parts:
        return part.name == name
    return part.parts[0].name == name or (count < part.least and name in _inside(part))


@cache
def _inside(part: Part) -> frozenset[str]:
    """Names of the segments that stand in a group and nowhere outside it."""
    names: set[str] = set()
    for inner in part.parts:
        names |= _inside(inner) if inner.parts else {inner.name}
    return frozenset(names - {"NTE", "LOC", "ROL", "PRT", "ADJ", "AUT", "CTD"})


def _missing(part: Part, names: Sequence[str], at: int) -> Problem:
    while part.parts:
        part = part.parts[0]
    return missing_segment(part.name, f"{part.name}[{names[:at].count(part.name)}]")


def _unexpected(names: Sequence[str], at: int) -> Problem:
    name = names[at]
    return Problem(
        Kind.INVALID,
        "unexpected-segment",
        f"{name}[{names[:at].count(name)}]",
        f"segment {name} (number {at + 1} of the message) does not belong there: keep to the order of the structure",
        f"第{at + 1}段 {name} 不应出现在此处:请按报文结构的顺序发送",
    )


def _field_problems(segments: Sequence[Segment], repetition: str, version: str) -> list[Problem]:
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for segment in segments:
        if len(problems) > ENOUGH:
            break
        name = segment[0]
        index = seen.get(name, 0)
        seen[name] = index + 1
        rules = _rules(version, name)
        if rules is None:
            continue
        required, limited = rules
        problems.extend(missing_field(place(name, index, number)) for number in required if _empty(segment, number))
        if any(repetition in field for field in segment):
            problems.extend(_too_many(segment, limited, repetition, index))
    return problems


def _empty(segment: Segment, number: int) -> bool:
    return number >= len(segment) or not segment[number].strip() or segment[number] == _DELETE


def _too_many(segment: Segment, limited: Mapping[int, int], repetition: str, index: int) -> Iterable[Problem]:
    start = HEADER_FIELDS + 1 if segment[0] == "MSH" else 1
    for number in range(start, len(segment)):
        most = limited.get(number)
        if most is not None and segment[number].count(repetition) >= most:
            path = place(segment[0], index, number)
            yield Problem(
                Kind.INVALID,
                "too-many-repetitions",
                path,
                f"{path} may be sent {most} time(s): leave out the other repetitions, or escape ~ as \\R\\",
                f"{path} 最多出现 {most} 次:请去掉多余的重复,或将文本中的 ~ 转义为 \\R\\",
            )


@cache
def _rules(version: str, name: str) -> tuple[tuple[int, ...], dict[int, int]] | None:
    """Required field numbers and largest numbers of repetitions of a segment; None when the table lacks it."""
    rows = load(version).segments.get(name)
    if rows is None:
        return None
    required = tuple(number for number, row in enumerate(rows, start=1) if row.least > 0 and row.most != 0)
    return required, {number: row.most for number, row in enumerate(rows, start=1) if row.most > 0}


LISTS = ("PSS", "PSG", "PSL", "DG1")
"""Segments of which a message is expected to hold several: their paths always carry an index."""


def place(name: str, index: int, number: int) -> str:
    """'PSL[2].16' for a segment that may come several times, 'IVC.8' for one that comes once."""
    return f"{name}[{index}].{number}" if index or name in LISTS else f"{name}.{number}"
