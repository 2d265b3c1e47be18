"""What a method is given for a period: its terms, everybody's measures, and what is stated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from gateway.kernel.money import Fen
from gateway.payment.appraisal import UNAPPRAISED, Appraised
from gateway.payment.assessment import Facts
from gateway.payment.figure import Figure
from gateway.payment.measure import Measure
from gateway.payment.months import first_day, last_day
from gateway.payment.payment import Payment
from gateway.payment.shares import instalment
from gateway.payment.stated import Stated
from gateway.payment.terms import Terms


class Due(NamedTuple):
    """What a method makes due to one institution, with its arithmetic."""

    amount: Fen
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """One agreement in one period. `months`: first days of the period's months on which the terms hold.

    `measures`: of these terms alone, by institution; `appraised`: of a year.
    """

    payment: Payment
    terms: Terms
    period: str
    months: tuple[date, ...]
    measures: Mapping[str, tuple[Measure, ...]]
    facts: Facts
    appraised: Mapping[str, Appraised]

    def of(self, institution: str) -> tuple[Measure, ...]:
        """Its measures; none when it had no case."""
        return self.measures.get(institution, ())

    def stated_on(self, institution: str, day: date) -> Stated:
        """What is stated for a day; a fact given for the period goes before the file."""
        given = self.facts.stated.get(institution)
        return given if given is not None else self.payment.stated_on(institution, day)

    def stated(self, institution: str) -> Stated:
        """What is stated for the period."""
        given = self.facts.stated.get(institution)
        if given is not None:
            return given
        return self.payment.stated_in(institution, first=first_day(self.period), last=last_day(self.period))

    def appraised_of(self, institution: str) -> Appraised:
        """Its score and factor; the whole where nothing is appraised."""
        return self.appraised.get(institution, UNAPPRAISED)

    def everyone(self, *others: Mapping[str, object]) -> list[str]:
        """Codes of all that have measures or stand in one of the mappings, in order."""
        return sorted({*self.measures, *(code for other in others for code in other)})


def budgets_by_month(pool: Pool, budgets: Mapping[str, Fen], months: tuple[date, ...]) -> dict[str, dict[date, Fen]]:
    """Each institution's budget of each month: instalments of its own and of those that were merged into it.

    A budget passes to the successor from the first month after the last day; without a successor it ends.
    """
    found: dict[str, dict[date, Fen]] = {}
    for month in months:
        for code, yearly in sorted(budgets.items()):
            owner = pool.payment.owner_on(code, month)
            if owner:
                mine = found.setdefault(owner, {})
                mine[month] = mine.get(month, 0) + instalment(yearly, month.month)
    return found
