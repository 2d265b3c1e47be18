"""The list of differences is whole, and the run fails where it should; needs no Java."""

import pytest

from tests.oracle.compare import Judged, Verdict, agreement, failures, read_judged
from tests.oracle.corpus import cases

ENTRY = {"ours": "error", "theirs": "valid", "right": "ours", "why": "elementdefinition.html"}
AGREED = [Verdict("corpus", f"same/{place}", (), ()) for place in range(99)]
DIFFERENT = Verdict("corpus", "values/other", ("out-of-range",), ())


def test_the_committed_list_can_be_read_and_names_cases_of_the_corpus_that_exist() -> None:
    names = {each.name for each in cases()}
    judged = read_judged()

    assert judged.not_asked
    assert {each for each in judged.by_case if each.split("/")[0].isalpha()} <= names


def test_a_difference_that_is_listed_passes() -> None:
    assert failures([*AGREED, DIFFERENT], Judged({"values/other": ENTRY}, {})) == []


@pytest.mark.parametrize(
    ("verdicts", "judged", "said"),
    [
        ([*AGREED, DIFFERENT], Judged({}, {}), "not in the list: values/other"),
        (AGREED, Judged({"values/other": ENTRY}, {}), "listed and gone: values/other"),
        ([*AGREED, DIFFERENT], Judged({"values/other": ENTRY | {"ours": "valid"}}, {}), "listed the other way round"),
        ([*AGREED[:10], DIFFERENT], Judged({"values/other": ENTRY}, {}), "10 of 11 agree"),
    ],
)
def test_what_makes_the_run_fail(verdicts: list[Verdict], judged: Judged, said: str) -> None:
    assert [each for each in failures(verdicts, judged) if each.startswith(said)]


def test_agreement_is_counted_by_verdict_not_by_message() -> None:
    assert agreement([Verdict("corpus", "a", ("x",), ("y",)), DIFFERENT, *AGREED]) == (100, 101)
