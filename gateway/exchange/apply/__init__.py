"""What the core does with a translated message: one operation a function, found by its name in a mapping file."""

from collections.abc import Mapping

from gateway.exchange.apply import claim, contribution, person, resettle, session, visit
from gateway.exchange.clearing import answers, application
from gateway.exchange.desk import Look, Operation
from gateway.exchange.reconcile import day, details, resolving, sign_off, stated_details, statements, totals

OPERATIONS: Mapping[str, Operation] = {
    "sign-in": session.sign_in,
    "find-person": person.find_person,
    "change-person": person.change_person,
    "open-visit": visit.open_visit,
    "describe-visit": visit.describe_visit,
    "discharge-visit": visit.discharge_visit,
    "add-lines": visit.add_lines,
    "trial": claim.trial,
    "settle": claim.settle,
    "cancel": claim.cancel,
    "resettle": resettle.resettle,
    "resettle-person": resettle.resettle_person,
    "post-contribution": contribution.post_contribution,
    "bank-statement": statements.bank_statement,
    "check-totals": totals.check_totals,
    "store-file": details.store_file,
    "check-details": details.check_details,
    "fetch-file": details.fetch_file,
    "state-details": stated_details.state_details,
    "match-day": day.match_day,
    "resolve-finding": resolving.resolve_finding,
    "freeze-day": sign_off.freeze_day,
    "sign-off-day": sign_off.sign_day,
    "apply-clearing": application.apply_clearing,
    "revoke-clearing": application.revoke_clearing,
    "payment-status": answers.payment_status,
    "payment-booked": answers.payment_booked,
    "payment-returned": answers.payment_returned,
}

LOOKS: Mapping[str, Look] = {
    "check-totals": totals.look_at_totals,
    "check-details": details.look_at_details,
    "state-details": stated_details.look_at_stated,
    "match-day": day.look_at_day,
    "freeze-day": sign_off.look_before,
    "sign-off-day": sign_off.look_at_frozen,
}
"""What reads the store at length before it asks the writer: comparing files and days with the books."""
