"""What each role may do: deny by default. The tables below are the whole policy."""

from collections.abc import Mapping

from gateway.kernel.problem import Kind, Problem
from gateway.security.partners import Partner, Role

CLEARING = frozenset({"apply-clearing", "revoke-clearing", "read-clearing"})
CLEARING_OFFICE = CLEARING | {"review-clearing", "approve-clearing", "reopen-clearing", "instruct-payments"}
BANK_ANSWERS = frozenset({"payment-status", "payment-booked", "payment-returned"})
STATEMENTS = frozenset({"check-totals", "store-file", "check-details", "fetch-file", "state-details"})
RECONCILING = STATEMENTS | {"match-day", "resolve-finding", "freeze-day", "sign-off-day"}
BOOKS = frozenset({"close-period", "read-books"})
REMITTANCES = frozenset({"PaymentReconciliation", "PaymentNotice"})

OPERATIONS: Mapping[Role, frozenset[str]] = {
    Role.CLINIC: frozenset(
        {
            "sign-in",
            "find-person",
            "open-visit",
            "describe-visit",
            "discharge-visit",
            "add-lines",
            "trial",
            "settle",
            "cancel",
        }
    )
    | CLEARING
    | STATEMENTS,
    Role.BANK: frozenset({"post-contribution", "bank-statement"}) | BANK_ANSWERS,
    Role.POLICE: frozenset({"change-person"}),
    Role.AGENCY: frozenset({"cancel", "find-person", "resettle", "resettle-person", "post-fund", "post-levy"})
    | BOOKS
    | CLEARING_OFFICE
    | RECONCILING,
}

OPEN_TO_ALL = frozenset({"Organization", "InsurancePlan", "CodeSystem", "ValueSet", "ConceptMap"})
"""Types without personal data: a directory, the published plans, the catalogue and other terminology."""

READABLE: Mapping[Role, frozenset[str]] = {
    Role.CLINIC: OPEN_TO_ALL | {"Patient", "Coverage", "Claim", "ClaimResponse"} | REMITTANCES,
    Role.BANK: OPEN_TO_ALL,
    Role.POLICE: OPEN_TO_ALL,
    Role.AGENCY: OPEN_TO_ALL | {"Patient", "Coverage", "Claim", "ClaimResponse"} | REMITTANCES,
}

WRITABLE: Mapping[Role, frozenset[str]] = {
    Role.CLINIC: frozenset({"Claim"}),  # drafts only: an active Claim comes through $submit
    Role.BANK: frozenset(),
    Role.POLICE: frozenset(),
    Role.AGENCY: frozenset({"Patient", "Coverage", "Organization"}),
}


def check_operation(partner: Partner, operation: str) -> list[Problem]:
    """[] when the partner's role may run the operation."""
    return [] if operation in OPERATIONS[partner.role] else [_forbidden(partner, operation)]


def check_read(partner: Partner, type: str) -> list[Problem]:
    """[] when the partner's role may read resources of a type (which ones, its queries are limited to)."""
    return [] if type in READABLE[partner.role] else [_forbidden(partner, f"read {type}")]


def check_write(partner: Partner, type: str) -> list[Problem]:
    """[] when the partner's role may create and update resources of a type."""
    return [] if type in WRITABLE[partner.role] else [_forbidden(partner, f"write {type}")]


def _forbidden(partner: Partner, action: str) -> Problem:
    return Problem(
        Kind.FORBIDDEN,
        "forbidden",
        "",
        f"a {partner.role} may not {action}",
        f"该类发送方({partner.role})无权执行:{action}",
    )
