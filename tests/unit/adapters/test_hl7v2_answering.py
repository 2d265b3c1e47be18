"""Answers: E10 that hl7apy accepts, refusals with every problem, acknowledgements by one table."""

from dataclasses import replace
from typing import Any

import pytest
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.parser import parse_message

from adapters.hl7v2.acknowledge import CONDITIONS, Acknowledgements, Outcome, acknowledgements
from adapters.hl7v2.adapter import ADAPTER
from adapters.hl7v2.answer import checksum
from adapters.hl7v2.location import read_location, sender_path
from adapters.hl7v2.refusal import LARGEST_COUNT
from adapters.hl7v2.sender import SENDER, Answer
from gateway.contract import Incoming
from gateway.exchange.translate import to_fhir, to_tree
from gateway.kernel.problem import Kind, Problem, Refusal
from tests.unit.adapters.hl7v2_cases import (
    CONTEXT,
    ENVELOPE,
    INVOICE,
    SETTLED,
    VERSIONS,
    changed,
    claim,
    mappings,
    problems_of,
    response,
)


def answered(body: bytes, result: dict[str, Any]) -> bytes:
    message = ADAPTER.decode(Incoming(body))
    return ADAPTER.encode(message, to_tree(mappings()["hl7v2", message.type], result), CONTEXT)


def settled(body: bytes) -> bytes:
    return answered(body, {"ClaimResponse": response(), "Claim": {}})


def hl7apy_accepts(body: bytes, charset: str = "utf-8") -> bool:
    for level in (VALIDATION_LEVEL.TOLERANT, VALIDATION_LEVEL.STRICT):
        assert parse_message(body.decode(charset), validation_level=level).validate()
    return True


# hl7apy has no reference for 2.7.1
@pytest.mark.parametrize("version", ["2.6", "2.7", "2.8", "2.8.1", "2.8.2"])
def test_requests_and_answers_are_valid_by_the_reference(version: str) -> None:
    body = claim(version=version, charset="GB 18030-2000")
    cancel = SENDER.cancel(INVOICE, replace(ENVELOPE, version=version), settlement=SETTLED)
    assert hl7apy_accepts(body, "gb18030")
    assert hl7apy_accepts(cancel)
    assert hl7apy_accepts(settled(body), "gb18030")
    assert hl7apy_accepts(cancelled(cancel))


@pytest.mark.parametrize("version", VERSIONS)
def test_an_answer_says_what_was_decided(version: str) -> None:
    answer = SENDER.read_answer(settled(claim(version=version)))
    assert (answer.code, answer.control_id) == ("AA", "C0001")
    assert (answer.settlement, answer.status, answer.paid) == (SETTLED, "ADJ", "14.73")
    assert answer.totals["cash"] == "10.27"
    assert list(answer.totals)[:5] == ["submitted", "own-expense", "over-limit", "first-payment", "in-scope"]
    assert answer.lines == [
        {"number": "1", "submitted": "20.50"},
        {"number": "2", "submitted": "4.50", "first-payment": "0.45"},
    ]
    assert list(answer.notes) == ["基金支付60%|a^b", "the fund pays 60%"]


def test_an_answer_is_in_the_senders_character_set_and_turns_sender_and_receiver() -> None:
    body = settled(claim(charset="GB18030"))
    header = body.split(b"\r")[0].decode().split("|")
    assert header[2:6] == ["GATEWAY", "agency-321182", "HIS", "H32118200001"]
    assert header[17] == "GB18030"
    assert "测试药品乙".encode("gb18030") in body


def test_an_ascii_sender_reads_english() -> None:
    ascii_only = replace(
        INVOICE,
        institution_name="Test Centre",
        name="ZHANG CESHI",
        lines=[replace(line, text="Test drug") for line in INVOICE.lines],
        diagnoses=[("I10.x00", "")],
        disease=("M03900", ""),
    )
    answer = SENDER.read_answer(body := settled(claim(ascii_only, charset="ASCII")))
    assert b"?" not in body
    assert list(answer.notes) == ["the fund pays 60%"]


def test_a_trial_is_answered_as_predetermination_without_a_settlement() -> None:
    result = {"ClaimResponse": {k: v for k, v in response().items() if k != "id"}, "Claim": {}}
    answer = SENDER.read_answer(answered(claim(predetermination=True), result))
    assert (answer.status, answer.settlement) == ("PRED", CONTEXT.reference)


@pytest.mark.parametrize(("paid", "status"), [("0.00", "ADJZER"), ("25.00", "ADJSUB"), ("14.73", "ADJ")])
def test_the_status_tells_how_much_the_fund_pays(paid: str, status: str) -> None:
    message = ADAPTER.decode(Incoming(claim()))
    totals = [{"code": "submitted", "amount": "25.00"}, {"code": "fund-total", "amount": paid}]
    body = ADAPTER.encode(message, {"settlement": {"id": SETTLED}, "total": totals}, CONTEXT)
    assert SENDER.read_answer(body).status == status


