"""What is said about each sort of mistake: code, severity, FHIR issue type and what to send, in two languages."""

from collections.abc import Iterable

from gateway.validation.issue import ERROR, INFORMATION, WARNING, Finding

_MOST_LISTED = 12


def shown(value: object) -> str:
    """A value short enough for a message; objects and arrays by their kind only."""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    if isinstance(value, int) and abs(value) > 10**40:
        return "a very large number"
    text = {True: "true", False: "false", None: "null"}[value] if value in (None, True, False) else str(value)
    text = "".join(each if each.isprintable() else "�" for each in text[:61])
    return text if len(text) <= 60 else text[:59] + "…"


def listed(values: Iterable[str]) -> str:
    """Allowed values in order, not more than can be read."""
    ordered = sorted(values)
    return ", ".join(ordered[:_MOST_LISTED]) + (" …" if len(ordered) > _MOST_LISTED else "")


def error(code: str, type: str, en: str, zh: str, path: str = "") -> Finding:
    """What makes a resource invalid."""
    return Finding(path, ERROR, code, type, en, zh)


def warning(code: str, type: str, en: str, zh: str, path: str = "") -> Finding:
    """What should be looked at and does not make a resource invalid."""
    return Finding(path, WARNING, code, type, en, zh)


def information(code: str, type: str, en: str, zh: str, path: str = "") -> Finding:
    """What is good to know."""
    return Finding(path, INFORMATION, code, type, en, zh)


def missing(path: str, low: int = 1) -> Finding:
    """An element is not there that must be."""
    if low > 1:
        return error(
            "missing-element",
            "required",
            f"at least {low} of these are required: send the missing ones",
            f"此元素至少应有 {low} 个:请补充",
            path,
        )
    return error("missing-element", "required", "this element is required: send it", "缺少必填元素:请补充", path)


def unknown_element(path: str) -> Finding:
    """A name the definition does not have here."""
    return error(
        "unknown-element",
        "structure",
        "FHIR R4 has no such element here: remove it or correct its name",
        "FHIR R4 在此处没有该元素:请删除或更正名称",
        path,
    )


def not_allowed(path: str, profile: str) -> Finding:
    """An element the profile forbids (max = 0)."""
    return error(
        "element-not-allowed",
        "structure",
        f"{profile} does not allow this element: leave it out",
        f"规范 {profile} 不允许该元素:请删除",
        path,
    )


def wrong_type(en: str, zh: str, path: str = "") -> Finding:
    """A JSON value of another kind than the type has."""
    return error("wrong-type", "structure", f"the value has the wrong type: send {en}", f"类型不符:应为{zh}", path)


def not_an_object() -> Finding:
    """Something else where an object belongs."""
    return wrong_type("a JSON object", " JSON 对象")


def expected_list() -> Finding:
    """One value where an array belongs."""
    return error(
        "expected-list",
        "structure",
        "this element repeats: send a JSON array, even of one",
        "该元素可重复:应为 JSON 数组,只有一个也要写成数组",
    )


def expected_single() -> Finding:
    """An array where one value belongs."""
    return error(
        "expected-single",
        "structure",
        "this element does not repeat: send the value without an array",
        "该元素不可重复:请去掉数组只发送一个值",
    )


def too_many(high: int, count: int, path: str = "") -> Finding:
    """More items than the definition allows."""
    return error(
        "too-many-values",
        "structure",
        f"{count} values where at most {high} may be: remove what is too many",
        f"有 {count} 个值,最多允许 {high} 个:请删除多余的",
        path,
    )


def empty(path: str = "") -> Finding:
    """An empty object, array or text."""
    return error(
        "empty-element",
        "structure",
        "empty objects, arrays and texts are not allowed: leave the element out",
        "不允许空对象、空数组或空文本:没有内容时请不要发送该元素",
        path,
    )


def bad_value(value: object, en: str, zh: str) -> Finding:
    """A primitive value that is not one of its type."""
    return error("bad-value", "value", f"'{shown(value)}' is not {en}", f"“{shown(value)}”格式不符:应为{zh}")


def bad_day(value: object, en: str, zh: str) -> Finding:
    """A date or time that is not written as one, or that is not in the calendar."""
    return error("bad-day", "value", f"'{shown(value)}' is not {en}", f"“{shown(value)}”不是有效日期:应为{zh}")


def two_choices(path: str) -> Finding:
    """A choice given in two types."""
    return error(
        "two-choices",
        "structure",
        "only one form of this element may be sent: keep one",
        "该元素只能以一种形式发送:请保留一个",
        path,
    )


def too_long(value: str, longest: int) -> Finding:
    """A text over the length its element allows."""
    return error(
        "too-long",
        "too-long",
        f"{len(value)} characters where at most {longest} may be: shorten it",
        f"共 {len(value)} 个字符,最多允许 {longest} 个:请缩短",
    )


def out_of_range(value: object, bound: object, *, low: bool) -> Finding:
    """Under the least or over the greatest value of its element."""
    return error(
        "out-of-range",
        "value",
        f"'{shown(value)}' is {'less' if low else 'more'} than {shown(bound)}: send a value in the range",
        f"“{shown(value)}”{'小于' if low else '大于'} {shown(bound)}:请发送范围内的值",
    )


def not_fixed(value: object, wanted: object) -> Finding:
    """Another value than the one the profile fixes."""
    return error(
        "not-the-fixed-value",
        "value",
        f"'{shown(value)}' must be exactly '{pattern_text(wanted)}': send that and nothing else",
        f"“{shown(value)}”应为固定值“{pattern_text(wanted)}”:请按此发送",
    )


def not_pattern(wanted: object) -> Finding:
    """A value that does not hold the pattern of the profile."""
    return error(
        "not-the-pattern",
        "value",
        f"the value does not hold the pattern {pattern_text(wanted)}: send at least that",
        f"该值不符合模式 {pattern_text(wanted)}:请至少发送这些内容",
    )


def pattern_text(value: object, depth: int = 0) -> str:
    """A pattern as short JSON-like text."""
    if isinstance(value, dict) and depth < 4:
        return "{" + ", ".join(f"{name}: {pattern_text(each, depth + 1)}" for name, each in value.items()) + "}"
    if isinstance(value, list) and depth < 4:
        return "[" + ", ".join(pattern_text(each, depth + 1) for each in value[:4]) + "]"
    return shown(value)


def invariant(key: str, human: str, severity: str, known: object = None) -> Finding:
    """A rule of the definition that does not hold; `key` and `human` are the definition's own words."""
    return Finding(
        "",
        severity,
        "invariant-broken" if severity == ERROR else "invariant-advised",
        "invariant",
        f"{key}: {human}: correct what the rule says",
        f"违反规则 {key}({human}):请更正",
        known,
    )


def invariant_unknown(key: str, reason: str) -> Finding:
    """A rule that cannot be judged here."""
    return information(
        "invariant-not-judged",
        "incomplete",
        f"{key} cannot be judged ({shown(reason)}): check it by hand",
        f"规则 {key} 无法判断({shown(reason)}):请人工核对",
    )


def too_deep() -> Finding:
    """Elements inside each other beyond what is looked at."""
    return error(
        "too-deep",
        "too-costly",
        "elements lie too deep inside each other: no FHIR resource needs that",
        "元素嵌套过深:请检查内容",
    )


def more_findings(limit: int) -> Finding:
    """The list of issues ends here."""
    return error(
        "more-problems",
        "too-costly",
        f"more than {limit} problems: only these are listed, correct them first",
        f"问题超过 {limit} 个:仅列出前面部分,请先更正",
    )
