"""The lines of a claim: codes, prices, quantities and sums, each line's amount recomputed from price and quantity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from gateway.fhir import problems as wrong
from gateway.fhir.parts import code_in, day_of, extension_value
from gateway.fhir.systems import CURRENCY, cs, ext
from gateway.kernel import money, quantity
from gateway.kernel.money import Fen
from gateway.kernel.problem import Problem
from gateway.kernel.quantity import MicroYuan, TenThousandths

MOST_LINES: Final = 2000
GRACE: Final = timedelta(days=1)
"""Assumption: a line may be dated a day before or after the period, as night admissions and late bookings are."""

_CATALOGUE: Final = cs("catalogue")
_LINE_NUMBER: Final = ext("line-number")


class ReadLine(NamedTuple):
    """One line. `number`: the item's sequence; `line_id`: the sender's own id of the line, or ''; amounts in fen."""

    number: int
    line_id: str
    code: str
    text: str
    amount: Fen
    quantity: TenThousandths
    unit_price: MicroYuan
    served_on: date


@dataclass(frozen=True, slots=True)
class LineRules:
    """What lines are read against. `refunds`: lines may give back (negative quantity and net), as visit drafts do."""

    from_on: date | None
    to_on: date | None
    today: date
    refunds: bool


def read_lines(items: Sequence[Mapping[str, Any]], rules: LineRules, found: list[Problem]) -> tuple[ReadLine, ...]:
    """The lines in the order sent; what is wrong with them goes to `found`, and such lines are left out."""
    if len(items) > MOST_LINES:
        found.append(wrong.too_many("Claim.item", MOST_LINES))
        return ()
    lines = []
    numbers: set[int] = set()
    ids: set[str] = set()
    for place, item in enumerate(items):
        before = len(found)
        line = _read_line(item, place, rules, found)
        if line is None:
            assert len(found) > before, "a line that cannot be read has a problem"
            continue
        if line.number in numbers:
            found.append(wrong.repeated(f"Claim.item[{place}].sequence", line.number))
        if line.line_id and line.line_id in ids:
            found.append(wrong.repeated(f"Claim.item[{place}].extension", line.line_id))
        numbers.add(line.number)
        ids.add(line.line_id)
        lines.append(line)
    return tuple(lines)


def _read_line(item: Mapping[str, Any], place: int, rules: LineRules, found: list[Problem]) -> ReadLine | None:
    before = len(found)
    _check_offered(item, place, found)
    product = item["productOrService"]
    code = code_in(product, _CATALOGUE)
    if code is None:
        found.append(wrong.missing_coding(f"Claim.item[{place}].productOrService", _CATALOGUE))
    count = _read_quantity(item.get("quantity"), place, rules, found)
    price = _read_price(item.get("unitPrice"), place, found)
    net = read_amount(item.get("net"), f"Claim.item[{place}].net", found, refunds=rules.refunds)
    if count is not None and price is not None and net is not None:
        _check_product(net, quantity.cost(price, count), place, found)
    served_on = _read_day(item, place, rules, found)
    if len(found) > before or code is None or count is None or price is None or net is None or served_on is None:
        return None
    text = product.get("text") or product["coding"][0].get("display", "")
    line_id = extension_value(item, _LINE_NUMBER, "valueString")
    return ReadLine(item["sequence"], line_id, code, text, net, count, price, served_on)


def _check_offered(item: Mapping[str, Any], place: int, found: list[Problem]) -> None:
    """Parts of a line that would change its amount and that we do not settle."""
    if "detail" in item:
        found.append(
            wrong.not_offered(
                f"Claim.item[{place}].detail",
                en="lines inside a line are not settled: send each as an item of its own",
                zh="不支持明细嵌套:请将每项作为单独的 item 发送",
            )
        )
    if "factor" in item and item["factor"] != 1:
        found.append(
            wrong.not_offered(
                f"Claim.item[{place}].factor",
                en="a factor other than 1 is not settled: put it into the unit price",
                zh="不支持系数:请将系数计入单价",
            )
        )


def _read_quantity(
    value: Mapping[str, Any] | None, place: int, rules: LineRules, found: list[Problem]
) -> TenThousandths | None:
    number = (value or {}).get("value")
    if number is None:
        found.append(wrong.missing(f"Claim.item[{place}].quantity.value"))
        return None
    try:
        count = quantity.quantity(number)
    except ValueError:
        count = 0
    if not count or (count < 0 and not rules.refunds):
        found.append(wrong.bad_quantity(f"Claim.item[{place}].quantity.value", number))
        return None
    return count


def _read_price(value: Mapping[str, Any] | None, place: int, found: list[Problem]) -> MicroYuan | None:
    path = f"Claim.item[{place}].unitPrice"
    number = checked_value(value, path, found)
    if number is None:
        return None
    try:
        price = quantity.price(number)
    except ValueError:
        price = -1
    if price < 0:
        found.append(wrong.bad_price(f"{path}.value", number))
        return None
    return price


def read_amount(value: Mapping[str, Any] | None, path: str, found: list[Problem], *, refunds: bool) -> Fen | None:
    """Fen of a Money that is there, in CNY, and not negative unless `refunds`; else None and problems."""
    number = checked_value(value, path, found)
    if number is None:
        return None
    try:
        fen = money.of(number)
    except ValueError:
        found.append(wrong.bad_amount(f"{path}.value", number))
        return None
    if fen < 0 and not refunds:
        found.append(wrong.negative_amount(f"{path}.value", number))
        return None
    return fen


def checked_value(value: Mapping[str, Any] | None, path: str, found: list[Problem]) -> int | Decimal | None:
    """The number of a Money in CNY, or None and problems: missing, or in another currency."""
    number: int | Decimal | None = (value or {}).get("value")
    if number is None:
        found.append(wrong.missing(f"{path}.value"))
        return None
    assert value is not None
    currency = value.get("currency")
    if currency == CURRENCY:
        return number
    found.append(wrong.missing(f"{path}.currency") if currency is None else wrong.wrong_currency(path, currency))
    return None


def _check_product(net: Fen, cost: Fen, place: int, found: list[Problem]) -> None:
    if net != cost:
        path = f"Claim.item[{place}].net.value"
        found.append(wrong.unbalanced_line(path, stated=money.text(net), computed=money.text(cost)))


def _read_day(item: Mapping[str, Any], place: int, rules: LineRules, found: list[Problem]) -> date | None:
    """The day of service: servicedDate, the end of servicedPeriod, or the last day of the claim."""
    if "servicedDate" in item:
        name, text = "servicedDate", item["servicedDate"]
    elif "servicedPeriod" in item:
        name, text = "servicedPeriod", item["servicedPeriod"].get("end") or item["servicedPeriod"].get("start")
    else:
        name, text = "servicedDate", None
    path = f"Claim.item[{place}].{name}"
    if text is None:
        if rules.to_on is None:
            found.append(wrong.missing(path))
        return rules.to_on
    try:
        day = day_of(text)
    except ValueError:
        found.append(wrong.bad_day(path, text))
        return None
    if day > rules.today:
        found.append(wrong.day_in_future(path, text))
    elif (rules.from_on and day < rules.from_on - GRACE) or (rules.to_on and day > rules.to_on + GRACE):
        found.append(wrong.day_outside_period(path, text))
    return day
