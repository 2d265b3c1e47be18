"""Every plan brings enough cases, and each can be named."""

from collections import Counter

from gateway.policies.cases import area_case_files, case_files, run_cases
from gateway.policies.load import PolicyBook

AT_LEAST = {"321182-resident": 40, "370200-worker": 40, "100000-modern": 60}
OTHERS = 10


def test_every_plan_has_enough_cases(book: PolicyBook) -> None:
    counts = {
        name: sum(len(run_cases(file, book)) for file in area_case_files(area)) for name, area in book.policies.items()
    }

    assert {name: count for name, count in counts.items() if count < AT_LEAST.get(name, OTHERS)} == {}


def test_a_plan_has_no_two_cases_of_one_name(book: PolicyBook) -> None:
    for area in book.policies.values():
        named = Counter(result.case for file in area_case_files(area) for result in run_cases(file, book))

        assert [name for name, count in named.items() if count > 1] == []


def test_every_case_file_is_found_with_its_plan(book: PolicyBook) -> None:
    assert len(case_files(book)) == sum(len(area_case_files(area)) for area in book.policies.values())
