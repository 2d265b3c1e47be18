"""A problem says where and what instead; a refusal carries all of them."""

import pytest

from gateway.kernel.problem import Kind, Problem, Refusal, refuse_if

LATE = Problem(Kind.RULE, "too-late", "data.begntime", "send it within the year", "请在年度内报送")
SHORT = Problem(Kind.INVALID, "too-short", "", "send three characters", "请至少报送三个字符")


def test_a_problem_reads_in_both_languages_with_its_place() -> None:
    assert LATE.text() == "请在年度内报送 / send it within the year [data.begntime]"
    assert SHORT.text() == "请至少报送三个字符 / send three characters"


def test_a_problem_can_be_put_in_the_senders_terms() -> None:
    assert SHORT.at("PID.5").path == "PID.5"
    assert SHORT.path == ""


def test_a_refusal_names_every_problem() -> None:
    with pytest.raises(Refusal) as refused:
        refuse_if([LATE, SHORT])

    assert refused.value.problems == (LATE, SHORT)
    assert "too-late data.begntime" in str(refused.value)


def test_nothing_wrong_refuses_nothing() -> None:
    refuse_if([])


def test_one_problem_is_enough_and_none_is_a_bug() -> None:
    assert Refusal(LATE).problems == (LATE,)
    with pytest.raises(AssertionError):
        Refusal([])
