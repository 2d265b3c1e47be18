"""What a decision leaves for later: the facts it was decided on and what it decided, as compact JSON values.

It is stored with the explanation. Whoever re-runs a claim under other rules starts from these facts, not from registers
that have changed since; facts left at their default are not written. Amounts are fen.
"""

from dataclasses import MISSING, Field, fields
from datetime import date
from enum import Enum
from typing import Any

from gateway.settlement.claim import Claim, Line, Person
from gateway.settlement.decision import Decision


def record(decision: Decision) -> dict[str, Any]:
    """`claim`: its facts, lines as [number, code, amount, quantity, null, day]; `moved`: [layer, period, counters]."""
    return {
        "claim": facts(decision.claim),
        "drawn": [decision.drawn, decision.family_drawn],
        "total": decision.total,
        "deductible": decision.deductible,
        "counted": decision.counted,
        "funds": dict(decision.funds),
        "account": decision.account,
        "institution_share": decision.institution_share,
        "cash": decision.cash,
        "parts": decision.lines,
        "moved": [(moved.layer, moved.period, moved.delta) for moved in decision.movements],
    }


def facts(claim: Claim) -> dict[str, Any]:
    """The claim with its person by the names of their fields, without the catalogue's terms: they are looked up."""
    return {**_stated(claim, _CLAIM), "person": _stated(claim.person, _PERSON), "lines": _lines(claim.lines)}


def _lines(lines: tuple[Line, ...]) -> list[tuple[Any, ...]]:
    return [
        (line.number, line.code, line.amount, line.quantity, None, _plain(line.served_on) if line.served_on else None)
        for line in lines
    ]


def _stated(value: Claim | Person, defaults: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    found = {}
    for name, default in defaults:
        fact = getattr(value, name)
        if default is MISSING or fact != default:
            found[name] = _plain(fact)
    return found


def _default(field: "Field[Any]") -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _plain(fact: Any) -> Any:
    if isinstance(fact, date):
        return fact.isoformat()
    if isinstance(fact, Enum):
        return fact.value
    if isinstance(fact, frozenset):
        return sorted(fact)
    return fact


_PERSON = tuple((each.name, _default(each)) for each in fields(Person))
_CLAIM = tuple((each.name, _default(each)) for each in fields(Claim) if each.name not in ("person", "lines"))
