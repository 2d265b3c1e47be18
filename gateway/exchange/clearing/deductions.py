"""Deductions: read from what an officer sends, checked against the settlements they name, remembered for ever.

A settlement's deductions over all months never exceed what its funds and account paid.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gateway.exchange.clearing import folders, problems
from gateway.exchange.clearing.bodies import Clearing, Deduction, Reason
from gateway.kernel import money
from gateway.kernel.ids import PersonId
from gateway.kernel.money import Fen
from gateway.kernel.problem import Problem, Refusal
from gateway.store.unit import Unit
from gateway.store.values import Dossier, Settlement, SettlementState

LONGEST_TEXT = 200
MOST = 1000
MEMBERS = frozenset({"fund", "amount", "reason", "text", "source", "settlement"})


def read_deductions(listed: Any) -> tuple[Deduction, ...]:
    """Deductions of a JSON list, amounts in yuan as text or number. Refusal with every problem."""
    if not isinstance(listed, list) or len(listed) > MOST:
        raise Refusal(problems.bad_body(f"deductions is a list of at most {MOST}"))
    found: list[Problem] = []
    read = [_read(place, each, found) for place, each in enumerate(listed)]
    if found:
        raise Refusal(found)
    return tuple(each for each in read if each is not None)


def _read(place: int, each: Any, found: list[Problem]) -> Deduction | None:
    if not isinstance(each, Mapping):
        found.append(problems.bad_deduction(place, "fund", en="an object", zh="对象"))
        return None
    before = len(found)
    unknown = sorted(str(name)[:20] for name in set(each) - MEMBERS)
    found += [
        problems.bad_deduction(place, name, en="nothing: it is not known", zh="空:不支持该项") for name in unknown
    ]
    texts = {name: each.get(name, "") for name in ("fund", "text", "source", "settlement")}
    for name, text in texts.items():
        needed = name in ("text", "source")
        if not isinstance(text, str) or len(text) > LONGEST_TEXT or (needed and not text.strip()):
            found.append(problems.bad_deduction(place, name, en="a text of 1 to 200 characters", zh="1至200字的文本"))
    reason = each.get("reason")
    if reason not in set(Reason):
        every = ", ".join(Reason)
        found.append(problems.bad_deduction(place, "reason", en=f"one of {every}", zh=f" {every} 之一"))
    try:
        amount = money.of(each.get("amount", ""))
    except (ValueError, TypeError):
        amount = 0
    if amount <= 0:
        found.append(
            problems.bad_deduction(place, "amount", en="yuan above zero, two decimals", zh="大于零的两位小数金额")
        )
    if len(found) > before:
        return None
    return Deduction(amount=amount, reason=Reason(str(reason)), **{**texts, "fund": texts["fund"] or "basic"})


def check_deductions(unit: Unit, clearing: Clearing, deductions: Sequence[Deduction]) -> list[Problem]:
    """A problem for each deduction of a fund that the month has not, or of a settlement that cannot bear it."""
    funds = {share.fund for share in clearing.shares}
    found = [
        problems.bad_deduction(place, "fund", en=f"one of {', '.join(sorted(funds))}", zh="本月清算的基金之一")
        for place, each in enumerate(deductions)
        if each.fund not in funds
    ]
    left: dict[str, Fen] = {}
    for place, each in enumerate(deductions):
        if not each.settlement:
            continue
        settlement = _settlement(unit, each.settlement)
        if settlement is None or not _is_of(settlement, clearing):
            found.append(problems.deduction_elsewhere(place, each.settlement))
            continue
        most = left.get(each.settlement)
        if most is None:
            most = settlement.fund + settlement.account - _deducted(unit, each.settlement).fen
        if each.amount > most:
            found.append(problems.deduction_too_much(place, most=most))
        left[each.settlement] = most - each.amount
    return found


def keep_deducted(unit: Unit, clearing: Clearing) -> None:
    """Remember what was decided to be deducted from each settlement, over all months."""
    for settlement, amount in _by_settlement(clearing.deductions).items():
        before = _deducted(unit, settlement)
        unit.put_dossier(replace(before, fen=before.fen + amount, party=clearing.institution))


def _settlement(unit: Unit, id: str) -> Settlement | None:
    """The settlement, read while its person is locked: nobody cancels it meanwhile."""
    first = unit.settlement(id)
    if first is not None:
        unit.counters(PersonId(first.person), first.scheme)
    return unit.settlement(id)


def _is_of(settlement: Settlement, clearing: Clearing) -> bool:
    return (
        settlement.state == SettlementState.EFFECTIVE
        and settlement.institution == clearing.institution
        and settlement.scheme == clearing.scheme
        and settlement.booked_on.isoformat()[:7] <= clearing.month
    )


def _deducted(unit: Unit, settlement: str) -> Dossier:
    found = unit.dossier_of_key(folders.DEDUCTED, settlement)
    return found or Dossier(folders.DEDUCTED, settlement, settlement, "noted", "", "", 0, b"", 0)


def _by_settlement(deductions: Iterable[Deduction]) -> Mapping[str, Fen]:
    sums: dict[str, Fen] = {}
    for each in deductions:
        if each.settlement:
            sums[each.settlement] = sums.get(each.settlement, 0) + each.amount
    return sums
