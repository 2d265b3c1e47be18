"""The two books against themselves, and what is kept beside them: entries, accumulators, settlements."""

from collections import defaultdict
from collections.abc import Iterator

from gateway.kernel.money import text
from gateway.kernel.problem import Kind, Problem
from gateway.ledger.accounts import Account
from gateway.settlement.claim import NOTHING, Counters
from gateway.settlement.working import BASIC
from gateway.store.queries import Place

_LINES = "SELECT entry_id, reverses, scheme, fund, account, party, fen FROM posting WHERE area = ?"
_SUMS = "sum(counted), sum(fund), sum(own_share), sum(deductible), sum(admissions)"
_MOVED = (
    f"SELECT person, scheme, layer, period, {_SUMS} FROM movement WHERE area = ? GROUP BY person, scheme, layer, period"
)
_KEPT = (
    "SELECT person, scheme, layer, period, counted, fund, own_share, deductible, admissions "
    "FROM accumulator WHERE area = ?"
)
_SETTLED = "SELECT id, claim, state, fund, cancelled_by FROM settlement WHERE area = ?"
# The carry-over of a closed year has no party: it is no claim's expense.
_EXPENSES = "SELECT cause, sum(fen) FROM posting WHERE area = ? AND account = ? AND party <> '' GROUP BY cause"
_EXPENSES_BY_FUND = (
    "SELECT cause, fund, sum(fen) FROM posting WHERE area = ? AND account = ? AND party <> '' GROUP BY cause, fund"
)
_FUND_MOVED = "SELECT claim, layer, sum(fund) FROM movement WHERE area = ? GROUP BY claim, layer"
_MOVED_BY_CLAIM = f"SELECT claim, {_SUMS} FROM movement WHERE area = ? GROUP BY claim"


def check(place: Place) -> list[Problem]:
    """Every difference in fen between the books and what was decided or summed up from them."""
    return [
        *_check_reversals(place),
        *_check_accumulators(place),
        *_check_settlements(place),
    ]


def _check_reversals(place: Place) -> Iterator[Problem]:
    """A counter-entry mirrors an entry that exists, and no entry is reversed twice."""
    lines: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    reverses: dict[str, str] = {}
    for entry, reversed_entry, *line in place.rows(_LINES):
        lines[entry].append(tuple(line))
        if reversed_entry:
            reverses[entry] = reversed_entry
    seen: set[str] = set()
    for entry, original in reverses.items():
        mirrored = sorted((*line[:-1], -int(str(line[-1]))) for line in lines[entry])
        if original in seen or mirrored != sorted(lines.get(original, [])):
            yield _problem(
                "reversal-wrong", f"posting/{entry}",
                f"this entry does not mirror {original}, or is its second reversal",
                f"该分录与原分录 {original} 不对应,或属重复冲销",
            )  # fmt: skip
        seen.add(original)


def _check_accumulators(place: Place) -> Iterator[Problem]:
    moved = {tuple(row[:4]): _counters(row[4:]) for row in place.rows(_MOVED)}
    kept = {tuple(row[:4]): Counters(*row[4:]) for row in place.rows(_KEPT)}
    for key in sorted(moved.keys() | kept.keys()):
        expected, found = moved.get(key, NOTHING), kept.get(key, NOTHING)
        if expected != found:
            yield _problem(
                "accumulator-differs", f"accumulator/{'/'.join(key)}",
                f"{tuple(found)} is kept, the movements sum up to {tuple(expected)}",
                f"累计值为 {tuple(found)},变动合计为 {tuple(expected)}",
            )  # fmt: skip


def _check_settlements(place: Place) -> Iterator[Problem]:
    """What was decided for a claim is what the funds booked; a cancelled one leaves nothing.

    A fund that pays has a counter of its own name, moved by what it pays; other layers count things of their own.
    """
    decided: dict[str, int] = defaultdict(int)
    undone: dict[str, bool] = {}
    for _, claim, state, fund, _ in place.rows(_SETTLED):
        decided[claim] += fund if state == "effective" else 0
        undone[claim] = undone.get(claim, True) and state != "effective"
    booked = {cause: int(fen) for cause, fen in place.rows(_EXPENSES, str(Account.BENEFIT_EXPENSE))}
    by_fund: dict[str, dict[str, int]] = defaultdict(dict)
    for claim, fund_name, fen in place.rows(_EXPENSES_BY_FUND, str(Account.BENEFIT_EXPENSE)):
        by_fund[claim][fund_name] = int(fen)
    by_layer = {(claim, layer): int(fen) for claim, layer, fen in place.rows(_FUND_MOVED)}
    moved = {row[0]: _counters(row[1:]) for row in place.rows(_MOVED_BY_CLAIM)}
    for claim, fund in sorted(decided.items()):
        expense = booked.get(claim, 0)
        if expense != fund:
            yield _problem(
                "settlement-booked", f"Claim/{claim}",
                f"the fund pays {text(fund)} by the decision, {text(expense)} by the books",
                f"结算基金支付 {text(fund)},账簿支出 {text(expense)}",
            )  # fmt: skip
        counters = moved.get(claim, NOTHING)
        uncounted = [
            f"{name} {text(paid)}/{text(by_layer.get((claim, name), 0))}"
            for name, paid in sorted({BASIC: 0, **by_fund[claim]}.items())
            if paid != by_layer.get((claim, name), 0)
        ]
        if uncounted or (undone[claim] and counters != NOTHING):
            yield _problem(
                "settlement-moved", f"Claim/{claim}",
                f"books and counter of a fund differ: {', '.join(uncounted)}; all counters moved by {tuple(counters)}",
                f"账簿与累计不一致的基金:{'、'.join(uncounted)};全部累计变动为 {tuple(counters)}",
            )  # fmt: skip
    for claim in sorted((booked.keys() | moved.keys()) - decided.keys()):
        if booked.get(claim, 0) or moved.get(claim, NOTHING) != NOTHING:
            yield _problem(
                "booked-unsettled", f"Claim/{claim}",
                "expense or counters are booked for a claim that has no settlement",
                "该单据未结算,却有支出或累计变动",
            )  # fmt: skip


def _counters(sums: tuple[object, ...]) -> Counters:
    return Counters(*(int(str(one)) for one in sums))


def _problem(code: str, path: str, en: str, zh: str) -> Problem:
    return Problem(Kind.FAULT, code, path, en, zh)
