"""The two ends of a closing: the period is frozen for everybody else, and closed for ever with its digest."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import msgspec

from gateway.exchange.closing import problems
from gateway.exchange.exchange import Exchange
from gateway.kernel.calendar import instant_text, parse_instant
from gateway.kernel.ids import AreaCode, derived_id
from gateway.kernel.problem import Refusal
from gateway.payment.months import first_day, last_day, month_of
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import ClosedPeriod, Dossier, PeriodState, Wants

CLOSING = "closing"
_ONE_DAY = timedelta(days=1)


class Closing(msgspec.Struct, frozen=True):
    """Body of a closing's dossier. Instants are FHIR instants; `closed_at`, `digest`: '' until it is done."""

    begun_by: str
    begun_at: str
    closed_by: str = ""
    closed_at: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """A period that is being closed, or is closed already. `dossier`: id of its closing, the cause of its entries."""

    period: ClosedPeriod
    dossier: str


def closing_key(scheme: str, period: str) -> str:
    """'resident|2015-06'."""
    return f"{scheme}|{period}"


def closing_id(area: AreaCode, scheme: str, period: str) -> str:
    """The id of a closing: the same period, the same id."""
    return derived_id(area, CLOSING, scheme, period)


def begin_period(exchange: Exchange, scheme: str, period: str, *, by: str) -> Begun:
    """Freeze a period: from this commit on only its closing posts into it. Begun before: as it stands."""
    id = closing_id(exchange.area, scheme, period)

    def work(unit: Unit) -> Begun:
        found = unit.dossier_of_key(CLOSING, closing_key(scheme, period))
        if found is not None:
            return Begun(_period_of(scheme, found), found.id)
        body = Closing(by, instant_text(unit.now))
        closing = ClosedPeriod(scheme, period, PeriodState.CLOSING, unit.now, by, "")
        unit.close(closing)
        unit.put_dossier(
            Dossier(CLOSING, id, closing_key(scheme, period), PeriodState.CLOSING, period, "", 0, encoded(body))
        )
        unit.audit(principal=by, action="close-begin", object=f"{scheme}/{period}", outcome="done")
        return Begun(closing, id)

    return exchange.store.submit(work, _wants(scheme, period)).result()


def end_period(exchange: Exchange, scheme: str, period: str, *, by: str) -> ClosedPeriod:
    """Close a frozen period with the digest of its turnover; closed before: as it was closed."""
    digest = exchange.store.digest(scheme, from_on=first_day(period), to_on=last_day(period))

    def work(unit: Unit) -> ClosedPeriod:
        found = unit.dossier_of_key(CLOSING, closing_key(scheme, period))
        assert found is not None, "a period is frozen before it is closed"
        if found.state == PeriodState.CLOSED:
            return _period_of(scheme, found)
        body = msgspec.structs.replace(
            msgspec.json.decode(found.body, type=Closing),
            closed_by=by,
            closed_at=instant_text(unit.now),
            digest=digest,
        )
        closed = ClosedPeriod(scheme, period, PeriodState.CLOSED, unit.now, by, digest)
        unit.close(closed)
        unit.put_dossier(replace(found, state=PeriodState.CLOSED, body=encoded(body)))
        unit.audit(principal=by, action="close", object=f"{scheme}/{period}", outcome="done")
        return closed

    return exchange.store.submit(work, _wants(scheme, period)).result()


def _wants(scheme: str, period: str) -> Wants:
    return Wants(dossiers=((CLOSING, closing_key(scheme, period)),), closes=True)


def check_earlier(store: Store, scheme: str, period: str) -> None:
    """Refusal `earlier-period-open`: something is booked before a period in one of its kind that is not closed.

    Periods are closed one after the other: what lies between the last closed one and this would be skipped.
    """
    ends = [last_day(each.period) for each in store.closed_periods(scheme) if len(each.period) == len(period)]
    from_on = max(ends) + _ONE_DAY if ends else date.min
    to_on = first_day(period) - _ONE_DAY
    if from_on > to_on:
        return
    first = store.postings(scheme=scheme, from_on=from_on, to_on=to_on, limit=1)
    if first:
        raise Refusal(problems.earlier_open(period, month_of(first[0].booked_on)))


def _period_of(scheme: str, found: Dossier) -> ClosedPeriod:
    body = msgspec.json.decode(found.body, type=Closing)
    state = PeriodState(found.state)
    by, at = (body.closed_by, body.closed_at) if state is PeriodState.CLOSED else (body.begun_by, body.begun_at)
    return ClosedPeriod(scheme, found.period, state, parse_instant(at), by, body.digest)


def encoded(body: object) -> bytes:
    """A dossier's body: the same values, the same bytes."""
    return msgspec.json.encode(body, order="deterministic")
