"""Group v2: framing, and acknowledgement of messages that cannot be used."""

from conformance.checks import MLLP, V2, Failed, Group, expect
from conformance.site import END, START, Site

V2_GROUP = Group("v2")


def _msh(site: Site, **fields: str) -> tuple[str, bytes]:
    """A header without a body: its control id, and the message. Keywords f4, f9 … give other fields."""
    control = site.number()
    wanted = {"f4": site.institution, "f9": "EHC^E01^EHC_E01", "f11": "P", "f12": "2.7", **fields}
    middle = f"{wanted['f4']}|GATEWAY|agency-{site.area}|{site.day:%Y%m%d}090000+0800||{wanted['f9']}|{control}"
    return control, f"MSH|^~\\&|CONFORMANCE|{middle}|{wanted['f11']}|{wanted['f12']}|||||CHN|UNICODE UTF-8\r".encode()


def _framed(body: bytes) -> bytes:
    return START + body + END


def _acknowledged(answer: bytes, control: str) -> str:
    """MSA-1 of an answer; Failed unless it is a framed message that answers this control id."""
    expect(answer.startswith(START + b"MSH|"), f"no framed message: {answer[:200]!r}")
    segments = [segment.split("|") for segment in answer[1:].decode().split("\r") if segment]
    found = next((segment for segment in segments if segment[0] == "MSA"), None)
    if found is None:
        raise Failed(f"no MSA: {answer[:300]!r}")
    expect(not control or found[2] == control, f"MSA-2 is {found[2]}, sent {control}")
    if found[1] != "AA":
        expect(any(segment[0] == "ERR" and len(segment) > 5 for segment in segments), f"no ERR: {answer[:300]!r}")
    return found[1]


BROKEN: tuple[tuple[str, dict[str, str]], ...] = (
    ("a header without a body", {}),
    ("an unknown sending facility", {"f4": "NOBODY"}),
    ("another message type", {"f9": "ADT^A01^ADT_A01"}),
    ("an old version", {"f12": "2.3"}),
    ("a test message", {"f11": "T"}),
)


@V2_GROUP.proves(
    "a message that cannot be used is acknowledged as refused, with ERR and its control id", f"{V2}, 2.9.2"
)
def broken_messages(site: Site) -> None:
    for what, fields in BROKEN:
        control, body = _msh(site, **fields)
        [answer] = site.exchange_frames(_framed(body))
        code = _acknowledged(answer, control)
        expect(code in ("AE", "AR"), f"{what}: {code}")


@V2_GROUP.proves("bytes in a frame that are no HL7 are answered too", MLLP)
def junk(site: Site) -> None:
    for body in (b"hello", b"", b"\xff\xfe\x00\x01", b"MSH"):
        [answer] = site.exchange_frames(_framed(body))
        code = _acknowledged(answer, "")
        expect(code in ("AE", "AR"), f"{body!r}: {code}")


@V2_GROUP.proves("a connection carries any number of messages, answered in order", MLLP)
def many_on_one_connection(site: Site) -> None:
    sent = [_msh(site) for _ in range(5)]
    answers = site.exchange_frames(b"".join(_framed(body) for _, body in sent), answers=5)
    for (control, _), answer in zip(sent, answers, strict=True):
        _acknowledged(answer, control)


@V2_GROUP.proves("a frame may come in any number of pieces, and bytes between frames are skipped", MLLP)
def pieces(site: Site) -> None:
    control, body = _msh(site)
    frame = b"noise" + _framed(body)
    [answer] = site.exchange_frames(*(frame[at : at + 7] for at in range(0, len(frame), 7)))
    _acknowledged(answer, control)
