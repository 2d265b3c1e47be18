"""`post-levy`: an employer's quarter is levied once, each payment is split, and arrears are marked on the
people's cover.

Reading: R2 article 29 defers the pooled fund's payment while the employer is in arrears: from the day after the pooled
part was due until it is paid; account and unit fund still pay.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import msgspec

from gateway.enrolment.employer import (
    QUARTERS,
    EmployerTerms,
    Levy,
    Member,
    Owed,
    due_on,
    for_accounts,
    late_fee,
    levy_of,
    use_payment,
)
from gateway.exchange.apply import fund_words as words
from gateway.exchange.apply.fund import FUND_EVENT, Booked, event_key, keep, repeated, told_of
from gateway.exchange.apply.fund_parties import find_party
from gateway.exchange.apply.levy_report import LevyReport, levy_key
from gateway.exchange.desk import Desk, Resource, Result
from gateway.exchange.records import coverages_of, load, put
from gateway.fhir.coverage import read_coverage, write_coverage
from gateway.fhir.patient import read_patient
from gateway.kernel import money
from gateway.kernel.calendar import completed_years
from gateway.kernel.ids import PersonId
from gateway.kernel.money import Fen
from gateway.kernel.problem import Problem, Refusal
from gateway.ledger.accounts import Party
from gateway.ledger.entry import Entry, Posting
from gateway.ledger.flows import contributions, personal
from gateway.store.values import Dossier

EMPLOYER_LEVY = "employer-levy"
"""Kind of the dossier of one employer's quarter; its key is scheme|employer|quarter."""
OWED, PAID = "owed", "paid"


class Standing(msgspec.Struct, frozen=True):
    """What the dossier keeps: what is still owed. `fee_until`: the day up to which the late fee is in `late_fee`."""

    due_on: date
    fee_until: date
    pooled: Fen
    accounts: dict[str, Fen]
    late_fee: Fen
    unit: Fen

    @property
    def owed(self) -> Owed:
        return Owed(self.pooled, sum(self.accounts.values()), self.late_fee, self.unit)


def post_levy(desk: Desk, report: LevyReport) -> Result:
    """Levy a quarter with its roster, or book a payment for it. Answer tree: Answer.

    Refusal: reference-reused, roster-missing, roster-fixed, every person of the roster who cannot be levied.
    """
    before = desk.unit.dossier_of_key(FUND_EVENT, event_key(report.scheme, report.reference))
    if before is not None:
        return repeated(before, report.content, report.reference)
    plan = desk.area_policy(report.scheme).fund
    terms = plan.employers_on(report.first_day) if plan else None
    assert terms is not None, "a report is read against terms that are in force"
    stored = desk.unit.dossier_of_key(EMPLOYER_LEVY, report.key)
    if stored is None and not report.roster:
        raise Refusal(words.roster_missing(report.key))
    if stored is not None and report.roster:
        raise Refusal(words.roster_fixed(report.key))

    standing, raised = _standing(desk, report, terms, stored)
    used, beyond = use_payment(report.amount, standing.owed)
    shares = for_accounts(used.accounts, standing.accounts)
    left = _less(standing, used, shares)

    id = desk.new_id()
    booked_on = desk.unit.open_day(report.scheme, report.paid_on)
    postings = (*raised, *_paid(report, terms, used, shares, beyond))
    answer: Resource = {
        "event": id,
        "reference": report.reference,
        "name": "employer-levy",
        **_told(left, used, beyond),
    }
    if postings:
        entry = Entry(desk.new_id(), desk.area, report.scheme, booked_on, id, postings)
        desk.unit.post(entry)
        answer |= told_of(entry)
    _put_standing(desk, report, stored, left)
    _mark_arrears(desk, report, left)
    keep(
        desk,
        id,
        report.scheme,
        report.reference,
        Booked(report.content, answer),
        report.amount,
        booked_on,
        report.employer,
    )
    return Result({"Answer": answer}, subject=id)


def _standing(
    desk: Desk, report: LevyReport, terms: EmployerTerms, stored: Dossier | None
) -> tuple[Standing, tuple[Posting, ...]]:
    """What is owed before this payment, its late fee included, and what the levy itself books when it is new."""
    raised: list[Posting] = []
    if stored is not None:
        standing = msgspec.json.decode(stored.body, type=Standing)
    else:
        levy = levy_of(_members(desk, report), terms, quarter=report.quarter)
        due = due_on(terms, year=report.year, quarter=report.quarter)
        standing = Standing(due, due, levy.pooled, dict(levy.accounts), 0, levy.unit)
        raised = _levied(report, terms, levy)
    fee = late_fee(standing.pooled, terms, due=standing.fee_until, paid_on=report.paid_on)
    until = max(standing.fee_until, report.paid_on)
    return msgspec.structs.replace(standing, late_fee=standing.late_fee + fee, fee_until=until), tuple(raised)


