"""What clearing books: each event of a clearing or payment as one entry, fund by fund, by the flows of the ledger.

Reading: the method's adjustment, advances and deposits concern the pooled fund `basic`; deductions the fund they name.
A deduction falls with its settlement: where that is cancelled or replaced later, the red entry takes the whole of it
back, so what was deducted is restored in the next clearing.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from gateway.exchange.clearing.bodies import Clearing, Share, payable
from gateway.kernel.ids import AreaCode
from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Entry, Posting, transfer
from gateway.ledger.flows import providers as flows

Made = tuple[Posting, ...]


def entry_of(
    postings: Iterable[Posting], *, id: str, area: AreaCode, scheme: str, booked_on: date, cause: str
) -> tuple[Entry, ...]:
    """One entry, or none where nothing moves."""
    made = tuple(postings)
    return (Entry(id, area, scheme, booked_on, cause, made),) if made else ()


def calculated(shares: Iterable[Share], institution: str) -> Made:
    """A month is calculated: the method's adjustment, and what is set off against the payable."""
    return tuple(posting for share in shares for posting in _set_off(share, institution))


def _set_off(share: Share, institution: str) -> Made:
    fund, made = share.fund, list[Posting]()
    if share.adjustment:
        made += flows.method_adjusted(fund=fund, institution=institution, difference=share.adjustment)
    if share.restored:
        made += transfer(
            fund=fund,
            debit=Account.REVIEW_DEDUCTION,
            credit=Account.PROVIDER_PAYABLE,
            party=institution,
            amount=share.restored,
        )
    if share.advance:
        made += flows.advance_set_off(fund=fund, institution=institution, amount=share.advance)
    if share.deposit > 0:
        made += flows.deposit_retained(fund=fund, institution=institution, amount=share.deposit)
    if share.deposit < 0:
        made += flows.deposit_released(fund=fund, institution=institution, amount=-share.deposit)
    if share.forfeited:
        made += flows.deposit_forfeited(fund=fund, institution=institution, amount=share.forfeited)
    if share.recovered:
        made += flows.recovery_set_off(fund=fund, institution=institution, amount=share.recovered)
    return tuple(made)


def decided(clearing: Clearing) -> Made:
    """The deductions that two people approved; what is beyond the payable is carried as receivable."""
    made = list[Posting]()
    for share in clearing.shares:
        fund, institution = share.fund, clearing.institution
        deducted = sum(each.amount for each in clearing.deductions if each.fund == fund)
        beyond = payable(share, clearing.deductions)[1]
        if deducted:
            made += flows.deducted(fund=fund, institution=institution, amount=deducted)
        if beyond:
            made += flows.carried_as_recovery(fund=fund, institution=institution, amount=beyond)
    return tuple(made)


def instructed(shares: Mapping[str, Fen], institution: str) -> Made:
    """The bank is told to pay."""
    return tuple(
        posting
        for fund, fen in shares.items()
        for posting in flows.instructed(fund=fund, institution=institution, amount=fen)
    )


def confirmed(shares: Mapping[str, Fen], institution: str) -> Made:
    """The bank has paid."""
    return tuple(
        posting
        for fund, fen in shares.items()
        for posting in flows.confirmed(fund=fund, institution=institution, amount=fen)
    )


def rejected(shares: Mapping[str, Fen], institution: str) -> Made:
    """The bank did not pay."""
    return tuple(
        posting
        for fund, fen in shares.items()
        for posting in flows.rejected(fund=fund, institution=institution, amount=fen)
    )


def returned(shares: Mapping[str, Fen], institution: str) -> Made:
    """The payment came back."""
    return tuple(
        posting
        for fund, fen in shares.items()
        for posting in flows.returned(fund=fund, institution=institution, amount=fen)
    )
