"""What can be wrong with a question to the terminology service."""

from typing import Final

from gateway.kernel.problem import Kind, Problem

_SHOWN: Final = 100


def unknown(what: str, canonical: str, path: str) -> Problem:
    """`what`: CodeSystem, ValueSet or ConceptMap."""
    return Problem(
        Kind.NOT_FOUND,
        "terminology-not-found",
        path,
        f"no {what} '{canonical[:_SHOWN]}' is known here: GET /fhir/{what} lists what is",
        f"没有 {what}“{canonical[:_SHOWN]}”:GET /fhir/{what} 列出可用内容",
    )


def unknown_code(code: str, system: str, path: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "terminology-unknown-code",
        path,
        f"'{code[:_SHOWN]}' is not a code of {system[:_SHOWN]}: send one that is",
        f"“{code[:_SHOWN]}”不是 {system[:_SHOWN]} 的代码:请使用有效代码",
    )


def missing(names: str, path: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "terminology-missing-parameter",
        path,
        f"something to work on is missing: send {names}",
        f"缺少参数:请提供 {names}",
    )


def contradiction(names: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "terminology-contradiction",
        names.partition(" ")[0],
        f"{names} say different things, or the same twice: send one of them",
        f"参数 {names} 相互矛盾或重复:请只提供其一",
    )


def bad_value(name: str, wanted: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "terminology-bad-parameter",
        name,
        f"the value of {name} cannot be used: send {wanted}",
        f"参数 {name} 的值无效:应为 {wanted}",
    )


def unknown_parameter(name: str, offered: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "terminology-unknown-parameter",
        name[:_SHOWN],
        f"the operation has no parameter '{name[:_SHOWN]}' here: it takes {offered}",
        f"该操作不支持参数“{name[:_SHOWN]}”:可用 {offered}",
    )


def not_offered(name: str, why: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "terminology-not-offered",
        name,
        f"{name} is not offered ({why}): leave it out",
        f"不支持 {name}({why}):请去掉",
    )


def not_listable(what: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "terminology-not-listable",
        "",
        f"the value set cannot be listed without {what}: load it with `gateway terminology load`, or add its package",
        f"缺少 {what},无法展开该值集:请用 gateway terminology load 加载,或提供其程序包",
    )


def too_costly(most: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "terminology-too-costly",
        "",
        f"the value set has more than {most} codes: send a filter, or count (at most {most}) and offset",
        f"值集代码超过 {most} 个:请提供 filter,或用 count(至多 {most})与 offset 分页",
    )


def other_version(system: str, checked: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "terminology-other-version",
        "check-system-version",
        f"another version of {system[:_SHOWN]} than {checked[:_SHOWN]} applies here: send the version you can use",
        f"{system[:_SHOWN]} 适用的版本不是 {checked[:_SHOWN]}:请提供可用版本",
    )


def unknown_closure(name: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "closure-not-found",
        "name",
        f"there is no closure '{name[:_SHOWN]}' of yours: send the name alone first, which makes it",
        f"没有名为“{name[:_SHOWN]}”的闭包:请先只发送 name 进行初始化",
    )


def closure_full(most: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "closure-full",
        "concept",
        f"a closure has at most {most} concepts: begin another",
        f"每个闭包最多 {most} 个概念:请另建",
    )


def too_many_closures(most: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "closures-full",
        "name",
        f"a partner has at most {most} closures: use one of them again by sending its name alone",
        f"每个接入方最多 {most} 个闭包:请复用已有名称",
    )


def closure_busy() -> Problem:
    return Problem(
        Kind.CONFLICT,
        "closure-changed",
        "name",
        "the closure was changed at the same time: send the same request again",
        "闭包同时被修改:请重新发送",
    )
