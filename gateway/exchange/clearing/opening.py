"""A month's clearing is calculated when the month is closed: what is owed, due by the method, and set off.

Called once for each institution by the closing of the month; called again it changes nothing. Ids are made of the parts
they name, so that a closing that was interrupted makes the same books.

Reading: what is due pays back advances first, then keeps the deposit, then recovers what earlier reviews left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gateway.exchange.clearing import booking, folders
from gateway.exchange.clearing.bodies import (
    Act,
    ApplicationState,
    CareTotal,
    Clearing,
    Item,
    Share,
    Standing,
    State,
    summed,
)
from gateway.exchange.clearing.folders import Held
from gateway.exchange.clearing.matched import match_application, with_applications
from gateway.kernel.calendar import instant_text
from gateway.kernel.ids import derived_id
from gateway.kernel.money import Fen
from gateway.payment.assessment import Assessment
from gateway.settlement.working import BASIC
from gateway.store.unit import Unit
from gateway.store.values import Activity, Dossier, SettlementState


@dataclass(frozen=True, slots=True)
class Due:
    """What a payment method makes of the month, in the fund `basic`; all zero where each case is paid as it came.

    `adjustment`: due less fee for service; `advance`: still to be set off (≥ 0); `deposit`: to be retained, negative
    when it is given back; `forfeited`: of the deposit, at the year's end; `items`: each method's own figures.
    """

    adjustment: Fen = 0
    advance: Fen = 0
    deposit: Fen = 0
    forfeited: Fen = 0
    items: tuple[Item, ...] = ()


NOTHING_DUE = Due()


def due_of(*assessments: Assessment) -> Due:
    """What the payment methods make due: a month's assessment, in the last month of a year the year's beside it.

    What stands from earlier clearings is the clearings' own (`Standing`), so assessments bring nothing in.
    """
    assert not any(each.brought for each in assessments), "what is carried is taken up by the clearing itself"
    return Due(
        adjustment=sum(each.adjustment for each in assessments),
        advance=sum(each.advance for each in assessments),
        deposit=sum(each.retained - each.released for each in assessments),
        forfeited=sum(each.forfeited for each in assessments),
        items=tuple(
            Item(item.terms, item.method, item.fee_for_service, item.due) for each in assessments for item in each.items
        ),
    )


def open_clearing(
    unit: Unit,
    *,
    scheme: str,
    month: str,
    institution: str,
    payables: Mapping[str, Fen],
    activity: Iterable[Activity] = (),
    due: Due = NOTHING_DUE,
    booked_on: date,
    cause: str = "",
    by: str = "closing",
) -> Dossier:
    """The clearing of a month in state calculated, matched with applications that came early; its entry is posted.

    `month`: '2015-06'; `payables`: by fund, what the month's postings of claims owe (negative: more red than new);
    `activity`: the institution's care of the month; `booked_on`, `cause`: day and cause of the entry, the clearing's
    own id unless the closing names its own. A clearing that is calculated already is given back as it is.
    """
    held = folders.clearing_of(unit, scheme, month, institution)
    if held.state != State.EXPECTED:
        return held.dossier
    standing = folders.standing_of(unit, scheme, institution)

    undone = undone_of(unit, standing.body)
    shares = shares_of(payables, standing.body, due, undone)
    care = tuple(CareTotal(a.kind, a.settled - a.cancelled, a.total, a.fund, a.account) for a in activity)
    calculated = Clearing(
        scheme=scheme,
        month=month,
        institution=institution,
        care=care,
        shares=shares,
        items=due.items,
        applications=held.body.applications,
        acts=(*held.body.acts, Act("calculated", by, instant_text(unit.now))),
    )

    for entry in booking.entry_of(
        booking.calculated(shares, institution),
        id=derived_id(unit.area, "clearing-entry", scheme, month, institution),
        area=unit.area,
        scheme=scheme,
        booked_on=booked_on,
        cause=cause or held.id,
    ):
        unit.post(entry)
    after = standing_after(standing.body, shares, undone)
    if after != standing.body:
        folders.put_standing(unit, folders.with_body(standing, after))
    return _matched(unit, folders.with_body(held, calculated), by).dossier


def undone_of(unit: Unit, standing: Standing) -> list[str]:
    """The settlements that something was deducted from and that are not in force any more."""
    found = [(id, unit.settlement(id)) for id in standing.deducted]
    return [id for id, settlement in found if settlement is None or settlement.state == SettlementState.CANCELLED]


def shares_of(
    payables: Mapping[str, Fen], standing: Standing, due: Due, undone: Sequence[str] = ()
) -> tuple[Share, ...]:
    """Each fund's part. Nothing is set off that is not there: the rest of an advance stays an advance."""
    restored = summed(*(standing.deducted[id] for id in undone))
    funds = {*payables, *standing.carried, *standing.receivable, *restored}
    funds |= {BASIC} if _has_amounts(due) else set()
    return tuple(
        _share(fund, payables.get(fund, 0), standing, due if fund == BASIC else NOTHING_DUE, restored.get(fund, 0))
        for fund in sorted(funds)
    )


def _has_amounts(due: Due) -> bool:
    return bool(due.adjustment or due.advance or due.deposit or due.forfeited)


def _share(fund: str, owed: Fen, standing: Standing, due: Due, restored: Fen) -> Share:
    carried = standing.carried.get(fund, 0)
    left = owed + carried + due.adjustment + restored - min(due.deposit, 0)
    advance = max(0, min(due.advance, left))
    left -= advance
    deposit = max(0, min(due.deposit, left)) if due.deposit > 0 else due.deposit
    left -= max(deposit, 0)
    recovered = max(0, min(standing.receivable.get(fund, 0), left))
    return Share(fund, owed, carried, due.adjustment, advance, deposit, recovered, due.forfeited, restored)


def standing_after(standing: Standing, shares: Sequence[Share], undone: Sequence[str] = ()) -> Standing:
    """What stands once a clearing took up what was carried: its own negative funds, and what it did not recover."""
    carried = {share.fund: share.base for share in shares if share.base < 0}
    recovered = {share.fund: -share.recovered for share in shares}
    deducted = {id: funds for id, funds in standing.deducted.items() if id not in undone}
    return Standing(dict(sorted(carried.items())), summed(standing.receivable, recovered), deducted)


def _matched(unit: Unit, held: Held[Clearing], by: str) -> Held[Clearing]:
    """The clearing with the applications that were kept for it matched."""
    for id in held.body.applications:
        application = folders.find_application(unit, id)
        assert application is not None, "a clearing names applications that are there"
        if application.state == ApplicationState.KEPT:
            match_application(unit, application, held.body, by=by)
    return with_applications(unit, held)
