"""Group v2, what is no single message: framing, several messages on one connection, bytes that are no HL7."""

from conformance.checks import MLLP, Group, expect
from conformance.paths import read_v2
from conformance.refusal import REFUSING, check_acknowledged
from conformance.site import END, START, Site
from conformance.values import fill, fixture, site_values

V2_GROUP = Group("v2")


def _probe(site: Site) -> tuple[str, bytes]:
    """A message that every receiver refuses at the door: as text, and framed."""
    text = fill(fixture("probe.hl7"), site_values(site), site)
    return text, START + text.strip("\n").encode() + b"\r" + END


def _acknowledged(answer: bytes, sent: str) -> str:
    expect(answer.startswith(START + b"MSH|"), f"no framed message: {answer[:200]!r}")
    message = read_v2(answer.removeprefix(START).decode())
    check_acknowledged(message, sent)
    return str(message["MSA"][0]["f1"])


@V2_GROUP.proves("bytes in a frame that are no HL7 are answered too", "帧内不是 HL7 的内容同样应答", MLLP)
def junk(site: Site) -> None:
    for body in (b"hello", b"", b"\xff\xfe\x00\x01", b"MSH"):
        [answer] = site.exchange_frames(START + body + END, enough=len)
        code = _acknowledged(answer, "")
        expect(code in REFUSING, f"{body!r}: {code}")


@V2_GROUP.proves("a connection carries any number of messages, answered in order", "同一连接可依次收发多条报文", MLLP)
def many_on_one_connection(site: Site) -> None:
    sent = [_probe(site) for _ in range(5)]
    answers = site.exchange_frames(b"".join(frame for _, frame in sent), enough=lambda came: len(came) >= 5)
    for (text, _), answer in zip(sent, answers, strict=True):
        _acknowledged(answer, text)


@V2_GROUP.proves(
    "a frame may come in any number of pieces, and bytes between frames are skipped",
    "帧可分片到达,帧间字节被忽略",
    MLLP,
)
def pieces(site: Site) -> None:
    text, framed = _probe(site)
    frame = b"noise" + framed
    [answer] = site.exchange_frames(*(frame[at : at + 7] for at in range(0, len(frame), 7)), enough=len)
    _acknowledged(answer, text)
