"""Dossiers of clearing, read from and put into the unit of work with their typed bodies."""

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import msgspec

from gateway.exchange.clearing.bodies import (
    Application,
    ApplicationState,
    Clearing,
    Payment,
    PaymentFile,
    PaymentState,
    Standing,
    State,
    payables,
)
from gateway.kernel.ids import AreaCode, derived_id
from gateway.store.unit import Unit
from gateway.store.values import Dossier

CLEARING, APPLICATION, PAYMENT, PAYMENT_FILE = "clearing", "application", "payment", "payment-file"
STANDING, DEDUCTED = "standing", "deducted"

B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Held(Generic[B]):
    """A dossier with its body as it was read; what is put is checked against the version read."""

    dossier: Dossier
    body: B

    @property
    def id(self) -> str:
        return self.dossier.id

    @property
    def state(self) -> str:
        return self.dossier.state


def clearing_key(scheme: str, month: str, institution: str) -> str:
    """'resident|2015-06|H32118200001'."""
    return f"{scheme}|{month}|{institution}"


def clearing_id(area: AreaCode, scheme: str, month: str, institution: str) -> str:
    """The id of a clearing, also before it is calculated: the same parts, the same id."""
    return derived_id(area, CLEARING, scheme, month, institution)


def read_as(kind: type[B], dossier: Dossier) -> Held[B]:
    """A dossier with its body."""
    return Held(dossier, msgspec.json.decode(dossier.body, type=kind))


def find_clearing(unit: Unit, id: str) -> Held[Clearing] | None:
    """A clearing by its id."""
    found = unit.dossier(CLEARING, id)
    return read_as(Clearing, found) if found else None


def find_clearing_of_key(unit: Unit, key: str) -> Held[Clearing] | None:
    """A clearing by its key."""
    found = unit.dossier_of_key(CLEARING, key)
    return read_as(Clearing, found) if found else None


def clearing_of(unit: Unit, scheme: str, month: str, institution: str) -> Held[Clearing]:
    """The clearing of an institution's month, or a new one that nothing is calculated for."""
    key = clearing_key(scheme, month, institution)
    found = unit.dossier_of_key(CLEARING, key)
    if found is not None:
        return read_as(Clearing, found)
    id = clearing_id(unit.area, scheme, month, institution)
    empty = Clearing(scheme=scheme, month=month, institution=institution)
    return Held(Dossier(CLEARING, id, key, State.EXPECTED, month, institution, 0, _written(empty), 0), empty)


def put_clearing(unit: Unit, held: Held[Clearing], *, state: str | None = None) -> Held[Clearing]:
    """Put a clearing's body and state; what it pays is kept beside it."""
    return _put(unit, held, state=state, fen=sum(payables(held.body).values()))


def find_application(unit: Unit, id: str) -> Held[Application] | None:
    """An application by its id."""
    found = unit.dossier(APPLICATION, id)
    return read_as(Application, found) if found else None


def application_in_force(unit: Unit, key: str) -> tuple[str, Held[Application] | None]:
    """The key that stands for an application now, and the application under it that was not revoked.

    A revoked application keeps its key; the next one of the same content takes the key with '|2' behind it.
    """
    number = 1
    while True:
        numbered = key if number == 1 else f"{key}|{number}"
        found = unit.dossier_of_key(APPLICATION, numbered)
        if found is None or found.state != ApplicationState.REVOKED:
            return numbered, read_as(Application, found) if found else None
        number += 1


def new_application(id: str, key: str, body: Application) -> Held[Application]:
    """An application that was not put yet."""
    dossier = Dossier(
        APPLICATION, id, key, ApplicationState.KEPT, body.month, body.institution, body.stated.fund, b"", 0
    )
    return Held(dossier, body)


def put_application(unit: Unit, held: Held[Application], *, state: str) -> Held[Application]:
    """Put an application's body and state."""
    return _put(unit, held, state=state, fen=held.body.stated.fund)


def find_payment(unit: Unit, id: str) -> Held[Payment] | None:
    """A payment by its EndToEndId."""
    found = unit.dossier(PAYMENT, id)
    return read_as(Payment, found) if found else None


def new_payment(id: str, key: str, body: Payment, month: str) -> Held[Payment]:
    """A payment that was not put yet."""
    fen = sum(body.shares.values())
    return Held(Dossier(PAYMENT, id, key, PaymentState.INSTRUCTED, month, body.institution, fen, b"", 0), body)


def put_payment(unit: Unit, held: Held[Payment], *, state: str | None = None) -> Held[Payment]:
    """Put a payment's body and state."""
    return _put(unit, held, state=state, fen=sum(held.body.shares.values()))


def find_file(unit: Unit, key: str) -> Held[PaymentFile] | None:
    """A payment file by its MsgId."""
    found = unit.dossier_of_key(PAYMENT_FILE, key)
    return read_as(PaymentFile, found) if found else None


def put_file(unit: Unit, *, id: str, key: str, body: PaymentFile, fen: int) -> Held[PaymentFile]:
    """Put a new payment file."""
    return _put(
        unit, Held(Dossier(PAYMENT_FILE, id, key, "made", body.day, "", fen, b"", 0), body), state=None, fen=fen
    )


def standing_of(unit: Unit, scheme: str, institution: str) -> Held[Standing]:
    """What stands between an institution and a scheme from month to month."""
    key = f"{scheme}|{institution}"
    found = unit.dossier_of_key(STANDING, key)
    if found is not None:
        return read_as(Standing, found)
    id = derived_id(unit.area, STANDING, scheme, institution)
    return Held(Dossier(STANDING, id, key, "open", "", institution, 0, b"", 0), Standing())


def put_standing(unit: Unit, held: Held[Standing]) -> None:
    """Put what stands; its fen is what the institution owes."""
    owes = sum(held.body.receivable.values()) - sum(held.body.carried.values())
    _put(unit, held, state=None, fen=owes)


def with_body(held: Held[B], body: B) -> Held[B]:
    """The same dossier with another body."""
    return Held(held.dossier, body)


def _put(unit: Unit, held: Held[B], *, state: str | None, fen: int) -> Held[B]:
    changed = replace(held.dossier, state=state or held.dossier.state, fen=fen, body=_written(held.body))
    return Held(unit.put_dossier(changed), held.body)


def _written(body: object) -> bytes:
    return msgspec.json.encode(body, order="deterministic")
