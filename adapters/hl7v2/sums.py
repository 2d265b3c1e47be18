"""Amounts of an invoice: yuan, exact, and adding up from lines to groups to sections to the invoice."""

import re
from collections.abc import Iterator
from typing import Any

from adapters.hl7v2.structure import place
from gateway.contract import Tree
from gateway.kernel import money
from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind, Problem

CURRENCY = "CNY"
"""The only currency of MO.2. Nothing there means CNY, as HL7 lets MSH-17 (CHN) decide."""

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?", re.ASCII)


def at(node: Any, *names: str) -> str:
    """The text at a way of names below a node, '' when absent."""
    for name in names:
        node = node.get(name) if isinstance(node, dict) else None
    return node if isinstance(node, str) else ""


def is_number(text: str) -> bool:
    """Whether a text is an NM: digits, a sign and a point, no exponent."""
    return _NUMBER.fullmatch(text) is not None


def check_sums(tree: Tree) -> list[Problem]:
    """Currency and form of every billed amount; IVC-8 = Σ PSS-4, PSS-4 = Σ its PSG-5, PSG-5 = Σ its PSL-16."""
    problems: list[Problem] = []
    lines = [_amount(line, "16", f"PSL[{n}].16", problems) for n, line in enumerate(tree.get("PSL", []))]
    section_fen: list[Fen | None] = []
    group_number = 0
    for number, section in enumerate(tree.get("sections", [])):
        group_fen: list[Fen | None] = []
        for group in section["groups"]:
            path = place("PSG", group_number, 5)
            group_number += 1
            group_fen.append(_amount(group["PSG"], "5", path, problems))
            _balance(group_fen[-1], [lines[n] for n in group["lines"]], path, "PSL-16", problems)
        path = place("PSS", number, 4)
        section_fen.append(_amount(section["PSS"], "4", path, problems))
        _balance(section_fen[-1], group_fen, path, "PSG-5", problems)
    _balance(_amount(tree.get("IVC", {}), "8", "IVC.8", problems), section_fen, "IVC.8", "PSS-4", problems)
    return problems


def _amount(segment: Tree, field: str, path: str, problems: list[Problem]) -> Fen | None:
    """Fen of a CP field; None, and a problem, when it is no amount of yuan."""
    text = at(segment, field, "1", "1")
    problems.extend(currency_problems(segment, field, path))
    if not text:
        return None
    try:
        if is_number(text):
            return money.of(text)
    except ValueError:
        pass
    problems.append(
        Problem(
            Kind.INVALID,
            "bad-amount",
            f"{path}.1.1",
            f"'{text[:20]}' is not an amount: send yuan with at most two decimals and 16 digits, such as 12.34",
            f"“{text[:20]}”不是金额:请以元为单位,最多两位小数、16位数字,如 12.34",
        )
    )
    return None


def currency_problems(segment: Tree, field: str, path: str) -> Iterator[Problem]:
    """A CP field in any other currency."""
    currency = at(segment, field, "1", "2")
    if currency not in ("", CURRENCY):
        yield Problem(
            Kind.INVALID,
            "bad-currency",
            f"{path}.1.2",
            f"currency '{currency[:10]}' is not accepted: send amounts in CNY",
            f"不接受币种“{currency[:10]}”:金额请使用 CNY(人民币)",
        )


def _balance(stated: Fen | None, parts: list[Fen | None], path: str, part: str, problems: list[Problem]) -> None:
    known = [fen for fen in parts if fen is not None]
    if stated is None or len(known) < len(parts) or not parts or sum(known) == stated:
        return
    total, said = money.text(sum(known)), money.text(stated)
    problems.append(
        Problem(
            Kind.INVALID,
            "unbalanced-sums",
            path,
            f"{path} says {said} but its {part} add up to {total}: send the sum of the parts",
            f"{path} 为 {said},但其下 {part} 合计为 {total}:请使其等于各部分之和",
        )
    )