def _members(desk: Desk, report: LevyReport) -> list[Member]:
    members, found = [], list[Problem]()
    for place, line in enumerate(report.roster):
        path = f"roster[{place}].person"
        try:
            person = find_party(desk, report.scheme, Party.PERSON, line.person, path=path)
        except Refusal as refusal:
            found += refusal.problems
            continue
        patient = load(desk, "Patient", person)
        born_on = read_patient(patient).born_on if patient else None
        if born_on is None:
            found.append(words.born_unknown(path))
            continue
        members.append(Member(person, completed_years(born_on, report.first_day), line.retired, line.earned))
    if len({member.person for member in members}) < len(members):
        found.append(words.malformed_report("roster", "each person once", "不重复的人员"))
    if found:
        raise Refusal(found)
    return members


def _levied(report: LevyReport, terms: EmployerTerms, levy: Levy) -> list[Posting]:
    return [
        posting
        for fund, amount in ((terms.pooled_fund, levy.pooled), (terms.unit_fund, levy.unit))
        if amount
        for posting in contributions.levied(fund=fund, payer=report.employer, amount=amount)
    ]


def _paid(
    report: LevyReport, terms: EmployerTerms, used: Owed, shares: dict[str, Fen], beyond: Fen
) -> tuple[Posting, ...]:
    payer, pooled = report.employer, terms.pooled_fund
    made: list[Posting] = []
    if used.pooled:
        made += contributions.received(fund=pooled, payer=payer, amount=used.pooled)
    if used.late_fee:
        made += contributions.late_fee_received(fund=pooled, payer=payer, amount=used.late_fee)
    if used.unit:
        made += contributions.received(fund=terms.unit_fund, payer=payer, amount=used.unit)
    if beyond:
        made += contributions.held(fund=pooled, payer=payer, amount=beyond)
    for person, amount in shares.items():
        if amount:
            made += personal.credited(person=person, amount=amount)
    return tuple(made)


def _less(standing: Standing, used: Owed, shares: dict[str, Fen]) -> Standing:
    return msgspec.structs.replace(
        standing,
        pooled=standing.pooled - used.pooled,
        accounts={person: owed - shares[person] for person, owed in standing.accounts.items()},
        late_fee=standing.late_fee - used.late_fee,
        unit=standing.unit - used.unit,
    )


def _put_standing(desk: Desk, report: LevyReport, stored: Dossier | None, left: Standing) -> None:
    new = Dossier(
        EMPLOYER_LEVY, desk.new_id(), report.key, OWED, f"{report.year}Q{report.quarter}", report.employer, 0, b""
    )
    owed = left.owed.total
    state = OWED if owed else PAID
    desk.unit.put_dossier(replace(stored or new, state=state, fen=owed, body=msgspec.json.encode(left)))


def _mark_arrears(desk: Desk, report: LevyReport, left: Standing) -> None:
    """Cover of the employer's people says since when its pooled part is overdue, or no longer does."""
    days = [_overdue_since(desk, left), *(_overdue_since(desk, each) for each in _other_quarters(desk, report))]
    since = min((day for day in days if day is not None), default=None)
    for person in left.accounts:
        _mark(desk, PersonId(person), report.scheme, since)


def _overdue_since(desk: Desk, standing: Standing) -> date | None:
    overdue = standing.pooled > 0 and desk.today > standing.due_on
    return standing.due_on + timedelta(days=1) if overdue else None


def _other_quarters(desk: Desk, report: LevyReport) -> Iterator[Standing]:
    """The employer's quarters of a year before and after."""
    this = report.year * QUARTERS + report.quarter - 1
    for number in (*range(this - QUARTERS, this), *range(this + 1, this + 1 + QUARTERS)):
        key = levy_key(report.scheme, report.employer, year=number // QUARTERS, quarter=number % QUARTERS + 1)
        stored = desk.unit.dossier_of_key(EMPLOYER_LEVY, key)
        if stored is not None:
            yield msgspec.json.decode(stored.body, type=Standing)


def _mark(desk: Desk, person: PersonId, scheme: str, since: date | None) -> None:
    for coverage in coverages_of(desk, person):
        reading = read_coverage(coverage)
        if reading.scheme == scheme and reading.active and reading.in_arrears_since != since:
            put(desk, write_coverage(replace(reading, in_arrears_since=since)), person=person)


def _told(left: Standing, used: Owed, beyond: Fen) -> Resource:
    def yuan(owed: Owed) -> dict[str, str]:
        return {name: money.text(fen) for name, fen in zip(Owed._fields, owed, strict=True)}

    return {"paid": yuan(used), "held": money.text(beyond), "owed": yuan(left.owed), "due_on": left.due_on.isoformat()}
