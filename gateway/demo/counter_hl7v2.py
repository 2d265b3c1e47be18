"""A clinic's counter that submits invoices by EHC^E01 over MLLP; the words are those of the feed's own sender."""

from dataclasses import replace
from typing import Any

from gateway.demo.care import Care, Institution
from gateway.demo.outcome import Outcome
from gateway.demo.people import AREA
from gateway.demo.site import Site
from gateway.kernel import money

CHARSETS = ("UNICODE UTF-8", "GB 18030-2000")
VERSIONS = ("2.6", "2.7", "2.8")


class MllpCounter:
    """A clinic's system that submits invoices over one MLLP connection, in changing versions and character sets."""

    channel = "hl7v2"

    def __init__(self, site: Site, institution: Institution) -> None:
        self._sender = site.senders["hl7v2"]
        self._site = site
        self.connection = self._sender.connect(site.addresses.host, site.addresses.mllp_port)

    def submit(self, care: Care) -> Outcome:
        invoice = self.invoice(care)
        tried = self.send(invoice, predetermination=True)
        if tried.codes:
            return tried
        final = self.send(invoice)
        return replace(final, trial=tried.final)

    def send(self, invoice: Any, *, predetermination: bool = False) -> Outcome:
        """One EHC^E01 and its answer."""
        number = next(self._site.numbers)
        envelope = self.envelope(number)
        body = self._sender.claim(invoice, envelope, predetermination=predetermination)
        return self.post(envelope, body)

    def post(self, envelope: Any, body: bytes) -> Outcome:
        """Any bytes in a frame."""
        answer = self.connection.send(body)
        self._site.sent.append(self.channel)
        return self.outcome(envelope, body, answer)

    def repeat(self, outcome: Outcome) -> Outcome:
        """The same bytes again, as after an answer that was lost."""
        envelope = self._sender.envelope(outcome.key.partition("|")[2], self._site.clock())
        return self.post(envelope, outcome.request)

    def cancel(self, care: Care, settlement: str) -> Outcome:
        """EHC^E02 of a settled treatment."""
        envelope = self.envelope(next(self._site.numbers))
        return self.post(envelope, self._sender.cancel(self.invoice(care), envelope, settlement=settlement))

    def envelope(self, number: int) -> Any:
        """The header of a message: the version and character set change with its number."""
        return self._sender.envelope(
            f"C{number:06d}",
            self._site.clock(),
            version=VERSIONS[number % len(VERSIONS)],
            charset=CHARSETS[number % len(CHARSETS)],
        )

    def outcome(self, envelope: Any, body: bytes, answer: bytes) -> Outcome:
        """A message and its answer as every channel's outcome."""
        read = self._sender.read_answer(answer)
        return Outcome(
            channel=self.channel,
            key=f"{envelope.application}|{envelope.control_id}",
            request=body,
            answer=answer,
            settlement=read.settlement if read.code == "AA" else "",
            final={code: money.of(amount) for code, amount in read.totals.items()},
            codes=() if read.code == "AA" else tuple(code for code, _ in read.errors) or (read.code,),
            text="; ".join([*read.notes, *(f"{code} {place}" for code, place in read.errors)]),
        )

    def invoice(self, care: Care) -> Any:
        """A treatment as the sender's invoice."""
        line = self._sender.line
        return self._sender.invoice(
            institution=care.institution.code,
            institution_name=care.institution.name,
            area=AREA,
            bill=care.bill,
            visit=care.visit,
            citizen_id=care.resident.citizen_id,
            name=care.resident.name,
            born_on=care.resident.born_on,
            sex=care.resident.sex,
            kind=care.kind,
            from_on=care.from_on,
            to_on=care.to_on,
            lines=[
                line(item.code, item.name, item.quantity, item.price, item.amount, item.served_on)
                for item in care.items
            ],
            diagnoses=care.diagnoses,
            disease=care.disease,
        )

    def close(self) -> None:
        self.connection.close()
