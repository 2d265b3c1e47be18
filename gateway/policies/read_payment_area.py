"""What a payment file says of institutions and banks: stated facts, the area's accounts, payees, closures."""

import re
from datetime import date

from gateway.kernel.dated import Dated
from gateway.payment.payment import BankAccount, Change
from gateway.payment.stated import AMOUNTS, Stated
from gateway.policies.nodes import Spot, mark_wrong
from gateway.policies.read_payment_scope import SOURCED, Origin, institution, whole
from gateway.policies.read_payment_year import number
from gateway.policies.reading import amount, by_day, check_overlap, day, entries, items, members, span, text

ACCOUNTS = ("income", "fiscal", "expenditure")
_BANK = ("holder", "account", "bank", "bank_code")
_BANK_CODE = re.compile(r"[0-9]{12}", re.ASCII)
_ACCOUNT = re.compile(r"[0-9A-Za-z]{6,34}", re.ASCII)
_MOST_PEOPLE = 1_000_000_000


def read_stated(spot: Spot | None) -> dict[str, tuple[Dated[Stated], ...]]:
    """Stated facts by institution, dated."""
    found: dict[str, list[tuple[Spot, Dated[Stated]]]] = {}
    for each in items(spot):
        optional = ("heads", "amounts", "indicators", "targets", *SOURCED)
        parts = members(each, ("institution", "from", "to"), optional)
        first, last = span(parts)
        said = (text(parts[name], empty=True) if name in parts else "" for name in SOURCED)
        value = read_facts({name: parts[name] for name in optional if name in parts})
        found.setdefault(institution(parts.get("institution")), []).append((each, Dated(value, first, last, *said)))
    for versions in found.values():
        check_overlap([one for one, _ in versions], [value for _, value in versions])
    return {code: by_day(value for _, value in versions) for code, versions in found.items()}


def read_facts(found: dict[str, Spot]) -> Stated:
    """The facts themselves: heads, amounts, indicators, targets."""
    amounts = members(found["amounts"], (), AMOUNTS) if "amounts" in found else {}
    return Stated(
        heads={name: whole(each, 0, _MOST_PEOPLE) for name, each in entries(found.get("heads")).items()},
        amounts={name: amount(each) for name, each in amounts.items()},
        indicators={name: number(each) for name, each in entries(found.get("indicators")).items()},
        targets={name: number(each) for name, each in entries(found.get("targets")).items()},
    )


def read_accounts(spot: Spot | None) -> dict[str, BankAccount]:
    """The area's bank accounts: income 收入户, fiscal 财政专户, expenditure 支出户, kept apart."""
    if spot is None:
        return {}
    found = {name: _account(members(each, _BANK)) for name, each in members(spot, ACCOUNTS).items()}
    numbers = [each.account for each in found.values()]
    if len(set(numbers)) < len(numbers):
        mark_wrong(spot, "policy-word", "the three accounts are kept apart: write three numbers", "三个账户应分设")
    return found


def read_payees(spot: Spot | None) -> dict[str, tuple[Dated[BankAccount], ...]]:
    """Where each institution's money goes, dated."""
    found: dict[str, list[tuple[Spot, Dated[BankAccount]]]] = {}
    for each in items(spot):
        parts = members(each, ("institution", *_BANK, "from"), ("to", *SOURCED))
        first, last = span(parts)
        code = institution(parts.get("institution"))
        found.setdefault(code, []).append((each, Dated(_account(parts), first, last)))
    for versions in found.values():
        check_overlap([one for one, _ in versions], [value for _, value in versions])
    return {code: by_day(value for _, value in versions) for code, versions in found.items()}


def _account(found: dict[str, Spot]) -> BankAccount:
    number_spot, bank_spot = found.get("account"), found.get("bank_code")
    account, bank_code = text(number_spot), text(bank_spot)
    if number_spot is not None and account and not _ACCOUNT.fullmatch(account):
        mark_wrong(number_spot, "policy-shape", "write an account of 6 to 34 letters and digits", "应写 6 至 34 位账号")
    if bank_spot is not None and bank_code and not _BANK_CODE.fullmatch(bank_code):
        mark_wrong(bank_spot, "policy-shape", "write the bank number of 12 digits in quotes", "应写 12 位支付系统行号")
    return BankAccount(text(found.get("holder")), account, text(found.get("bank")), bank_code)


def read_changes(spot: Spot | None, origin: Origin) -> dict[str, Change]:
    """Institutions that ended, by code; no chain of successors leads back."""
    found: dict[str, Change] = {}
    for each in items(spot):
        parts = members(each, ("institution", "closed_on"), ("merged_into", *SOURCED))
        code, closed_on = institution(parts.get("institution")), day(parts.get("closed_on"), date.min)
        into = institution(parts["merged_into"]) if "merged_into" in parts else ""
        if code in found:
            mark_wrong(each, "policy-key", f"'{code}' ends twice: keep one", f"“{code}”重复:请保留一条")
        found[code] = Change(code, closed_on, into, origin.rule(f"changes.{code}", closed_on, parts, each))
    for code in found:
        if _leads_back(code, found):
            assert spot is not None, "there are changes"
            mark_wrong(spot, "policy-word", f"'{code}' would succeed itself: correct it", "承接关系成环:请改正")
            break
    return found


def _leads_back(code: str, changes: dict[str, Change]) -> bool:
    seen, now = set(), code
    while now in changes and now not in seen:
        seen.add(now)
        now = changes[now].merged_into
    return now in seen
