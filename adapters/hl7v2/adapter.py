"""The HL7 v2 feed: EHC^E01 (submit, or a trial when IVC-6 is PA) and EHC^E02 (cancel), versions 2.6 to 2.8.2; out,
EHC^E15 (remittance).

Sender is MSH-4 (sending facility), the message's own id MSH-3 and MSH-10. Two messages are the same business when they
differ in nothing but MSH-7, MSH-10, MSH-13, MSH-15, MSH-16 and the segments SFT and UAC. The tree that mapping rows
read is described in `tree`, the answer in `answer`, refusals in `refusal`, acknowledgement rules in `acknowledge`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from adapters.hl7v2.acknowledge import Outcome, acknowledgements
from adapters.hl7v2.answer import write_answer
from adapters.hl7v2.checks import check_invoice, check_submission
from adapters.hl7v2.er7 import Er7, read, read_header
from adapters.hl7v2.problems import missing_field
from adapters.hl7v2.reference import TABLE_OF_VERSION
from adapters.hl7v2.refusal import write_commit, write_refusal
from adapters.hl7v2.remittance import TYPE as REMITTANCE
from adapters.hl7v2.remittance import write_remittance
from adapters.hl7v2.structure import check_structure
from adapters.hl7v2.sums import at
from adapters.hl7v2.tree import build_tree
from gateway.contract import Context, Incoming, Key, Message, Tree
from gateway.kernel.problem import Kind, Problem, Refusal, refuse_if

EVENTS = {"E01": "EHC_E01", "E02": "EHC_E02"}
PREDETERMINATION = "PA"
LONGEST_CONTROL_ID = 199

_NOT_STORED = frozenset({Kind.UNAVAILABLE.value, Kind.FAULT.value})
"""Kinds that say a message could not be kept now: the sender is told CE, and sends it again."""

_NOT_BUSINESS = (7, 10, 13, 15, 16)
_NOT_BUSINESS_SEGMENTS = frozenset({"SFT", "UAC"})


class Hl7v2Adapter:
    """Stateless; see `gateway.contract.Adapter`. `acknowledge` is what the MLLP channel asks beside."""

    feed = "hl7v2"

    def read_key(self, incoming: Incoming) -> Key:
        message = read(incoming.body)
        refuse_if(_identity_problems(message))
        return Key(message.header(4), f"{message.header(3)}|{message.header(10)}", _content(message))

    def check_proof(self, incoming: Incoming, *, secret: str, now: datetime) -> list[Problem]:
        return []

    def decode(self, incoming: Incoming) -> Message:
        message = read(incoming.body)
        refuse_if(_identity_problems(message) + _header_problems(message))
        event = message.header(9, 2)
        problems = check_structure(message, EVENTS[event], message.header(12))
        tree = build_tree(message)
        problems += check_submission(tree) if event == "E01" else check_invoice(tree)
        problems += _control_problems(tree, event)
        refuse_if(_distinct(problems + _one_patient_problems(message)))
        trial = event == "E01" and at(tree, "IVC", "6", "1") == PREDETERMINATION
        return Message(EVENTS[event] + "_PREDETERMINATION" * trial, tree)

    def encode(self, message: Message, answer: Tree, context: Context) -> bytes:
        """The answer to a message; or, for a message that we send ourselves, the remittance."""
        if message.type == REMITTANCE:
            return write_remittance(answer, context)
        return write_answer(message, answer, context)

    def refuse(self, incoming: Incoming, problems: Sequence[Problem], context: Context) -> bytes:
        return write_refusal(_readable(incoming), problems, context)

    def acknowledge(self, incoming: Incoming, answer: bytes, context: Context) -> Sequence[bytes]:
        """The frames to send, after commit, for a message and its application answer: none, one, or commit
        acknowledgement and answer, as MSH-15 and MSH-16 of the message ask."""
        message = _readable(incoming)
        if message is None:
            return (answer,)
        reply = read(answer)
        said = next((reply.component(segment, 1) for segment in reply.segments if segment[0] == "MSA"), "AA")
        outcome = {"AA": Outcome.ACCEPTED, "AE": Outcome.ERROR}.get(said, Outcome.REJECTED)
        storable = not any(s[0] == "ERR" and reply.component(s, 5, 2) in _NOT_STORED for s in reply.segments)
        codes = acknowledgements(message.header(15), message.header(16), outcome, storable=storable)
        frames = [write_commit(message, codes.commit, context)] if codes.commit else []
        return (*frames, answer) if codes.application else frames


def _readable(incoming: Incoming) -> Er7 | None:
    try:
        return read(incoming.body)
    except Refusal:
        return read_header(incoming.body)


def _content(message: Er7) -> bytes:
    msh = ["" if number in _NOT_BUSINESS else field for number, field in enumerate(message.msh)]
    others = (segment for segment in message.segments[1:] if segment[0] not in _NOT_BUSINESS_SEGMENTS)
    return "\r".join("|".join(segment) for segment in (msh, *others)).encode()


def _identity_problems(message: Er7) -> list[Problem]:
    """What a key needs: the sending facility and the control id."""
    problems = [missing_field(path) for path, number in (("MSH.4", 4), ("MSH.10", 10)) if not message.header(number)]
    if len(message.header(10)) > LONGEST_CONTROL_ID:
        problems.append(
            Problem(
                Kind.INVALID,
                "control-id-length",
                "MSH.10",
                f"the message control id has more than {LONGEST_CONTROL_ID} characters: send a shorter one",
                f"报文控制号超过{LONGEST_CONTROL_ID}个字符:请缩短",
            )
        )
    return problems


def _header_problems(message: Er7) -> list[Problem]:
    """MSH-9, MSH-11, MSH-12: what we speak at all."""
    problems: list[Problem] = []
    code, event, structure = (message.header(9, part) for part in (1, 2, 3))
    if code != "EHC" or event not in EVENTS or structure not in ("", EVENTS[event]):
        said = f"{code}^{event}^{structure}".rstrip("^")[:40]
        problems.append(
            Problem(
                Kind.UNSUPPORTED,
                "unsupported-message",
                "MSH.9",
                f"message '{said}' is not accepted: send EHC^E01^EHC_E01 or EHC^E02^EHC_E02",
                f"不接受报文“{said}”:请发送 EHC^E01^EHC_E01 或 EHC^E02^EHC_E02",
            )
        )
    version = message.header(12)
    if version not in TABLE_OF_VERSION:
        problems.append(
            Problem(
                Kind.UNSUPPORTED,
                "unsupported-version",
                "MSH.12",
                f"version '{version[:10]}' is not accepted: send one of {', '.join(TABLE_OF_VERSION)}",
                f"不接受版本“{version[:10]}”:请使用 {'、'.join(TABLE_OF_VERSION)} 之一",
            )
        )
    if message.header(11) != "P":
        problems.append(
            Problem(
                Kind.UNSUPPORTED,
                "unsupported-processing-id",
                "MSH.11",
                f"processing id '{message.header(11)[:10]}' is not accepted here: send P (production)",
                f"此处不接受处理标识“{message.header(11)[:10]}”:请发送 P(生产)",
            )
        )
    return problems


def _control_problems(tree: Tree, event: str) -> list[Problem]:
    """IVC-4 (table 0553): an E01 submits an original invoice, an E02 cancels a whole one."""
    control = at(tree, "IVC", "4", "1")
    if not control or control == {"E01": "OR", "E02": "CN"}[event]:
        return []
    if event == "E02" and control in ("CG", "CL"):
        return [
            Problem(
                Kind.UNSUPPORTED,
                "partial-cancel",
                "IVC.4",
                "a group or a line cannot be cancelled alone: cancel the invoice (CN) and submit the corrected one",
                "不支持仅撤销一组或一行:请撤销整张账单(CN)后重新提交",
            )
        ]
    wanted = "OR (original)" if event == "E01" else "CN (cancel invoice)"
    return [
        Problem(
            Kind.UNSUPPORTED,
            "unsupported-invoice-control",
            "IVC.4",
            f"invoice control '{control[:10]}' is not accepted in EHC^{event}: send {wanted}",
            f"EHC^{event} 不接受账单控制码“{control[:10]}”:请发送 {wanted[:2]}",
        )
    ]


def _one_patient_problems(message: Er7) -> list[Problem]:
    """Groups may repeat the patient and the visit, but one message is for one patient and one visit."""
    problems: list[Problem] = []
    patients = {segment[3] for segment in message.segments if segment[0] == "PID" and len(segment) > 3}
    if len(patients) > 1:
        problems.append(
            Problem(
                Kind.INVALID,
                "several-patients",
                "PID[1].3",
                "one message is for one patient: send one message for each patient",
                "一份报文只能涉及一名患者:请按患者分别发送",
            )
        )
    visits = {message.component(segment, 19) for segment in message.segments if segment[0] == "PV1"}
    if len(visits) > 1:
        problems.append(
            Problem(
                Kind.INVALID,
                "several-visits",
                "PV1[1].19",
                "one message is for one visit: send one message for each visit number",
                "一份报文只能涉及一次就诊:请按就诊号分别发送",
            )
        )
    return problems


def _distinct(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once: where a whole field is missing, its missing components go without saying."""
    kept: list[Problem] = []
    missing: set[str] = set()
    for problem in problems:
        if problem.code == "missing-field":
            field = ".".join(problem.path.replace("[5=NI]", "").split(".")[:2])
            if field in missing:
                continue
            missing.add(field)
        elif problem.code == "missing-segment" and any(problem == other for other in kept):
            continue
        kept.append(problem)
    return kept


ADAPTER = Hl7v2Adapter()
