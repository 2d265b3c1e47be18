"""The partner's side: EHC^E01 and EHC^E02 as a clinic's system writes them, a blocking MLLP client, answers read back.

The demo, the load test and partners' own tests use it. Values are given in plain dataclasses; everything that the
standard requires and a clinic does not care about is filled in here.
"""

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from adapters.hl7v2.charset import UTF8, named
from adapters.hl7v2.er7 import Er7, Segment, encode, read
from adapters.hl7v2.tree import shape
from adapters.hl7v2.write import amount, coded, stamp, write_msh, write_segment
from gateway.kernel import money

START, END = b"\x0b", b"\x1c\r"
SEX = {"male": "M", "female": "F"}


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of an invoice. `price` and `amount` in yuan, `amount` with two decimals."""

    code: str
    text: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    served_on: date


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a clinic bills for one visit. `kind`: inpatient, outpatient, chronic …; `institution`: H32118200001."""

    institution: str
    institution_name: str
    area: str
    bill: str
    visit: str
    citizen_id: str
    name: str
    born_on: date
    sex: str
    kind: str
    from_on: date
    to_on: date
    lines: Sequence[BillLine]
    diagnoses: Sequence[tuple[str, str]] = ()
    disease: tuple[str, str] = ("", "")

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the header says. `control_id`: the message's own id, kept on every repeat."""

    control_id: str
    sent_at: datetime
    version: str = "2.7"
    charset: str = UTF8.name
    accept_ack: str = ""
    application_ack: str = ""
    application: str = "HIS"


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply read back. `code`: AA, AE, AR, CA, CE, CR; `totals` and `lines` in yuan as text; `errors`: our codes."""

    code: str
    control_id: str
    settlement: str = ""
    status: str = ""
    paid: str = ""
    totals: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[Mapping[str, str]] = ()
    errors: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()


class Hl7v2Sender:
    """Builds requests and reads answers; pure. The connection is `MllpClient`, made by `connect`."""

    feed = "hl7v2"
    invoice = Invoice
    line = BillLine
    envelope = Envelope

    def claim(self, invoice: Invoice, envelope: Envelope, *, predetermination: bool = False) -> bytes:
        """EHC^E01: submit the invoice, or ask what would be paid."""
        segments: list[tuple[str, dict[int, Any]]] = [
            ("IVC", _ivc(invoice, envelope, control="OR", kind="PA" if predetermination else "FN")),
            ("PYE", {1: "1", 2: {1: "ORG"}, 4: _organization(invoice)}),
            ("PSS", {1: {1: "1"}, 3: "1", 4: _yuan(invoice.total), 5: "医疗费用" if _wide(envelope) else "Charges"}),
            ("PSG", {1: {1: "1"}, 3: "1", 4: "Y", 5: _yuan(invoice.total), 6: invoice.kind}),
            ("PID", _pid(invoice)),
            ("PV1", _pv1(invoice)),
            ("IN1", {1: "1", 2: coded("resident"), 3: {1: invoice.area, 5: "NIIP"}}),
            *(("DG1", _dg1(n, code, text, "I10")) for n, (code, text) in enumerate(invoice.diagnoses, start=1)),
        ]
        if invoice.disease[0]:
            segments.append(("DG1", _dg1(len(invoice.diagnoses) + 1, *invoice.disease, "NHSA-MTB")))
        segments += [("PSL", _psl(n, line)) for n, line in enumerate(invoice.lines, start=1)]
        return _message(segments, invoice, envelope, "E01")

    def cancel(self, invoice: Invoice, envelope: Envelope, *, settlement: str, control: str = "CN") -> bytes:
        """EHC^E02: cancel the invoice that was settled as `settlement`."""
        ivc = _ivc(invoice, envelope, control=control, kind="FN") | {2: {1: settlement}}
        pye = {1: "1", 2: {1: "ORG"}, 4: _organization(invoice)}
        return _message([("IVC", ivc), ("PYE", pye)], invoice, envelope, "E02")

    def connect(self, host: str, port: int) -> "MllpClient":
        """A connection to the gateway's MLLP listener."""
        return MllpClient(host, port)

    def read_answer(self, body: bytes) -> Answer:
        """An E10 or ACK as amounts and codes. Refusal when the bytes are no HL7 v2 message."""
        return _read_answer(read(body))


SENDER = Hl7v2Sender()


def _message(segments: Sequence[tuple[str, dict[int, Any]]], invoice: Invoice, envelope: Envelope, event: str) -> bytes:
    charset = named(envelope.charset)
    assert charset is not None, "a character set of HL7 table 0211"
    msh = {
        3: {1: envelope.application},
        4: {1: invoice.institution},
        5: {1: "GATEWAY"},
        6: {1: f"agency-{invoice.area}"},
        7: stamp(envelope.sent_at),
        9: {1: "EHC", 2: event, 3: f"EHC_{event}"},
        10: envelope.control_id,
        11: "P",
        12: envelope.version,
        15: envelope.accept_ack,
        16: envelope.application_ack,
        17: "CHN",
        18: envelope.charset,
    }
    return encode([write_msh(msh, charset), *(write_segment(name, part, charset) for name, part in segments)], charset)


