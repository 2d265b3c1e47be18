"""What closings and clearings ask of the books: lines, turnover, balances, activity, care, payables."""

from collections import defaultdict
from datetime import date, timedelta
from typing import TypedDict

import pytest

from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Entry, transfer
from gateway.store import books
from gateway.store.store import Store
from gateway.store.values import CareRow, PostingLine, Turnover
from tests.bench.month import DAYS, FIRST, OPENING, Month, fill, institution
from tests.conftest import AREA, new_id, open_test_store, test_keyring


class Days(TypedDict):
    """Both included."""

    from_on: date
    to_on: date


JUNE: Days = {"from_on": FIRST, "to_on": date(2015, 6, 30)}
SOME: Days = {"from_on": date(2015, 6, 10), "to_on": date(2015, 6, 20)}
SIZE, INSTITUTIONS = 400, 7


@pytest.fixture
def filled(store_url: str) -> Store:
    """A month of made-up settlements."""
    fill(store_url, Month(SIZE, INSTITUTIONS, AREA, test_keyring(), resources=True))
    return open_test_store(store_url, ready=True)


def all_lines(store: Store, **asked: object) -> list[PostingLine]:
    found: list[PostingLine] = []
    while page := store.postings(scheme="resident", limit=97, after=found[-1].place if found else None, **asked):  # type: ignore[arg-type]
        found += page
    return found


def test_the_month_is_sound(filled: Store) -> None:
    filled.seal()
    assert filled.verify().problems == ()
    assert filled.verify().counts["settlement"] == SIZE
    filled.close()


def test_lines_come_in_pages_by_day_and_number(filled: Store) -> None:
    every = all_lines(filled)
    assert len(every) == filled.verify_ledger().counts["posting"]
    assert [line.place for line in every] == sorted({line.place for line in every})
    payable = [line for line in every if line.account == "provider-payable"]
    assert all_lines(filled, account="provider-payable") == payable
    assert all_lines(filled, party=institution(3)) == [line for line in every if line.party == institution(3)]
    assert all_lines(filled, fund="aid") == [line for line in every if line.fund == "aid"]
    assert all_lines(filled, cause=every[-1].cause) == [line for line in every if line.cause == every[-1].cause]
    some = [line for line in every if date(2015, 6, 3) <= line.booked_on <= date(2015, 6, 5)]
    assert all_lines(filled, from_on=date(2015, 6, 3), to_on=date(2015, 6, 5)) == some
    assert filled.postings(scheme="worker", limit=10) == []
    filled.close()


def test_turnover_and_balances_are_the_sums_of_lines(filled: Store) -> None:
    every = all_lines(filled)
    sides: dict[tuple[str, str], list[Fen]] = defaultdict(lambda: [0, 0])
    parties: dict[tuple[str, str], list[Fen]] = defaultdict(lambda: [0, 0])
    balances: dict[tuple[str, str], Fen] = defaultdict(int)
    for line in every:
        if SOME["from_on"] <= line.booked_on <= SOME["to_on"]:
            sides[line.fund, line.account][line.fen < 0] += abs(line.fen)
            if line.account == Account.PROVIDER_PAYABLE:
                parties[line.fund, line.party][line.fen < 0] += abs(line.fen)
        if line.booked_on <= SOME["to_on"]:
            balances[line.fund, line.account] += line.fen
    assert filled.turnover("resident", **SOME) == {key: Turnover(*both) for key, both in sides.items()}
    found = filled.party_turnover("resident", "provider-payable", **SOME)
    assert found == {key: Turnover(*both) for key, both in parties.items()}
    assert filled.balances("resident", on=SOME["to_on"]) == balances
    assert filled.balances("resident", on=date(2015, 5, 31)) == {}
    assert filled.turnover("worker", **SOME) == {}
    whole = filled.turnover("resident", **JUNE)
    assert sum(each.balance for each in whole.values()) == 0
    assert whole["personal-account", "income-account"].debit % OPENING == 0
    filled.close()


def test_care_is_what_was_settled_and_cancelled(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "_PAGE", 7)
    rows = list(filled.care("resident", **JUNE))
    assert [row.sign for row in rows].count(1) == SIZE
    assert [row.sign for row in rows].count(-1) == SIZE // 50
    assert [row.institution for row in rows] == sorted(row.institution for row in rows)
    settled = {row.settlement: row for row in rows if row.sign == 1}
    assert len(settled) == SIZE
    assert all(row == settled[row.settlement]._replace(sign=-1) for row in rows if row.sign == -1)
    one = filled.settlement(rows[0].settlement)
    assert one is not None
    assert rows[0] == CareRow(
        one.institution, one.person, one.kind, one.case_group, one.days, one.total, one.fund, one.account, 1, one.id,
        one.booked_on,
    )  # fmt: skip
    assert list(filled.care("resident", **SOME)) == [r for r in rows if SOME["from_on"] <= r.booked_on <= SOME["to_on"]]
    wanted = [institution(5), institution(2), "H00000000000"]
    assert list(filled.care("resident", institutions=wanted, **JUNE)) == [r for r in rows if r.institution in wanted]
    assert list(filled.care("worker", **JUNE)) == []
    filled.close()


def test_activity_is_care_summed_up(filled: Store) -> None:
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 5)
    for row in filled.care("resident", **JUNE):
        part = sums[row.institution, row.kind]
        part[0 if row.sign == 1 else 1] += 1
        for place, fen in enumerate((row.total, row.fund, row.account), 2):
            part[place] += row.sign * fen
    found = filled.activity("resident", **JUNE)
    assert [(each.institution, each.kind) for each in found] == sorted(sums)
    assert {(each.institution, each.kind): list(each[2:]) for each in found} == sums
    one = filled.activity("resident", institution=institution(4), **JUNE)
    assert one == [each for each in found if each.institution == institution(4)]
    filled.close()


def test_payables_are_what_claims_owe(filled: Store) -> None:
    """Equal to what care says the funds and accounts pay; a clearing's own debit does not count."""
    paid: dict[str, Fen] = defaultdict(int)
    for row in filled.care("resident", **JUNE):
        paid[row.institution] += row.sign * (row.fund + row.account)
    before = filled.payables("resident", **JUNE)
    assert {code: sum(funds.values()) for code, funds in before.items()} == paid
    assert {fund for funds in before.values() for fund in funds} == {"basic", "aid", "personal-account"}
    cleared = transfer(
        fund="basic", debit=Account.PROVIDER_PAYABLE, credit=Account.EXPENDITURE_ACCOUNT, party=institution(0), amount=9
    )
    day = FIRST + timedelta(days=DAYS - 1)
    filled.submit(lambda unit: unit.post(Entry(new_id(), AREA, "resident", day, "clearing-1", cleared))).result(30)
    assert filled.payables("resident", **JUNE) == before
    asked = [institution(0), institution(6)]
    assert filled.payables("resident", institutions=asked, **JUNE) == {code: before[code] for code in asked}
    assert filled.payables("worker", **JUNE) == {}
    filled.close()


def test_the_digest_is_of_the_days(filled: Store) -> None:
    whole = filled.digest("resident", **JUNE)
    assert whole == filled.digest("resident", from_on=date(2015, 1, 1), to_on=date(2015, 12, 31))
    assert (
        len({whole, filled.digest("resident", from_on=FIRST, to_on=date(2015, 6, 29)), filled.digest("w", **JUNE)}) == 3
    )
    filled.close()
