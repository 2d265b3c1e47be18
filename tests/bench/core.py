"""The pure core alone: ten-line claims decided, checked and turned into entries, on one core and without any I/O."""

import time
from statistics import median

from gateway.kernel.ids import AreaCode, ClaimId, InstitutionCode, PersonId
from gateway.kernel.quantity import quantity
from gateway.policies.load import AreaPolicy, load_all
from gateway.settlement.adjudicate import adjudicate
from gateway.settlement.claim import Case, Claim, ClaimKind, Line, Person, Terms
from gateway.settlement.decision import Decision
from gateway.settlement.entries import entries_for
from gateway.settlement.policy import Policy
from tests.bench.claims import FROM_ON, LINES, TO_ON
from tests.bench.world import AREA, BORN_ON, CITY


def cases(number: int) -> tuple[list[Case], Policy]:
    """So many claims of as many people, no two with the same amounts, and the shipped policy."""
    loaded = load_all().of(AreaCode(AREA), "resident")
    assert loaded is not None
    hospital = loaded.institutions.on(InstitutionCode(CITY), TO_ON)
    assert hospital is not None
    lines = tuple(
        Line(n, line.code, line.fen, quantity(line.quantity), _terms(loaded, line.code, hospital.level))
        for n, line in enumerate(LINES, 1)
    )
    made = [
        Case(
            Claim(
                id=ClaimId(f"claim-{n}"),
                area=AreaCode(AREA),
                scheme="resident",
                person=Person(PersonId(f"person-{n}"), "resident", BORN_ON, "female"),
                institution=InstitutionCode(CITY),
                level=hospital.level,
                kind=ClaimKind.INPATIENT,
                from_on=FROM_ON,
                to_on=TO_ON,
                lines=tuple(line._replace(amount=line.amount + n) for line in lines),
                diagnoses=("J18.900",),
            )
        )
        for n in range(number)
    ]
    return made, loaded.policy


def measure(*, claims: int, rounds: int) -> float:
    """Claims a second, the median of the rounds."""
    made, policy = cases(claims)
    rates = []
    for _ in range(rounds):
        began = time.perf_counter()
        for case in made:
            outcome = adjudicate(case, policy)
            assert isinstance(outcome, Decision)
            entries_for(outcome, id="entry", booked_on=TO_ON)
        rates.append(claims / (time.perf_counter() - began))
    return median(rates)


def _terms(loaded: AreaPolicy, code: str, level: str) -> Terms | None:
    return loaded.catalogue.terms(code, level=level, day=FROM_ON)