def cancelled(body: bytes) -> bytes:
    stored = to_claim()
    return answered(body, {"ClaimResponse": response(sign=-1), "Claim": stored})


def to_claim() -> dict[str, Any]:
    return to_fhir(mappings()["hl7v2", "EHC_E01"], ADAPTER.decode(Incoming(claim())).tree)[0]


def test_a_cancellation_is_answered_with_every_amount_negated() -> None:
    answer = SENDER.read_answer(cancelled(SENDER.cancel(INVOICE, ENVELOPE, settlement=SETTLED)))
    assert (answer.code, answer.status, answer.paid) == ("AA", "ADJ", "-14.73")
    assert answer.totals["submitted"] == "-25.00"
    assert answer.lines == [
        {"number": "1", "submitted": "-20.50"},
        {"number": "2", "submitted": "-4.50", "first-payment": "-0.45"},
    ]


def test_the_checksum_covers_ids_status_and_amounts() -> None:
    arguments = ("S1", "B1", "ADJ", "1.00", [("1", "2.00")])
    assert checksum(*arguments) == checksum(*arguments)
    assert len(checksum(*arguments)) == 16
    assert checksum("S1", "B1", "ADJ", "1.00", [("1", "2.01")]) != checksum(*arguments)


# --- refusals


def refused(body: bytes, problems: list[Problem] | None = None) -> Answer:
    reply = ADAPTER.refuse(Incoming(body), problems or problems_of(body), CONTEXT)
    assert hl7apy_accepts(reply)
    return SENDER.read_answer(reply)


def test_every_problem_is_an_err_segment_with_its_location() -> None:
    answer = refused(changed("|4.50&CNY", "|x&USD", changed("|NORM|", "||")))
    assert answer.code == "AE"
    assert set(answer.errors) == {
        ("missing-field", "IVC^1^5^1"),
        ("bad-currency", "PSL^2^16^1^1^2"),
        ("bad-amount", "PSL^2^16^1^1^1"),
    }


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (changed("|P|2.7|", "|P|2.3|"), {("unsupported-version", "MSH^1^12^1")}),
        (changed("EHC^E01", "EHC^E15"), {("unsupported-message", "MSH^1^9^1")}),
    ],
)
def test_a_header_that_is_not_ours_is_rejected(body: bytes, errors: set[tuple[str, str]]) -> None:
    answer = refused(body)
    assert (answer.code, set(answer.errors)) == ("AR", errors)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (Kind.RULE, "AE"),
        (Kind.CONFLICT, "AE"),
        (Kind.NOT_FOUND, "AE"),
        (Kind.UNAUTHENTICATED, "AR"),
        (Kind.UNAVAILABLE, "AR"),
        (Kind.FAULT, "AR"),
    ],
)
def test_the_code_follows_the_kind(kind: Kind, code: str) -> None:
    assert refused(claim(), [Problem(kind, "some-code", "", "text", "文字")]).code == code


@pytest.mark.parametrize("body", [b"", b"junk", b"\x00\xff", "MSH".encode("utf-16")])
def test_bytes_that_are_no_message_are_answered(body: bytes) -> None:
    with pytest.raises(Refusal) as refusal:
        ADAPTER.read_key(Incoming(body))
    reply = SENDER.read_answer(ADAPTER.refuse(Incoming(body), refusal.value.problems, CONTEXT))
    assert (reply.code, reply.control_id) == ("AR", "UNKNOWN")


def test_a_message_in_the_wrong_character_set_is_refused_by_its_own_id() -> None:
    body = claim().decode().encode("gb18030")
    with pytest.raises(Refusal) as refusal:
        ADAPTER.read_key(Incoming(body))
    reply = SENDER.read_answer(ADAPTER.refuse(Incoming(body), refusal.value.problems, CONTEXT))
    assert (reply.code, reply.control_id) == ("AR", "C0001")
    assert reply.errors == [("charset-mismatch", "MSH^1^18^1")]


def test_a_refusal_of_very_many_problems_stays_readable() -> None:
    problems = [Problem(Kind.INVALID, "bad-amount", f"PSL[{n}].16", "x", "x") for n in range(500)]
    answer = refused(claim(), problems)
    assert len(answer.errors) == LARGEST_COUNT + 1
    assert answer.errors[-1][0] == "more-problems"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("PSL[2].16.1.1", "PSL^3^16^1^1^1"),
        ("PID.3[5=NI].1", "PID^1^3^1^1"),
        ("PID.5[1].1.1", "PID^1^5^2^1^1"),
        ("^PV1.44", "PV1^1^44^1"),
        ("Claim.item[4].productOrService.coding[0].code", "PSL^5^7^1"),
        ("Claim.item[0]", "PSL^1"),
        ("Claim.patient", "PID^1^3^1"),
        ("diagnosis[1].3.1", "DG1^2^3^1^1"),
        ("nothing", ""),
        ("", ""),
    ],
)
def test_places_are_told_in_hl7s_terms(path: str, place: str) -> None:
    parts = read_location(path, None)
    assert "^".join(parts[number] for number in sorted(parts)) == place


