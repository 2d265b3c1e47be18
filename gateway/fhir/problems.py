"""Everything that can be wrong with a FHIR input, one function per code, so that code, kind and words stay together.

Paths are FHIRPath-like: `Claim.item[3].net.value`, counted from 0. docs/errors/fhir.md lists the same codes.
"""

from collections.abc import Iterable

from gateway.kernel.problem import Kind, Problem


def shown(value: object) -> str:
    """The value for a message, cut short: never more than 40 characters of what the sender wrote."""
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def listed(values: Iterable[str]) -> str:
    """Allowed values for a message, in order."""
    return ", ".join(sorted(values))


def missing(path: str) -> Problem:
    return Problem(Kind.INVALID, "missing-element", path, "this element is required: send it", "缺少必填元素:请补充")


def unknown_type(path: str, name: object, known: Iterable[str]) -> Problem:
    return Problem(
        Kind.INVALID,
        "unknown-resource-type",
        path,
        f"'{shown(name)}' cannot be sent here: send one of {listed(known)}",
        f"此处不接受资源类型“{shown(name)}”:应为 {listed(known)} 之一",
    )


def wrong_type(path: str, *, en: str, zh: str) -> Problem:
    return Problem(Kind.INVALID, "wrong-type", path, f"the value has the wrong type: send {en}", f"类型不符:应为{zh}")


def bad_value(path: str, value: object, *, en: str, zh: str) -> Problem:
    return Problem(
        Kind.INVALID, "bad-value", path, f"'{shown(value)}' is not {en}", f"“{shown(value)}”格式不符:应为{zh}"
    )


def bad_day(path: str, value: object) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-day",
        path,
        f"'{shown(value)}' is not a date that exists: send YYYY-MM-DD, or a time with its zone",
        f"“{shown(value)}”不是有效日期:应为 YYYY-MM-DD,或带时区的时间",
    )


def unknown_code(path: str, value: object, allowed: Iterable[str]) -> Problem:
    return Problem(
        Kind.INVALID,
        "unknown-code",
        path,
        f"'{shown(value)}' is not one of the codes allowed here: {listed(allowed)}",
        f"“{shown(value)}”不在允许的代码之内:{listed(allowed)}",
    )


def missing_coding(path: str, system: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "missing-coding",
        path,
        f"no code of the system {system}: send a coding with this system and a code",
        f"缺少代码系统 {system} 的代码:请发送该系统的 coding",
    )


def bad_reference(path: str, value: object, targets: Iterable[str]) -> Problem:
    """`targets`: the types that may be referred to; none: any."""
    wanted = listed(targets) or "a resource"
    return Problem(
        Kind.INVALID,
        "bad-reference",
        path,
        f"'{shown(value)}' does not refer to {wanted}: send Type/id or an identifier",
        f"“{shown(value)}”不是对 {wanted} 的引用:请发送 类型/标识 或 identifier",
    )


def missing_identifier(path: str, system: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "missing-identifier",
        path,
        f"no identifier of the system {system}: send one, it names the treatment or the party",
        f"缺少标识系统 {system} 的 identifier:请补充",
    )


def repeated(path: str, value: object) -> Problem:
    return Problem(
        Kind.INVALID,
        "repeated-value",
        path,
        f"'{shown(value)}' is there twice: every one must be different",
        f"“{shown(value)}”重复:每个值必须不同",
    )


def modifier(path: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "modifier-unsupported",
        path,
        "this element would change the meaning of the rest in a way we do not know: send the resource without it",
        "该元素会改变其余内容的含义而本系统无法理解:请删除后再发送",
    )


def not_offered(path: str, *, en: str, zh: str) -> Problem:
    return Problem(Kind.UNSUPPORTED, "not-offered", path, en, zh)


def too_many(path: str, limit: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "too-many-entries",
        path,
        f"more than {limit} entries: split them over several requests",
        f"超过 {limit} 条:请拆分为多次发送",
    )


def more_problems(path: str, limit: int) -> Problem:
    return Problem(
        Kind.INVALID,
        "more-problems",
        path,
        f"more than {limit} problems: only these are listed, correct them first",
        f"问题超过 {limit} 个:仅列出前面部分,请先更正",
    )


def bad_amount(path: str, value: object) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-amount",
        path,
        f"{shown(value)} is not an amount: at most two decimals and 16 digits",
        f"{shown(value)} 不是有效金额:最多两位小数、16位数字",
    )


def bad_price(path: str, value: object) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-price",
        path,
        f"{shown(value)} is not a unit price: at most six decimals and 16 digits, not negative",
        f"{shown(value)} 不是有效单价:最多六位小数、16位数字,不得为负",
    )


def bad_quantity(path: str, value: object) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-quantity",
        path,
        f"{shown(value)} is not a quantity: more than 0, at most four decimals and 16 digits",
        f"{shown(value)} 不是有效数量:应大于0,最多四位小数、16位数字",
    )


def negative_amount(path: str, value: object) -> Problem:
    return Problem(
        Kind.INVALID,
        "negative-amount",
        path,
        f"{shown(value)} is negative: a claim charges, cancel the settlement to give money back",
        f"{shown(value)} 为负数:结算金额不得为负,退费请撤销结算",
    )


def wrong_currency(path: str, value: object) -> Problem:
    return Problem(
        Kind.INVALID,
        "wrong-currency",
        path,
        f"'{shown(value)}' is not the currency of the fund: send CNY",
        f"币种“{shown(value)}”不符:应为 CNY",
    )


def unbalanced_line(path: str, *, stated: str, computed: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "unbalanced-line",
        path,
        f"{stated} is not unit price times quantity rounded half up, which is {computed}: send that",
        f"{stated} 与单价乘数量四舍五入的结果 {computed} 不符:请更正",
    )


def unbalanced_total(path: str, *, stated: str, computed: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "unbalanced-total",
        path,
        f"{stated} is not the sum of the lines, which is {computed}: send that or the missing lines",
        f"{stated} 与明细合计 {computed} 不符:请更正总额或补充明细",
    )


def day_in_future(path: str, value: object) -> Problem:
    return Problem(
        Kind.INVALID,
        "day-in-future",
        path,
        f"{shown(value)} is still to come: only what has happened can be claimed",
        f"{shown(value)} 尚未到来:只能申报已发生的费用",
    )


def day_outside_period(path: str, value: object) -> Problem:
    return Problem(
        Kind.INVALID,
        "day-outside-period",
        path,
        f"{shown(value)} is outside the billable period (a day of grace on either side): correct one of them",
        f"{shown(value)} 不在费用期间之内(前后各宽限一天):请更正",
    )


def period_reversed(path: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "period-reversed",
        path,
        "the period ends before it starts: exchange or correct the days",
        "期间的结束早于开始:请更正",
    )
