"""Month closing 月结: the month is frozen, measured, assessed by its payment methods, cleared, and closed for ever.

    freeze → measure each institution → assess all of them → open each clearing → close with the digest

Every step is a short unit of work that looks first whether it was done: a closing that was killed anywhere is asked for
again and ends with the same books, since what it makes is named by what it is about. Two that run at once do the work
once. Claims go on meanwhile: what happens from the freeze on is booked in the month after.

Reading: what the methods adjust belongs to the month they judge, so it is booked on its last day, by the closing alone;
the assessment of a year belongs to its last month.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gateway.exchange.clearing.bodies import State
from gateway.exchange.clearing.folders import CLEARING, STANDING, clearing_key
from gateway.exchange.clearing.opening import due_of, open_clearing
from gateway.exchange.closing import problems
from gateway.exchange.closing.facts import facts_of_month, facts_of_year
from gateway.exchange.closing.kept import (
    ASSESSMENT,
    assessment_key,
    keep_assessment,
    keep_measures,
    kept_measures,
)
from gateway.exchange.closing.periods import begin_period, check_earlier, end_period
from gateway.exchange.exchange import Exchange
from gateway.kernel.calendar import business_day
from gateway.kernel.ids import InstitutionCode
from gateway.kernel.money import Fen
from gateway.kernel.problem import Refusal
from gateway.payment.assess import assess_month, assess_year
from gateway.payment.assessment import Assessment
from gateway.payment.measure import Measure
from gateway.payment.measuring import measure_month
from gateway.payment.months import first_day, last_day
from gateway.payment.payment import Payment
from gateway.policies.load import AreaPolicy
from gateway.store.unit import Unit
from gateway.store.values import Activity, ClosedPeriod, PeriodState, Wants

Told: TypeAlias = Callable[[str, int, int], None]
"""Is told how far the closing is: the part of it, what is done of it, and how much there is."""

Measures: TypeAlias = Mapping[str, tuple[Measure, ...]]

BATCH = 20
"""Institutions of one unit of work: enough to share a commit, few enough that a claim never waits long."""

_MEASURES, _CLEARINGS = "measures", "clearings"
_DECEMBER = "-12"
_PAGE = 500


@dataclass(frozen=True, slots=True)
class _Job:
    """What is closed, by which policy. `dossier`: id of the closing, the cause of its entries."""

    exchange: Exchange
    scheme: str
    month: str
    dossier: str
    area: AreaPolicy
    payment: Payment
    by: str
    told: Told

    def level(self, institution: str) -> str:
        """The institution's level key on the month's first day, or ''."""
        found = self.area.institutions.on(InstitutionCode(institution), first_day(self.month))
        return found.level if found else ""


def close_month(
    exchange: Exchange, scheme: str, month: str, *, by: str, told: Told = lambda _part, _done, _whole: None
) -> ClosedPeriod:
    """Close a month '2015-06' of a scheme; asked again, the period as it was closed.

    Refusal: `unknown-scheme`, `bad-period`, `period-not-ended`, `earlier-period-open`.
    """
    area = check_month(exchange, scheme, month)
    begun = begin_period(exchange, scheme, month, by=by)
    if begun.period.state is PeriodState.CLOSED:
        return begun.period

    payment = area.payment or NO_METHODS
    job = _Job(exchange, scheme, month, begun.dossier, area, payment, by, told)
    payables = exchange.store.payables(scheme, from_on=first_day(month), to_on=last_day(month))
    activity = _activity(job)
    measures = _measure(job, sorted({*payables, *activity}))
    assessed = _assess(job, measures)
    _clear(job, assessed, payables, activity)

    closed = end_period(exchange, scheme, month, by=by)
    exchange.store.seal()
    return closed


NO_METHODS = Payment(id="", version="", body=b"", terms=())
"""An area without a payment file pays every case as it was settled."""


def check_month(exchange: Exchange, scheme: str, month: str) -> AreaPolicy:
    """The scheme's policy, for a month that may be closed. Refusal otherwise."""
    area = checked_area(exchange, scheme, month)
    check_earlier(exchange.store, scheme, month)
    return area


