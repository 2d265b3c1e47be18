"""An agency's reconciliation desk over a town: what institutions and the bank say, matched, resolved, signed off."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any

from adapters.bank.sender import SENDER as BANK
from adapters.bank.sender import Credit
from adapters.bank.sender_answers import Booking
from adapters.nhsa.requests import PATH, Request, build
from gateway.contract import FileAdapter, Incoming
from gateway.exchange import reconciliation
from gateway.exchange.pipeline import Reply
from gateway.kernel import money
from gateway.security.partners import Partner, Partners, Role
from gateway.store.store import Store
from tests.unit.exchange.town import (
    CITY,
    CITY_CODE,
    COUNTER,
    PARTNERS,
    Answer,
    Town,
    cancellation,
    citizen,
    claim,
    open_town,
    read,
)

INCOME, EXPENDITURE = "3211820100000001", "3211820100000003"
NAMES = {"bank": frozenset({INCOME, EXPENDITURE, "3211820100000002"})}
BANK_PARTNER = Partner("the-bank", Role.BANK, "bank", names=NAMES)
OFFICER, SECOND = (Partner(id, Role.AGENCY, id) for id in ("officer", "second"))
RESIDENT = "390"


@dataclass(eq=False)
class Counter:
    """Amounts are texts in yuan where they are said."""

    town: Town

    @property
    def day(self) -> str:
        return self.town.today.isoformat()

    # care

    def settle(self, yuan: str = "1000.00", *, serial: int = 1, visit: str = "V1") -> Answer:
        """One stay of the city hospital, settled at the town's present."""
        answer = self.town.submit(claim(self.town.resident(serial), yuan, visit=visit, bill=f"B-{visit}"))
        assert not answer.codes, answer.codes
        return answer

    def cancel(self, visit: str = "V1") -> Answer:
        answer = self.town.operate("cancel", cancellation(visit=visit, bill=f"B-{visit}"))
        assert not answer.codes, answer.codes
        return answer

    def line(self, answer: Answer, *, refund: str = "0", **changed: str) -> dict[str, str]:
        """A settlement as the hospital lists it."""
        return {
            "settlement": answer.id,
            "visit": "V1",
            "person": "P1",
            "total": answer.total("submitted"),
            "fund": answer.total("fund-total"),
            "account": "0.00",
            "refund": refund,
            **changed,
        }

    # institutions

    def details(self, *lines: Mapping[str, str], by: Partner = CITY, **said: str) -> Answer:
        """Details by REST, of today unless said otherwise."""
        names = ("settlement", "visit", "person", "total", "fund", "account", "refund")
        body = "\r\n".join([",".join(names), *(",".join(line[name] for name in names) for line in lines)])
        window = {"from": self.day, "to": self.day, **said}
        return self.reply(reconciliation.prepare_details(self.town.exchange, by, window, body.encode()))

    def nhsa(self, infno: str, node: str, **values: Any) -> Answer:
        return self.town.nhsa(self.request(infno, node, **values))

    def request(self, infno: str, node: str, **values: Any) -> Request:
        return build(COUNTER, self.town.moment(), infno, {node: values})

    def totals(self, *, cases: int, total: str, fund: str, **rest: Any) -> Answer:
        """3201 of today."""
        said = {
            "insutype": RESIDENT,
            "clr_type": "99",
            "setl_optins": COUNTER.area,
            "stmt_begndate": self.day,
            "stmt_enddate": self.day,
            "medfee_sumamt": money.decimal(money.of(total)),
            "fund_pay_sumamt": money.decimal(money.of(fund)),
            "acct_pay": money.decimal(0),
            "fixmedins_setl_cnt": cases,
        }
        return self.nhsa("3201", "data", **{**said, **rest})

    def upload(self, lines: Sequence[str]) -> Answer:
        """9101 of rows parted by TAB."""
        data = [each - 256 if each > 127 else each for each in zipped("\n".join(lines))]
        return self.nhsa("9101", "fsUploadIn", **{"in": data, "filename": "明细.zip", "fixmedins_code": CITY_CODE})

    def result(self, **said: Any) -> str:
        """stmt_rslt of a 3201."""
        return str(self.totals(**said).body["output"]["stmtinfo"]["stmt_rslt"])

    def compare(self, file: str, **said: Any) -> Answer:
        return self.town.nhsa(self.comparison(file, **said))

    def comparison(self, file: str, *, cases: int, total: str, fund: str, **rest: Any) -> Request:
        """3202 of today."""
        said = {
            "file_qury_no": file,
            "setl_optins": COUNTER.area,
            "stmt_begndate": self.day,
            "stmt_enddate": self.day,
            "medfee_sumamt": money.decimal(money.of(total)),
            "fund_pay_sumamt": money.decimal(money.of(fund)),
            "cash_payamt": money.decimal(0),
            "fixmedins_setl_cnt": cases,
        }
        return self.request("3202", "data", **{**said, **rest})

    def download(self, file: str, name: str = "x.zip") -> bytes:
        """9102: the bytes that come back."""
        request = self.request("9102", "fsDownloadIn", file_qury_no=file, filename=name, fixmedins_code=CITY_CODE)
        return self.town.exchange.accept("nhsa", Incoming(request.body, PATH, request.headers)).result().body

    # the bank

    def bank(self, file: bytes) -> Reply:
        return self.town.exchange.accept_file("bank", Incoming(file), proven=BANK_PARTNER)

    def credit(self, reference: str, yuan: str, *, serial: int = 9, booked_on: date | None = None) -> Reply:
        """Money told by notification; its payer is not registered, so it waits."""
        credit = Credit(citizen(serial), "张测试", yuan, reference)
        return self.bank(
            BANK.credit_file(
                [credit], account=INCOME, message_id=f"M-{reference}", created_at=self.town.now,
                booked_on=booked_on or self.town.today,
            )
        )  # fmt: skip

    def statement(
        self, *entries: tuple[str, str], account: str = INCOME, day: date | None = None, id: str = "S1"
    ) -> Reply:
        """A camt.053 of a day: references with signed amounts. Its entries are told by notifications already."""
        bookings = [Booking(reference, yuan) for reference, yuan in entries]
        return self.bank(
            BANK.statement_file(
                bookings,
                account=account,
                message_id=id,
                created_at=self.town.now,
                day=day or self.town.today,
                opening=0,
            )
        )

    def keep_statement(
        self, *entries: tuple[str, str] | Booking, account: str = INCOME, day: date | None = None, id: str = "S1"
    ) -> None:
        """The statement alone, as if the messages of its entries had been lost on the way."""
        bookings = [each if isinstance(each, Booking) else Booking(*each) for each in entries]
        file = BANK.statement_file(
            bookings, account=account, message_id=id, created_at=self.town.now, day=day or self.town.today, opening=0
        )
        parts = self.town.exchange.feeds["bank"].adapter
        assert isinstance(parts, FileAdapter)
        *_, statement = parts.split(Incoming(file))
        reply = self.town.exchange.accept("bank", statement, proven=BANK_PARTNER).result()
        assert not reply.problems, reply.problems

    # the officers

    def match(self, *, day: str = "", by: Partner = OFFICER) -> Answer:
        return self.ask("match-day", by=by, scheme="resident", day=day or self.day)

    def resolve(self, finding: str, action: str, why: str = "查明", *, by: Partner = OFFICER, **rest: str) -> Answer:
        return self.ask("resolve-finding", by=by, finding=finding, action=action, why=why, **rest)

    def sign_off(self, *, day: str = "", by: Partner = OFFICER) -> Answer:
        said = {"scheme": "resident", "day": day or self.day, "why": ""}
        reply = reconciliation.sign_off(self.town.exchange, by, said)
        return Answer(reply, read(reply.body))

    def ask(self, operation: str, *, by: Partner, **said: str) -> Answer:
        return self.reply(reconciliation.prepare(self.town.exchange, by, operation, said))

    def reply(self, prepared: Any) -> Answer:
        reply = self.town.exchange.take(prepared).result()
        return Answer(reply, read(reply.body))

    def findings(self, **asked: str) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = reconciliation.find_findings(self.town.exchange, OFFICER, asked)["findings"]
        return found

    def classes(self, *, state: str = "open") -> list[str]:
        return sorted(each["class"] for each in self.findings(state=state))


def open_counter(store: Store) -> Counter:
    town = open_town(store)
    town.exchange = replace(town.exchange, partners=Partners((*PARTNERS.all, BANK_PARTNER, OFFICER, SECOND)))
    return Counter(town)


def zipped(text: str, name: str = "detail.txt") -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text.encode())
    return held.getvalue()


def unzipped(body: bytes) -> list[list[str]]:
    with zipfile.ZipFile(BytesIO(body)) as archive:
        [name] = archive.namelist()
        return [row.split("\t") for row in archive.read(name).decode().splitlines()]
