"""Group nhsa: whatever comes in, one envelope goes out, and what cannot be used has infcode -1 and says why."""

from typing import Any

from conformance.checks import NHSA, Failed, Group, expect
from conformance.site import Site, decode, encode

NHSA_GROUP = Group("nhsa")


def _envelope(site: Site, **changes: Any) -> bytes:
    number = f"{int(site.number().rpartition('-')[2]) % 10_000:04d}"
    return encode(
        {
            "infno": "1101",
            "msgid": f"{site.institution}{site.day:%Y%m%d}090000{number}",
            "mdtrtarea_admvs": site.area,
            "insuplc_admdvs": site.area,
            "recer_sys_code": "YBXT",
            "infver": "V1.0",
            "opter_type": "1",
            "opter": "0001",
            "opter_name": "测试操作员",
            "inf_time": f"{site.day} 09:00:00",
            "fixmedins_code": site.institution,
            "fixmedins_name": "测试机构",
            "input": {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": site.citizen_id, "psn_cert_type": "01",
                               "certno": site.citizen_id}},
            **changes,
        }
    )  # fmt: skip


def _refused(site: Site, body: bytes) -> str:
    """err_msg of a refusal; Failed unless status 200, infcode -1 and a number of the answer come back."""
    response = site.http.post(site.nhsa, content=body, headers={"content-type": "application/json; charset=UTF-8"})
    expect(response.status_code == 200, f"status {response.status_code}: {response.text[:200]}")
    answer = decode(response.content)
    expect(str(answer["infcode"]) == "-1", f"infcode {answer['infcode']}: {response.text[:200]}")
    expect(len(answer["inf_refmsgid"]) == 30, f"inf_refmsgid {answer['inf_refmsgid']!r} has not 30 characters")
    expect(answer["err_msg"] and answer.get("output") is None, response.text[:200])
    return str(answer["err_msg"])


@NHSA_GROUP.proves("an envelope that cannot be read or names what is not offered has infcode -1 and err_msg", NHSA)
def bad_envelopes(site: Site) -> None:
    for what, body in (
        ("truncated JSON", _envelope(site)[:-30]),
        ("no JSON", b"<root/>"),
        ("an empty body", b""),
        ("a list", b"[]"),
        ("another character set", _envelope(site).decode().encode("gb18030")),
        ("an unknown transaction", _envelope(site, infno="9999")),
        ("a number for a transaction", _envelope(site, infno=["1101"])),
        ("a message number too short", _envelope(site, msgid="1")),
        ("an unknown institution", _envelope(site, fixmedins_code="H99999999999")),
        ("no input", _envelope(site, input=None)),
        ("a day that does not exist", _envelope(site, inf_time="2015-02-30 09:00:00")),
    ):
        try:
            _refused(site, body)
        except Failed as failed:
            raise Failed(f"{what}: {failed}") from None


@NHSA_GROUP.proves("any path below the interface takes any transaction", NHSA)
def any_path(site: Site) -> None:
    below = Site(**{**site.__dict__, "nhsa": site.nhsa.rstrip("/") + "/anything/at/all"})
    said = _refused(below, _envelope(site, infno="9999"))
    expect(said == _refused(site, _envelope(site, infno="9999")), said)
