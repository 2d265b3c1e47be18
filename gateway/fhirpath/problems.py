"""What a FHIRPath expression can be refused for. The path is `line:column` within the expression, counted from 1."""

from typing import NoReturn

from gateway.kernel.problem import Kind, Problem, Refusal

SHOWN = 80


def place(text: str, at: int) -> str:
    """Line and column of an offset, both from 1."""
    before = text[:at]
    return f"{before.count(chr(10)) + 1}:{at - (before.rfind(chr(10)) + 1) + 1}"


def _shown(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _span(least: int, most: int) -> str:
    return str(least) if least == most else f"{least}-{most}"


def syntax(where: str, *, found: str, expected: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "fhirpath-syntax",
        where,
        f"found {_shown(found)} where {expected} is expected: correct the FHIRPath expression at this place",
        f"此处为 {_shown(found)},应为 {expected}:请在该位置修正 FHIRPath 表达式",
    )


def too_long(size: int, limit: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "fhirpath-too-long",
        "",
        f"the expression has {size} characters, more than {limit}: send a shorter one",
        f"表达式有 {size} 个字符,超过上限 {limit}:请发送更短的表达式",
    )


def too_deep(where: str, limit: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "fhirpath-too-deep",
        where,
        f"parts of the expression lie more than {limit} deep inside each other: send a flatter one",
        f"表达式嵌套超过 {limit} 层:请发送层次更浅的表达式",
    )


def unknown_function(where: str, name: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "fhirpath-unknown-function",
        where,
        f"FHIRPath has no function {_shown(name)}(): use one of the specification",
        f"FHIRPath 没有函数 {_shown(name)}():请使用规范中的函数",
    )


def unsupported_function(where: str, name: str, why: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "fhirpath-unsupported-function",
        where,
        f"{name}() is not offered here ({why}): write the expression without it",
        f"此处不支持 {name}()({why}):请改写表达式",
    )


def wrong_arguments(where: str, name: str, *, given: int, least: int, most: int) -> Problem:
    return Problem(
        Kind.INVALID,
        "fhirpath-wrong-arguments",
        where,
        f"{name}() takes {_span(least, most)} arguments, not {given}: call it with as many",
        f"{name}() 需要 {_span(least, most)} 个参数,给出了 {given} 个:请按此数目给出参数",
    )


def unknown_element(where: str, name: str, owner: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "fhirpath-unknown-element",
        where,
        f"{owner} has no element {_shown(name)}: name one that it has",
        f"{owner} 没有元素 {_shown(name)}:请使用其已有的元素",
    )


def unknown_type(where: str, name: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "fhirpath-unknown-type",
        where,
        f"there is no type {_shown(name)}: name a type of FHIR R4 or of System",
        f"没有类型 {_shown(name)}:请使用 FHIR R4 或 System 的类型",
    )


def unknown_variable(where: str, name: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "fhirpath-unknown-variable",
        where,
        f"%{_shown(name)} is not defined here: pass it, or use one of the specification",
        f"%{_shown(name)} 在此处未定义:请传入该变量,或使用规范中的变量",
    )


def wrong_operand(where: str, *, what: str, wanted: str, found: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "fhirpath-wrong-operand",
        where,
        f"{what} works on {wanted}, not on {_shown(found)}: convert the value or correct the expression",
        f"{what} 适用于 {wanted},不适用于 {_shown(found)}:请转换该值或修正表达式",
    )


def several_items(where: str, what: str, count: int) -> Problem:
    return Problem(
        Kind.INVALID,
        "fhirpath-several-items",
        where,
        f"{what} works on one item and found {count}: choose one, for example with first() or where()",
        f"{what} 只适用于单个值,实际有 {count} 个:请用 first() 或 where() 等选出一个",
    )


def bad_regex(where: str, why: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "fhirpath-bad-regex",
        where,
        f"the regular expression cannot be used ({_shown(why)}): write one without look-around and back references",
        f"正则表达式无法使用({_shown(why)}):请使用不含环视和反向引用的表达式",
    )


def too_much_work(limit: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "fhirpath-too-much-work",
        "",
        f"the expression needs more than {limit} steps on this input: narrow it, or send less",
        f"表达式在此输入上需要超过 {limit} 步:请缩小范围或减少输入",
    )


def too_large_value(limit: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "fhirpath-too-large-value",
        "",
        f"the expression makes a text of more than {limit} characters: make it shorter",
        f"表达式产生的文本超过 {limit} 个字符:请缩短",
    )


def no_clock(where: str, name: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "fhirpath-no-clock",
        where,
        f"{name}() needs the time, which this caller does not give: pass a day instead",
        f"{name}() 需要当前时间,此处未提供:请改为传入日期",
    )


def refuse(problem: Problem) -> NoReturn:
    """Raise the one problem as a Refusal."""
    raise Refusal(problem)


def modifier_extension(where: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "fhirpath-modifier-extension",
        where,
        "checkModifiers() found a modifier extension it was not told of: name its url, or leave the element out",
        "checkModifiers() 发现未声明的修饰扩展:请在参数中列出其 url,或去掉该元素",
    )
