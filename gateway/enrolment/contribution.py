"""Contributions 缴费: what a receipt pays of a year's levy, and the entry it makes.

Assumptions: the levy of a benefit year is claimed, from person and government, when the person's first receipt for it
arrives; cover begins when the person's part is paid in full and runs for the whole benefit year (the seed names no
waiting period); money beyond the levy, or whose payer is unknown, is held as an unapplied receipt 暂收款.
"""

from dataclasses import dataclass
from datetime import date

from gateway.kernel.ids import AreaCode
from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Entry, Posting, transfer

GOVERNMENT = "government"
"""Party of the subsidy receivable; the split by level of government is not in R1's text."""


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


def receipt_entry(
    receipt: Receipt, *, id: str, area: AreaCode, scheme: str, fund: str, booked_on: date, cause: str, payer: str
) -> Entry:
    """Levy and subsidy claimed once, the credit on the income account, applied and unapplied parts apart."""
    postings: list[Posting] = []
    if receipt.levied:
        postings += transfer(
            fund=fund,
            debit=Account.CONTRIBUTION_RECEIVABLE,
            credit=Account.CONTRIBUTION_INCOME,
            party=payer,
            amount=receipt.levied,
        )
    if receipt.subsidy:
        postings += transfer(
            fund=fund,
            debit=Account.SUBSIDY_RECEIVABLE,
            credit=Account.SUBSIDY_INCOME,
            party=GOVERNMENT,
            amount=receipt.subsidy,
        )
    if receipt.applied:
        postings += transfer(
            fund=fund,
            debit=Account.INCOME_ACCOUNT,
            credit=Account.CONTRIBUTION_RECEIVABLE,
            party=payer,
            amount=receipt.applied,
        )
    if receipt.unapplied:
        postings += transfer(
            fund=fund,
            debit=Account.INCOME_ACCOUNT,
            credit=Account.UNAPPLIED_RECEIPTS,
            party=payer or cause,
            amount=receipt.unapplied,
        )
    return Entry(id, area, scheme, booked_on, cause, tuple(postings))
