"""What differs between two policies is told for exactly the days it holds."""

from typing import Any

import msgspec
import pytest

from gateway.policies.diff import Change, diff_bodies
from gateway.policies.load import SHIPPED, load_area

BODY = load_area(SHIPPED / "321182-resident").body


def changed(content: Any) -> list[Change]:
    return diff_bodies(BODY, msgspec.json.encode(content))


@pytest.fixture
def content() -> Any:
    return msgspec.json.decode(BODY)


def test_a_policy_is_equal_to_itself() -> None:
    assert diff_bodies(BODY, BODY) == []


def test_a_span_cut_in_two_is_no_difference(content: Any) -> None:
    [rate] = content["policy"]["parameters"]["township_rate"]
    content["policy"]["parameters"]["township_rate"] = [{**rate, "to": "2014-06-30"}, {**rate, "from": "2014-07-01"}]

    assert changed(content) == []


def test_a_value_that_changes_is_told_from_its_day(content: Any) -> None:
    [rate] = content["policy"]["parameters"]["township_rate"]
    content["policy"]["parameters"]["township_rate"] = [
        {**rate, "to": "2014-12-31"},
        {**rate, "from": "2015-01-01", "value": "0.90"},
    ]

    assert changed(content) == [Change("parameters", "township_rate", "2015-01-01", "2015-12-31", "0.85", "0.90")]


def test_words_are_told_apart_from_values(content: Any) -> None:
    content["policy"]["parameters"]["township_rate"][0]["reading"] = "另一种读法"

    [change] = changed(content)

    assert (change.path, change.after) == ("township_rate.reading", "另一种读法")


def test_a_value_that_ends_earlier_is_absent_after(content: Any) -> None:
    content["policy"]["in_force"][-1]["to"] = "2014-12-31"

    [change] = changed(content)

    assert (change.section, change.from_on, change.to_on, change.after) == ("in_force", "2015-01-01", "2015-12-31", "")
    assert change.before


def test_benefits_gone_moved_and_changed(content: Any) -> None:
    benefits = content["policy"]["benefits"]
    gone = benefits.pop()
    benefits[0], benefits[1] = benefits[1], benefits[0]
    benefits[2]["title"]["en"] = "another name"

    changes = changed(content)

    assert [change.path for change in changes] == ["order", f"{benefits[2]['id']}.title.en", gone["id"]]
    assert changes[0].section == "benefits"
    assert changes[2].after == ""


def test_steps_put_in_taken_out_and_given_other_arguments(content: Any) -> None:
    township = next(each for each in content["policy"]["benefits"] if each["id"] == "inpatient-township")
    [place] = [n for n, step in enumerate(township["steps"]) if step["step"] == "proportion"]
    township["steps"][place]["rate"] = "0.90"
    township["steps"].insert(1, {"step": "waiting", "days": "30"})

    changes = changed(content)

    assert [(c.section, c.path, c.before, c.after) for c in changes] == [
        ("steps", "inpatient-township.steps[1]", "", "{step: waiting, days: 30}"),
        (
            "steps",
            f"inpatient-township.steps[{place}]",
            "{step: proportion, rate: $township_rate}",
            "{step: proportion, rate: 0.90}",
        ),
    ]


def test_the_order_of_keys_is_no_difference(content: Any) -> None:
    township = next(each for each in content["policy"]["benefits"] if each["id"] == "inpatient-township")
    township["steps"] = [dict(reversed(step.items())) for step in township["steps"]]

    assert changed(content) == []


def test_catalogue_entries_come_go_and_change_by_day(content: Any) -> None:
    entries = content["catalogue"]["drugs.yaml"]["entries"]
    first, second = entries[0], entries.pop(1)
    entries[0] = {**first, "to": "2014-12-31"}
    entries.append({**first, "from": "2015-01-01", "class": "B", "first_payment": "0.10"})

    changes = changed(content)

    assert [(c.path, c.from_on, c.before, c.after) for c in changes if c.path.startswith(first["code"])] == [
        (f"{first['code']}.class", "2015-01-01", "A", "B"),
        (f"{first['code']}.first_payment", "2015-01-01", "", "0.10"),
    ]
    assert [c.after for c in changes if c.path == second["code"]] == [""]
    assert {c.section for c in changes} == {"catalogue"}


def test_whatever_else_is_written_is_compared_too(content: Any) -> None:
    content["policy"]["levels"]["township"]["en"] = "townships"

    assert [(c.section, c.path, c.after) for c in changed(content)] == [("policy", "levels.township.en", "townships")]
