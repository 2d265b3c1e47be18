"""The diagnoses of a visit in one order: main first, as the interface marks it, then by their own numbers."""

from typing import Any


def order_diagnoses(nodes: dict[str, Any]) -> None:
    """Put `diseinfo` in order, valid rows only. The admission's main diagnosis leads, added when it is not listed."""
    rows = nodes.get("diseinfo")
    if not rows:
        return
    visit = nodes.get("mdtrtinfo") or {}
    main = visit.get("dscg_maindiag_code")
    valid = [row for row in rows if row.get("vali_flag", "1") == "1"]
    valid.sort(key=lambda row: (row["diag_code"] != main, row.get("maindiag_flag", "0") != "1", row["diag_srt_no"]))
    if main and valid[0]["diag_code"] != main:
        valid.insert(0, {"diag_code": main, "diag_name": visit["dscg_maindiag_name"]})
    nodes["diseinfo"] = valid
