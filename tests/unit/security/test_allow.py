"""What a role may do: nothing that its table does not say."""

import pytest

from gateway.exchange.apply import OPERATIONS as OFFERED
from gateway.kernel.problem import Kind
from gateway.security.allow import OPERATIONS, READABLE, WRITABLE, check_operation, check_read, check_write
from gateway.security.partners import Partner, Role


def partner(role: Role) -> Partner:
    return Partner(role.value, role, role.value, institution="H32118200001" if role is Role.CLINIC else "")


STATEMENTS = {"check-totals", "store-file", "check-details", "fetch-file", "state-details"}
CLEARING = {"apply-clearing", "revoke-clearing", "read-clearing"}
OFFICE = {"review-clearing", "approve-clearing", "reopen-clearing", "instruct-payments", "post-fund", "post-levy"}
BOOKS = {"read-books", "close-period"}
BESIDE = {"read-clearing", *OFFICE, *BOOKS}
"""What is asked for at doors of its own, by no message of a feed."""
MAY = {
    Role.CLINIC: {
        *("sign-in", "find-person", "open-visit", "describe-visit", "discharge-visit", "add-lines"),
        *("trial", "settle", "cancel"),
        *CLEARING,
        *STATEMENTS,
    },
    Role.BANK: {"post-contribution", "bank-statement", "payment-status", "payment-booked", "payment-returned"},
    Role.POLICE: {"change-person"},
    Role.AGENCY: {
        *("cancel", "find-person", "resettle", "resettle-person"),
        *("match-day", "resolve-finding", "freeze-day", "sign-off-day"),
        *CLEARING,
        *STATEMENTS,
        *OFFICE,
        *BOOKS,
    },
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("operation", [*OFFERED, *sorted(BESIDE), "no-such-operation"])
def test_an_operation_is_allowed_by_the_table_or_not_at_all(role: Role, operation: str) -> None:
    assert (check_operation(partner(role), operation) == []) == (operation in MAY[role])


def test_a_refusal_says_who_may_not_do_what() -> None:
    [problem] = check_operation(partner(Role.BANK), "settle")

    assert (problem.kind, problem.code) == (Kind.FORBIDDEN, "forbidden")
    assert "bank" in problem.text()
    assert "settle" in problem.text()


def test_every_operation_is_somebodys_and_every_role_has_its_tables() -> None:
    assert {operation for each in OPERATIONS.values() for operation in each} == set(OFFERED) | BESIDE
    assert set(OPERATIONS) == set(READABLE) == set(WRITABLE) == set(Role)


@pytest.mark.parametrize("role", [Role.BANK, Role.POLICE])
@pytest.mark.parametrize("type", ["Patient", "Coverage", "Claim", "ClaimResponse", "Encounter"])
def test_bank_and_police_read_nothing_personal_and_write_nothing(role: Role, type: str) -> None:
    assert check_read(partner(role), type)
    assert check_write(partner(role), type)


def test_nobody_writes_what_the_core_decides() -> None:
    decided = {"ClaimResponse", "InsurancePlan", "PaymentReconciliation", "PaymentNotice"}
    assert not any(types & decided for types in WRITABLE.values())


def test_a_clinic_writes_claims_only() -> None:
    assert WRITABLE[Role.CLINIC] == {"Claim"}
