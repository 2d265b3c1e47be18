"""Every sample of every adapter is answered as stored, byte for byte, and becomes the FHIR that is stored beside it.

A new scenario folder, or a new adapter, is run here without a line being written; a sample without an answer fails.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.golden.__main__ import differences, write
from tests.golden.scenario import Played, expected_codes, play, read_given, scenarios
from tests.golden.world import ADAPTERS, Shared, load_shared


@pytest.fixture(scope="session")
def shared() -> Shared:
    return load_shared()


def named(folder: Path) -> str:
    return folder.relative_to(ADAPTERS).as_posix().replace("/samples", "")


@pytest.mark.parametrize("folder", scenarios(), ids=named)
def test_a_scenario_is_answered_as_stored(folder: Path, shared: Shared, tmp_path: Path) -> None:
    expect = read_given(folder, shared.feeds[folder.parents[1].name]).expect

    played = play(folder, shared, tmp_path)

    assert [difference for each in played for difference in differences(folder, each)] == []
    assert {f"{each.name}.in": each.codes for each in played} == {
        name: expected_codes(expected) for name, expected in expect.items()
    }


@pytest.mark.parametrize("folder", scenarios(), ids=named)
def test_a_scenario_has_a_file_for_each_message_and_none_besides(folder: Path, shared: Shared) -> None:
    messages = {path.stem for path in folder.glob("*.in")}

    assert messages, "a scenario sends something"
    assert messages == {path.stem for path in folder.glob("*.ack")}
    assert messages >= {path.stem for path in folder.glob("fhir/*.json")}
    assert {f"{name}.in" for name in messages} == set(read_given(folder, shared.feeds[folder.parents[1].name]).expect)


def test_every_adapter_brings_a_scenario(shared: Shared) -> None:
    assert {folder.parents[1].name for folder in scenarios()} == set(shared.feeds)


def test_an_answer_that_is_not_there_or_not_the_same_is_reported(tmp_path: Path) -> None:
    played = Played("01-day", b"answer", b"{}", frozenset())
    assert differences(tmp_path, played) == ["01-day.ack is missing: run python -m tests.golden --write and review it"]

    assert write(tmp_path, played)
    assert not write(tmp_path, played)
    assert differences(tmp_path, played) == []
    assert differences(tmp_path, replace(played, answer=b"other", fhir=b"[]")) == [
        "01-day.ack differs",
        "01-day.json differs",
    ]


def test_an_expectation_is_read_in_each_of_its_forms() -> None:
    assert expected_codes("accepted") == frozenset()
    assert expected_codes(["bad-day"]) == {"bad-day"}
    assert expected_codes([["bad-day", "bad-sum"], "accepted"]) == {"bad-day", "bad-sum"}
    assert expected_codes({"refused": ["bad-charset"]}) == {"bad-charset"}
