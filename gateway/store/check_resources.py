"""Resources against what points at them: history without gaps, index rows, settlements, messages."""

from collections.abc import Iterator

from gateway.kernel.problem import Kind, Problem
from gateway.store.queries import Place
from gateway.store.rows import unpack_indexed
from gateway.store.session import Texts
from gateway.store.values import SettlementState

_HISTORY_GAPS = (
    "SELECT r.type, r.id, r.version, count(h.version) FROM resource r LEFT JOIN resource_history h "
    "ON h.area = r.area AND h.type = r.type AND h.id = r.id AND h.version < r.version WHERE r.area = ? "
    "GROUP BY r.type, r.id, r.version HAVING count(h.version) <> r.version - 1"
)
_HEADLESS = (
    "SELECT DISTINCT h.type, h.id FROM resource_history h LEFT JOIN resource r "
    "ON r.area = h.area AND r.type = h.type AND r.id = h.id AND r.version > h.version WHERE h.area = ? AND r.id IS NULL"
)
_INDEXED = "SELECT type, id, indexed FROM resource WHERE area = ?"
_TOKENS = "SELECT hash, id, type FROM token_index WHERE area = ?"
_DATES = "SELECT hash, low, high, id, type FROM date_index WHERE area = ?"
_HEADS = "SELECT type, id FROM resource WHERE area = ? AND type {texts}"
_SETTLEMENTS = "SELECT id, claim, state, cancelled_by FROM settlement WHERE area = ? ORDER BY id"


def check(place: Place) -> list[Problem]:
    """Gaps in the history, index rows too many or missing, settlements without their resources."""
    return [*_check_history(place), *_check_indexes(place), *_check_settlements(place)]


def _check_history(place: Place) -> Iterator[Problem]:
    broken = {(type, id) for type, id, _, _ in place.rows(_HISTORY_GAPS)}
    broken |= {(type, id) for type, id in place.rows(_HEADLESS)}
    for type, id in sorted(broken):
        yield Problem(
            Kind.FAULT,
            "history-gap",
            f"{type}/{id}",
            "versions of this resource are missing, its history must run from 1 without gaps",
            "该资源缺少历史版本,版本应从 1 起连续",
        )


def _check_indexes(place: Place) -> Iterator[Problem]:
    expected: set[tuple[object, ...]] = set()
    for type, id, indexed in place.rows(_INDEXED):
        tokens, dates = unpack_indexed(indexed)
        expected.update((hash, id, type) for hash in tokens)
        expected.update((*span, id, type) for span in dates)
    found: set[tuple[object, ...]] = {tuple(row) for row in (*place.rows(_TOKENS), *place.rows(_DATES))}
    for type, id in sorted({(str(row[-1]), str(row[-2])) for row in expected ^ found}):
        yield Problem(
            Kind.FAULT,
            "index-differs",
            f"{type}/{id}",
            "the search index does not hold what this resource was stored with",
            "检索索引与该资源不一致",
        )


def _check_settlements(place: Place) -> Iterator[Problem]:
    heads = set(place.rows(_HEADS, Texts(("Claim", "ClaimResponse"))))
    for id, claim, state, cancelled_by in place.rows(_SETTLEMENTS):
        if ("Claim", claim) not in heads or ("ClaimResponse", id) not in heads:
            yield Problem(
                Kind.FAULT,
                "settlement-orphan",
                f"ClaimResponse/{id}",
                f"the resources of this settlement are missing: ClaimResponse/{id} or Claim/{claim}",
                f"该结算缺少对应资源:ClaimResponse/{id} 或 Claim/{claim}",
            )
        if (state == SettlementState.CANCELLED) != (("ClaimResponse", cancelled_by) in heads):
            yield Problem(
                Kind.FAULT,
                "cancellation-orphan",
                f"ClaimResponse/{id}",
                "a cancelled settlement names the ClaimResponse that undid it, one in force names none",
                "已撤销的结算应指明撤销单,有效的结算不应有撤销单",
            )
