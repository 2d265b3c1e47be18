"""The other doors: the NHSA interface with its signature, file feeds with their tokens, HL7 v2 on a socket."""

import socket
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.hl7v2.sender import MllpClient
from adapters.nhsa import requests as nhsa
from adapters.nhsa.proof import NONCE, SIGNATURE, TIMESTAMP
from adapters.nhsa.requests import Moment, Request
from adapters.police.sender import SENDER as POLICE
from tests.bench.channels import WINDOW
from tests.bench.claims import hl7v2_claim
from tests.bench.world import BANK_TOKEN, BORN_ON, CITY, CITY_TOKEN, POLICE_TOKEN, TODAY, UNIT, bearer
from tests.unit.api.answers import body, codes
from tests.unit.api.conftest import Served


def asked(served: Served, **window: Any) -> Request:
    """Who is this person, under a number of its own."""
    moment = served.clock.moment()
    return nhsa.person(replace(WINDOW, **window), moment, citizen_id=served.people[0].citizen_id)


def sent(served: Served, request: Request, **headers: str) -> Any:
    answer = served.nobody.post(nhsa.PATH, content=request.body, headers={**request.headers, **headers})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    return body(answer)


def test_a_signed_request_is_answered(served: Served) -> None:
    answer = sent(served, asked(served))

    assert answer["infcode"] in (0, "0"), answer
    assert answer["output"]["baseinfo"]["psn_no"] == served.people[0].id


def test_a_request_without_its_signature_is_refused(served: Served) -> None:
    answer = sent(served, asked(served, secret=""))

    assert answer["infcode"] not in (0, "0")
    assert "signature-missing" in answer["err_msg"]


@pytest.mark.parametrize("header", [SIGNATURE, NONCE])
def test_a_signature_that_does_not_fit_is_refused(served: Served, header: str) -> None:
    assert "signature-wrong" in sent(served, asked(served), **{header: "0" * 64})["err_msg"]


def test_a_signature_of_another_hour_is_refused(served: Served) -> None:
    moment = served.clock.moment()
    early = Moment(moment.at - timedelta(hours=1), moment.number)
    stale = nhsa.person(WINDOW, early, citizen_id=served.people[0].citizen_id)

    assert "signature-stale" in sent(served, stale)["err_msg"]
    assert "signature-stale" in sent(served, asked(served), **{TIMESTAMP: "now"})["err_msg"]


def test_an_institution_that_nobody_registered_is_refused(served: Served) -> None:
    assert "unknown-sender" in sent(served, asked(served, institution="H32118299999"))["err_msg"]


def test_an_nhsa_body_beyond_the_limit(served: Served) -> None:
    answer = served.nobody.post(nhsa.PATH, content=b" " * (4 * 1024 * 1024 + 1))

    assert (answer.status_code, codes(answer)) == (413, ["body-too-large"])


def test_a_feed_of_files_wants_a_token_and_a_name_it_knows(served: Served) -> None:
    nobody = served.nobody.post("/feeds/bank", content=b"<x/>", headers=bearer("wrong"))
    unknown = served.nobody.post("/feeds/nothing", content=b"<x/>", headers=bearer(BANK_TOKEN))
    no_files = served.nobody.post("/feeds/nhsa", content=b"{}", headers=bearer(CITY_TOKEN))

    assert (nobody.status_code, codes(nobody)) == (401, ["unknown-token"])
    assert (unknown.status_code, codes(unknown)) == (404, ["unknown-feed"])
    assert (no_files.status_code, codes(no_files)) == (404, ["unknown-feed"])


def test_a_file_under_another_partners_token_changes_nothing(served: Served) -> None:
    citizen_id = POLICE.citizen_id(BORN_ON, 998)
    change = POLICE.change(
        "登记", "9001", citizen_id, "测试一", TODAY, household="H9", relation="0", head_id=citizen_id
    )
    file = POLICE.population_file([change], unit=UNIT)

    foreign = served.nobody.post("/feeds/police", content=file, headers=bearer(BANK_TOKEN))

    assert "sender-is-not-token-holder" in foreign.text
    assert "entry" not in body(served.agency.get("/fhir/Patient", params={"identifier": citizen_id}))


@pytest.mark.parametrize("content", [b"", b"\x00", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"])
def test_a_file_that_cannot_be_read_is_refused_whole(served: Served, content: bytes) -> None:
    for feed, token in (("bank", BANK_TOKEN), ("police", POLICE_TOKEN)):
        assert served.nobody.post(f"/feeds/{feed}", content=content, headers=bearer(token)).status_code == 400


def test_an_invoice_over_mllp_is_settled_and_its_repeat_answered_alike(served: Served) -> None:
    with MllpClient("127.0.0.1", served.addresses.mllp_port) as client:
        invoice = hl7v2_claim(served.people[5], "mllp1")
        first = client.send(invoice)
        again = client.send(invoice)

    assert b"\rMSA|AA|" in first, first.decode()
    assert again == first


def test_an_unknown_facility_is_refused_over_mllp(served: Served) -> None:
    stranger = hl7v2_claim(served.people[5], "mllp2").replace(b"|" + CITY.encode() + b"|", b"|H32118299999|", 1)
    with MllpClient("127.0.0.1", served.addresses.mllp_port) as client:
        answer = client.send(stranger)

    assert b"\rMSA|AA|" not in answer
    assert b"unknown-sender" in answer


def test_a_frame_that_is_cut_off_settles_nothing_and_the_next_connection_is_answered(served: Served) -> None:
    before = served.system.store.count("Claim")
    with socket.create_connection(("127.0.0.1", served.addresses.mllp_port), timeout=10) as broken:
        broken.sendall(b"\x0b" + hl7v2_claim(served.people[6], "mllp3")[:400])
    with MllpClient("127.0.0.1", served.addresses.mllp_port) as client:
        answer = client.send(b"this is no message")

    assert answer.startswith(b"MSH|")
    assert b"\rMSA|A" in answer
    assert served.system.store.count("Claim") == before
