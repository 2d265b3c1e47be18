"""A clearing as its institution takes it in: PaymentReconciliation, HL7 v2 EHC^E15, a CSV file; who sees which.

An institution sees its own clearings, the agency all of them; what may not be seen looks as if it were not there. Every
reading leaves an audit row before it is answered.
"""

import calendar
import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from gateway.contract import Context
from gateway.exchange.clearing import folders, problems
from gateway.exchange.clearing.bodies import Application, Clearing, Payment, PaymentFile, State
from gateway.exchange.clearing.folders import Held, read_as
from gateway.exchange.clearing.lines import remittance_lines, settlement_lines
from gateway.exchange.exchange import Exchange
from gateway.exchange.render import render
from gateway.fhir.json import read_stored
from gateway.fhir.payment_reconciliation import Line, Remittance, write_reconciliation
from gateway.kernel import money
from gateway.kernel.problem import Kind, Problem, Refusal, refuse_if
from gateway.security.allow import check_operation
from gateway.security.partners import Partner, Role
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import Dossier

HL7_FEED, REMITTANCE = "hl7v2", "EHC_E15"
COLUMNS = ("line", "settlement", "day", "fund", "amount", "text")
MOST_SHOWN = 100


def settled_lines(store: Store, id: str, *, on: date | None = None) -> list[Line]:
    """The lines of a clearing's settlements, of its whole month or of one day; [] where there is no such clearing."""
    found = store.dossier(folders.CLEARING, id)
    if found is None:
        return []
    body = read_as(Clearing, found).body
    first, last = on or _first(body.month), on or _last(body.month)
    return settlement_lines(store.care(body.scheme, institutions=[body.institution], from_on=first, to_on=last))


def find_clearings(
    exchange: Exchange, partner: Partner, *, state: str = "", period: str = "", institution: str = "", after: str = ""
) -> tuple[list[Dossier], str]:
    """A page of clearings by id, and the id to go on after, or ''. Refusal: bad-clearing-filter, forbidden."""
    refuse_if(check_operation(partner, "read-clearing"))
    found = []
    if state and state not in set(State):
        found.append(problems.bad_filter("state", state))
    if period and not (len(period) == 7 and period[4] == "-" and period.replace("-", "").isdigit()):
        found.append(problems.bad_filter("period", period))
    refuse_if(found)
    party = partner.institution if partner.role is not Role.AGENCY else institution
    listed = exchange.store.dossiers(
        folders.CLEARING,
        state=state or None,
        period=period or None,
        party=party or None,
        after=after or None,
        limit=MOST_SHOWN + 1,
    )
    _note(exchange, partner, "search", "clearing", str(len(listed)))
    shown = listed[:MOST_SHOWN]
    return shown, shown[-1].id if len(listed) > MOST_SHOWN else ""


def find_clearing(exchange: Exchange, partner: Partner, id: str) -> Held[Clearing]:
    """A clearing that the partner may see. Refusal: clearing-not-found, forbidden."""
    dossier = _own(exchange, partner, folders.CLEARING, id)
    return read_as(Clearing, dossier)


def find_application(exchange: Exchange, partner: Partner, id: str) -> Held[Application]:
    """An application that the partner may see. Refusal: clearing-not-found, forbidden."""
    return read_as(Application, _own(exchange, partner, folders.APPLICATION, id))


def find_payment(exchange: Exchange, partner: Partner, id: str) -> Held[Payment]:
    """A payment that the partner may see. Refusal: clearing-not-found, forbidden."""
    return read_as(Payment, _own(exchange, partner, folders.PAYMENT, id))


def find_file(exchange: Exchange, partner: Partner, key: str) -> Held[PaymentFile]:
    """A payment file by its MsgId, for officers. Refusal: clearing-not-found, forbidden."""
    refuse_if(check_operation(partner, "instruct-payments"))
    found = exchange.store.dossier_of_key(folders.PAYMENT_FILE, key)
    _note(exchange, partner, "read", f"payment-file/{key[:64]}", "ok" if found else "not-found")
    if found is None:
        raise Refusal(problems.not_found(key))
    return read_as(PaymentFile, found)


