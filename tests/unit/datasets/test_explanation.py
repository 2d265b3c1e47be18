"""The explanation of a settlement: complete sums, figures in arithmetic, cited words; and the page that tells them."""

from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest

from gateway.datasets.explanation import Explanation, Head, explain_settlement, explain_stored, find_settlement
from gateway.datasets.explanation_json import write_explanation
from gateway.datasets.explanation_page import explanation_page, yuan
from gateway.datasets.titles import FUNDS as FUND_TITLES
from gateway.policies.cases import read_case_file
from gateway.policies.load import SHIPPED, load_all
from gateway.policies.read_cases import FUNDS, WrittenCase
from gateway.settlement.adjudicate import adjudicate
from gateway.settlement.decision import Decision
from gateway.settlement.explain import trace
from tests.unit.datasets.conftest import RESIDENT, Home, settle
from tests.unit.exchange.town import DRUG, Town, cancellation

WORKED = SHIPPED / RESIDENT / "cases" / "worked-examples.yaml"
HOSTILE = "<script>alert('&\"')</script>"


def worked(amount: str) -> WrittenCase:
    """The worked example of a claim of that amount."""
    cases = read_case_file(WORKED, load_all())
    return next(each for each in cases if sum(line.amount for line in each.case.claim.lines) == int(amount))


def explained(written: WrittenCase) -> Explanation:
    outcome = adjudicate(written.case, written.policy.policy)
    assert isinstance(outcome, Decision)
    stored = msgspec.json.decode(msgspec.json.encode(trace(outcome)))
    return explain_stored(stored, Head("", written.name, "case", "", ""), written.policy.policy, None)


@pytest.fixture(scope="module")
def second_tier() -> Explanation:
    return explained(worked("3268045"))


def amounts(*texts: str) -> Decimal:
    return sum(map(Decimal, texts), Decimal(0))


def test_arithmetic_is_told_in_figures(second_tier: Explanation) -> None:
    assert "(32180.45 − 10000.00) × 65 % = 14417.29" in [figure.arithmetic for figure in second_tier.figures]


def test_the_parts_and_the_payers_each_add_up_to_the_total(second_tier: Explanation) -> None:
    told = second_tier.summary
    assert told is not None

    assert amounts(told.own_expense, told.over_limit, told.first_payment, told.in_scope) == Decimal(told.total)
    assert amounts(told.fund, told.account, told.institution_share, told.cash) == Decimal(told.total)
    assert amounts(*(share.amount for share in second_tier.funds)) == Decimal(told.fund) == Decimal("20417.29")
    assert amounts(*(line.amount for line in second_tier.lines)) == Decimal(told.total)


def test_every_figure_names_a_rule_with_its_words_and_version(second_tier: Explanation) -> None:
    rules = {rule.rule: rule for rule in second_tier.rules}

    assert len(second_tier.version) == 64
    assert {figure.rule for figure in second_tier.figures} == set(rules)
    assert all(figure.zh and figure.en and figure.version for figure in second_tier.figures)
    assert "50001-120000元补偿70%" in rules[f"{RESIDENT} parameters.tiers"].source
    assert rules[f"{RESIDENT} parameters.tiers"].reading


def test_every_shipped_case_can_be_explained_and_shown() -> None:
    book = load_all()
    seen = 0
    for area in book.policies.values():
        for file in sorted((area.folder / "cases").glob("*.yaml")):
            for written in read_case_file(file, book):
                if isinstance(adjudicate(written.case, written.policy.policy), Decision):
                    told = explained(written)
                    assert told.summary is not None
                    assert yuan(told.summary.cash) in explanation_page(told)
                    seen += 1
    assert seen > 90


def test_every_fund_has_words() -> None:
    assert set(FUND_TITLES) == set(FUNDS)


