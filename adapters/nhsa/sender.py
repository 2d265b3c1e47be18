"""A hospital's information system in small: holds whole conversations with the gateway, for the demo and for partners.

`SENDER.connect(...)` gives a `HisClient`; its `outpatient` and `inpatient` run a visit to its settlement the way a real
counter does, carrying each answer's numbers into the next request.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import httpx

from adapters.nhsa import requests, requests_clearing
from adapters.nhsa.envelope import decode_answer
from adapters.nhsa.requests import PATH, Bill, Diagnosis, FeeLine, Moment, Request, Window

SPLIT = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
"""The four parts a counter reads from the trial and states again in the settlement."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the request, the envelope as read, and the bytes of it."""

    request: Request
    envelope: Mapping[str, Any]
    body: bytes

    @property
    def accepted(self) -> bool:
        return self.envelope.get("infcode") in (0, "0")

    @property
    def output(self) -> Mapping[str, Any]:
        return self.envelope.get("output") or {}

    @property
    def error(self) -> str:
        return str(self.envelope.get("err_msg") or "")


@dataclass(frozen=True, slots=True)
class Treatment:
    """One visit as the hospital knows it. `number`: its own visit number; `batch`: of the bill (outpatients)."""

    citizen_id: str
    name: str
    number: str
    med_type: str
    diagnoses: Sequence[Diagnosis]
    lines: Sequence[FeeLine]
    from_at: datetime
    to_at: datetime
    batch: str = ""
    disease: Diagnosis | None = None

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))


@dataclass(slots=True)
class Conversation:
    """The answers of one visit in their order; it ends at the first refusal."""

    answers: list[Answer] = field(default_factory=list)

    @property
    def last(self) -> Answer:
        return self.answers[-1]

    @property
    def settled(self) -> bool:
        return self.last.accepted and self.last.request.infno in ("2207", "2304")

    @property
    def settlement(self) -> Mapping[str, Any]:
        """setlinfo of the settlement."""
        found: Mapping[str, Any] = self.last.output["setlinfo"]
        return found


