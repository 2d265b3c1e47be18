"""Recounts everything at one commit and says what differs. Nothing is repaired.

The books are the truth: accumulators, settlements and indexes are checked against postings, movements and resources.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from gateway.kernel.problem import Kind, Problem
from gateway.store import check_blobs, check_books, check_ledger, check_resources
from gateway.store.queries import Place
from gateway.store.readers import Readers
from gateway.store.values import Anchor, Verification

_COUNTED = (
    "resource", "resource_history", "message", "outbox", "posting", "movement", "accumulator", "settlement",
    "contribution", "audit", "policy_version", "dossier", "account_balance", "book_period", "ledger_seal",
)  # fmt: skip

_LEDGER = ("posting", "movement", "account_balance", "book_period", "ledger_seal")


def verify(place: Place, anchors: Sequence[Anchor] = ()) -> Verification:
    """All differences and the number of rows looked at, by table. `anchors`: links of the chain noted outside."""
    problems: list[Problem] = [*_damaged_pages(place.session.check_pages())]
    problems += check_ledger.check(place, anchors)
    problems += check_books.check(place)
    problems += check_resources.check(place)
    problems += check_blobs.check(place)
    return Verification(tuple(problems), count_rows(place, _COUNTED))


def verify_ledger(readers: Readers, anchors: Sequence[Anchor]) -> Verification:
    """The ledger alone, its chain beside the rest on a connection of its own."""
    with ThreadPoolExecutor(1) as beside, readers.snapshot() as place:
        chained = beside.submit(_check_chain, readers, anchors)
        recounted = check_ledger.recount(place)
        counts = count_rows(place, _LEDGER)
    return Verification((*chained.result(), *recounted), counts)


def _check_chain(readers: Readers, anchors: Sequence[Anchor]) -> list[Problem]:
    with readers.snapshot() as place:
        return check_ledger.check_chain(place, anchors)


def count_rows(place: Place, tables: Iterable[str]) -> dict[str, int]:
    """Rows of the area by table."""
    return {name: int(place.rows(f"SELECT count(*) FROM {name} WHERE area = ?")[0][0]) for name in tables}


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
