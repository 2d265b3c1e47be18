"""The bank feed: which money is taken, under which key, and for whom."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.bank import document
from adapters.bank.adapter import ADAPTER
from adapters.bank.sender import SENDER, Credit
from gateway.contract import FileAdapter, Incoming
from gateway.exchange.mappings import load_mappings
from gateway.exchange.translate import to_fhir
from gateway.kernel.citizen_id import check_digit
from gateway.kernel.problem import Problem, Refusal

ROOT = Path(__file__).parents[3]
MAPPINGS = load_mappings(ROOT / "mappings")
MAPPING = MAPPINGS["bank", "camt.054"]
ACCOUNT = "3211820015000001"
NOW = datetime(2015, 3, 2, 1, tzinfo=UTC)


def citizen_id(serial: int) -> str:
    first_17 = f"32118219600505{serial:03d}"
    return first_17 + check_digit(first_17)


FIRST, SECOND = citizen_id(1), citizen_id(2)
CREDIT = Credit(FIRST, "测试一", "120.00", "R1")


def file_of(*credits: Credit, version: str = "08", charset: str = "UTF-8", batch: bool = False) -> bytes:
    return SENDER.credit_file(
        credits or [CREDIT],
        account=ACCOUNT,
        message_id="NTF1",
        created_at=NOW,
        booked_on=date(2015, 3, 2),
        version=version,
        charset=charset,
        batch=batch,
    )


def altered(old: str, new: str, *credits: Credit, version: str = "08", batch: bool = False) -> bytes:
    text = file_of(*credits, version=version, batch=batch).decode()
    assert old in text
    return text.replace(old, new, 1).encode()


def split(body: bytes) -> Sequence[Incoming]:
    return ADAPTER.split(Incoming(body))


def codes(body: bytes) -> list[str]:
    """Why a file, or else its first record, is refused."""
    return [problem.code for problem in problems(body)]


def problems(body: bytes) -> tuple[Problem, ...]:
    with pytest.raises(Refusal) as refusal:
        ADAPTER.decode(split(body)[0])
    return refusal.value.problems


def tree_of(body: bytes) -> dict[str, object]:
    return ADAPTER.decode(split(body)[0]).tree


def payer_of(body: bytes) -> object:
    return tree_of(body)["Payer"]


def with_debtor_id(number: str, role: str = "Dbtr", words: str = "") -> bytes:
    identity = f"<Id><PrvtId><Othr><Id>{number}</Id><SchmeNm><Cd>NIDN</Cd></SchmeNm></Othr></PrvtId></Id>"
    credit = CREDIT._replace(remittance=words)
    if role == "Dbtr":
        return altered("</Nm></Pty></Dbtr>", f"</Nm>{identity}</Pty></Dbtr>", credit)
    return altered("</Dbtr>", f"</Dbtr><UltmtDbtr><Pty><Nm>测试二</Nm>{identity}</Pty></UltmtDbtr>", credit)


def test_it_is_a_file_adapter() -> None:
    assert isinstance(ADAPTER, FileAdapter)
    assert ADAPTER.feed == SENDER.feed == "bank"


@pytest.mark.parametrize("charset", ["UTF-8", "GB18030"])
@pytest.mark.parametrize("version", document.MESSAGES["camt.054"][1])
@pytest.mark.parametrize("batch", [False, True])
def test_every_version_and_character_set_says_the_same(version: str, charset: str, batch: bool) -> None:
    records = split(
        file_of(CREDIT, Credit(SECOND, "测<试>&二", "80.50", "R2"), version=version, charset=charset, batch=batch)
    )
    trees = [ADAPTER.decode(record).tree for record in records]

    assert [(tree["Ref"], tree["Amt"], tree["BookgDt"]) for tree in trees] == [
        ("R1", "120.00", "2015-03-02"),
        ("R2", "80.50", "2015-03-02"),
    ]
    assert trees[1]["Payer"] == {"CitizenId": SECOND, "Nm": "测<试>&二", "Year": "2015"}


def test_the_mapping_makes_a_payment_notice() -> None:
    [notice] = to_fhir(MAPPING, tree_of(file_of()))
    base = "https://gateway.example/fhir"

    assert notice == {
        "resourceType": "PaymentNotice",
        "status": "active",
        "identifier": [{"system": f"{base}/sid/message", "value": "R1"}],
        "paymentDate": "2015-03-02",
        "amount": {"value": Decimal("120.00"), "currency": "CNY"},
        "extension": [
            {"url": f"{base}/StructureDefinition/{name}", "valueString": value}
            for name, value in (
                ("account", ACCOUNT),
                ("payer-citizen-id", FIRST),
                ("payer-name", "测试一"),
                ("benefit-year", "2015"),
                ("remittance", f"YB/2015/{FIRST}/测试一"),
            )
        ],
    }


def test_the_key_is_the_account_and_the_reference_whatever_file_it_comes_in() -> None:
    other_file = SENDER.credit_file(
        [Credit(SECOND, "测试二", "1.00", "R0"), CREDIT],
        account=ACCOUNT,
        message_id="NTF2",
        created_at=datetime(2015, 3, 5, tzinfo=UTC),
        booked_on=date(2015, 3, 2),
        version="02",
    )
    key = ADAPTER.read_key(split(file_of())[0])

    assert (key.sender, key.id) == (ACCOUNT, "R1")
    assert ADAPTER.read_key(split(other_file)[1]) == key


@pytest.mark.parametrize("change", [{"amount": "120.01"}, {"citizen_id": SECOND}, {"year": "2016"}])
def test_other_business_under_the_same_reference_is_other_content(change: dict[str, str]) -> None:
    key, other = (ADAPTER.read_key(split(file_of(credit))[0]) for credit in (CREDIT, CREDIT._replace(**change)))

    assert key.id == other.id
    assert key.content != other.content


def test_an_amount_written_otherwise_is_the_same_content() -> None:
    keys = [ADAPTER.read_key(split(file_of(CREDIT._replace(amount=text)))[0]) for text in ("120", "120.00", "0120.0")]

    assert keys[0] == keys[1] == keys[2]


def test_without_a_servicer_reference_the_payers_end_to_end_id_counts_unless_it_is_a_placeholder() -> None:
    named = split(file_of(CREDIT._replace(reference="", end_to_end_id="E1")))[0]

    assert ADAPTER.read_key(named).id == "E1"
    assert codes(file_of(CREDIT._replace(reference=""))) == ["missing-reference"]


def test_transactions_that_share_the_entrys_reference_are_told_apart() -> None:
    rows = [Credit(FIRST, "测试一", "1.00", "", end_to_end_id=end) for end in ("E1", "E2", "E2", "")]
    ids = [ADAPTER.read_key(record).id for record in split(file_of(*rows, batch=True))]

    assert ids == ["NTF1-B/E1", "NTF1-B/E2#2", "NTF1-B/E2#3", "NTF1-B"]


def test_an_entry_without_transactions_is_one_record() -> None:
    text = file_of().decode()
    start, end = text.index("<NtryDtls>"), text.index("</NtryDtls>") + len("</NtryDtls>")
    summary = f"<NtryDtls><Btch><NbOfTxs>5</NbOfTxs></Btch></NtryDtls><AddtlNtryInf>YB/2015/{FIRST}</AddtlNtryInf>"
    tree = tree_of((text[:start] + summary + text[end:]).encode())

    assert (tree["Ref"], tree["Amt"]) == ("R1", "120.00")
    assert tree["Payer"] == {"CitizenId": FIRST, "Year": "2015"}


@pytest.mark.parametrize(
    ("words", "payer"),
    [
        (f"YB/2015/{FIRST}/测试一", {"CitizenId": FIRST, "Nm": "测试一", "Year": "2015"}),
        (f"医保缴费 yb/2016/{FIRST.lower()} 谢谢", {"CitizenId": FIRST, "Year": "2016"}),
        ("YB/2015/321182600505001/测试一", {"CitizenId": FIRST, "Nm": "测试一", "Year": "2015"}),
        ("", {"Nm": "测试一", "Doubt": "payer-missing"}),
        ("房租", {"Nm": "测试一", "Doubt": "payer-missing"}),
        (f"YB/2015/{FIRST[:17]}", {"Nm": "测试一", "Doubt": "payer-missing"}),
        (f"YB/2015/{FIRST[:17]}0", {"Nm": "测试一", "Year": "2015", "Doubt": "payer-invalid"}),
        (f"YB/2015/{FIRST} YB/2015/{SECOND}", {"Nm": "测试一", "Doubt": "payer-several"}),
        (f"YB/2015/{FIRST} YB/2016/{FIRST}", {"Nm": "测试一", "Doubt": "payer-several"}),
    ],
)
def test_the_agreed_words_name_the_insured_and_money_without_them_is_still_taken(words: str, payer: object) -> None:
    assert payer_of(file_of(CREDIT._replace(remittance=words))) == payer


def test_full_width_words_from_a_counter_are_read() -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in f"YB/2015/{FIRST}")

    assert payer_of(file_of(CREDIT._replace(remittance=wide))) == {"CitizenId": FIRST, "Year": "2015"}


def test_a_citizen_id_cut_at_the_end_of_a_full_line_is_put_together() -> None:
    words = ("缴" * (140 - 23) + f"YB/2015/{FIRST}")[:140]
    body = altered("</Ustrd>", f"</Ustrd><Ustrd>{FIRST[15:]}/测试一</Ustrd>", CREDIT._replace(remittance=words))

    assert payer_of(body) == {"CitizenId": FIRST, "Nm": "测试一", "Year": "2015"}


def test_the_debtor_pays_for_himself_unless_the_words_or_the_ultimate_debtor_name_another() -> None:
    assert payer_of(with_debtor_id(FIRST)) == {"CitizenId": FIRST, "Nm": "测试一"}
    assert payer_of(with_debtor_id(FIRST, words=f"YB/2015/{SECOND}/测试二")) == {
        "CitizenId": SECOND,
        "Nm": "测试二",
        "Year": "2015",
    }
    assert payer_of(with_debtor_id(SECOND, role="UltmtDbtr")) == {"CitizenId": SECOND, "Nm": "测试二"}
    assert payer_of(with_debtor_id(FIRST[:17] + "0")) == {"Nm": "测试一", "Doubt": "payer-invalid"}


def test_where_ultimate_debtor_and_words_differ_nobody_is_chosen() -> None:
    body = with_debtor_id(SECOND, role="UltmtDbtr", words=f"YB/2015/{FIRST}")

    assert payer_of(body) == {"Nm": "测试一", "Year": "2015", "Doubt": "payer-several"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>", "entry-not-booked"),
        ("<Cd>BOOK</Cd>", "<Cd>INFO</Cd>", "entry-not-booked"),
        ("CRDT", "DBIT", "entry-direction"),
        ("CRDT", "", "entry-direction"),
        ('Ccy="CNY"', 'Ccy="HKD"', "bad-currency"),
        ("2015-03-02</Dt></BookgDt>", "2015-02-29</Dt></BookgDt>", "bad-day"),
        (f"<Id>{ACCOUNT}</Id>", "", "missing-account"),
    ],
)
def test_what_is_not_a_contributions_money_is_refused(old: str, new: str, code: str) -> None:
    assert codes(altered(old, new)) == [code]


@pytest.mark.parametrize(
    "amount",
    [
        "0",
        "0.00",
        "-1",
        "1.001",
        "123456789012345.00",
        "1e3",
        "1_000",
        "NaN",
        "",
        "\uff11\uff12\uff10",
        "1,000.00",
        "9" * 5000,
    ],
)
def test_amounts_are_above_zero_with_fourteen_digits_and_two_decimals(amount: str) -> None:
    body = file_of().replace(b"120.00", amount.encode())

    assert "bad-amount" in codes(body)


@pytest.mark.parametrize(("amount", "fen"), [("99999999999999.99", 9999999999999999), ("0.01", 1), ("7.00000", 700)])
def test_amounts_at_the_edges_are_taken(amount: str, fen: int) -> None:
    [notice] = to_fhir(MAPPING, tree_of(file_of(CREDIT._replace(amount=amount))))

    assert notice["amount"]["value"] == Decimal(fen).scaleb(-2)


def test_the_booking_day_is_chinas() -> None:
    late = altered("<Dt>2015-03-02</Dt></BookgDt>", "<DtTm>2015-03-01T23:30:00Z</DtTm></BookgDt>")
    edge = altered("<Dt>2015-03-02</Dt></BookgDt>", "<DtTm>0001-01-01T00:00:00+14:00</DtTm></BookgDt>")

    assert tree_of(late)["BookgDt"] == "2015-03-02"
    assert codes(edge) == ["bad-day"]


def test_all_reasons_are_given_at_once_with_their_places() -> None:
    body = altered("<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>").replace(b"120.00", b"-1.00").replace(b"CNY", b"USD")

    assert {(problem.code, problem.path) for problem in problems(body)} == {
        ("entry-not-booked", "Ntfctn[1]/Ntry[1]/Sts"),
        ("bad-amount", "Ntfctn[1]/Ntry[1]/NtryDtls[1]/TxDtls[1]/Amt"),
        ("bad-currency", "Ntfctn[1]/Ntry[1]/NtryDtls[1]/TxDtls[1]/Amt/@Ccy"),
        ("entry-sum", "Ntfctn[1]/Ntry[1]/Amt"),
    }


def test_sums_that_do_not_agree_refuse_the_transactions_they_cover() -> None:
    rows = (CREDIT, Credit(SECOND, "测试二", "80.00", "R2"))

    assert codes(altered('"CNY">200.00</Amt>', '"CNY">200.01</Amt>', *rows, batch=True)) == ["entry-sum"]
    assert codes(altered("<NbOfTxs>2", "<NbOfTxs>3", *rows, batch=True)) == ["batch-count"]
    assert codes(altered("200.00</TtlAmt>", "199.99</TtlAmt>", *rows, batch=True)) == ["batch-sum"]
