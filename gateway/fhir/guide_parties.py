"""Rules of the guide on numbers, parties and what must be there, told at once; see `guide_rules`."""

import re
from collections.abc import Callable
from typing import Any, Final

from gateway.fhir.systems import cs, sid

_VISIT, _BILL = sid("visit"), sid("bill")
_AGENCY = re.compile(r"(?:^|/)Organization/agency-[1-9][0-9]{5}\Z", re.ASCII)
_INSTITUTION = re.compile(r"(?:^|/)Organization/[HP][1-9][0-9]{10}\Z", re.ASCII)
_LONGEST: Final = 64


def _values(node: Any) -> list[tuple[str, str]] | None:
    """System and value of each identifier; None unless every one has both and no use."""
    identifiers = node.get("identifier")
    if type(identifiers) is not list:
        return None
    found = []
    for each in identifiers:
        system, value = (each.get("system"), each.get("value")) if type(each) is dict else (None, None)
        if type(system) is not str or type(value) is not str or "use" in each or "_use" in each:
            return None
        found.append((system, value))
    return found


def _named_by(system: str) -> Callable[[Any], bool]:
    def holds(node: Any) -> bool:
        return any(each == system for each, _ in _values(node) or ())

    return holds


def _numbers(node: Any) -> bool:
    values = _values(node)
    if values is None:
        return False
    systems = [system for system, _ in values]
    few = systems.count(_VISIT) <= 1 and systems.count(_BILL) <= 1
    return few and all(len(value) <= _LONGEST for system, value in values if system in (_VISIT, _BILL))


def _complete(node: Any) -> bool:
    item, total = node.get("item"), node.get("total")
    return type(item) is list and bool(item) and type(item[0]) is dict and type(total) is dict and bool(total)


def _focal(node: Any) -> bool:
    insurance = node.get("insurance")
    if type(insurance) is not list or not all(type(each) is dict for each in insurance):
        return False
    said = [each.get("focal") for each in insurance]
    return all(type(each) is bool for each in said) and said.count(True) == 1


def _no_supporting(node: Any) -> bool:
    return "supportingInfo" not in node


def _period(node: Any) -> bool:
    period = node.get("billablePeriod")
    return type(period) is dict and all(type(period.get(name)) is str for name in ("start", "end"))


def _refers(pattern: "re.Pattern[str]") -> Callable[[Any], bool]:
    def holds(node: Any) -> bool:
        reference = node.get("reference")
        return type(reference) is str and pattern.search(reference) is not None

    return holds


def _has_reference(node: Any) -> bool:
    return type(node.get("reference")) is str


def _settled(node: Any) -> bool:
    identifier, request = node.get("identifier"), node.get("request")
    known = type(identifier) is list and bool(identifier) and type(identifier[0]) is dict
    return node.get("use") == "claim" and known and type(request) is dict and bool(request)


_CLAIM: Final = "status != 'active' or use != 'claim' or "
_USED: Final = "(use.empty() or use != 'old')"
_DISEASE: Final = "supportingInfo.where(category.coding.code = 'special-disease')"

PARTIES: Final[dict[str, Callable[[Any], bool]]] = {
    "status = 'draft' or (item.exists() and total.exists())": _complete,
    f"{_CLAIM}identifier.where(system = '{_VISIT}').exists()": _named_by(_VISIT),
    f"{_CLAIM}subType.coding.code.intersect('inpatient' | 'maternity' | 'day_surgery').exists() or"
    f" identifier.where(system = '{_BILL}').exists()": _named_by(_BILL),
    f"identifier.where(system = '{_VISIT}' and {_USED}).count() <= 1 and"
    f" identifier.where(system = '{_BILL}' and {_USED}).count() <= 1 and"
    f" identifier.where(system = '{_VISIT}' or system = '{_BILL}').all(value.length() <= 64)": _numbers,
    "insurance.where(focal = true).count() = 1": _focal,
    f"{_DISEASE}.count() <= 1 and {_DISEASE}.all(code.coding.where(system = '{cs('special-disease')}'"
    " and code.exists()).exists())": _no_supporting,
    "status != 'active' or (billablePeriod.start.exists() and billablePeriod.end.exists())": _period,
    f"reference.exists() or identifier.where(system = '{sid('citizen-id')}' and"
    " value.matches('^([0-9]{17}[0-9Xx]|[0-9]{15})$')).exists()": _has_reference,
    "reference.exists() and reference.matches('(^|/)Organization/agency-[1-9][0-9]{5}$')": _refers(_AGENCY),
    "(reference.exists() and reference.matches('(^|/)Organization/[HP][1-9][0-9]{10}$')) or"
    f" identifier.where(system = '{sid('institution')}' and"
    " value.matches('^[HP][1-9][0-9]{10}$')).exists()": _refers(_INSTITUTION),
    "iif(use = 'claim', identifier.exists() and request.exists(), identifier.empty() and request.empty())": _settled,
}
"""By the text of the invariant: object → True where it holds for certain."""