class HisClient:
    """One counter over one HTTP connection pool. `clock` gives the time of each request; close it, or use `with`.

    `numbers`: running numbers of the msgids; clients of one institution share one iterator, so none repeats.
    """

    def __init__(
        self, http: httpx.Client, window: Window, clock: Callable[[], datetime], numbers: Iterator[int]
    ) -> None:
        self.http = http
        self.window = window
        self.clock = clock
        self._numbers = numbers

    def __enter__(self) -> "HisClient":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        self.http.close()

    def moment(self) -> Moment:
        """Now, with the next running number, 1 to 9999 and round again."""
        return Moment(self.clock(), (next(self._numbers) - 1) % 9999 + 1)

    def post(self, request: Request) -> Answer:
        """Send and read. httpx.HTTPError when no answer came: send the same request again, the key makes it safe."""
        response = self.http.post(PATH, content=request.body, headers=dict(request.headers))
        return Answer(request, decode_answer(response.content), response.content)

    def sign_in(self) -> Answer:
        """9001; the number it gives goes into every later envelope."""
        answer = self.post(requests.sign_in(self.window, self.moment()))
        if answer.accepted:
            self.window = replace(self.window, sign_no=answer.output["signinoutb"]["sign_no"])
        return answer

    def outpatient(self, treatment: Treatment, *, trial: bool = True) -> Conversation:
        """1101, 2201, 2203, 2204, (2206,) 2207; ends early at a refusal."""
        talk = Conversation()
        person = self._find(talk, treatment)
        if not person:
            return talk
        registered = requests.register(
            self.window,
            self.moment(),
            person=person,
            card=treatment.citizen_id,
            visit=treatment.number,
            at=treatment.from_at,
        )
        visit_id = self._open(talk, registered, "data")
        if not visit_id:
            return talk
        described = requests.describe(
            self.window,
            self.moment(),
            visit_id=visit_id,
            person=person,
            med_type=treatment.med_type,
            diagnoses=treatment.diagnoses,
            at=treatment.from_at,
            disease=treatment.disease,
        )
        lines = requests.outpatient_lines(
            self.window, self.moment(), visit_id=visit_id, person=person, batch=treatment.batch, lines=treatment.lines
        )
        if not (self._say(talk, described) and self._say(talk, lines)):
            return talk
        bill = Bill(visit_id, person, treatment.citizen_id, treatment.total, treatment.med_type, treatment.batch)
        self._settle(talk, bill, requests.settle_outpatient, trial=trial)
        return talk

    def inpatient(self, treatment: Treatment, *, trial: bool = True) -> Conversation:
        """1101, 2401, 2301, 2402, (2303,) 2304; ends early at a refusal."""
        talk = Conversation()
        person = self._find(talk, treatment)
        if not person:
            return talk
        admitted = requests.admit(
            self.window,
            self.moment(),
            person=person,
            card=treatment.citizen_id,
            visit=treatment.number,
            diagnoses=treatment.diagnoses,
            at=treatment.from_at,
            med_type=treatment.med_type,
        )
        visit_id = self._open(talk, admitted, "result")
        if not visit_id:
            return talk
        lines = requests.inpatient_lines(
            self.window,
            self.moment(),
            visit_id=visit_id,
            person=person,
            med_type=treatment.med_type,
            lines=treatment.lines,
        )
        discharged = requests.discharge(
            self.window,
            self.moment(),
            visit_id=visit_id,
            person=person,
            diagnoses=treatment.diagnoses,
            at=treatment.to_at,
        )
        if not (self._say(talk, lines) and self._say(talk, discharged)):
            return talk
        bill = Bill(visit_id, person, treatment.citizen_id, treatment.total, treatment.med_type)
        self._settle(talk, bill, requests.settle_inpatient, trial=trial)
        return talk

    def cancel(self, talk: Conversation) -> Answer:
        """2208 or 2305 of a settled conversation; the answer joins it."""
        settled, inpatient = talk.settlement, talk.last.request.infno == "2304"
        request = requests.cancel(
            self.window,
            self.moment(),
            settlement=settled["setl_id"],
            visit_id=settled["mdtrt_id"],
            person=settled["psn_no"],
            inpatient=inpatient,
        )
        self._say(talk, request)
        return talk.last

    def _find(self, talk: Conversation, treatment: Treatment) -> str:
        """psn_no, or '' when refused; the person's own area goes into the envelopes that follow."""
        request = requests.person(self.window, self.moment(), citizen_id=treatment.citizen_id, name=treatment.name)
        if not self._say(talk, request):
            return ""
        insured = talk.last.output.get("insuinfo") or []
        if insured:
            self.window = replace(self.window, insured_area=insured[0]["insuplc_admdvs"])
        return str(talk.last.output["baseinfo"]["psn_no"])

    def _open(self, talk: Conversation, request: Request, node: str) -> str:
        return str(talk.last.output[node]["mdtrt_id"]) if self._say(talk, request) else ""

    def _say(self, talk: Conversation, request: Request) -> bool:
        talk.answers.append(self.post(request))
        return talk.last.accepted

    def _settle(self, talk: Conversation, bill: Bill, build: Callable[..., Request], *, trial: bool) -> None:
        if trial:
            if not self._say(talk, build(self.window, self.moment(), bill, trial=True)):
                return
            shown = talk.last.output["setlinfo"]
            bill = replace(bill, split={name: shown[name] for name in SPLIT})
        self._say(talk, build(self.window, self.moment(), bill))


class NhsaSender:
    """The partner's side of the feed, found like the adapter itself. `requests`: builders of single transactions."""

    feed = "nhsa"
    window = Window
    treatment = Treatment
    diagnosis = Diagnosis
    line = FeeLine
    requests = requests
    clearing = requests_clearing

    def connect(
        self,
        base_url: str,
        window: Window,
        *,
        clock: Callable[[], datetime],
        numbers: Iterator[int] | None = None,
        timeout: timedelta = timedelta(seconds=30),
    ) -> HisClient:
        """A counter that talks to the gateway at `base_url`, such as http://127.0.0.1:8080."""
        http = httpx.Client(base_url=base_url, timeout=timeout.total_seconds(), trust_env=False)
        return HisClient(http, window, clock, numbers or count(1))


SENDER = NhsaSender()
