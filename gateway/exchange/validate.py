"""What $validate says of a resource (FHIR R4, Resource-validate): by R4, profiles, and the rules of this server.

Without `profile` and without a claim in meta.profile a resource is judged by the guide's profile for its type and kind,
as it would be on its way in. `mode` create and update add what the server would refuse a write for, `delete` whether it
would delete, `profile` asks for profiles alone. Nothing is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.exchange.rest import CHECKS, WRITTEN_BY_CORE, other_resource, written_by_core
from gateway.fhir.guide import Guide
from gateway.fhir.outcome import write_outcome
from gateway.fhir.parameters import read_parameter
from gateway.fhir.systems import cs
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.security.allow import check_write
from gateway.security.partners import Partner
from gateway.validation.issue import ERROR, Finding, Issue
from gateway.validation.outcome import write_outcome as write_issues
from gateway.validation.resources import claimed_profiles

MODES: Final = ("create", "update", "delete", "profile")
_CODES: Final = cs("problem")


@dataclass(frozen=True, slots=True)
class Asked:
    """One call. `resource` None: none was sent; `wrong`: of its text; `mode`, `profile`: '' where they are left out.

    `type` and `id` are those of the address; `id` '' on a type.
    """

    type: str
    id: str
    resource: dict[str, Any] | None
    wrong: tuple[Finding, ...] = ()
    mode: str = ""
    profile: str = ""


def read_asked(asked: Asked, parameters: Mapping[str, Any]) -> Asked:
    """The call with what a Parameters body says: `resource`, `mode`, `profile`. Refusal: two resources."""
    parts = parameters.get("parameter")
    listed = [each for each in parts if isinstance(each, dict)] if isinstance(parts, list) else []
    sent = [each.get("resource") for each in listed if each.get("name") == "resource"]
    if len(sent) > 1:
        raise Refusal(_two_resources())
    named: Mapping[str, Any] = {"parameter": listed}
    return Asked(
        asked.type,
        asked.id,
        sent[0] if sent and isinstance(sent[0], dict) else None,
        asked.wrong,
        read_parameter(named, "mode") or asked.mode,
        read_parameter(named, "profile") or asked.profile,
    )


def validate_asked(guide: Guide, partner: Partner, asked: Asked) -> dict[str, Any]:
    """The OperationOutcome: every issue, errors first told in the words of the server where it has them.

    Refusal: an unknown mode, no resource to judge, mode profile without a profile.
    """
    if asked.mode and asked.mode not in MODES:
        raise Refusal(_unknown_mode(asked.mode))
    if asked.mode == "delete":
        return write_outcome([_no_delete(asked.type)])
    resource = asked.resource
    if resource is None:
        raise Refusal(_no_resource())
    if asked.mode == "profile" and not (asked.profile or claimed_profiles(resource)):
        raise Refusal(_no_profile())
    if resource.get("resourceType") != asked.type or (asked.id and resource.get("id") != asked.id):
        return write_outcome([other_resource(asked.type, asked.id)])
    issues = _judged(guide, asked, resource)
    if asked.mode not in ("create", "update") or asked.profile:
        return write_issues(issues, system=_CODES)
    return _with_server(issues, _server_problems(guide, partner, asked.type, resource))


def _judged(guide: Guide, asked: Asked, resource: dict[str, Any]) -> list[Issue]:
    profiles: tuple[str, ...] = (asked.profile,) if asked.profile else ()
    if not profiles and (asked.mode in ("create", "update") or not claimed_profiles(resource)):
        profiles = tuple(each for each in (guide.profile_of(resource),) if each)
    found = guide.validator.findings(resource, profiles) or []
    return guide.validator.told([*asked.wrong, *found], resource) if found or asked.wrong else []


def _server_problems(guide: Guide, partner: Partner, type: str, resource: dict[str, Any]) -> list[Problem]:
    """What a write would be refused for. An active Claim is written by $submit: it is judged as it would be there."""
    if type in WRITTEN_BY_CORE:
        return [written_by_core(type)]
    check: Callable[[dict[str, Any], Guide], list[Problem]] | None = CHECKS.get(type)
    if check is None:
        return [_not_written(type)]
    return [*check_write(partner, type), *check(resource, guide)]


def _with_server(issues: Sequence[Issue], problems: Sequence[Problem]) -> dict[str, Any]:
    """The server's problems, then the issues that it does not tell itself."""
    if not problems:
        return write_issues(issues, system=_CODES)
    told = {(problem.code, problem.path) for problem in problems}
    left = [each for each in issues if each.severity != ERROR or (each.code, each.location) not in told]
    outcome = write_outcome(problems)
    if left:
        outcome["issue"] += write_issues(left, system=_CODES)["issue"]
    return outcome


def _unknown_mode(mode: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "unknown-mode",
        "mode",
        f"'{mode[:20]}' is no mode: write create, update, delete or profile",
        f"mode“{mode[:20]}”无效:应为 create、update、delete 或 profile",
    )


def _no_resource() -> Problem:
    return Problem(
        Kind.INVALID,
        "nothing-to-validate",
        "resource",
        "there is no resource to judge: send one, alone or as the parameter resource",
        "没有待校验的资源:请直接发送,或作为参数 resource 发送",
    )


def _two_resources() -> Problem:
    return Problem(
        Kind.INVALID,
        "nothing-to-validate",
        "resource",
        "one resource is judged at a time: send the parameter resource once",
        "一次只校验一个资源:参数 resource 只能出现一次",
    )


def _no_profile() -> Problem:
    return Problem(
        Kind.INVALID,
        "no-profile",
        "profile",
        "mode profile needs a profile: name it, or claim one in meta.profile",
        "mode 为 profile 时须指明 profile,或在 meta.profile 中声明",
    )


def _no_delete(type: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "not-offered",
        type,
        f"a {type} is never deleted here: a settlement is cancelled, other resources get a new version",
        f"不支持删除 {type}:结算请撤销,其他资源请更新版本",
    )


def _not_written(type: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "not-offered",
        type,
        f"a {type} cannot be written here: GET /fhir/metadata says what can",
        f"本服务不接受写入 {type}:可写入的资源见 /fhir/metadata",
    )
