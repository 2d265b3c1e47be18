"""The ledger against its own hash chain, its anchors, its closed periods and the balances kept beside it.

Every entry balances in each fund; the links of the chain follow from the rows; what was anchored outside the database
is still there; nothing was booked into a period after it was closed; personal accounts hold what their postings say.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from gateway.kernel.money import text
from gateway.kernel.problem import Kind, Problem
from gateway.ledger.accounts import Account
from gateway.store import cases, check_periods
from gateway.store.flush import BLOCK
from gateway.store.queries import Place
from gateway.store.seals import BEFORE_ALL, sealed
from gateway.store.values import Anchor, Seal

_PAGE = 1_000
_UNBALANCED = (
    "SELECT entry_id, fund, sum(fen) FROM posting WHERE area = ? GROUP BY entry_id, fund HAVING sum(fen) <> 0 "
    "ORDER BY entry_id, fund"
)
_BALANCES = (
    "SELECT person, scheme, sum(kept), sum(booked) FROM ("
    "SELECT person, scheme, fen AS kept, 0 AS booked FROM account_balance WHERE area = ? UNION ALL "
    "SELECT party, scheme, 0, -fen FROM posting WHERE area = ? AND account = ? AND party <> '') AS sides "
    "GROUP BY person, scheme HAVING sum(kept) <> sum(booked) OR sum(booked) < 0 ORDER BY person, scheme"
)
_BEYOND = (
    "SELECT DISTINCT entry_id FROM posting {along posting_seq} WHERE area = ? AND seq > ? ORDER BY entry_id LIMIT ?"
)


def check(place: Place, anchors: Sequence[Anchor] = ()) -> list[Problem]:
    """Every difference, of the chain and of the recount."""
    return [*check_chain(place, anchors), *recount(place)]


def recount(place: Place) -> list[Problem]:
    """What does not follow from the postings themselves."""
    return [*_check_entries(place), *_check_numbers(place), *check_periods.check(place), *_check_balances(place)]


def check_chain(place: Place, anchors: Sequence[Anchor]) -> list[Problem]:
    """Links that do not follow from their rows, and anchors that are no links. Reads sealed rows only."""
    problems: list[Problem] = []
    noted: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        noted[anchor.number].append(anchor)
    previous: Seal | None = None
    for seal in _seals(place):
        above = previous.last_seq if previous is not None else BEFORE_ALL
        expected = sealed(place, previous, above=above, last_seq=seal.last_seq)
        if expected != seal:
            problems.append(_broken(seal, expected))
        kept = (seal.last_seq, seal.hash.hex())
        problems += (_unanchored(each) for each in noted.pop(seal.number, ()) if (each.seq, each.hash) != kept)
        previous = seal
    problems += (_unanchored(each) for _, cut_off in sorted(noted.items()) for each in cut_off)
    return problems


def _seals(place: Place) -> Iterator[Seal]:
    after = BEFORE_ALL
    while page := cases.seals(place, after=after, limit=_PAGE):
        yield from page
        after = page[-1].number


def _check_entries(place: Place) -> Iterator[Problem]:
    """Debits and credits of each entry are equal in each fund, and so are those of all the books."""
    total = 0
    for entry, fund, fen in place.rows(_UNBALANCED):
        total += int(fen)
        yield _problem(
            "entry-unbalanced", f"posting/{entry}",
            f"debits less credits of this entry in fund {fund} are {text(int(fen))}, they must be 0.00",
            f"该分录基金 {fund} 借贷差额为 {text(int(fen))},应为 0.00",
        )  # fmt: skip
    if total:
        yield _problem(
            "trial-balance", "posting",
            f"all accounts together are {text(total)}, they must be 0.00",
            f"全部科目余额合计为 {text(total)},应为 0.00",
        )  # fmt: skip


def _check_numbers(place: Place) -> Iterator[Problem]:
    """No row bears a number that no commit has given yet."""
    last = (place.session.last_commit() + 1) * BLOCK - 1
    for (entry,) in place.rows(_BEYOND, last, _PAGE):
        yield _problem(
            "number-beyond", f"posting/{entry}",
            "a line of this entry has a number that no commit of the gateway has given",
            "该分录行的序号并非由系统提交产生",
        )  # fmt: skip


def _check_balances(place: Place) -> Iterator[Problem]:
    """A personal account holds what was credited less what was debited, and never owes."""
    for person, scheme, kept, booked in place.rows(_BALANCES, str(place.area), str(Account.PERSONAL_ACCOUNT)):
        yield _problem(
            "balance-differs", f"account_balance/{person}/{scheme}",
            f"{text(int(kept))} is kept, the postings sum up to {text(int(booked))}",
            f"个人账户余额为 {text(int(kept))},分录合计为 {text(int(booked))}",
        )  # fmt: skip


def _broken(seal: Seal, expected: Seal) -> Problem:
    found = f"{seal.postings} postings and {seal.movements} movements"
    now = f"{expected.postings} and {expected.movements}"
    return _problem(
        "seal-broken", f"ledger_seal/{seal.number}",
        f"the rows up to {seal.last_seq} are not those that were sealed: {found} then, {now} now",
        f"截至 {seal.last_seq} 的账簿行与封存时不一致:封存 {seal.postings}/{seal.movements} 行,"
        f"现有 {expected.postings}/{expected.movements} 行",
    )  # fmt: skip


def _unanchored(anchor: Anchor) -> Problem:
    return _problem(
        "anchor-differs", f"ledger_seal/{anchor.number}",
        f"the link noted on {anchor.day} is missing or another: the books before it were cut off or rewritten",
        f"{anchor.day} 留存的校验值缺失或不符:此前的账簿被截断或改写",
    )  # fmt: skip


def _problem(code: str, path: str, en: str, zh: str) -> Problem:
    return Problem(Kind.FAULT, code, path, en, zh)
