"""A hospital counter that speaks the NHSA interface; the words are those of the feed's own sender."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from gateway.demo.care import Care, Institution
from gateway.demo.outcome import Outcome, Sums, bracketed_codes
from gateway.demo.people import AREA
from gateway.demo.site import Site
from gateway.fhir.json import decode
from gateway.kernel import money
from gateway.kernel.calendar import BUSINESS_ZONE

AMOUNTS = {
    "medfee_sumamt": "submitted",
    "fulamt_ownpay_amt": "own-expense",
    "overlmt_selfpay": "over-limit",
    "preselfpay_amt": "first-payment",
    "inscp_scp_amt": "in-scope",
    "act_pay_dedc": "deductible",
    "fund_pay_sumamt": "fund-total",
    "acct_pay": "account",
    "psn_cash_pay": "cash",
    "hosp_part_amt": "institution-share",
}
MED_TYPES = {"inpatient": "21", "maternity": "52", "chronic": "14", "outpatient": "11"}


class NhsaCounter:
    """A hospital's conversations: person, visit, lines, discharge, trial, settlement."""

    channel = "nhsa"

    def __init__(self, site: Site, institution: Institution) -> None:
        self._sender = site.senders["nhsa"]
        window = self._sender.window(
            institution.code, institution.name, institution.area, AREA, secret=site.access.secrets[institution.code]
        )
        self.client = self._sender.connect(site.addresses.base_url, window, clock=site.clock, numbers=site.numbers)
        self.client.http.event_hooks["response"].append(lambda _response: site.sent.append(self.channel))
        signed = self.client.sign_in()
        assert signed.accepted, signed.error

    def submit(self, care: Care) -> Outcome:
        talk = self.talk(care)
        return self.outcome(talk)

    def talk(self, care: Care) -> Any:
        """The whole conversation, for those who go on with it."""
        treatment = self._treatment(care)
        return self.client.inpatient(treatment) if care.stays else self.client.outpatient(treatment)

    def outcome(self, talk: Any) -> Outcome:
        """A conversation as every channel's outcome. After a cancellation the amounts are the negated ones."""
        last = talk.last
        trials = [answer for answer in talk.answers if answer.request.infno in ("2206", "2303") and answer.accepted]
        finals = [answer for answer in talk.answers if answer.request.infno in ("2207", "2304") and answer.accepted]
        return Outcome(
            channel=self.channel,
            key=last.request.msgid,
            request=last.request.body,
            answer=last.body,
            settlement=str(finals[-1].output["setlinfo"]["setl_id"]) if finals else "",
            trial=sums_of(trials[-1]) if trials else {},
            final=sums_of(finals[-1]) if finals else {},
            codes=() if last.accepted else bracketed_codes(last.error),
            text=last.error,
        )

    def post(self, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Any bytes with any headers; `key` and amounts are not looked for."""
        response = self.client.http.post(self._sender.requests.PATH, content=body, headers=dict(headers))
        envelope = decode(response.content)
        text = str(envelope["err_msg"] or "")
        codes = () if envelope["infcode"] == 0 else bracketed_codes(text)
        return Outcome(self.channel, "", body, response.content, codes=codes, text=text)

    def cancel(self, talk: Any) -> Outcome:
        """2208 or 2305 of a settled conversation, also of one that was tried to be cancelled before."""
        settled = next(answer for answer in talk.answers if answer.request.infno in ("2207", "2304"))
        info = settled.output["setlinfo"]
        request = self._sender.requests.cancel(
            self.client.window,
            self.client.moment(),
            settlement=info["setl_id"],
            visit_id=info["mdtrt_id"],
            person=info["psn_no"],
            inpatient=settled.request.infno == "2304",
        )
        return replace(self.post(request.body, request.headers), key=request.msgid)

    def close(self) -> None:
        self.client.close()

    def _treatment(self, care: Care) -> Any:
        diagnosis = self._sender.diagnosis
        return self._sender.treatment(
            citizen_id=care.resident.citizen_id,
            name=care.resident.name,
            number=care.visit,
            med_type=MED_TYPES[care.kind],
            diagnoses=[diagnosis(code, name) for code, name in care.diagnoses],
            lines=[
                self._sender.line(
                    str(number), item.code, item.price, item.quantity, _at(item.served_on, 10), name=item.name
                )
                for number, item in enumerate(care.items, 1)
            ],
            from_at=_at(care.from_on, 9),
            to_at=_at(care.to_on, 16),
            batch=care.bill,
            disease=diagnosis(*care.disease) if care.disease[0] else None,
        )


def sums_of(answer: Any) -> Sums:
    """The amounts of a trial, a settlement or a cancellation."""
    info = answer.output["setlinfo"]
    return {name: money.of(Decimal(info[field])) for field, name in AMOUNTS.items()}


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), BUSINESS_ZONE)
