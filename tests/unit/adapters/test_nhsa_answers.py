"""What the NHSA adapter answers: the envelope of success and refusal, and every amount as the interface writes it."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adapters.nhsa.adapter import ADAPTER
from adapters.nhsa.answers import age_on, fund_ratio
from adapters.nhsa.envelope import ERROR_CHARACTERS
from gateway.contract import Context, Incoming
from gateway.exchange.mappings import load_mappings
from gateway.exchange.translate import to_tree
from gateway.kernel.problem import Kind, Problem, Refusal
from tests.unit.adapters.nhsa_cases import (
    AMOUNTS,
    AT,
    CITIZEN,
    CONTEXT,
    COVERAGE,
    PATIENT,
    PERSON,
    SETTLEMENT,
    VISIT,
    incoming,
    priced,
    read,
    request,
    settled,
)

MAPPINGS = load_mappings(Path(__file__).parents[3] / "mappings")


def answered(infno: str, result: dict[str, Any]) -> bytes:
    """The bytes a hospital gets for a well-formed request and a result of the core."""
    message = ADAPTER.decode(incoming(infno))
    return ADAPTER.encode(message, to_tree(MAPPINGS["nhsa", infno], result), CONTEXT)


def output(infno: str, result: dict[str, Any]) -> Any:
    return read(answered(infno, result))["output"]


class TestEnvelope:
    def test_success(self) -> None:
        envelope = read(answered("2203", {"Encounter": {"id": VISIT}}))
        assert envelope["infcode"] == 0
        assert envelope["err_msg"] is None
        assert envelope["output"] is None
        assert envelope["refmsg_time"] == envelope["respond_time"] == "20150309083000000"

    def test_the_reference_number_follows_from_our_own_message_id(self) -> None:
        number = read(answered("2203", {}))["inf_refmsgid"]
        assert number.startswith("32118220150309083000")
        assert len(number) == 30
        assert number.isdigit()
        other = ADAPTER.encode(ADAPTER.decode(incoming("2203")), {}, Context(AT, "321182" + "1" * 24, "321182"))
        assert read(other)["inf_refmsgid"] != number

    def test_the_same_context_gives_the_same_bytes(self) -> None:
        assert answered("2207", settled()) == answered("2207", settled())


class TestRefusal:
    PROBLEM = Problem(Kind.RULE, "no-cover", "input.data.psn_no", "not covered on 2015-03-09", "当日无待遇")

    def test_chinese_text_with_the_code_in_brackets(self) -> None:
        envelope = read(ADAPTER.refuse(incoming("2207"), [self.PROBLEM], CONTEXT))
        assert envelope["infcode"] == -1
        assert envelope["output"] is None
        assert envelope["err_msg"] == "当日无待遇[no-cover]"
        assert envelope["warn_msg"] is None

    def test_several_problems_all_reach_the_sender_in_both_languages(self) -> None:
        problems = [self.PROBLEM, Problem(Kind.INVALID, "bad-day", "input.data.x", "no such day", "日期不存在")]
        envelope = read(ADAPTER.refuse(incoming("2207"), problems, CONTEXT))
        assert envelope["err_msg"] == "当日无待遇;日期不存在[no-cover,bad-day]"
        assert all(problem.en in envelope["warn_msg"] and problem.path in envelope["warn_msg"] for problem in problems)

    def test_err_msg_never_exceeds_200_characters_and_keeps_its_codes(self) -> None:
        problems = [Problem(Kind.INVALID, f"code-{n % 3}", f"line[{n}]", "x" * 90, "甲" * 90) for n in range(500)]
        envelope = read(ADAPTER.refuse(Incoming(b"\xff"), problems, CONTEXT))
        assert len(envelope["err_msg"]) == ERROR_CHARACTERS
        assert envelope["err_msg"].endswith("…(共500项)[code-0,code-1,code-2]")

    def test_very_many_codes_are_cut_before_they_crowd_out_the_text(self) -> None:
        problems = [Problem(Kind.INVALID, f"a-long-code-number-{n}", "", "x", "甲") for n in range(50)]
        text = read(ADAPTER.refuse(Incoming(b""), problems, CONTEXT))["err_msg"]
        assert len(text) <= ERROR_CHARACTERS
        assert text.startswith("甲;甲")
        assert text.endswith("…]")

    @pytest.mark.parametrize("body", [b"", b"\x00", b"\xff\xfe", b"{", b"[" * 10_000])
    def test_bytes_that_cannot_be_read_get_an_answer_all_the_same(self, body: bytes) -> None:
        with pytest.raises(Refusal) as refusal:
            ADAPTER.read_key(Incoming(body))
        assert read(ADAPTER.refuse(Incoming(body), refusal.value.problems, CONTEXT))["infcode"] == -1


class TestPerson:
    def test_person_and_cover(self) -> None:
        found = output("1101", {"Patient": PATIENT, "Coverage": [COVERAGE], "Context": {}})
        assert found["baseinfo"] == {
            "psn_no": PERSON,
            "psn_cert_type": "01",
            "certno": CITIZEN,
            "psn_name": "测试一",
            "gend": "1",
            "brdy": "1952-10-18",
            "age": Decimal("62.3"),  # 18 October 1952 to 9 March 2015: 62 years and 4 whole months
        }
        assert found["insuinfo"] == [
            {
                "balc": Decimal("0.00"),
                "insutype": "390",
                "psn_type": "1501",
                "psn_insu_stas": "1",
                "psn_insu_date": "2015-01-01",
                "cvlserv_flag": "0",
                "insuplc_admdvs": "321182",
            }
        ]
        assert found["idetinfo"] == []

    def test_nobody_covers_the_person(self) -> None:
        assert output("1101", {"Patient": PATIENT, "Coverage": []})["insuinfo"] == []

    @pytest.mark.parametrize(
        ("born_on", "age"),
        [
            ("2015-03-09", "0.0"),
            ("2014-09-09", "0.5"),
            ("2013-09-10", "1.4"),
            ("1965-03-10", "49.9"),
            ("1965-03-09", "50.0"),
        ],
    )
    def test_age_counts_whole_months(self, born_on: str, age: str) -> None:
        assert age_on(date.fromisoformat(born_on), date(2015, 3, 9)) == Decimal(age)


class TestVisit:
    def test_sign_in(self) -> None:
        found = output("9001", {"Session": {"id": SETTLEMENT, "at": "2015-03-09T00:30:00.000Z"}})
        assert found == {"signinoutb": {"sign_time": "2015-03-09 08:30:00", "sign_no": SETTLEMENT}}

    def test_registration(self) -> None:
        found = output("2201", {"Encounter": {"id": VISIT}})
        assert found == {"data": {"mdtrt_id": VISIT, "psn_no": PERSON, "ipt_otp_no": "OP0001"}}

    def test_admission(self) -> None:
        assert output("2401", {"Encounter": {"id": VISIT}}) == {"result": {"mdtrt_id": VISIT}}

    @pytest.mark.parametrize("infno", ["2203", "2402"])
    def test_no_output_where_the_interface_has_none(self, infno: str) -> None:
        assert output(infno, {"Encounter": {"id": VISIT}}) is None

    @pytest.mark.parametrize("infno", ["2204", "2301"])
    def test_lines_with_their_split(self, infno: str) -> None:
        first, second = output(infno, priced())["result"]
        assert first == {
            "feedetl_sn": "1",
            "det_item_fee_sumamt": Decimal("23.80"),
            "cnt": Decimal("28.0000"),
            "pric": Decimal("0.850000"),
            "pric_uplmt_amt": Decimal("0.800000"),
            "selfpay_prop": Decimal("0.1000"),
            "fulamt_ownpay_amt": Decimal("0.00"),
            "overlmt_amt": Decimal("1.40"),
            "preselfpay_amt": Decimal("2.24"),
            "inscp_scp_amt": Decimal("20.16"),
            "chrgitm_lv": "02",
            "med_chrgitm_type": "09",
            "lmt_used_flag": "0",
        }
        assert second["chrgitm_lv"] == "03"
        assert second["med_chrgitm_type"] == "14"
        assert second["selfpay_prop"] == 1
        assert second["pric_uplmt_amt"] == 999999
        assert second["memo"] == "目录外"


class TestSettlement:
    @pytest.mark.parametrize("infno", ["2206", "2207", "2303", "2304"])
    def test_the_identities_of_the_interface_hold(self, infno: str) -> None:
        info = output(infno, settled())["setlinfo"]
        parts = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
        funds = ("hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "oth_pay")
        assert info["medfee_sumamt"] == sum(info[name] for name in parts) == 1000
        assert info["fund_pay_sumamt"] == sum(info[name] for name in funds) == 240
        paid = ("fund_pay_sumamt", "hosp_part_amt", "acct_pay", "psn_cash_pay")
        assert info["medfee_sumamt"] == sum(info[name] for name in paid)
        assert info["psn_part_amt"] == info["acct_pay"] + info["psn_cash_pay"] == 760
        assert info["act_pay_dedc"] == 500
        assert info["pool_prop_selfpay"] == Decimal("0.2667")  # 240.00 / 900.00 = 0.26666…

    def test_who_what_and_when(self) -> None:
        info = output("2207", settled())["setlinfo"]
        told = {
            "mdtrt_id": VISIT,
            "setl_id": SETTLEMENT,
            "psn_no": PERSON,
            "psn_name": "测试一",
            "certno": CITIZEN,
            "gend": "1",
            "insutype": "390",
            "psn_type": "1501",
            "setl_time": "2015-03-09 08:30:00",
            "mdtrt_cert_type": "02",
            "med_type": "14",
            "medins_setl_id": request("2207").msgid,
            "clr_optins": "321182",
            "clr_type": "11",
        }
        assert {name: info[name] for name in told} == told

    def test_a_stay_has_its_own_clearing_type_and_treatment_type(self) -> None:
        info = output("2304", settled("inpatient"))["setlinfo"]
        assert (info["clr_type"], info["med_type"]) == ("21", "21")

    @pytest.mark.parametrize("infno", ["2206", "2303"])
    def test_a_trial_has_no_settlement_id(self, infno: str) -> None:
        assert "setl_id" not in output(infno, settled())["setlinfo"]

    def test_amounts_are_json_numbers_with_two_decimals(self) -> None:
        body = answered("2207", settled())
        assert b'"medfee_sumamt":1000.00,' in body
        assert b'"cvlserv_pay":0.00,' in body
        assert b'"pool_prop_selfpay":0.2667,' in body

    def test_the_fund_that_paid_has_its_row_with_the_calculation(self) -> None:
        (row,) = output("2207", settled())["setldetail"]
        assert row == {
            "fund_pay_type": "390100",
            "inscp_scp_amt": Decimal("900.00"),
            "crt_payb_lmt_amt": Decimal("240.00"),
            "fund_payamt": Decimal("240.00"),
            "fund_pay_type_name": "城乡居民基本医疗保险基金",
            "setl_proc_info": "起付线 500.00 元",
        }

    def test_a_fund_without_a_field_of_its_own_is_told_as_other(self) -> None:
        amounts = AMOUNTS | {"fund-aid": "60.00", "fund-total": "300.00", "cash": "700.00"}
        found = output("2207", settled(amounts=amounts))
        assert found["setlinfo"]["oth_pay"] == 60
        assert [(row["fund_pay_type"], row["fund_payamt"]) for row in found["setldetail"]] == [
            ("390100", Decimal("240.00")),
            ("999997", Decimal("60.00")),
        ]

    def test_nothing_paid_is_no_row_and_a_ratio_of_zero(self) -> None:
        amounts = dict.fromkeys(AMOUNTS, "0.00") | {"submitted": "10.00", "own-expense": "10.00", "cash": "10.00"}
        found = output("2207", settled(amounts=amounts))
        assert found["setldetail"] == []
        assert found["setlinfo"]["pool_prop_selfpay"] == 0
        assert found["setlinfo"]["psn_part_amt"] == 10

    def test_the_ratio_is_rounded_half_up(self) -> None:
        assert fund_ratio(basic=Decimal("0.03"), in_scope=Decimal("0.80")) == Decimal("0.0375")
        assert fund_ratio(basic=Decimal("12345.00"), in_scope=Decimal("100000.00")) == Decimal("0.1235")

    @pytest.mark.parametrize("infno", ["2208", "2305"])
    def test_a_cancellation_shows_the_negated_amounts(self, infno: str) -> None:
        found = output(infno, settled(sign="-"))
        info = found["setlinfo"]
        assert info["medfee_sumamt"] == -1000
        assert info["psn_cash_pay"] == info["pdn_cash_pay"] == info["psn_part_amt"] == -760
        assert info["fund_pay_sumamt"] == info["hifp_pay"] == -240
        assert info["pool_prop_selfpay"] == Decimal("0.2667")
        assert info["medins_setl_id"] == request(infno).msgid
        assert "psn_name" not in info
        assert found["setldetail"][0]["fund_payamt"] == -240

    def test_zero_is_never_negative(self) -> None:
        assert b'"acct_pay":0.00' in answered("2208", settled(sign="-"))
