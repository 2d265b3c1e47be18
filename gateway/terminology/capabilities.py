"""TerminologyCapabilities: which code systems are served, in which versions, and what expansions can be asked for."""

from typing import Any, Final

from gateway.terminology.offered import OPERATIONS
from gateway.terminology.system import CodeSystem
from gateway.terminology.terminology import Terminology

_TEXT_FILTER: Final = (
    "Words separated by spaces; each must stand in the code, the display, a designation or the pinyin initials, "
    "whatever its case and width."
)


def write_terminology_capabilities(
    terminology: Terminology, *, version: str, published_on: str, base: str
) -> dict[str, Any]:
    """The statement of a running gateway (FHIR R4, GET metadata?mode=terminology)."""
    systems: dict[str, list[CodeSystem]] = {}
    for each in terminology.described():
        systems.setdefault(each.url, []).append(each)
    return {
        "resourceType": "TerminologyCapabilities",
        "url": f"{base}/metadata?mode=terminology",
        "version": version,
        "name": "MedicalInsuranceGatewayTerminology",
        "title": "医疗保险网关术语服务 / Terminology service of the medical-insurance gateway",
        "status": "active",
        "date": published_on,
        "kind": "instance",
        "software": {"name": "medical-insurance-gateway", "version": version},
        "implementation": {"description": "医疗保险网关 / Medical-insurance gateway", "url": base},
        "codeSystem": [_system(url, versions) for url, versions in systems.items()],
        "expansion": {
            "hierarchical": False,
            "paging": True,
            "incomplete": True,
            "parameter": [
                {"name": name} for name, each in OPERATIONS["ValueSet", "expand"].takes.items() if not each.why_not
            ],
            "textFilter": _TEXT_FILTER,
        },
        "codeSearch": "all",
        "validateCode": {"translations": False},
        "translation": {"needsMap": False},
        "closure": {"translation": False},
    }


def _system(url: str, versions: list[CodeSystem]) -> dict[str, Any]:
    """One system with its versions; the first applies where none is asked for."""
    said: dict[str, Any] = {"uri": url}
    told = [(each.version, number == 0) for number, each in enumerate(versions) if each.version]
    if told:
        said["version"] = [{"code": version, "isDefault": applies} for version, applies in told]
    return {**said, "subsumption": bool(versions[0].hierarchy)}
