"""Links of the hash chain noted down outside the database: a file of JSON lines, each on the disk before it counts.

Who can change the database can also compute its chain anew; an anchor kept elsewhere (another disk, a write-once
medium, the supervisor's mailbox) tells. Copy the file away every day.
"""

import os
from datetime import date
from pathlib import Path

import msgspec

from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.store.values import Anchor


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    day: date
    number: int
    seq: int
    hash: str


def append_anchor(path: Path, anchor: Anchor) -> None:
    """Add a line and wait until the disk has it. OSError when it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    line = msgspec.json.encode(_Line(anchor.day, anchor.number, anchor.seq, anchor.hash))
    with path.open("ab") as file:
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read_anchors(path: Path) -> list[Anchor]:
    """Every anchor in the order it was noted, none without a file. Refusal `anchors-unreadable`, line by line."""
    if not path.exists():
        return []
    anchors: list[Anchor] = []
    problems: list[Problem] = []
    for number, text in enumerate(path.read_bytes().splitlines(), 1):
        try:
            line = msgspec.json.decode(text, type=_Line)
        except msgspec.MsgspecError as error:
            problems.append(_unreadable(f"{path.name}:{number}", str(error)))
        else:
            anchors.append(Anchor(line.number, line.seq, line.hash, line.day))
    if problems:
        raise Refusal(problems)
    return anchors


def _unreadable(place: str, reason: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "anchors-unreadable",
        place,
        f"this line of the anchors is damaged ({reason[:100]}): give the copy that was kept elsewhere",
        f"校验值文件此行损坏({reason[:100]}):请使用另行保存的副本",
    )