def test_lines_are_named_by_the_catalogue_that_decided(home: Home) -> None:
    person = home.town.resident(101)
    id = settle(home.town, person, "1000.00", number=101, day="2015-03-09")
    settlement = find_settlement(home.town.store, id)
    assert settlement is not None

    told = explain_settlement(home.town.store, settlement)

    assert [(line.code, line.amount) for line in told.lines] == [(DRUG, "1000.00")]
    assert told.lines[0].zh
    assert told.lines[0].en
    assert (told.titles["category"].en, told.titles["level"].en) == ("residents", "city hospitals")


def test_a_cancelled_settlement_says_so_under_either_id(home: Home) -> None:
    town = home.town
    id = settle(town, town.resident(102), "1000.00", number=102, day="2015-03-09")
    answer = town.operate("cancel", cancellation(settlement=id))
    undone = str(answer.body["ClaimResponse"]["id"])

    found = [find_settlement(town.store, each) for each in (id, undone)]

    assert found[0] == found[1]
    assert found[0] is not None
    told = explain_settlement(town.store, found[0])
    assert (told.head.state, told.head.cancelled_by) == ("cancelled", undone)
    assert "已撤销" in explanation_page(told)
    assert find_settlement(town.store, "nothing") is None


def test_what_was_stored_before_facts_were_kept_is_still_explained(second_tier: Explanation, town: Town) -> None:
    outcome = adjudicate(worked("3268045").case, worked("3268045").policy.policy)
    assert isinstance(outcome, Decision)
    stored = {name: value for name, value in trace(outcome).items() if name != "record"}

    told = explain_stored(stored, Head("s", "c", "effective", "H", "2015-03-09"), None, None)

    assert told.figures == second_tier.figures
    assert (told.summary, told.lines, told.funds) == (None, (), ())
    assert write_explanation(told)["total"] == ""
    assert "in figures" in explanation_page(told)


# the page


class Reader(HTMLParser):
    """Collects tags, attributes and the text, and sees that what is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read_page(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def test_the_page_begins_with_what_the_patient_asks(second_tier: Explanation) -> None:
    text = read_page(explanation_page(second_tier)).text

    places = [text.index(each) for each in ("¥32,680.45", "¥20,417.29", "¥12,263.16", "费用明细", "计算步骤", "依据")]
    assert places == sorted(places)
    assert "您支付" in text
    assert "you pay" in text
    assert "(32180.45 − 10000.00) × 65 % = 14417.29" in text


def test_the_page_fetches_nothing(second_tier: Explanation) -> None:
    page = explanation_page(second_tier)
    reader = read_page(page)

    assert reader.tags.isdisjoint({"script", "link", "img", "iframe", "object", "form", "a", "base"})
    assert {"src", "href", "action", "onload"}.isdisjoint(name for name, _ in reader.attributes)
    assert "url(" not in page
    assert "@import" not in page
    assert "://" not in page
    assert "@media print" in page


def test_whatever_a_sender_or_a_policy_wrote_is_text(second_tier: Explanation) -> None:
    stored: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(_trace("3268045")))
    for rule in stored["rules"]:
        rule["source"] = rule["reading"] = rule["path"] = HOSTILE
    for line in stored["record"]["claim"]["lines"]:
        line[1] = HOSTILE
    stored["record"]["funds"] = {HOSTILE: 1}
    stored["policy"] = stored["version"] = stored["benefit"] = HOSTILE

    page = explanation_page(
        explain_stored(stored, Head(HOSTILE, HOSTILE, "cancelled", HOSTILE, HOSTILE, HOSTILE), None, None)
    )

    assert "<script" not in page
    assert HOSTILE in read_page(page).text


def _trace(amount: str) -> dict[str, Any]:
    outcome = adjudicate(worked(amount).case, worked(amount).policy.policy)
    assert isinstance(outcome, Decision)
    return trace(outcome)


def test_amounts_are_written_for_people() -> None:
    assert [yuan(each) for each in ("0.00", "5.00", "1234.56", "1234567.80", "-1234.56")] == [
        "¥0.00",
        "¥5.00",
        "¥1,234.56",
        "¥1,234,567.80",
        "-¥1,234.56",
    ]
