"""Notes as words and arithmetic, for a patient and an auditor; and as compact JSON values to be stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.kernel import money
from gateway.kernel.quantity import price_decimal, quantity_decimal
from gateway.settlement.decision import Decision, Note
from gateway.settlement.record import record


@dataclass(frozen=True, slots=True)
class Explained:
    """One figure, rendered. `line` 0: the whole claim. Amounts as '12.34'."""

    line: int
    figure: str
    zh: str
    en: str
    arithmetic: str
    before: str
    after: str
    rule: str
    version: str
    in_force_from: str
    source: str
    reading: str


class _Operand(int):
    def __format__(self, spec: str) -> str:
        if spec == "m":
            return money.text(int(self))
        if spec == "r":
            return money.percent(int(self))
        if spec == "p":
            return str(price_decimal(int(self)))
        return str(quantity_decimal(int(self)))


def explain_note(note: Note) -> Explained:
    """A note in figures: '(32180.45 − 10000.00) × 65 % = 14417.29'."""
    rule = note.rule
    return Explained(
        line=note.line,
        figure=note.figure.code,
        zh=note.figure.title.zh,
        en=note.figure.title.en,
        arithmetic=note.figure.arithmetic.format(*map(_Operand, note.operands)),
        before=money.text(note.before),
        after=money.text(note.after),
        rule=f"{rule.policy} {rule.path}",
        version=rule.version,
        in_force_from=rule.from_on.isoformat(),
        source=rule.source,
        reading=rule.reading,
    )


def explain(decision: Decision) -> list[Explained]:
    """Every figure of a decision in the order it was made."""
    return [explain_note(note) for note in decision.notes]


def trace(decision: Decision) -> dict[str, Any]:
    """What is stored of a decision so that it can be explained for ever: rules once, notes by number.

    `record`: the facts and what came of them (`settlement.record`).
    """
    rules: dict[int, int] = {}
    listed: list[Mapping[str, str]] = []
    notes: list[list[Any]] = []
    for note in decision.notes:
        number = rules.get(id(note.rule))
        if number is None:
            number = rules[id(note.rule)] = len(listed)
            rule = note.rule
            listed.append(
                {"path": rule.path, "from": rule.from_on.isoformat(), "source": rule.source, "reading": rule.reading}
            )
        figure = note.figure
        notes.append([figure.code, number, note.line, note.before, note.after, note.operands])
    return {
        "policy": decision.policy,
        "version": decision.version,
        "benefit": decision.benefit,
        "rules": listed,
        "notes": notes,
        "record": record(decision),
    }


def explain_trace(stored: Mapping[str, Any], figures: Mapping[str, Any]) -> list[Explained]:
    """The explanation from what `trace` stored; `figures`: every Figure by code."""
    rendered = []
    for code, number, line, before, after, operands in stored["notes"]:
        rule, figure = stored["rules"][number], figures[code]
        rendered.append(
            Explained(
                line=line,
                figure=code,
                zh=figure.title.zh,
                en=figure.title.en,
                arithmetic=figure.arithmetic.format(*map(_Operand, operands)),
                before=money.text(before),
                after=money.text(after),
                rule=f"{stored['policy']} {rule['path']}",
                version=stored["version"],
                in_force_from=rule["from"],
                source=rule["source"],
                reading=rule["reading"],
            )
        )
    return rendered
