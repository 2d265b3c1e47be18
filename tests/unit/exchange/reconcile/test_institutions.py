"""Totals and details of an institution beside the core: every class of line, by the NHSA interface and by REST."""

from datetime import timedelta

from adapters.nhsa.requests import PATH
from gateway.contract import Incoming
from tests.unit.exchange.reconcile.counter import Counter, unzipped
from tests.unit.exchange.town import CITY_CODE


def test_totals_that_agree_are_flat(counter: Counter) -> None:
    first = counter.settle("1000.00")

    answer = counter.totals(cases=1, total="1000.00", fund=first.total("fund-total"))

    assert answer.body["output"]["stmtinfo"]["stmt_rslt"] == "000000"
    assert counter.findings() == []


def test_totals_that_differ_name_each_figure(counter: Counter) -> None:
    counter.settle("1000.00")

    answer = counter.totals(cases=2, total="1000.01", fund="0.00")

    told = answer.body["output"]["stmtinfo"]
    assert told["stmt_rslt"] == "000103"
    assert "differs in cases, total, fund" in told["stmt_rslt_dscr"]
    assert "笔数 机构 2,中心 1" in told["stmt_rslt_dscr"]


def test_a_cancelled_settlement_counts_for_nothing(counter: Counter) -> None:
    counter.settle("1000.00")
    counter.cancel()

    assert counter.result(cases=0, total="0.00", fund="0.00") == "000000"
    assert counter.result(cases=1, total="1000.00", fund="300.00", refd_setl_flag="1") == "000000"
    assert counter.result(cases=1, total="1000.00", fund="300.00", refd_setl_flag="0") == "000000"


def test_totals_are_of_the_sort_of_care_and_the_scheme_asked_for(counter: Counter) -> None:
    counter.settle("1000.00")

    assert counter.result(cases=0, total="0", fund="0", clr_type="11") == "000000"
    assert counter.result(cases=1, total="1000", fund="300", clr_type="21") == "000000"
    assert counter.totals(cases=0, total="0", fund="0", insutype="310").codes == ["scheme-not-offered"]
    assert counter.totals(cases=0, total="0", fund="0", clr_type="77").codes == ["unknown-code"]
    assert counter.totals(cases=0, total="0", fund="0", setl_optins="370200").codes == ["other-agency"]
    assert counter.totals(cases=0, total="0", fund="0", stmt_begndate="2016-01-01").codes == ["bad-window"]


def row(id: str, total: str, fund: str, refund: str = "0") -> str:
    return "\t".join((id, "V1", "P1", total, fund, "0.00", refund))


def test_details_are_compared_line_by_line_and_fetched_as_a_file(counter: Counter) -> None:
    agreed, other, missing = (counter.settle("1000.00", serial=n, visit=f"V{n}") for n in (1, 2, 3))
    file = counter.upload(
        [row(agreed.id, "1000.00", "300.00"), row(other.id, "1000.00", "299.99"), row("HIS-ONLY", "5.00", "0.00")]
    ).body["output"]["file_qury_no"]

    answer = counter.compare(file, cases=3, total="2005.00", fund="599.99")

    assert not answer.codes
    told = answer.body["output"]["fileinfo"]
    rows = unzipped(counter.download(told["file_qury_no"], told["filename"]))
    assert [(each[2], each[4]) for each in rows] == [
        (agreed.id, "000000"),
        (other.id, "000103"),
        ("HIS-ONLY", "000102"),
        (missing.id, "000101"),
    ]
    assert all(len(each) == 11 for each in rows)
    assert rows[3][7:] == ["1000.00", "300.00", "0.00", "null"]


def test_the_same_message_again_gets_the_same_file_byte_for_byte(counter: Counter) -> None:
    first = counter.settle("1000.00")
    file = counter.upload([row(first.id, "1000.00", "300.00")]).body["output"]["file_qury_no"]
    request = counter.request("9102", "fsDownloadIn", file_qury_no=file, filename="x", fixmedins_code=CITY_CODE)
    incoming = Incoming(request.body, PATH, request.headers)

    once, again = (counter.town.exchange.accept("nhsa", incoming).result() for _ in range(2))

    assert unzipped(once.body) == [[first.id, "V1", "P1", "1000.00", "300.00", "0.00", "0", "null"]]
    assert (once.body, again.repeated) == (again.body, True)


def test_a_comparison_asked_again_after_its_file_expired_gets_its_first_answer(counter: Counter) -> None:
    first = counter.settle("1000.00")
    file = counter.upload([row(first.id, "1000.00", "300.00")]).body["output"]["file_qury_no"]
    request = counter.comparison(file, cases=1, total="1000.00", fund="300.00")
    once = counter.town.nhsa(request)

    counter.town.now += timedelta(days=8)

    assert counter.town.nhsa(request).reply.body == once.reply.body
    assert counter.compare(file, cases=1, total="1000.00", fund="300.00").codes == ["file-expired"]


def test_a_file_that_does_not_add_up_to_its_request_is_refused(counter: Counter) -> None:
    first = counter.settle("1000.00")
    file = counter.upload([row(first.id, "1000.00", "300.00")]).body["output"]["file_qury_no"]

    assert counter.compare(file, cases=2, total="1000.00", fund="300.00").codes == ["file-sums"]
    assert counter.compare("nothing", cases=1, total="1000.00", fund="300.00").codes == ["no-such-file"]


def test_lines_that_cannot_be_read_are_told_one_by_one(counter: Counter) -> None:
    answer = counter.upload(
        ["\t".join(("A", "V", "P", "1.001", "x", "0", "2")), row("A", "1", "1"), row("A", "1", "1")]
    )

    assert answer.codes == ["line-value"] * 3 + ["line-repeated-in-file"]


def test_details_by_rest_are_answered_at_once(counter: Counter) -> None:
    first, second = (counter.settle("1000.00", serial=n, visit=f"V{n}") for n in (1, 2))

    answer = counter.details(counter.line(first))

    told = answer.body["Comparison"]
    assert (told["result"], told["differing"]) == ("differs", 1)
    assert [(each["settlement"], each["class"]) for each in told["lines"]] == [(second.id, "only-core")]
    assert counter.details(counter.line(first)).body == answer.body


def test_a_refund_is_listed_under_either_number(counter: Counter) -> None:
    first = counter.settle("1000.00")
    cancelled = counter.cancel()
    refund = {"total": "-1000.00", "fund": "-300.00"}

    for number in (first.id, cancelled.body["ClaimResponse"]["id"]):
        answer = counter.details(counter.line(first), counter.line(first, refund="1", settlement=number, **refund))
        assert answer.body["Comparison"]["result"] == "matched"


def test_an_institution_states_its_own_lines_alone(counter: Counter) -> None:
    first = counter.settle()

    assert counter.details(counter.line(first), institution="H32118200101").codes == ["other-institution"]