def _wide(envelope: Envelope) -> bool:
    return envelope.charset != "ASCII"


def _yuan(value: Decimal) -> dict[int, Any]:
    return amount(money.text(money.of(value)))


def _organization(invoice: Invoice) -> dict[int, str]:
    return {1: invoice.institution_name, 10: invoice.institution}


def _ivc(invoice: Invoice, envelope: Envelope, *, control: str, kind: str) -> dict[int, Any]:
    return {
        1: {1: invoice.bill},
        4: {1: control},
        5: {1: "NORM"},
        6: {1: kind},
        7: stamp(envelope.sent_at),
        8: _yuan(invoice.total),
        10: _organization(invoice),
        11: {1: "", 10: invoice.area},
        25: {1: "BASIC"},
    }


def _pid(invoice: Invoice) -> dict[int, Any]:
    return {
        1: "1",
        3: [{1: invoice.citizen_id, 4: {1: "MPS"}, 5: "NI"}],
        5: [{1: {1: invoice.name}}],
        7: invoice.born_on.strftime("%Y%m%d"),
        8: {1: SEX.get(invoice.sex, "U")},
    }


def _pv1(invoice: Invoice) -> dict[int, Any]:
    stay = invoice.kind in ("inpatient", "maternity", "day_surgery")
    emergency = invoice.kind == "emergency"
    pv1: dict[int, Any] = {
        1: "1",
        2: {1: "I" if stay else "E" if emergency else "O"},
        18: {1: invoice.kind},
        19: {1: invoice.visit, 5: "VN"},
        44: invoice.from_on.strftime("%Y%m%d"),
    }
    return pv1 | ({45: invoice.to_on.strftime("%Y%m%d")} if stay else {})


def _dg1(number: int, code: str, text: str, system: str) -> dict[int, Any]:
    return {1: str(number), 3: coded(code, text, system), 6: {1: "F"}}


def _psl(number: int, line: BillLine) -> dict[int, Any]:
    return {
        1: {1: str(number)},
        3: str(number),
        6: {1: "P"},
        7: coded(line.code, line.text, "NHSA"),
        10: line.served_on.strftime("%Y%m%d"),
        12: {1: str(line.quantity)},
        13: amount(str(line.price)),
        16: _yuan(line.amount),
        21: "N",
    }


# --- answers


def _read_answer(message: Er7) -> Answer:
    named_segments = [(segment[0], shape(segment, message)) for segment in message.segments]
    first = dict(reversed(named_segments))
    notes = [tree for name, tree in named_segments if name == "NTE"]
    ipr = first.get("IPR", {})
    return Answer(
        code=first["MSA"]["1"],
        control_id=first["MSA"].get("2", ""),
        settlement=ipr.get("1", {}).get("1", ""),
        status=ipr.get("4", {}).get("1", ""),
        paid=ipr.get("6", {}).get("1", {}).get("1", ""),
        totals={note["4"]["1"]: note["3"][0] for note in notes if "4" in note},
        lines=_read_lines(message),
        errors=[
            (tree["5"]["1"], _location(segment))
            for (name, tree), segment in zip(named_segments, message.segments, strict=True)
            if name == "ERR"
        ],
        notes=[note["3"][0] for note in notes if "4" not in note and "3" in note],
    )


def _location(err: Segment) -> str:
    """ERR-2 as it stands: 'PSL^3^16^1^1^1'."""
    return err[2] if len(err) > 2 else ""


def _read_lines(message: Er7) -> list[Mapping[str, str]]:
    lines: list[dict[str, str]] = []
    for segment in message.segments:
        tree = shape(segment, message) if segment[0] in ("PSL", "ADJ") else {}
        if segment[0] == "PSL":
            lines.append({"number": tree["1"]["1"], "submitted": tree["16"]["1"]["1"]})
        elif segment[0] == "ADJ" and lines:
            lines[-1][tree["7"][0]["1"]] = tree["5"][0]["1"]["1"]
    return list(lines)


class MllpClient:
    """A connection to an MLLP listener; one message at a time. Close it, or use it with `with`.

    `send` writes a frame and reads one back; `receive` reads one more (an application answer after a commit
    acknowledgement). OSError when the connection breaks or `timeout_seconds` pass: the outcome is then unknown, and the
    same message, with the same control id, is to be sent again.
    """

    def __init__(self, host: str, port: int, *, timeout_seconds: int = 30) -> None:
        self._socket = socket.create_connection((host, port), timeout=timeout_seconds)
        self._rest = b""

    def send(self, body: bytes) -> bytes:
        self._socket.sendall(START + body + END)
        return self.receive()

    def receive(self) -> bytes:
        while (end := self._rest.find(END)) < 0:
            chunk = self._socket.recv(65536)
            if not chunk:
                raise ConnectionError("the listener closed the connection before it answered")
            self._rest += chunk
        frame, self._rest = self._rest[:end], self._rest[end + len(END) :]
        return frame[frame.find(START) + 1 :]

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> "MllpClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