def checked_area(exchange: Exchange, scheme: str, period: str) -> AreaPolicy:
    """The scheme's policy, for a period that has ended. Refusal otherwise."""
    area = exchange.book.of(exchange.area, scheme)
    if area is None:
        raise Refusal(problems.unknown_scheme(scheme))
    try:
        last = last_day(period)
    except ValueError:
        raise Refusal(problems.bad_period(period)) from None
    if business_day(exchange.clock()) <= last:
        raise Refusal(problems.not_ended(period))
    return area


def _activity(job: _Job) -> dict[str, list[Activity]]:
    found: dict[str, list[Activity]] = {}
    store, first, last = job.exchange.store, first_day(job.month), last_day(job.month)
    for each in store.activity(job.scheme, from_on=first, to_on=last):
        found.setdefault(each.institution, []).append(each)
    return found


def _measure(job: _Job, institutions: Sequence[str]) -> Measures:
    """What each institution did under each of its agreements, kept for the months after."""
    kept = kept_measures(job.exchange.store, job.scheme, job.month)
    missing = [code for code in institutions if code not in kept]
    for number, batch in _batches(missing):
        made = {}
        for done, code in enumerate(batch, number + 1):
            made[code] = _measured(job, code)
            job.told(_MEASURES, done, len(missing))
        keep_measures(job.exchange, job.scheme, job.month, made)
        kept |= made
    return dict(sorted(kept.items()))


def _measured(job: _Job, institution: str) -> tuple[Measure, ...]:
    store, first, last = job.exchange.store, first_day(job.month), last_day(job.month)
    cases = store.care(job.scheme, institutions=(institution,), from_on=first, to_on=last)
    level = job.level(institution)
    return measure_month(job.payment, cases, institution=institution, level=level, month=job.month)


def _assess(job: _Job, measures: Measures) -> dict[str, tuple[Assessment, ...]]:
    """The month's assessments, in the last month of a year with the year's beside them, by institution."""
    store = job.exchange.store
    monthly = assess_month(job.payment, job.month, measures, facts_of_month(store, job.area, job.month))
    if not job.month.endswith(_DECEMBER):
        return {code: (each,) for code, each in monthly.items()}
    year = job.month.removesuffix(_DECEMBER)
    facts, all_measures = facts_of_year(store, job.area, year, measures, monthly)
    yearly = assess_year(job.payment, year, all_measures, facts)
    return {
        code: tuple(each for each in (monthly.get(code), yearly.get(code)) if each is not None)
        for code in sorted({*monthly, *yearly})
    }


def _clear(
    job: _Job,
    assessed: Mapping[str, tuple[Assessment, ...]],
    payables: Mapping[str, Mapping[str, Fen]],
    activity: Mapping[str, Sequence[Activity]],
) -> None:
    """A clearing for each institution, its entry booked on the month's last day, beside why it is due what."""
    codes = sorted({*assessed, *payables, *activity, *_applied_early(job)})
    for number, batch in _batches(codes):

        def work(unit: Unit, batch: Sequence[str] = batch) -> None:
            for code in batch:
                assessments = assessed.get(code, ())
                keep_assessment(unit, job.scheme, job.month, assessments)
                open_clearing(
                    unit,
                    scheme=job.scheme,
                    month=job.month,
                    institution=code,
                    payables=payables.get(code, {}),
                    activity=activity.get(code, ()),
                    due=due_of(*assessments),
                    booked_on=last_day(job.month),
                    cause=job.dossier,
                    by=job.by,
                )

        keys = [(CLEARING, clearing_key(job.scheme, job.month, code)) for code in batch]
        keys += [(STANDING, f"{job.scheme}|{code}") for code in batch]
        keys += [(ASSESSMENT, assessment_key(job.scheme, each)) for code in batch for each in assessed.get(code, ())]
        job.exchange.store.submit(work, Wants(dossiers=tuple(keys))).result()
        job.told(_CLEARINGS, number + len(batch), len(codes))


def _applied_early(job: _Job) -> Iterator[str]:
    """Institutions that applied before the month was closed: they are told also where nothing is owed."""
    after = None
    while page := job.exchange.store.dossiers(
        CLEARING, state=State.EXPECTED, period=job.month, after=after, limit=_PAGE
    ):
        yield from (each.party for each in page if each.key.startswith(f"{job.scheme}|"))
        after = page[-1].id


def _batches(codes: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """The codes in batches, each with the number of those before it."""
    for first in range(0, len(codes), BATCH):
        yield first, codes[first : first + BATCH]
