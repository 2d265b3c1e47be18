"""Whatever the channel, the same treatment of the same person comes to the same fen, and is settled once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.golden.world import load_shared
from tests.simulation.channels import Simulation
from tests.simulation.wire import CHANNELS

TRIPLES = 40


@pytest.fixture
def simulation(tmp_path: Path) -> Iterator[Simulation]:
    opened = Simulation(tmp_path, load_shared(), triples=TRIPLES, seed=20150320)
    yield opened
    opened.close()


def test_three_channels_agree_to_the_fen_and_none_settles_a_treatment_again(simulation: Simulation) -> None:
    played = [simulation.play(number) for number in range(TRIPLES)]

    assert [each for trio in played for each in simulation.differences(trio)] == []
    assert [each for trio in played for each in simulation.resent(trio)] == []
    assert len({trio.said[channel].settlement for trio in played for channel in CHANNELS}) == 3 * TRIPLES
    assert simulation.exchange.store.verify().problems == ()


def test_the_generated_treatments_reach_every_part(simulation: Simulation) -> None:
    played = [simulation.play(number) for number in range(TRIPLES)]
    parts = [trio.said["fhir"].parts for trio in played]

    for name in ("own-expense", "over-limit", "first-payment", "in-scope", "deductible", "fund-total", "cash"):
        assert any(each[name] for each in parts), name
    assert len({trio.treatment.kind for trio in played}) >= 7


def test_one_fen_or_one_line_that_differs_is_seen(simulation: Simulation) -> None:
    trio = simulation.play(0)
    said = trio.said["hl7v2"]
    parts = {**said.parts, "cash": said.parts["cash"] + 1}

    for changed in (replace(said, parts=parts), replace(said, lines=said.lines[1:]), replace(said, refusal="no")):
        assert simulation.differences(replace(trio, said={**trio.said, "hl7v2": changed}))
