"""Contributions 缴费: what a receipt pays of a year's levy, and the entry it makes.

Assumptions: the levy of a benefit year is claimed, from person and government, when the person's first receipt for it
arrives; cover begins when the person's part is paid in full and runs for the whole benefit year (the seed names no
waiting period); money beyond the levy, or whose payer is unknown, is held as an unapplied receipt 暂收款.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gateway.kernel.ids import AreaCode
from gateway.kernel.money import Fen
from gateway.ledger.entry import Entry
from gateway.ledger.flows import Flow, contributions
from gateway.ledger.parts import split

GOVERNMENT: Mapping[str, int] = {"government": 1}
"""All levels of government as one party: the split is not in R1's text. Where a fund plan has parts, those count."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """How one bank credit was used. Always `applied + unapplied` = the credit."""

    levied: Fen
    subsidy: Fen
    applied: Fen
    unapplied: Fen
    paid_in_full: bool


def apply_receipt(*, amount: Fen, levy_person: Fen, levy_government: Fen, levied: Fen, received: Fen) -> Receipt:
    """Use a credit for a levy of which `levied` was claimed and `received` paid before."""
    assert amount > 0, "a credit is positive"
    first = levied == 0
    due = (levy_person if first else levied) - received
    applied = min(amount, due)
    return Receipt(
        levied=levy_person if first else 0,
        subsidy=levy_government if first else 0,
        applied=applied,
        unapplied=amount - applied,
        paid_in_full=applied == due,
    )


def claimed(receipt: Receipt, *, fund: str, payer: str, levels: Mapping[str, int] = GOVERNMENT) -> Flow:
    """Levy and subsidy, claimed once. `levels`: parts of the levels of government."""
    levy = contributions.levied(fund=fund, payer=payer, amount=receipt.levied) if receipt.levied else ()
    return (*levy, *contributions.subsidy_claimed(fund=fund, by_level=split(receipt.subsidy, levels)))


def receipt_entry(
    receipt: Receipt,
    *,
    id: str,
    area: AreaCode,
    scheme: str,
    fund: str,
    booked_on: date,
    cause: str,
    payer: str,
    levels: Mapping[str, int] = GOVERNMENT,
) -> Entry:
    """Levy and subsidy claimed once, the credit on the income account, applied and unapplied parts apart."""
    postings = claimed(receipt, fund=fund, payer=payer, levels=levels)
    if receipt.applied:
        postings += contributions.received(fund=fund, payer=payer, amount=receipt.applied)
    if receipt.unapplied:
        postings += contributions.held(fund=fund, payer=payer or cause, amount=receipt.unapplied)
    return Entry(id, area, scheme, booked_on, cause, postings)


def held_applied(
    receipt: Receipt, *, fund: str, holder: str, payer: str, levels: Mapping[str, int] = GOVERNMENT
) -> Flow:
    """A receipt that was held pays a levy after all: claimed once, then applied. None of it is left unapplied."""
    assert receipt.applied > 0 == receipt.unapplied, "what is applied is owed"
    pays = contributions.applied(fund=fund, holder=holder, payer=payer, amount=receipt.applied)
    return (*claimed(receipt, fund=fund, payer=payer, levels=levels), *pays)
