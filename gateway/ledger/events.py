"""Events of the fund that an officer or the finance department reports: the name of each, and the flow it books.

Each has a fund and an amount above zero; what else it needs is its `party`, and the members named in `needs`.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account, Party
from gateway.ledger.flows import Flow, centres, contributions, personal, providers, reserves, stations
from gateway.ledger.parts import split
from gateway.ledger.stations import STATIONS


class Told(NamedTuple):
    """What is told of an event, and what the policy adds.

    `to_fund`, `to_party`: the other side of a move between two; `station`: a bank account; `parts`: how levels of
    government share; `times`: the fine for fraud as a multiple.
    """

    fund: str
    amount: Fen
    party: str = ""
    to_fund: str = ""
    to_party: str = ""
    station: Account = Account.FISCAL_ACCOUNT
    parts: Mapping[str, int] = MappingProxyType({})
    times: int = 0


class Terms(StrEnum):
    """What of the policy an event needs."""

    SUBSIDY = "subsidy"
    RUNNING = "running"
    PREVENTION = "prevention"
    FINE = "fine"
    FEE = "fee"


class Event(NamedTuple):
    """One kind of event. `needs`: members told beside fund and amount; `limits`: accounts it may not turn round.

    A limited account keeps its side for the event's party: nobody gets back more deposit than was retained.
    `only_fund`: the one fund it happens in, '' for any.
    """

    zh: str
    en: str
    books: Callable[[Told], Flow]
    party: Party = Party.NONE
    needs: frozenset[str] = frozenset()
    limits: frozenset[Account] = frozenset()
    terms: Terms | None = None
    only_fund: str = ""


_A = Account
_TO_FUND, _TO_PARTY, _STATION = frozenset({"to_fund"}), frozenset({"to_party"}), frozenset({"station"})
ENTERED = (_A.FISCAL_ACCOUNT, _A.INCOME_ACCOUNT)
"""Stations that subsidies may be paid into."""
STATIONS_OF: Mapping[str, tuple[Account, ...]] = {
    "subsidy-received": ENTERED,
    "interest-received": STATIONS,
    "balance-opened": STATIONS,
}
"""By event that tells one, the stations it may name."""


def _limit(*accounts: Account) -> frozenset[Account]:
    return frozenset(accounts)


def _reserve(flow: Callable[..., Flow], reserve: Account) -> Callable[[Told], Flow]:
    return lambda told: flow(fund=told.fund, reserve=reserve, amount=told.amount)


def _fraud(told: Told) -> Flow:
    fine = providers.fine(told.amount, times=told.times)
    return (
        *providers.recovery_claimed(fund=told.fund, debtor=told.party, amount=told.amount),
        *providers.penalty_charged(fund=told.fund, debtor=told.party, amount=fine),
    )


_MOVES: Mapping[str, Event] = {
    "to-fiscal": Event(
        "收入户上解财政专户",
        "income account paid over to the fiscal account",
        lambda t: stations.to_fiscal(fund=t.fund, amount=t.amount),
    ),
    "to-expenditure": Event(
        "财政专户拨入支出户",
        "expenditure account fed from the fiscal account",
        lambda t: stations.to_expenditure(fund=t.fund, amount=t.amount),
    ),
    "given-back": Event(
        "支出户缴回财政专户",
        "expenditure account gives back",
        lambda t: stations.given_back(fund=t.fund, amount=t.amount),
    ),
    "balance-opened": Event(
        "期初余额",
        "balance brought forward from older books",
        lambda t: reserves.opened(fund=t.fund, station=t.station, amount=t.amount),
        needs=_STATION,
    ),
    "allocated": Event(
        "基金间划转",
        "allocated to another fund",
        lambda t: reserves.allocated(from_fund=t.fund, to_fund=t.to_fund, amount=t.amount),
        needs=_TO_FUND,
    ),
    "reserve-appropriated": Event(
        "提取储备金", "reserve appropriated", _reserve(reserves.appropriated, _A.RESERVE_FUND)
    ),
    "reserve-used": Event(
        "动用储备金", "reserve used", _reserve(reserves.reserve_used, _A.RESERVE_FUND), limits=_limit(_A.RESERVE_FUND)
    ),
    "risk-fund-appropriated": Event(
        "提取风险基金", "risk fund appropriated", _reserve(reserves.appropriated, _A.RISK_FUND)
    ),
    "risk-fund-used": Event(
        "动用风险基金", "risk fund used", _reserve(reserves.reserve_used, _A.RISK_FUND), limits=_limit(_A.RISK_FUND)
    ),
}

_INCOME: Mapping[str, Event] = {
    "contribution-levied": Event(
        "应缴保险费",
        "contribution levied",
        lambda t: contributions.levied(fund=t.fund, payer=t.party, amount=t.amount),
        Party.PAYER,
    ),
    "contribution-received": Event(
        "保险费到账",
        "contribution received",
        lambda t: contributions.received(fund=t.fund, payer=t.party, amount=t.amount),
        Party.PAYER,
        limits=_limit(_A.CONTRIBUTION_RECEIVABLE),
    ),
    "contribution-refunded": Event(
        "退还保险费",
        "contribution refunded",
        lambda t: contributions.refunded(fund=t.fund, payer=t.party, amount=t.amount),
        Party.PAYER,
        limits=_limit(_A.CONTRIBUTION_INCOME),
    ),
    "receipt-held": Event(
        "暂收款到账",
        "receipt held",
        lambda t: contributions.held(fund=t.fund, payer=t.party, amount=t.amount),
        Party.PAYER,
    ),
    "held-applied": Event(
        "暂收款核销",
        "held receipt applied to a levy",
        lambda t: contributions.applied(fund=t.fund, holder=t.party, payer=t.to_party, amount=t.amount),
        Party.PAYER,
        _TO_PARTY,
        _limit(_A.UNAPPLIED_RECEIPTS),
    ),
    "held-given-back": Event(
        "退还暂收款",
        "held receipt given back",
        lambda t: contributions.held_given_back(fund=t.fund, payer=t.party, amount=t.amount),
        Party.PAYER,
        limits=_limit(_A.UNAPPLIED_RECEIPTS),
    ),
    "late-fee-received": Event(
        "滞纳金到账",
        "late fee received",
        lambda t: contributions.late_fee_received(fund=t.fund, payer=t.party, amount=t.amount),
        Party.PAYER,
    ),
    "subsidy-claimed": Event(
        "申请财政补贴",
        "subsidy claimed",
        lambda t: contributions.subsidy_claimed(fund=t.fund, by_level={t.party: t.amount}),
        Party.GOVERNMENT,
    ),
    "subsidy-claimed-by-levels": Event(
        "按比例申请各级财政补贴",
        "subsidy claimed from each level of government by its part",
        lambda t: contributions.subsidy_claimed(fund=t.fund, by_level=split(t.amount, t.parts)),
        terms=Terms.SUBSIDY,
    ),
    "subsidy-received": Event(
        "财政补贴到账",
        "subsidy received",
        lambda t: contributions.subsidy_received(fund=t.fund, level=t.party, amount=t.amount, station=t.station),
        Party.GOVERNMENT,
        _STATION,
        _limit(_A.SUBSIDY_RECEIVABLE),
    ),
    "interest-received": Event(
        "利息到账",
        "interest received",
        lambda t: contributions.interest_received(fund=t.fund, station=t.station, amount=t.amount),
        needs=_STATION,
    ),
    "enrolment-assisted": Event(
        "资助参保",
        "contribution paid by the aid fund",
        lambda t: contributions.enrolment_assisted(aid_fund=t.fund, fund=t.to_fund, payer=t.party, amount=t.amount),
        Party.PAYER,
        _TO_FUND,
    ),
    "transferred-in": Event(
        "转移收入",
        "pooled money transferred in",
        lambda t: reserves.transferred_in(fund=t.fund, area=t.party, amount=t.amount),
        Party.AREA,
    ),
    "recovery-received": Event(
        "追回款到账",
        "recovery or penalty received",
        lambda t: providers.recovery_received(fund=t.fund, debtor=t.party, amount=t.amount),
        Party.DEBTOR,
        limits=_limit(_A.RECOVERY_RECEIVABLE),
    ),
}

_SPENDING: Mapping[str, Event] = {
    "premium-paid": Event(
        "支付大病保险保费",
        "catastrophic premium paid",
        lambda t: reserves.premium_paid(fund=t.fund, insurer=t.party, amount=t.amount),
        Party.INSURER,
    ),
    "fee-charged": Event(
        "提取管理费",
        "management fee charged",
        lambda t: reserves.fee_charged(fund=t.fund, amount=t.amount),
        terms=Terms.FEE,
    ),
    "transferred-out": Event(
        "转移支出",
        "pooled money transferred out",
        lambda t: reserves.transferred_out(fund=t.fund, area=t.party, amount=t.amount),
        Party.AREA,
    ),
    "advance-paid": Event(
        "预付定点医药机构",
        "advance paid to an institution",
        lambda t: providers.advanced(fund=t.fund, institution=t.party, amount=t.amount),
        Party.INSTITUTION,
    ),
    "deposit-released": Event(
        "返还质量保证金",
        "quality deposit released",
        lambda t: providers.deposit_released(fund=t.fund, institution=t.party, amount=t.amount),
        Party.INSTITUTION,
        limits=_limit(_A.QUALITY_DEPOSIT),
    ),
    "deposit-forfeited": Event(
        "扣减质量保证金",
        "quality deposit forfeited",
        lambda t: providers.deposit_forfeited(fund=t.fund, institution=t.party, amount=t.amount),
        Party.INSTITUTION,
        limits=_limit(_A.QUALITY_DEPOSIT),
    ),
    "recovery-claimed": Event(
        "追回已付待遇",
        "benefit claimed back",
        lambda t: providers.recovery_claimed(fund=t.fund, debtor=t.party, amount=t.amount),
        Party.DEBTOR,
    ),
    "fraud-established": Event(
        "追回冒领并处罚款",
        "fraud: what was obtained is claimed back, and the fine",
        _fraud,
        Party.DEBTOR,
        terms=Terms.FINE,
    ),
    "penalty-charged": Event(
        "罚款、违约金",
        "penalty charged",
        lambda t: providers.penalty_charged(fund=t.fund, debtor=t.party, amount=t.amount),
        Party.DEBTOR,
    ),
}

_ACCOUNTS: Mapping[str, Event] = {
    "account-credited": Event(
        "划入个人账户",
        "personal account credited",
        lambda t: personal.credited(person=t.party, amount=t.amount),
        Party.PERSON,
        only_fund=personal.FUND,
    ),
    "account-interest": Event(
        "个人账户计息",
        "interest to a personal account",
        lambda t: personal.interest_credited(pooled_fund=t.fund, person=t.party, amount=t.amount),
        Party.PERSON,
        limits=_limit(_A.INTEREST_INCOME),
    ),
    "account-moved-in": Event(
        "个人账户转入",
        "balance of a personal account moved in",
        lambda t: personal.moved_in(person=t.party, amount=t.amount),
        Party.PERSON,
        only_fund=personal.FUND,
    ),
    "account-moved-out": Event(
        "个人账户转出",
        "balance of a personal account moved out",
        lambda t: personal.moved_out(person=t.party, amount=t.amount),
        Party.PERSON,
        only_fund=personal.FUND,
    ),
    "account-paid-out": Event(
        "个人账户退还(死亡、出国定居)",
        "personal account paid out on death or emigration",
        lambda t: personal.paid_out(person=t.party, amount=t.amount),
        Party.PERSON,
        only_fund=personal.FUND,
    ),
}

_CENTRES: Mapping[str, Event] = {
    "centre-income-paid-in": Event(
        "服务中心上缴收入",
        "a centre pays in its income",
        lambda t: centres.paid_in(fund=t.fund, centre=t.party, amount=t.amount),
        Party.INSTITUTION,
    ),
    "centre-running-claimed": Event(
        "申请服务中心运行经费补贴",
        "running subsidy of centres claimed, by level",
        lambda t: contributions.subsidy_claimed(fund=t.fund, by_level=split(t.amount, t.parts)),
        terms=Terms.RUNNING,
        only_fund=centres.BASIC_CARE,
    ),
    "centre-prevention-claimed": Event(
        "申请预防保健经费",
        "prevention money of centres claimed, by level",
        lambda t: contributions.subsidy_claimed(fund=t.fund, by_level=split(t.amount, t.parts)),
        terms=Terms.PREVENTION,
        only_fund=centres.PUBLIC_HEALTH,
    ),
    "centre-budget-paid": Event(
        "拨付服务中心预算",
        "a centre's budget is paid",
        lambda t: centres.budget_paid(fund=t.fund, centre=t.party, amount=t.amount),
        Party.INSTITUTION,
    ),
    "centre-deficit-taken-over": Event(
        "确认服务中心以前年度亏损",
        "a centre's old deficit is recorded",
        lambda t: centres.deficit_taken_over(fund=t.fund, centre=t.party, amount=t.amount),
        Party.INSTITUTION,
    ),
    "centre-deficit-covered": Event(
        "消化服务中心以前年度亏损",
        "a part of a centre's old deficit is written down",
        lambda t: centres.deficit_covered(fund=t.fund, centre=t.party, amount=t.amount),
        Party.INSTITUTION,
        limits=_limit(_A.DEFICIT_TO_COVER),
    ),
}

EVENTS: Mapping[str, Event] = {**_MOVES, **_INCOME, **_SPENDING, **_ACCOUNTS, **_CENTRES}
"""Every event that may be reported, by its name."""