def test_paths_of_the_claim_lead_back_to_the_message() -> None:
    assert sender_path("Claim.total.value") == "IVC.8"
    assert sender_path("PSL[1].7") == "PSL[1].7"


# --- acknowledgements

ROWS = """
         accepted  error     rejected
-- --    -- AA     -- AE     -- AR
-- AL    -- AA     -- AE     -- AR
-- NE    -- --     -- --     -- --
-- ER    -- --     -- AE     -- AR
-- SU    -- AA     -- --     -- --
AL --    CA --     CA --     CR --
AL AL    CA AA     CA AE     CR --
AL NE    CA --     CA --     CR --
AL ER    CA --     CA AE     CR --
AL SU    CA AA     CA --     CR --
NE --    -- --     -- --     -- --
NE AL    -- AA     -- AE     -- AR
NE NE    -- --     -- --     -- --
NE ER    -- --     -- AE     -- AR
NE SU    -- AA     -- --     -- --
ER --    -- --     -- --     CR --
ER AL    -- AA     -- AE     CR --
ER NE    -- --     -- --     CR --
ER ER    -- --     -- AE     CR --
ER SU    -- AA     -- --     CR --
SU --    CA --     CA --     -- --
SU AL    CA AA     CA AE     -- AR
SU NE    CA --     CA --     -- --
SU ER    CA --     CA AE     -- AR
SU SU    CA AA     CA --     -- --
"""
TABLE = [
    (*["" if word == "--" else word for word in row.split()[:2]], outcome, *row.split()[at : at + 2])
    for row in ROWS.strip().splitlines()[1:]
    for at, outcome in ((2, Outcome.ACCEPTED), (4, Outcome.ERROR), (6, Outcome.REJECTED))
]


def test_the_table_has_all_75_combinations() -> None:
    assert {row[:3] for row in TABLE} == {
        (a, b, outcome) for a in CONDITIONS for b in CONDITIONS for outcome in Outcome
    }
    assert len(TABLE) == 75


@pytest.mark.parametrize(("msh_15", "msh_16", "outcome", "commit", "application"), TABLE)
def test_each_combination_is_acknowledged_as_the_table_says(
    msh_15: str, msh_16: str, outcome: Outcome, commit: str, application: str
) -> None:
    wanted = Acknowledgements(commit.strip("-"), application.strip("-"))
    assert acknowledgements(msh_15, msh_16, outcome) == wanted


def test_what_cannot_be_stored_now_is_told_to_be_sent_again() -> None:
    assert acknowledgements("AL", "AL", Outcome.REJECTED, storable=False).commit == "CE"


def said(frames: Any) -> list[tuple[str, str]]:
    answers = [SENDER.read_answer(frame) for frame in frames]
    return [(answer.code, answer.control_id) for answer in answers]


def test_a_commit_acknowledgement_goes_before_the_answer() -> None:
    body = claim(accept_ack="AL", application_ack="AL")
    frames = ADAPTER.acknowledge(Incoming(body), reply := settled(body), CONTEXT)
    assert said(frames) == [("CA", "C0001"), ("AA", "C0001")]
    assert frames[1] == reply
    assert hl7apy_accepts(frames[0])


def test_in_original_mode_the_answer_goes_alone() -> None:
    assert said(ADAPTER.acknowledge(Incoming(claim()), settled(claim()), CONTEXT)) == [("AA", "C0001")]


@pytest.mark.parametrize(("kind", "code"), [(Kind.UNAVAILABLE, "CE"), (Kind.UNAUTHENTICATED, "CR")])
def test_a_rejection_in_enhanced_mode_is_a_commit_acknowledgement(kind: Kind, code: str) -> None:
    body = claim(accept_ack="AL", application_ack="AL")
    reply = ADAPTER.refuse(Incoming(body), [Problem(kind, "some-code", "", "text", "文字")], CONTEXT)
    assert said(ADAPTER.acknowledge(Incoming(body), reply, CONTEXT)) == [(code, "C0001")]


def test_unreadable_bytes_are_always_answered() -> None:
    reply = ADAPTER.refuse(Incoming(b"junk"), [Problem(Kind.MALFORMED, "some-code", "", "text", "文字")], CONTEXT)
    assert list(ADAPTER.acknowledge(Incoming(b"junk"), reply, CONTEXT)) == [reply]
