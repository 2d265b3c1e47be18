"""`post-fund`: an event of the fund that an officer or the finance department reports becomes one entry.

Its dossier `fund-event` makes it happen once: the same reference with the same content gives the same answer, whoever
sends it; other content under it is refused.
"""

from datetime import date

import msgspec

from gateway.enrolment.contribution import held_applied
from gateway.exchange.apply import contribution
from gateway.exchange.apply import fund_words as words
from gateway.exchange.apply.fund_parties import find_party
from gateway.exchange.apply.fund_report import Report
from gateway.exchange.apply.stations import Held, check_limits, take_out
from gateway.exchange.desk import Desk, Resource, Result
from gateway.exchange.records import load
from gateway.kernel import money
from gateway.kernel.ids import PersonId
from gateway.kernel.problem import Refusal, refuse_if
from gateway.ledger.accounts import Account, Party
from gateway.ledger.entry import Entry, Posting
from gateway.ledger.events import Told
from gateway.ledger.flows import Flow
from gateway.store.values import Dossier

FUND_EVENT = "fund-event"
"""Kind of the dossier of a booked event; its key is scheme|reference."""
HELD_APPLIED = "held-applied"


class Booked(msgspec.Struct, frozen=True):
    """What the dossier keeps: the content that makes a repeat a repeat, and the answer."""

    content: str
    answer: Resource


def event_key(scheme: str, reference: str) -> str:
    """The business key of an event."""
    return f"{scheme}|{reference}"


def post_fund(desk: Desk, report: Report, held: Held) -> Result:
    """Book an event. Answer tree: Answer, with the entry and its postings.

    Refusal: reference-reused, the party's own, beyond-balance, account-short, station-short, books-moved.
    """
    before = desk.unit.dossier_of_key(FUND_EVENT, event_key(report.scheme, report.reference))
    if before is not None:
        return repeated(before, report.content, report.reference)
    told, event = report.told, report.kind
    told = told._replace(
        party=find_party(desk, report.scheme, event.party, told.party, path="party"),
        to_party=find_party(
            desk, report.scheme, event.party if told.to_party else Party.NONE, told.to_party, path="to_party"
        ),
    )
    postings = _postings(desk, report, told)
    refuse_if(check_limits(held, postings, event.limits, path="amount"))
    _check_accounts(desk, report.scheme, postings)
    take_out(desk, report.scheme, held, postings, path="amount")

    id = desk.new_id()
    booked_on = desk.unit.open_day(report.scheme, report.day)
    entry = Entry(desk.new_id(), desk.area, report.scheme, booked_on, id, postings)
    desk.unit.post(entry)
    answer = {"event": id, "reference": report.reference, "name": report.event, **told_of(entry)}
    keep(desk, id, report.scheme, report.reference, Booked(report.content, answer), told.amount, booked_on, told.party)
    return Result({"Answer": answer}, subject=id)


def _postings(desk: Desk, report: Report, told: Told) -> Flow:
    """What the event books. A held receipt that pays a resident's levy claims it and opens cover, as a credit does.

    Reading: it pays for the benefit year of the day that is told.
    """
    patient = load(desk, "Patient", told.to_party) if report.event == HELD_APPLIED else None
    if patient is None or report.scheme != contribution.SCHEME:
        return report.kind.books(told)
    receipt, _ = contribution.apply_amount(desk, patient, amount=told.amount, year=report.day.year)
    if receipt.unapplied:
        raise Refusal(words.beyond_levy(money.text(receipt.applied), money.text(told.amount)))
    levels = contribution.levels_of(desk, report.day)
    return held_applied(receipt, fund=told.fund, holder=told.party, payer=told.to_party, levels=levels)


def repeated(before: Dossier, content: str, reference: str) -> Result:
    """The answer that was given under a reference before. Refusal: the content is another."""
    booked = msgspec.json.decode(before.body, type=Booked)
    if booked.content != content:
        raise Refusal(words.reference_reused(reference))
    return Result({"Answer": booked.answer}, subject=before.id)


def keep(
    desk: Desk, id: str, scheme: str, reference: str, booked: Booked, amount: int, booked_on: date, party: str
) -> None:
    """The dossier of an event that was booked."""
    body = msgspec.json.encode(booked)
    key = event_key(scheme, reference)
    desk.unit.put_dossier(Dossier(FUND_EVENT, id, key, "booked", booked_on.isoformat(), party, amount, body))


def told_of(entry: Entry) -> Resource:
    """An entry as the answers show it, amounts in yuan, debits positive."""
    return {
        "entry": entry.id,
        "scheme": entry.scheme,
        "booked_on": entry.booked_on.isoformat(),
        "postings": [
            {"fund": p.fund, "account": str(p.account), "party": p.party, "amount": money.text(p.fen)}
            for p in entry.postings
        ],
    }


def _check_accounts(desk: Desk, scheme: str, postings: Flow) -> None:
    """A personal account never owes money."""
    for posting in _personal(postings):
        held = desk.unit.account_balance(PersonId(posting.party), scheme)
        if posting.fen > held:
            raise Refusal(words.account_short(money.text(held), money.text(posting.fen)))


def _personal(postings: Flow) -> list[Posting]:
    return [posting for posting in postings if posting.account is Account.PERSONAL_ACCOUNT]
