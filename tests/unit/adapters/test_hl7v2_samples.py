"""Sample messages do what their given.yaml expects, and no mangled message gets past a coded refusal."""

import random
from pathlib import Path

import pytest
import yaml

from adapters.hl7v2.adapter import ADAPTER
from adapters.hl7v2.sender import SENDER
from gateway.contract import Incoming
from gateway.exchange.channels.mllp import LARGEST_BYTES
from gateway.exchange.translate import to_fhir
from gateway.kernel.problem import Problem, Refusal
from tests.unit.adapters.hl7v2_cases import CONTEXT, ENVELOPE, INVOICE, ROOT, SETTLED, STAY, claim, mappings

SAMPLES = sorted((ROOT / "adapters" / "hl7v2" / "samples").glob("*/*.in"))
MANGLED = 3000
SIGNS = (
    b"|",
    b"^",
    b"~",
    b"\\",
    b"&",
    b"\r",
    b"",
    b"\xff",
    b"\xab|",
    b'""',
    b"-1",
    b"9" * 30,
    b"\\X00\\",
    b"MSH|",
    b"PSL|",
)


def problems_of(body: bytes) -> list[Problem]:
    """Everything the adapter and its mapping find wrong."""
    incoming = Incoming(body)
    try:
        ADAPTER.read_key(incoming)
        message = ADAPTER.decode(incoming)
        to_fhir(mappings()["hl7v2", message.type], message.tree)
    except Refusal as refusal:
        return list(refusal.problems)
    return []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_sample_does_what_is_expected_of_it(path: Path) -> None:
    given = yaml.safe_load((path.parent / "given.yaml").read_text(encoding="utf-8"))
    codes = sorted({problem.code for problem in problems_of(path.read_bytes())})
    assert (codes or "accepted") == given["expect"][path.name]


def mangled(body: bytes, dice: random.Random) -> bytes:
    """The message with one to four places cut, doubled or written over."""
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(body) + 1)
        to = min(len(body), at + dice.choice((0, 1, 1, 3, 40)))
        middle = dice.choice((*SIGNS, body[at:to] * 2, bytes([dice.randrange(256)])))
        body = body[:at] + middle + body[to:]
    return body


@pytest.mark.parametrize("segment", ["PSS|1", "PSL|1||1", "PID|1", "DG1|1", "PSG|1||1|Y|1|x", "NTE|1"])
def test_very_many_segments_are_refused_at_once(segment: str) -> None:
    head = claim().decode().split("\r")[:2]
    for count in (19_990, 600_000):
        assert problems_of("\r".join([*head, *[segment] * count]).encode())


def test_the_beginning_of_a_message_beyond_the_limit_is_never_taken_for_a_message() -> None:
    body = claim() + b"ZZZ|"
    cut = body + b"x" * (LARGEST_BYTES - len(body))
    assert [problem.code for problem in problems_of(cut)] == ["message-too-large"]
    assert problems_of(cut[:-1]) == []


def test_mangled_messages_are_taken_or_refused_with_codes_and_always_answered() -> None:
    seeds = [
        claim(),
        claim(STAY, charset="GB 18030-2000", version="2.6"),
        SENDER.cancel(INVOICE, ENVELOPE, settlement=SETTLED),
    ]
    dice = random.Random(20150309)
    refused = 0
    for _ in range(MANGLED):
        body = mangled(dice.choice(seeds), dice)
        problems = problems_of(body)
        if problems:
            refused += 1
            answer = SENDER.read_answer(reply := ADAPTER.refuse(Incoming(body), problems, CONTEXT))
            assert answer.code in ("AE", "AR")
            assert {code for code, _ in answer.errors} == {problem.code for problem in problems[:100]}
            ADAPTER.acknowledge(Incoming(body), reply, CONTEXT)
    assert refused > MANGLED // 3
