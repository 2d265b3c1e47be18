"""What the NHSA adapter reads: the key, the tree, the leniencies it grants, and everything it refuses."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from adapters.nhsa.adapter import ADAPTER
from adapters.nhsa.transactions import TRANSACTIONS
from gateway.contract import Adapter, Incoming
from gateway.kernel.problem import Kind, Problem, Refusal
from tests.unit.adapters.nhsa_cases import CITIZEN, HOSPITAL, PERSON, REQUESTS, VISIT, incoming, read, request, write

Change = Callable[[dict[str, Any]], object]


def refused(sent: Incoming) -> tuple[Problem, ...]:
    with pytest.raises(Refusal) as refusal:
        keyed_and_read(sent)
    return refusal.value.problems


def keyed_and_read(sent: Incoming) -> None:
    """As the gateway does: the key first, then the whole message."""
    assert len(ADAPTER.read_key(sent).id) == 30
    ADAPTER.decode(sent)


def places(sent: Incoming) -> set[tuple[str, str]]:
    return {(problem.code, problem.path) for problem in refused(sent)}


def into(node: str, **values: Any) -> Change:
    return lambda envelope: envelope["input"][node].update(values)


def into_line(index: int, **values: Any) -> Change:
    return lambda envelope: envelope["input"]["feedetail"][index].update(values)


def test_it_is_an_adapter() -> None:
    assert isinstance(ADAPTER, Adapter)
    assert ADAPTER.feed == "nhsa"


def test_every_transaction_has_a_well_formed_request_that_is_read() -> None:
    assert set(REQUESTS) == set(TRANSACTIONS)
    for infno in REQUESTS:
        message = ADAPTER.decode(incoming(infno))
        assert message.type == infno
        assert message.tree["fixmedins_code"] == HOSPITAL


class TestKey:
    def test_names_the_institution_and_its_msgid(self) -> None:
        key = ADAPTER.read_key(incoming("2207"))
        assert (key.sender, key.id) == (HOSPITAL, request("2207").msgid)

    def test_a_repeat_after_another_sign_in_has_the_same_content(self) -> None:
        first = ADAPTER.read_key(incoming("2207"))
        later = {"inf_time": "2015-03-09 09:00:00", "sign_no": "77", "opter": "0002", "dev_no": "x", "msgid": "y"}
        again = {**later, "msgid": first.id}
        assert ADAPTER.read_key(incoming("2207", lambda envelope: envelope.update(again))) == first

    def test_order_of_keys_and_writing_of_numbers_do_not_matter(self) -> None:
        one = Incoming(
            b'{"infno":"2207","fixmedins_code":"%b","msgid":"%b","input":{"data":{"a":12.30,"b":1}}}' % _key()
        )
        two = Incoming(
            b'{"input":{"data":{"b":1.0,"a":1.23e1}},"infno":2207,"msgid":"%b","fixmedins_code":"%b"}' % _key()[::-1]
        )
        assert ADAPTER.read_key(one) == ADAPTER.read_key(two)

    def test_another_amount_is_other_content(self) -> None:
        other = incoming("2207", into("data", medfee_sumamt=Decimal("33.81")))
        assert ADAPTER.read_key(other).content != ADAPTER.read_key(incoming("2207")).content

    def test_a_trial_and_a_settlement_are_different_business(self) -> None:
        as_trial = incoming("2207", lambda envelope: envelope.update(infno="2206"))
        assert ADAPTER.read_key(as_trial).content != ADAPTER.read_key(incoming("2207")).content

    @pytest.mark.parametrize(
        "msgid",
        ["", "1", f"{HOSPITAL}2015030908300000010", f"{HOSPITAL}20150309083000 001", "H32118200002201503090830000001"],
    )
    def test_a_bad_msgid_is_refused_before_anything_is_keyed(self, msgid: str) -> None:
        with pytest.raises(Refusal) as refusal:
            ADAPTER.read_key(incoming("2207", lambda envelope: envelope.update(msgid=msgid)))
        assert {problem.path for problem in refusal.value.problems} == {"msgid"}
        assert refusal.value.problems[-1].code == ("bad-msgid" if msgid else "missing-field")

    @pytest.mark.parametrize("wrong", [None, 7, [], {}, True, "", "X1"])
    def test_a_wrong_institution_is_told_together_with_all_else(self, wrong: Any) -> None:
        def change(envelope: dict[str, Any]) -> None:
            envelope["fixmedins_code"] = wrong
            envelope["input"]["data"]["medfee_sumamt"] = "-1"

        found = refused(incoming("2207", change))
        assert "input.data.medfee_sumamt" in {problem.path for problem in found}
        assert "fixmedins_code" in {problem.path for problem in found}


def _key() -> tuple[bytes, bytes]:
    return HOSPITAL.encode(), request("2207").msgid.encode()


class TestLeniency:
    @pytest.mark.parametrize("name", ["mdtrtinfo", "feeinfo", "result"])
    def test_regions_call_the_one_object_differently(self, name: str) -> None:
        def rename(envelope: dict[str, Any]) -> None:
            envelope["input"] = {name: envelope["input"]["data"]}

        tree = ADAPTER.decode(incoming("2207", rename)).tree
        assert tree["input"]["data"]["mdtrt_id"] == VISIT

    def test_problems_then_name_the_node_that_was_sent(self) -> None:
        def change(envelope: dict[str, Any]) -> None:
            envelope["input"] = {"feeinfo": envelope["input"]["data"] | {"medfee_sumamt": "x"}}

        assert places(incoming("2207", change)) == {("bad-amount", "input.feeinfo.medfee_sumamt")}

    def test_numbers_may_be_sent_as_text_and_codes_as_numbers(self) -> None:
        data = ADAPTER.decode(incoming("2207", into("data", medfee_sumamt=" 33.8 ", med_type=14))).tree["input"]["data"]
        assert data["medfee_sumamt"] == Decimal("33.80")
        assert data["med_type"] == "14"

    def test_unknown_keys_are_left_out(self) -> None:
        tree = ADAPTER.decode(incoming("2207", into("data", exp_content={"a": [1]}, expContent="x"))).tree
        assert "exp_content" not in tree["input"]["data"]

    def test_empty_text_and_null_are_not_sent(self) -> None:
        data = ADAPTER.decode(incoming("2207", into("data", invono="", fulamt_ownpay_amt=None))).tree["input"]["data"]
        assert "invono" not in data
        assert "fulamt_ownpay_amt" not in data

    def test_a_suffix_letter_names_the_same_transaction(self) -> None:
        assert ADAPTER.decode(incoming("2203", lambda envelope: envelope.update(infno="2203A"))).type == "2203"

    def test_one_line_alone_may_come_without_its_list(self) -> None:
        def unlist(envelope: dict[str, Any]) -> None:
            envelope["input"]["feedetail"] = envelope["input"]["feedetail"][0]

        assert len(ADAPTER.decode(incoming("2204", unlist)).tree["input"]["feedetail"]) == 1

    def test_an_object_may_come_in_a_list_of_one(self) -> None:
        def enlist(envelope: dict[str, Any]) -> None:
            envelope["input"]["data"] = [envelope["input"]["data"]]

        assert ADAPTER.decode(incoming("2207", enlist)).tree["input"]["data"]["psn_no"] == PERSON

    def test_a_byte_order_mark_is_skipped(self) -> None:
        sent = incoming("2207")
        assert ADAPTER.decode(Incoming(b"\xef\xbb\xbf" + sent.body)).type == "2207"

    def test_an_admission_number_may_be_called_ipt_otp_no(self) -> None:
        def rename(envelope: dict[str, Any]) -> None:
            stay = envelope["input"]["mdtrtinfo"]
            stay["ipt_otp_no"] = stay.pop("ipt_no")

        assert ADAPTER.decode(incoming("2401", rename)).tree["input"]["mdtrtinfo"]["ipt_no"] == "IP0001"


class TestDiagnoses:
    def test_the_admissions_main_diagnosis_leads(self) -> None:
        change = into("mdtrtinfo", dscg_maindiag_code="E11.900", dscg_maindiag_name="2型糖尿病")
        rows = ADAPTER.decode(incoming("2401", change)).tree["input"]["diseinfo"]
        assert [row["diag_code"] for row in rows] == ["E11.900", "I10.x00"]

    def test_and_is_added_when_it_is_not_listed(self) -> None:
        change = into("mdtrtinfo", dscg_maindiag_code="K35.800", dscg_maindiag_name="急性阑尾炎")
        rows = ADAPTER.decode(incoming("2401", change)).tree["input"]["diseinfo"]
        assert [row["diag_code"] for row in rows] == ["K35.800", "I10.x00", "E11.900"]

    def test_a_diagnosis_marked_invalid_is_left_out(self) -> None:
        def change(envelope: dict[str, Any]) -> None:
            envelope["input"]["diseinfo"][0]["vali_flag"] = "0"

        rows = ADAPTER.decode(incoming("2203", change)).tree["input"]["diseinfo"]
        assert [row["diag_code"] for row in rows] == ["E11.900"]

    def test_at_least_one_must_stay(self) -> None:
        def change(envelope: dict[str, Any]) -> None:
            for row in envelope["input"]["diseinfo"]:
                row["vali_flag"] = "0"

        assert places(incoming("2203", change)) == {("missing-field", "input.diseinfo[vali_flag=1]")}


class TestRefusals:
    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"", "bad-json"),
            (b"{", "bad-json"),
            (b"[]", "bad-json"),
            (b"null", "bad-json"),
            (b'{"a":1}x', "bad-json"),
            (b'{"a":NaN}', "bad-json"),
            (b'{"a":"\\ud800"}', "bad-json"),
            (b"1" * 5000, "bad-json"),
            (b"[" * 100_000, "bad-json"),
            (b'{"a":' * 100_000, "bad-json"),
            ('{"opter_name":"测试"}'.encode("gb18030"), "bad-encoding"),
            ('{"opter_name":"测试"}'.encode("utf-16"), "bad-encoding"),
            (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "bad-json"),
        ],
    )
    def test_bytes_that_are_no_envelope(self, body: bytes, code: str) -> None:
        found = refused(Incoming(body))
        assert [(problem.code, problem.kind) for problem in found] == [(code, Kind.MALFORMED)]

    def test_every_truncation_of_a_request_is_refused(self) -> None:
        body = request("2207").body
        for length in range(len(body)):
            assert refused(Incoming(body[:length]))[0].kind is Kind.MALFORMED

    def test_an_unknown_transaction_is_unsupported(self) -> None:
        found = refused(incoming("2207", lambda envelope: envelope.update(infno="2601")))
        assert [(problem.code, problem.kind, problem.path) for problem in found] == [
            ("unknown-transaction", Kind.UNSUPPORTED, "infno")
        ]

    def test_an_empty_object_names_all_that_is_missing(self) -> None:
        found = refused(Incoming(b"{}"))
        assert {problem.code for problem in found} == {"missing-field"}
        assert {"infno", "msgid", "fixmedins_code", "inf_time", "opter", "input"} <= {problem.path for problem in found}

    @pytest.mark.parametrize(
        "amount", ["-0.01", -1, "12345678901234567.00", 10**16, "1.001", "1e2", "abc", True, [], {}]
    )
    def test_amounts_that_are_none(self, amount: Any) -> None:
        found = places(incoming("2207", into("data", medfee_sumamt=amount)))
        assert found == {("bad-amount", "input.data.medfee_sumamt")}

    @pytest.mark.parametrize("number", [b"1e400", b"1e99999999999999999999", b"-1E+9", b"0.001"])
    def test_numbers_no_amount_can_be(self, number: bytes) -> None:
        body = incoming("2207", into("data", medfee_sumamt="AMOUNT")).body.replace(b'"AMOUNT"', number)
        assert places(Incoming(body)) == {("bad-amount", "input.data.medfee_sumamt")}

    @pytest.mark.parametrize("amount", ["0", 0, "99999999999999.99", Decimal("12.300"), "007.50"])
    def test_amounts_that_are_fine(self, amount: Any) -> None:
        data = ADAPTER.decode(incoming("2207", into("data", medfee_sumamt=amount))).tree["input"]["data"]
        assert data["medfee_sumamt"] == Decimal(amount)
        assert data["medfee_sumamt"].as_tuple().exponent == -2

    @pytest.mark.parametrize(
        "time",
        ["2015-02-30 08:00:00", "2015-03-09 24:00:00", "20150309083000", "0001-01-01 00:00:00", "下午", 20150309, ""],
    )
    def test_times_that_do_not_exist(self, time: Any) -> None:
        found = places(incoming("2201", into("data", begntime=time)))
        assert found == {("bad-instant" if time else "missing-field", "input.data.begntime")}

    @pytest.mark.parametrize("day", ["2015-02-29", "2015-13-01", "2015-3-9", "９９９９-01-01", "1899-12-31"])
    def test_days_that_do_not_exist(self, day: str) -> None:
        found = places(incoming("2402", into("dscginfo", die_date=day)))
        assert found == {("bad-day", "input.dscginfo.die_date")}

    def test_text_that_is_too_long_or_has_control_characters(self) -> None:
        change = into("data", dr_name="甲" * 51, dept_name="内科\x00")
        assert places(incoming("2201", change)) == {
            ("too-long", "input.data.dr_name"),
            ("bad-text", "input.data.dept_name"),
        }

    def test_codes_outside_their_table_and_ways_not_offered(self) -> None:
        change = into("data", acct_used_flag="2", mid_setl_flag="1", psn_setlway="02", insutype="310")
        assert places(incoming("2304", change)) == {
            ("bad-code", "input.data.acct_used_flag"),
            ("not-offered", "input.data.mid_setl_flag"),
            ("not-offered", "input.data.psn_setlway"),
            ("not-offered", "input.data.insutype"),
        }

    def test_an_electronic_voucher_cannot_be_decoded_here(self) -> None:
        found = places(incoming("1101", into("data", mdtrt_cert_type="01")))
        assert found == {("not-offered", "input.data.mdtrt_cert_type")}

    def test_a_card_needs_its_own_number(self) -> None:
        found = places(incoming("1101", into("data", mdtrt_cert_type="03", mdtrt_cert_no="A1234567")))
        assert found == {("missing-field", "input.data.card_sn")}

    def test_a_death_needs_its_day(self) -> None:
        found = places(incoming("2402", into("dscginfo", dscg_way="5")))
        assert found == {("missing-field", "input.dscginfo.die_date")}

    def test_the_area_of_the_person_is_needed_wherever_a_person_is_named(self) -> None:
        def without(envelope: dict[str, Any]) -> None:
            envelope["insuplc_admdvs"] = ""

        assert places(incoming("2204", without)) == {("missing-field", "insuplc_admdvs")}
        assert ADAPTER.decode(incoming("1101", without)).type == "1101"

    def test_codes_of_places_have_their_shape(self) -> None:
        change = {"mdtrtarea_admvs": "32118X", "insuplc_admdvs": "012345"}
        found = places(incoming("2207", lambda envelope: envelope.update(change)))
        assert found == {("area-code", "mdtrtarea_admvs"), ("area-code", "insuplc_admdvs")}

    def test_lines_belong_together_and_none_repeats(self) -> None:
        change = into_line(1, feedetl_sn="1", psn_no="someone-else", chrg_bchno="B2")
        assert places(incoming("2204", change)) == {
            ("duplicate-line", "input.feedetail[1].feedetl_sn"),
            ("mixed-batch", "input.feedetail[1].psn_no"),
            ("mixed-batch", "input.feedetail[1].chrg_bchno"),
        }

    def test_every_problem_of_every_line_is_told_with_its_place(self) -> None:
        def change(envelope: dict[str, Any]) -> None:
            first, second = envelope["input"]["feedetail"]
            first |= {"cnt": "1.00001", "pric": "1.1234567"}
            second |= {"cnt": -1, "fee_ocur_time": "2015-02-30 00:00:00"}
            del second["med_list_codg"]

        assert places(incoming("2204", change)) == {
            ("bad-quantity", "input.feedetail[0].cnt"),
            ("bad-price", "input.feedetail[0].pric"),
            ("bad-quantity", "input.feedetail[1].cnt"),
            ("bad-instant", "input.feedetail[1].fee_ocur_time"),
            ("missing-field", "input.feedetail[1].med_list_codg"),
        }

    def test_refunds_are_negative_in_a_stay(self) -> None:
        change = into_line(1, cnt=-1, det_item_fee_sumamt=-10)
        assert ADAPTER.decode(incoming("2301", change)).tree["input"]["feedetail"][1]["cnt"] == -1

    @pytest.mark.parametrize("wrong", [None, "x", 1, [], [[]], [1, 2], [{}, {}]])
    def test_a_node_of_another_shape(self, wrong: Any) -> None:
        for infno, node in (("2207", "data"), ("2204", "feedetail")):

            def change(envelope: dict[str, Any], node: str = node) -> None:
                envelope["input"][node] = wrong

            assert {problem.code for problem in refused(incoming(infno, change))} <= {"bad-structure", "missing-field"}

    @pytest.mark.parametrize("wrong", ["x", 1, [], True])
    def test_an_input_of_another_shape(self, wrong: Any) -> None:
        found = places(incoming("2207", lambda envelope: envelope.update(input=wrong)))
        assert ("bad-structure", "input") in found

    def test_any_leaf_replaced_by_any_other_value_is_read_or_refused(self) -> None:
        """No value anywhere in any request ends in anything but a message or a refusal."""
        hostile: list[Any] = [
            None,
            True,
            0,
            -1,
            10**40,
            Decimal("1E+50"),
            "",
            "\x00",
            "x" * 5000,
            [],
            {},
            [[]],
            {"a": 1},
        ]
        for infno in REQUESTS:
            body = request(infno).body
            for value in hostile:
                for changed in _each_leaf_replaced(read(body), value):
                    assert all(problem.code and problem.en and problem.zh for problem in found_in(write(changed)))


def _each_leaf_replaced(envelope: dict[str, Any], value: Any) -> list[dict[str, Any]]:
    """Copies of the envelope, each with one head field, node or node field replaced."""
    made = [envelope | {name: value} for name in envelope]
    for node, content in envelope["input"].items():
        made.append(envelope | {"input": envelope["input"] | {node: value}})
        rows = content if isinstance(content, list) else [content]
        for name in rows[0]:
            first = rows[0] | {name: value}
            changed = [first, *rows[1:]] if isinstance(content, list) else first
            made.append(envelope | {"input": envelope["input"] | {node: changed}})
    return made


def found_in(body: bytes) -> tuple[Problem, ...]:
    """The problems of a body; none when it is fine."""
    try:
        keyed_and_read(Incoming(body))
    except Refusal as refusal:
        return refusal.problems
    return ()


def test_citizen_ids_in_these_tests_are_synthetic_and_valid() -> None:
    assert CITIZEN.startswith("321182195210180")
