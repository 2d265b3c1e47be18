"""An area's payment file as values: agreements, groups, appraisal, deposits, limits, bank accounts, closures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from gateway.kernel import dated
from gateway.kernel.dated import Dated
from gateway.kernel.money import Fen, Rate
from gateway.payment.appraisal import Appraisal, Step
from gateway.payment.groups import Grouper, group_in
from gateway.payment.stated import NOTHING_STATED, Stated
from gateway.payment.terms import AS_SETTLED, Scope, Terms
from gateway.settlement.rule import Rule, Wording


@dataclass(frozen=True, slots=True)
class BankAccount:
    """A bank account. `bank_code`: 12 digits of the payment system's bank number 支付系统行号."""

    holder: str
    account: str
    bank: str
    bank_code: str


@dataclass(frozen=True, slots=True)
class Change:
    """An institution's last day. `merged_into`: code of its successor, or '' for none."""

    institution: str
    closed_on: date
    merged_into: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Deposit:
    """The quality deposit 质量保证金: a ratio of what is due each month; `returns`: what a year's score gives back."""

    rate: Rate
    returns: tuple[Step, ...]
    scope: Scope
    rule: Rule


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of the year on the sum of some agreements. `what`: cost (`amount`, fen), cases (`most`), growth (`rate`).

    `unpaid`: the ratio of what is above that is not paid. `amounts`, `mosts`: by institution, before the common one.
    """

    id: str
    title: Wording
    what: str
    terms: frozenset[str]
    scope: Scope
    rule: Rule
    unpaid: Rate
    amount: Fen | None = None
    amounts: Mapping[str, Fen] = field(default_factory=dict)
    most: int | None = None
    mosts: Mapping[str, int] = field(default_factory=dict)
    growth: Rate = 0


@dataclass(frozen=True, eq=False)
class Payment:
    """How an area and scheme pays institutions. `version`: hash of the file's content, `body` its canonical bytes.

    `accounts`: income, fiscal, expenditure. `stated`, `payees`: by institution code, dated.
    """

    id: str
    version: str
    body: bytes
    terms: tuple[Terms, ...]
    groupers: tuple[Dated[Grouper], ...] = ()
    appraisals: tuple[Dated[Appraisal], ...] = ()
    deposits: tuple[Dated[Deposit], ...] = ()
    limits: tuple[Dated[Limit], ...] = ()
    stated: Mapping[str, tuple[Dated[Stated], ...]] = field(default_factory=dict)
    accounts: Mapping[str, BankAccount] = field(default_factory=dict)
    payees: Mapping[str, tuple[Dated[BankAccount], ...]] = field(default_factory=dict)
    changes: Mapping[str, Change] = field(default_factory=dict)

    def terms_of(self, id: str) -> Terms:
        """The agreement of an id. KeyError when there is none."""
        if id == AS_SETTLED.id:
            return next((each for each in self.terms if each.id == id), AS_SETTLED)
        return {each.id: each for each in self.terms}[id]

    def terms_for(self, *, institution: str, level: str, month: date) -> tuple[Terms, ...]:
        """The agreements of an institution in the month that begins on a day, in the order in which cases try them."""
        found = [
            each for each in self.terms if each.hold_on(month) and each.scope.covers_institution(institution, level)
        ]
        return (*found, AS_SETTLED)

    def owner_on(self, institution: str, day: date) -> str:
        """Who stands for an institution on a day: itself until its last day, then its successor, '' for nobody."""
        seen = set()
        while (change := self.changes.get(institution)) is not None and change.closed_on < day:
            seen.add(institution)
            institution = change.merged_into
            if institution in seen:
                return ""
        return institution

    def payee_on(self, institution: str, day: date) -> BankAccount | None:
        """The account that money for an institution goes to on a day: after its end its successor's.

        An institution that ended without a successor keeps its own account for what it is still owed.
        """
        found = dated.on(self.payees.get(self.owner_on(institution, day) or institution, ()), day)
        return found.value if found else None

    def stated_on(self, institution: str, day: date) -> Stated:
        """What is stated for an institution on a day."""
        found = dated.on(self.stated.get(institution, ()), day)
        return found.value if found else NOTHING_STATED

    def stated_in(self, institution: str, *, first: date, last: date) -> Stated:
        """The last that is stated for any day of a span."""
        found = [each for each in self.stated.get(institution, ()) if each.from_on <= last and each.to_on >= first]
        return found[-1].value if found else NOTHING_STATED


def group_of(payment: Payment | None, *, kind: str, diagnoses: Sequence[str], days: int, age: int, day: date) -> str:
    """Case group 病组 of a treatment, '' for none. `diagnoses`: the main one first; `age`: years; `day`: deciding."""
    if payment is None:
        return ""
    return group_in(payment.groupers, kind=kind, diagnoses=diagnoses, days=days, age=age, day=day)
