"""Reads what a bank said, from the Parameters that its feed makes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.exchange.clearing import folders
from gateway.exchange.clearing.bodies import BankWord, Payment
from gateway.exchange.clearing.folders import Held
from gateway.exchange.desk import Desk
from gateway.fhir.parameters import read_parameter
from gateway.fhir.parts import day_or_none
from gateway.kernel import money


@dataclass(frozen=True, slots=True)
class Word:
    """`payment`: EndToEndId, or ''; `file`: MsgId of the instruction, or ''; `excepted`: payments of it told apart."""

    payment: str
    file: str
    status: str
    account: str
    bank: BankWord
    excepted: frozenset[str]

    @property
    def reference(self) -> str:
        """What a finding is about: the bank's reference, else the payment's or the file's."""
        return self.bank.reference or self.payment or self.file or "-"


def read_word(desk: Desk, resource: Mapping[str, Any]) -> Word:
    """The bank's word; checked by its adapter, so that what is missing is empty."""
    amount = read_parameter(resource, "amount")
    reason = " ".join(
        part for part in (read_parameter(resource, "reason"), read_parameter(resource, "reason-text")) if part
    )
    said_on = read_parameter(resource, "booked-on") or read_parameter(resource, "reported-on")
    day = (day_or_none(said_on) or desk.today).isoformat()
    listed = resource.get("parameter") or ()
    excepted = frozenset(str(each.get("valueString", "")) for each in listed if each.get("name") == "except")
    return Word(
        payment=read_parameter(resource, "end-to-end-id"),
        file=read_parameter(resource, "file"),
        status=read_parameter(resource, "status"),
        account=read_parameter(resource, "account"),
        bank=BankWord(read_parameter(resource, "reference"), money.of(amount) if amount else 0, day, reason[:500]),
        excepted=excepted,
    )


def payments_meant(desk: Desk, word: Word) -> list[Held[Payment]] | None:
    """The payment that is named, or every payment of the file that is not excepted; None when it is not known."""
    if word.payment:
        found = folders.find_payment(desk.unit, word.payment)
        return [found] if found else None
    file = folders.find_file(desk.unit, word.file) if word.file else None
    if file is None:
        return None
    held = [folders.find_payment(desk.unit, id) for id in file.body.payments if id not in word.excepted]
    return [each for each in held if each is not None]
