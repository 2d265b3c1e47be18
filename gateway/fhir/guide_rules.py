"""Rules of the guide that are asked of every line and total, told at once where a resource is of the usual shape.

Each stands for the very text of an invariant of the package; it says True only where that invariant holds for certain.
Whatever is unusual, wrong or not there gets False, and the invariant itself is judged (`validation.invariants`).
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from typing import Any, Final

from gateway.fhir.guide_parties import PARTIES
from gateway.fhir.systems import BASE

_EXACT: Final = Context(prec=40, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
_ROUND: Final = Context(prec=40, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])
_STEPS: Final = {places: Decimal(1).scaleb(-places) for places in (2, 4, 6)}
_SPLIT: Final = ("own-expense", "over-limit", "first-payment", "in-scope")
_PARTS: Final = ("submitted", *_SPLIT)
_PAYERS: Final = ("fund-total", "account", "cash", "institution-share")
_KNOWN: Final = frozenset({"submitted", *_SPLIT, "deductible", "counted", "account", "cash", "institution-share"})
_CANCELS: Final = f"{BASE}/StructureDefinition/cancels"


def _number(node: Any, name: str = "value") -> Decimal | None:
    """A number that stands at a name of an object, None for anything else."""
    value = node.get(name) if type(node) is dict else None
    if type(value) is Decimal:
        return value
    return Decimal(value) if type(value) is int else None


def _numbers(nodes: Any, name: str) -> list[Decimal] | None:
    """The `value` under a name of each object of a list; None unless there is a list and all are in it."""
    if type(nodes) is not list:
        return None
    found = []
    for each in nodes:
        number = _number(each.get(name)) if type(each) is dict else None
        if number is None:
            return None
        found.append(number)
    return found


def _sum(numbers: Iterable[Decimal]) -> Decimal:
    """The exact sum. ArithmeticError where it has too many digits to be that."""
    total = Decimal(0)
    for each in numbers:
        total = _EXACT.add(total, each)
    return total


def _by_code(parts: Any) -> list[tuple[str, Decimal]] | None:
    """Code of the category and amount of each part; None unless every part has one of both."""
    found = []
    for part in parts if type(parts) is list else ():
        category = part.get("category") if type(part) is dict else None
        codings = category.get("coding") if type(category) is dict else None
        if type(codings) is not list or len(codings) != 1 or type(codings[0]) is not dict:
            return None
        code, amount = codings[0].get("code"), _number(part.get("amount"))
        if type(code) is not str or amount is None:
            return None
        found.append((code, amount))
    return found


def _once(parts: Any) -> dict[str, Decimal] | None:
    """Amounts by code, None where a code stands twice."""
    found = _by_code(parts)
    if not found:
        return None
    made = dict(found)
    return made if len(made) == len(found) else None


def _surely(holds: Callable[[Any], bool]) -> Callable[[Any, Any], bool]:
    """The rule on an object; what cannot be calculated exactly is not certain."""

    def sure(node: Any, run: Any) -> bool:
        try:
            return type(node) is dict and holds(node)
        except ArithmeticError:
            return False

    return sure


def _not_negative(places: int) -> Callable[[Any], bool]:
    step = _STEPS[places]

    def holds(node: Any) -> bool:
        value = _number(node)
        return value is not None and value >= 0 and value.quantize(step, context=_ROUND) == value

    return holds


def _positive(node: Any) -> bool:
    value = _number(node)
    return value is not None and value > 0 and value.quantize(_STEPS[4], context=_ROUND) == value


def _line(node: Any) -> bool:
    price, count, net = (_number(node.get(name)) for name in ("unitPrice", "quantity", "net"))
    if price is None or count is None or net is None:
        return False
    product = _EXACT.multiply(price, count)
    return product >= 0 and product.quantize(_STEPS[2], context=_ROUND) == net


def _claim_total(node: Any) -> bool:
    total, nets = _number(node.get("total")), _numbers(node.get("item"), "net")
    return total is not None and bool(nets) and _sum(nets or ()) == total


def _remittance(node: Any) -> bool:
    total, amounts = _number(node.get("paymentAmount")), _numbers(node.get("detail"), "amount")
    return total is not None and bool(amounts) and _sum(amounts or ()) == total


def _sequences(node: Any) -> bool:
    for name in ("item", "diagnosis", "insurance", "supportingInfo"):
        entries = node.get(name, [])
        if type(entries) is not list:
            return False
        numbers = [each.get("sequence") if type(each) is dict else None for each in entries]
        if not all(type(each) is int for each in numbers) or len(set(numbers)) != len(numbers):
            return False
    return True


def _response_line(node: Any) -> bool:
    parts = _numbers(node.get("adjudication"), "amount")
    return parts is not None and len(parts) > 1 and parts[0] == _sum(parts[1:])


def _lines(node: Any) -> bool:
    totals, items = _once(node.get("total")), node.get("item")
    if totals is None or type(items) is not list or not items:
        return False
    sums = [Decimal(0)] * len(_PARTS)
    for item in items:
        parts = _numbers(item.get("adjudication"), "amount") if type(item) is dict else None
        if parts is None or len(parts) != len(_PARTS):
            return False
        sums = [_EXACT.add(total, part) for total, part in zip(sums, parts, strict=True)]
    return all(totals.get(code) == total for code, total in zip(_PARTS, sums, strict=True))


def _sum_is_submitted(codes: tuple[str, ...]) -> Callable[[Any], bool]:
    def holds(node: Any) -> bool:
        totals = _once(node.get("total"))
        if totals is None or "submitted" not in totals:
            return False
        parts = [totals[code] for code in codes if code in totals]
        return bool(parts) and _sum(parts) == totals["submitted"]

    return holds


def _funds(node: Any) -> bool:
    totals = _once(node.get("total"))
    if totals is None or "fund-total" not in totals:
        return False
    parts = [fen for code, fen in totals.items() if code.startswith("fund-") and code != "fund-total"]
    return bool(parts) and _sum(parts) == totals["fund-total"]


def _codes(node: Any) -> bool:
    totals = _once(node.get("total"))
    return totals is not None and all(code in _KNOWN or code.startswith("fund-") for code in totals)


def _sign(node: Any) -> bool:
    """Of an answer that is no cancellation; those are few."""
    extensions, amounts = node.get("extension", []), _numbers(node.get("total"), "amount")
    if amounts is None or type(extensions) is not list:
        return False
    urls = [each.get("url") if type(each) is dict else _CANCELS for each in extensions]
    return _CANCELS not in urls and all(amount >= 0 for amount in amounts)


def _payment(node: Any) -> bool:
    totals, payment = _once(node.get("total")), node.get("payment")
    paid = _number(payment.get("amount")) if type(payment) is dict else None
    return totals is not None and paid is not None and totals.get("fund-total") == paid


def _no_factor(node: Any) -> bool:
    return "factor" not in node and "_factor" not in node


def _of(path: str, code: str) -> str:
    return f"{path}.where(category.coding.code = '{code}').amount.value"


def _either(codes: Iterable[str]) -> str:
    return " or ".join(f"category.coding.code = '{code}'" for code in codes)


_AGGREGATE: Final = ".aggregate($this + $total, 0)"
_TEXTS: Final[dict[str, Callable[[Any], bool]]] = {
    "(unitPrice.value * quantity.value).round(2) = net.value": _line,
    "factor.empty() or factor = 1": _no_factor,
    "value > 0 and value.round(4) = value": _positive,
    "value >= 0 and value.round(2) = value": _not_negative(2),
    "value >= 0 and value.round(6) = value": _not_negative(6),
    f"total.empty() or item.empty() or total.value = item.net.value{_AGGREGATE}": _claim_total,
    "item.sequence.isDistinct() and diagnosis.sequence.isDistinct() and insurance.sequence.isDistinct() and"
    " supportingInfo.sequence.isDistinct()": _sequences,
    f"detail.amount.value{_AGGREGATE} = paymentAmount.value": _remittance,
    f"adjudication.first().amount.value = adjudication.skip(1).amount.value{_AGGREGATE}": _response_line,
    " and ".join(
        f"item.select(adjudication.{f'skip({place}).' if place else ''}first().amount.value){_AGGREGATE}"
        f" = {_of('total', code)}"
        for place, code in enumerate(_PARTS)
    ): _lines,
    f"{_of('total', 'submitted')} = total.where({_either(_SPLIT)}).amount.value{_AGGREGATE}": _sum_is_submitted(_SPLIT),
    f"{_of('total', 'submitted')} = total.where({_either(_PAYERS)}).amount.value{_AGGREGATE}": _sum_is_submitted(
        _PAYERS
    ),
    f"{_of('total', 'fund-total')} = total.where(category.coding.code.startsWith('fund-') and"
    f" category.coding.code != 'fund-total').amount.value{_AGGREGATE}": _funds,
    "total.category.coding.code.isDistinct() and total.all(category.coding.code.startsWith('fund-') or"
    " category.coding.code in ('submitted' | 'own-expense' | 'over-limit' | 'first-payment' | 'in-scope' |"
    " 'deductible' | 'counted' | 'account' | 'cash' | 'institution-share'))": _codes,
    f"payment.amount.value = {_of('total', 'fund-total')}": _payment,
    f"iif(extension.where(url = '{_CANCELS}').exists(), total.all(amount.value <= 0),"
    " total.all(amount.value >= 0))": _sign,
}

SURE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    text: _surely(holds) for text, holds in (_TEXTS | PARTIES).items()
}
"""By the text of the invariant (spaces made one): (object, run) → True where it holds for certain."""
