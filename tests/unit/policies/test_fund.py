"""fund.yaml: what is shipped hangs together, and what is wrong is told with its line."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from gateway.kernel.problem import Kind, Refusal
from gateway.ledger.accounts import Account
from gateway.ledger.events import EVENTS, Told
from gateway.ledger.flows.personal import FUND as PERSONAL
from gateway.policies.load import SHIPPED, PolicyBook, load_area
from gateway.policies.read_fund import FundPlan

WORKERS = "370200-worker"
Change = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (WORKERS, "catalogue-370200"):
        shutil.copytree(SHIPPED / name, tmp_path / name)
    return tmp_path


def plans(book: PolicyBook) -> dict[str, FundPlan]:
    found = {name: each.fund for name, each in book.policies.items()}
    return {name: plan for name, plan in found.items() if plan is not None}


def test_every_area_says_how_its_books_are_kept(book: PolicyBook) -> None:
    assert plans(book).keys() == book.policies.keys()


def test_every_fund_that_a_policy_pays_from_is_among_the_funds_of_its_books(book: PolicyBook) -> None:
    for name, plan in plans(book).items():
        steps = [step for benefit in book.policies[name].policy.benefits for step in benefit.steps]
        paid = {step.arguments[key] for step in steps for key in ("fund", "rest_fund") if key in step.arguments}
        assert {fund for fund in paid if isinstance(fund, str)} <= plan.funds.keys(), name
        assert "basic" in plan.funds, name
        assert (PERSONAL in plan.funds) >= any(step.step == "account" for step in steps), name


def test_a_scheme_keeps_the_accounts_its_events_book(book: PolicyBook) -> None:
    everywhere = ("to-fiscal", "subsidy-received", "recovery-received", "advance-paid", "risk-fund-used")
    for name, plan in plans(book).items():
        told = Told("basic", 1, "p", "aid", "q", Account.FISCAL_ACCOUNT, {"city": 1}, 2)
        missing = {p.account for event in everywhere for p in EVENTS[event].books(told)} - plan.accounts
        assert not missing, (name, missing)


def test_figures_are_those_of_the_texts(book: PolicyBook) -> None:
    found = plans(book)
    day = date(2015, 1, 1)
    workers = found[WORKERS]

    fee = workers.fee_on("pooled", day)
    assert fee is not None
    assert (fee.rate, workers.fee_on("unit", day), workers.fine_on(day)) == (200, None, 2)
    assert found["440402-resident"].fees == (), "R5: no fee may be taken from the aid fund"
    subsidy = found["321182-resident"].subsidy_on(day)
    assert subsidy is not None
    assert (subsidy.parts, subsidy.station) == ({"government": 1}, Account.FISCAL_ACCOUNT)
    [reserve] = found["321182-resident"].appropriations_on(day)
    assert (reserve.reserve, reserve.rate, reserve.most) == (Account.RISK_FUND, 300, 1000)


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ('enterprise: "0.10"', 'enterprise: "10 %"', "policy-shape", "ratio between 0 and 1"),
        ("due_on_day: 10", "due_on_day: 0", "policy-shape", "whole number above zero"),
        ("due_on_day: 10", "due_on_day: [1]", "policy-shape", "whole number above zero"),
        ("below: 45", "below: 300", "policy-shape", "rising order"),
        ("below: 200", "below: 90", "policy-shape", "rising order"),
        ("unit_fund: unit", "unit_fund: units", "policy-word", "pooled, unit"),
        ("  - general-balance\n", "  - general\n", "policy-word", "general-balance"),
        ("fines:", "fine:", "policy-key", "unknown key"),
        ("    times: 2\n", "", "policy-key", "'times' is missing"),
        ("funds:\n  pooled:", "fund:\n  pooled:", "policy-key", "'funds' is missing"),
        ("fees:\n  - from: 1990-01-01", "fees:\n  - from: 1990-13-01", "policy-day", "day that exists"),
        ("fines:\n", "fines:\n  - {from: 2000-01-01, times: 3, reading: x}\n", "policy-overlap", "holds"),
        ("fines:\n", "fines:\n  - {from: 1980-01-01, to: 1981-01-01, times: 3}\n", "policy-shape", "source"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    folder: Path, change: Change, old: str, new: str, code: str, says: str
) -> None:
    file = f"{WORKERS}/fund.yaml"
    change(old, new, file=file)

    with pytest.raises(Refusal) as refused:
        load_area(folder / WORKERS)
    found = refused.value.problems
    assert code in {problem.code for problem in found}
    assert any(says in problem.en for problem in found), [problem.en for problem in found]
    assert all(problem.kind is Kind.INVALID and problem.path.startswith(file) for problem in found)


def test_centre_weights_are_a_hundred(tmp_path: Path) -> None:
    name = "310000-worker"
    for each in (name, "catalogue-common"):
        shutil.copytree(SHIPPED / each, tmp_path / each)
    path = tmp_path / name / "fund.yaml"
    path.write_text(path.read_text("utf-8").replace("basic_care: 30", "basic_care: 31"), "utf-8")

    with pytest.raises(Refusal, match="100 together"):
        load_area(tmp_path / name)


def test_a_folder_may_have_no_books(folder: Path) -> None:
    (folder / WORKERS / "fund.yaml").unlink()

    assert load_area(folder / WORKERS).fund is None
