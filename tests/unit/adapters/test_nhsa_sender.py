"""The hospital's side: whole conversations, each answer's numbers carried into the next request."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import httpx
import pytest

from adapters.nhsa.adapter import ADAPTER
from adapters.nhsa.requests import PATH
from adapters.nhsa.sender import SENDER, HisClient, Treatment
from gateway.contract import Incoming, Message
from gateway.kernel.problem import Kind, Problem
from tests.unit.adapters.nhsa_cases import (
    AT,
    CITIZEN,
    CONTEXT,
    COVERAGE,
    DISEASE,
    HYPERTENSION,
    LINES,
    PATIENT,
    PERSON,
    SECRET,
    SETTLEMENT,
    VISIT,
    WINDOW,
)

TREATMENT = Treatment(
    CITIZEN, "测试一", "V1", "14", (HYPERTENSION,), LINES, AT - timedelta(days=3), AT, batch="B1", disease=DISEASE
)
SPLIT = {
    "fulamt_ownpay_amt": Decimal("1.00"),
    "overlmt_selfpay": Decimal("0.00"),
    "preselfpay_amt": Decimal("0.00"),
    "inscp_scp_amt": Decimal("32.80"),
}
ANSWERS: dict[str, dict[str, Any]] = {
    "9001": {"signinoutb": {"sign_time": "2015-03-09 08:30:00", "sign_no": "S1"}},
    "1101": {"baseinfo": {"psn_no": PERSON, "brdy": PATIENT["birthDate"]}, "insuinfo": [{"insuplc_admdvs": "321182"}]},
    "2201": {"data": {"mdtrt_id": VISIT}},
    "2401": {"result": {"mdtrt_id": VISIT}},
    "2206": {"setlinfo": SPLIT},
    "2303": {"setlinfo": SPLIT},
    "2207": {"setlinfo": {"setl_id": SETTLEMENT}},
    "2304": {"setlinfo": {"setl_id": SETTLEMENT}},
}


class Gateway:
    """A gateway that believes everything: it checks the proof, reads, and answers from a table."""

    def __init__(self, refused: str = "") -> None:
        self.refused = refused
        self.heard: list[Message] = []
        self.keys: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == PATH
        incoming = Incoming(request.content, request.url.path, dict(request.headers))
        assert ADAPTER.check_proof(incoming, secret=SECRET, now=AT) == []
        self.keys.append(ADAPTER.read_key(incoming).id)
        message = ADAPTER.decode(incoming)
        self.heard.append(message)
        if message.type == self.refused:
            problem = Problem(Kind.RULE, "no-cover", "", "not covered", "无待遇")
            return httpx.Response(200, content=ADAPTER.refuse(incoming, [problem], CONTEXT))
        return httpx.Response(200, content=ADAPTER.encode(message, ANSWERS.get(message.type, {}), CONTEXT))

    @property
    def said(self) -> list[str]:
        return [message.type for message in self.heard]


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


def client(gateway: Gateway) -> HisClient:
    transport = httpx.MockTransport(gateway)
    return HisClient(httpx.Client(transport=transport, base_url="http://gateway.example"), WINDOW, lambda: AT, count(1))


def test_an_outpatient_visit_from_card_to_settlement(gateway: Gateway) -> None:
    with client(gateway) as his:
        talk = his.outpatient(TREATMENT)
    assert gateway.said == ["1101", "2201", "2203", "2204", "2206", "2207"]
    assert talk.settled
    assert talk.settlement["setl_id"] == SETTLEMENT


def test_a_stay_from_admission_to_settlement(gateway: Gateway) -> None:
    with client(gateway) as his:
        talk = his.inpatient(TREATMENT)
    assert gateway.said == ["1101", "2401", "2301", "2402", "2303", "2304"]
    assert talk.settled


def test_the_settlement_states_the_split_that_the_trial_showed(gateway: Gateway) -> None:
    with client(gateway) as his:
        his.outpatient(TREATMENT)
    data = gateway.heard[-1].tree["input"]["data"]
    assert {name: data[name] for name in SPLIT} == SPLIT
    assert data["medfee_sumamt"] == Decimal("33.80")  # 28 * 0.85 + 1 * 10.00


def test_without_a_trial_no_split_is_stated(gateway: Gateway) -> None:
    with client(gateway) as his:
        his.inpatient(TREATMENT, trial=False)
    assert gateway.said == ["1101", "2401", "2301", "2402", "2304"]
    assert "inscp_scp_amt" not in gateway.heard[-1].tree["input"]["data"]


def test_a_settlement_can_be_cancelled(gateway: Gateway) -> None:
    with client(gateway) as his:
        talk = his.inpatient(TREATMENT)
        his.cancel(talk)
    assert gateway.heard[-1].type == "2305"
    assert gateway.heard[-1].tree["input"]["data"] == {"setl_id": SETTLEMENT, "mdtrt_id": VISIT, "psn_no": PERSON}


@pytest.mark.parametrize("refused", ["1101", "2201", "2203", "2204", "2206", "2207"])
def test_a_conversation_ends_at_the_first_refusal(refused: str) -> None:
    gateway = Gateway(refused)
    with client(gateway) as his:
        talk = his.outpatient(TREATMENT)
    assert gateway.said[-1] == refused
    assert not talk.settled
    assert talk.last.error == "无待遇[no-cover]"


def test_the_sign_in_number_goes_into_later_envelopes(gateway: Gateway) -> None:
    with client(gateway) as his:
        his.sign_in()
        his.outpatient(TREATMENT)
    assert all(message.tree["sign_no"] == "S1" for message in gateway.heard[1:])


def test_no_two_messages_share_a_key(gateway: Gateway) -> None:
    with client(gateway) as his:
        for _ in range(3):
            his.outpatient(TREATMENT)
    assert len(set(gateway.keys)) == len(gateway.keys) == 18


def test_the_time_of_the_visit_is_not_the_time_of_the_message(gateway: Gateway) -> None:
    with client(gateway) as his:
        his.inpatient(TREATMENT)
    admission = next(message for message in gateway.heard if message.type == "2401").tree
    assert admission["input"]["mdtrtinfo"]["begntime"] == "2015-03-06 08:30:00"
    assert admission["inf_time"] == "2015-03-09 08:30:00"


def test_connect_makes_a_client_for_a_gateway() -> None:
    connect: Callable[..., HisClient] = SENDER.connect
    with connect("http://127.0.0.1:9", WINDOW, clock=lambda: AT) as his:
        assert his.window.institution == WINDOW.institution
    assert COVERAGE["status"] == "active"