def fhir_remittance(exchange: Exchange, held: Held[Clearing], *, on: date | None = None) -> dict[str, Any]:
    """The PaymentReconciliation of an approved clearing, or of one of its days. Refusal: no-remittance."""
    stored = exchange.store.read("PaymentReconciliation", held.id)
    if stored is None:
        raise Refusal(_no_remittance(held.state))
    if on is None:
        return read_stored(stored.body, id=stored.id)
    lines = [_on(line, on) for line in settled_lines(exchange.store, held.id, on=on)]
    return write_reconciliation(
        Remittance(
            id=held.id,
            key=f"{held.dossier.key}|{on.isoformat()}",
            area=exchange.area,
            scheme=held.body.scheme,
            month=held.body.month,
            institution=held.body.institution,
            payee=held.body.institution,
            created=stored.updated_at,
            paid_on=on,
            amount=sum(line.amount for line in lines),
            lines=lines,
        )
    )


def hl7_remittance(exchange: Exchange, held: Held[Clearing]) -> bytes:
    """The same as HL7 v2 EHC^E15. Refusal: no-remittance."""
    resource = fhir_remittance(exchange, held)
    payee = exchange.store.read("Organization", held.body.institution)
    tree = {
        "PaymentReconciliation": resource,
        "Organization": read_stored(payee.body, id=payee.id) if payee else {"id": held.body.institution},
    }
    context = Context(now=exchange.clock(), reference=exchange.new_id(), area=exchange.area)
    return render(exchange.feeds, HL7_FEED, REMITTANCE, tree, context)


def csv_remittance(exchange: Exchange, held: Held[Clearing]) -> bytes:
    """Every settlement and every other line, UTF-8 with a byte order mark; the amounts sum to what is payable."""
    if exchange.store.read("PaymentReconciliation", held.id) is None:
        raise Refusal(_no_remittance(held.state))
    settled = settled_lines(exchange.store, held.id)
    others = [line for line in remittance_lines(held.body, settled) if line.kind not in ("settlement", "day")]
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(line) for line in (*settled, *others))
    return b"\xef\xbb\xbf" + made.getvalue().encode()


def _row(line: Line) -> Sequence[str]:
    """Texts that a spreadsheet would take for a formula are quoted by an apostrophe."""
    text = f"'{line.text}" if line.text[:1] in ("=", "+", "-", "@", "\t", "\r") else line.text
    return (line.kind, line.reference, line.on.isoformat() if line.on else "", line.fund, money.text(line.amount), text)


def _on(line: Line, on: date) -> Line:
    return Line(line.kind, line.amount, line.reference, on, line.fund, line.text)


def _own(exchange: Exchange, partner: Partner, kind: str, id: str) -> Dossier:
    refuse_if(check_operation(partner, "read-clearing"))
    found = exchange.store.dossier(kind, id)
    seen = found is not None and (partner.role is Role.AGENCY or found.party == partner.institution)
    _note(exchange, partner, "read", f"{kind}/{id[:64]}", "ok" if seen else "not-found")
    if found is None or not seen:
        raise Refusal(problems.not_found(id))
    return found


def _note(exchange: Exchange, partner: Partner, action: str, object: str, outcome: str) -> None:
    def note(unit: Unit) -> None:
        unit.audit(principal=partner.id, action=action, object=object, outcome=outcome)

    exchange.store.submit(note).result()


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _last(month: str) -> date:
    first = _first(month)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _no_remittance(state: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "no-remittance",
        "clearing",
        f"the clearing is {state}: there is a remittance once it is approved",
        f"清算状态为 {state}:审批后才有付款明细",
    )
