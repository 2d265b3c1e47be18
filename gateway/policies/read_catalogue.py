"""A catalogue folder: files of dated entries, one code possibly in several versions."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date

import msgspec

from gateway.kernel.dated import FOREVER, Dated
from gateway.kernel.money import RATE_ONE, Rate
from gateway.kernel.quantity import MicroYuan, price
from gateway.policies.nodes import Spot, mark_wrong, plain
from gateway.policies.reading import by_day, check_overlap, entries, items, members, ratio, span, text, word
from gateway.settlement.catalogue import ANY_LEVEL, CHARGES, Catalogue, CatalogueItem
from gateway.settlement.claim import ItemClass
from gateway.settlement.rule import Rule

LIST_TYPES = ("101", "102", "103", "104", "201", "301")
"""NHSA list_type 目录类别: drugs, herbs, hospital preparations, ethnic medicine, services, consumables."""

_SOURCED = ("source", "reading")


def canonical(content: object) -> bytes:
    """The bytes of plain content, the same whatever the order of its keys, its comments and its layout."""
    return msgspec.json.encode(content, order="sorted")


def content_hash(content: object) -> str:
    """SHA-256 (64 hex digits) of the canonical bytes."""
    return hashlib.sha256(canonical(content)).hexdigest()


def read_catalogue(files: Mapping[str, Spot], *, policy: str = "catalogue", policy_version: str = "") -> Catalogue:
    """The catalogue of some files by name; problems go to their lists. Every code's versions must not overlap.

    `policy` and `policy_version` are named by the rules of its entries: a figure cites the policy that decided it.
    """
    version = content_hash({name: plain(spot.node) for name, spot in files.items()})
    origin = (policy, policy_version or version)
    found: dict[str, list[tuple[Spot, Dated[CatalogueItem]]]] = {}
    for spot in files.values():
        head = members(spot, ("list_type", "from", "entries"), _SOURCED)
        for entry in items(head.get("entries")):
            dated = _entry(entry, head, origin)
            if dated.value.code:
                found.setdefault(dated.value.code, []).append((entry, dated))
    for versions in found.values():
        check_overlap([entry for entry, _ in versions], [dated for _, dated in versions])
    return Catalogue(version, {code: by_day(dated for _, dated in versions) for code, versions in found.items()})


def _entry(spot: Spot, head: Mapping[str, Spot], origin: tuple[str, str]) -> Dated[CatalogueItem]:
    required = ("code", "zh", "en", "class", "charge", "unit")
    found = members(spot, required, ("list_type", "first_payment", "ceiling", "from", "to", *_SOURCED))
    first, last = span({**_days(head), **found}, from_on=date.min, to_on=FOREVER)
    code = text(found.get("code"))
    source = text(found.get("source") or head.get("source"), empty=True)
    reading = text(found.get("reading") or head.get("reading"), empty=True)
    if not source and not reading:
        mark_wrong(spot, "policy-source", "cite the source or state the reading", "应写出处 source 或读法 reading")
    item_class = ItemClass(word(found.get("class"), tuple(ItemClass)) or ItemClass.A)
    item = CatalogueItem(
        code=code,
        zh=text(found.get("zh")),
        en=text(found.get("en")),
        list_type=word(found.get("list_type") or head.get("list_type"), LIST_TYPES),
        item_class=item_class,
        charge=word(found.get("charge"), CHARGES),
        unit=text(found.get("unit")),
        first_payment=_first_payment(spot, found.get("first_payment"), item_class),
        ceilings=_ceilings(found.get("ceiling")),
        rule=Rule(*origin, f"catalogue.{code}", first, source, reading),
    )
    return Dated(item, first, last, source, reading)


def _days(head: Mapping[str, Spot]) -> dict[str, Spot]:
    return {"from": head["from"]} if "from" in head else {}


def _first_payment(entry: Spot, spot: Spot | None, item_class: ItemClass) -> Rate:
    """Class A pays nothing first, class C everything; class B says its ratio."""
    if item_class is ItemClass.B:
        if spot is None:
            mark_wrong(entry, "policy-key", "class B needs 'first_payment': add it", "乙类缺少 first_payment:请补上")
        return ratio(spot)
    if spot is not None:
        mark_wrong(spot, "policy-key", "only class B has a first payment: remove it", "只有乙类有先行自付:请删去")
    return RATE_ONE if item_class is ItemClass.C else 0


def _ceilings(spot: Spot | None) -> dict[str, MicroYuan]:
    if spot is None:
        return {}
    if isinstance(spot.node.value, dict):
        return {level: _price(each) for level, each in entries(spot).items()}
    return {ANY_LEVEL: _price(spot)}


def _price(spot: Spot) -> MicroYuan:
    value = spot.node.value
    try:
        micro = price(value.strip()) if isinstance(value, str) else -1
    except ValueError:
        micro = -1
    if micro < 0:
        mark_wrong(spot, "policy-shape", 'write a unit price such as "12.50"', '应写单价,如 "12.50"')
        return 0
    return micro


def check_levels(files: Mapping[str, Spot], levels: Collection[str]) -> None:
    """Record ceilings that name a level the policy does not have, or leave one of its levels without any."""
    for file in files.values():
        listed = file.node.value.get("entries") if isinstance(file.node.value, dict) else None
        for entry in items(file.below("entries", listed)) if listed is not None else []:
            ceiling = entry.node.value.get("ceiling") if isinstance(entry.node.value, dict) else None
            if ceiling is None or not isinstance(ceiling.value, dict):
                continue
            if set(ceiling.value) != set(levels):
                wanted = ", ".join(levels)
                here = entry.below("ceiling", ceiling)
                mark_wrong(
                    here, "policy-word", f"give one price for each of {wanted}", f"应为每个级别各写一个价:{wanted}"
                )
