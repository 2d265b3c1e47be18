"""Runs payment cases: measures the care, assesses the month or year, compares every stated field to the fen."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from gateway.kernel import money
from gateway.kernel.problem import Problem, refuse_if
from gateway.payment.assess import Measures, assess_month, assess_year
from gateway.payment.assessment import Assessment, Facts
from gateway.payment.case import Case
from gateway.payment.figure import number_text
from gateway.payment.measure import Measure
from gateway.payment.measuring import measure_month
from gateway.payment.months import first_day, last_day, month_of, months_of
from gateway.policies.cases import CaseResult, Difference
from gateway.policies.load import AreaPolicy, PolicyBook
from gateway.policies.nodes import read_yaml
from gateway.policies.read_payment_cases import Expected, PaymentCase, read_payment_cases


def payment_case_files(book: PolicyBook) -> list[Path]:
    """Every payment case file of every policy folder that has a payment file, by name."""
    folders = [area.folder / "payment-cases" for area in book.policies.values() if area.payment is not None]
    return [file for folder in folders for file in sorted(folder.glob("*.yaml"))]


def run_payment_cases(file: Path, book: PolicyBook) -> list[CaseResult]:
    """The result of each case of a file, in its order. Refusal with every problem when the file cannot be read."""
    return [run_payment_case(case) for case in read_payment_case_file(file, book)]


def read_payment_case_file(file: Path, book: PolicyBook) -> list[PaymentCase]:
    """The cases of a file as written. Refusal with every problem when it cannot be read."""
    problems: list[Problem] = []
    spot = read_yaml(file, file.name, problems)
    cases = read_payment_cases(spot, book) if spot is not None else []
    refuse_if(problems)
    return cases


def run_payment_case(case: PaymentCase) -> CaseResult:
    """Assesses one case and compares what it states."""
    found = assessed(case)
    differences: list[Difference] = []
    for code, expected in case.expected.items():
        if code in found:
            differences += _differences(code, expected, found[code])
        else:
            differences.append(Difference(code, "assessed", "", ""))
    return CaseResult(case.name, tuple(differences))


def assessed(case: PaymentCase) -> dict[str, Assessment]:
    """The assessments of a case. Of a year its months are assessed first, unless the case says what they came to."""
    if "-" in case.period:
        facts = replace(case.facts, levels=levels_of(case.area, case.period))
        return assess_month(case.payment, case.period, _measured(case, case.period), facts)
    by_month = {month_of(day): _measured(case, month_of(day)) for day in months_of(case.period)}
    facts = replace(case.facts, levels=levels_of(case.area, case.period))
    if not case.months_assessed:
        facts = replace(facts, assessed=_months(case, by_month))
    codes = sorted({code for measures in by_month.values() for code in measures})
    whole = {code: tuple(each for found in by_month.values() for each in found.get(code, ())) for code in codes}
    return assess_year(case.payment, case.period, whole, facts)


def _months(case: PaymentCase, by_month: Mapping[str, Measures]) -> dict[str, int]:
    """What the months came to, by institution."""
    sums: dict[str, int] = {}
    for month, measures in by_month.items():
        facts = Facts(stated=case.facts.stated, levels=levels_of(case.area, month))
        for code, each in assess_month(case.payment, month, measures, facts).items():
            sums[code] = sums.get(code, 0) + each.due
    return sums


def _measured(case: PaymentCase, month: str) -> dict[str, tuple[Measure, ...]]:
    """Measures of one month by institution, from cases in any order."""
    levels, by_institution = levels_of(case.area, month), dict[str, list[Case]]()
    for each in case.care:
        if month_of(each.booked_on) == month:
            by_institution.setdefault(each.institution, []).append(each)
    return {
        code: measure_month(case.payment, cases, institution=code, level=levels.get(code, ""), month=month)
        for code, cases in sorted(by_institution.items())
    }


def levels_of(area: AreaPolicy, period: str) -> dict[str, str]:
    """Level key of every institution designated on a month's first day, or at any time of a year (its last one)."""
    first, last = first_day(period), first_day(period) if "-" in period else last_day(period)
    return {
        code: found[-1].value.level
        for code, versions in area.institutions.by_code.items()
        if (found := [each for each in versions if each.from_on <= last and each.to_on >= first])
    }


def _differences(code: str, expected: Expected, found: Assessment) -> list[Difference]:
    compared: list[tuple[str, str, str]] = []
    for name, fen in expected.amounts.items():
        actual = sum(each.amount for each in found.deductions) if name == "deductions" else getattr(found, name)
        compared.append((name, money.text(fen), money.text(actual)))
    due = {each.terms: each.due for each in found.items}
    for terms, fen in expected.items.items():
        compared.append((f"items.{terms}", money.text(fen), money.text(due[terms]) if terms in due else ""))
    told = {each.code: number_text(each.amount, each.unit) for each in found.all_figures}
    compared += [(f"figures.{name}", said, told.get(name, "")) for name, said in expected.figures.items()]
    methods = ",".join(each.method for each in found.items)
    return [Difference(f"{code}.{name}", said, got, methods) for name, said, got in compared if said != got]
