"""Recounts everything at one commit and says what differs. Nothing is repaired.

The books are the truth: accumulators, settlements and indexes are checked against postings, movements and resources.
"""

from collections.abc import Iterable

from gateway.kernel.problem import Kind, Problem
from gateway.store import check_blobs, check_books, check_resources
from gateway.store.queries import Place
from gateway.store.values import Verification

_COUNTED = (
    "resource", "resource_history", "message", "outbox", "posting", "movement", "accumulator", "settlement",
    "contribution", "audit", "policy_version",
)  # fmt: skip


def verify(place: Place) -> Verification:
    """All differences and the number of rows looked at, by table."""
    problems: list[Problem] = [*_damaged_pages(place.session.check_pages())]
    problems += check_books.check(place)
    problems += check_resources.check(place)
    problems += check_blobs.check(place)
    counts = {name: int(place.rows(f"SELECT count(*) FROM {name} WHERE area = ?")[0][0]) for name in _COUNTED}
    return Verification(tuple(problems), counts)


def _damaged_pages(found: Iterable[str]) -> list[Problem]:
    return [
        Problem(
            Kind.FAULT,
            "pages-damaged",
            "database",
            f"the database file is damaged ({text[:200]}): restore the last backup and send the messages since again",
            f"数据库文件损坏({text[:200]}):请恢复最近的备份并重发其后的报文",
        )
        for text in found
    ]
