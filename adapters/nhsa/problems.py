"""The problems this feed finds by itself, each with the words that say what to send instead."""

from gateway.kernel.problem import Kind, Problem


def bad_json(detail: str) -> Problem:
    return Problem(
        Kind.MALFORMED,
        "bad-json",
        "",
        f"the body is not a JSON object ({detail}): send the whole envelope as one JSON object",
        "报文不是完整的JSON对象:请按接口规范发送完整报文",
    )


def bad_encoding() -> Problem:
    return Problem(
        Kind.MALFORMED,
        "bad-encoding",
        "",
        "the body is not UTF-8: send Content-Type application/json; charset=UTF-8",
        "报文不是UTF-8编码:请按 application/json; charset=UTF-8 发送",
    )


def bad_msgid(path: str, *, institution: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-msgid",
        path,
        f"msgid has 30 letters and digits: fixmedins_code ({institution}), yyyyMMddHHmmss, running number of 4",
        "msgid应为30位:定点医药机构编号(12)+时间yyyyMMddHHmmss(14)+顺序号(4)",
    )


def unknown_transaction(infno: str, *, offered: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "unknown-transaction",
        "infno",
        f"transaction '{infno[:10]}' is not offered: send one of {offered}",
        f"不支持交易“{infno[:10]}”:可用交易为 {offered}",
    )


def missing_field(path: str, title: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "missing-field",
        path,
        f"{path} is required and was not sent, or is empty",
        f"缺少必填项{title}({path})",
    )


def bad_structure(path: str, *, expected_en: str, expected_zh: str) -> Problem:
    return Problem(Kind.INVALID, "bad-structure", path, f"{path} must be {expected_en}", f"{path}应为{expected_zh}")


def too_long(path: str, title: str, *, limit: int, length: int) -> Problem:
    return Problem(
        Kind.INVALID,
        "too-long",
        path,
        f"{path} has {length} characters: send at most {limit}",
        f"{title}({path})长度{length},最多{limit}",
    )


def bad_text(path: str, title: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-text",
        path,
        f"{path} must be text without control characters",
        f"{title}({path})应为不含控制字符的文本",
    )


def bad_code(path: str, title: str, *, value: str, allowed: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-code",
        path,
        f"'{value[:20]}' is not a value of {path}: send one of {allowed}",
        f"{title}({path})的值“{value[:20]}”无效:可用 {allowed}",
    )


def not_offered(path: str, title: str, *, value: str, offered: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "not-offered",
        path,
        f"{path} '{value[:20]}' is a way this gateway does not offer: send {offered}",
        f"暂不支持{title}({path})为“{value[:20]}”:请使用 {offered}",
    )


def bad_number(path: str, title: str, *, digits: int, decimals: int, signed: bool) -> Problem:
    """A number outside its N digits,decimals: money, price and quantity have codes of their own."""
    shape_en = f"at most {digits} digits, {decimals} of them decimals" + ("" if signed else ", not negative")
    shape_zh = f"最多{digits}位、其中小数{decimals}位" + ("" if signed else ",不能为负")
    en = f"{path} must be a number with {shape_en}"
    zh = f"{title}({path})应为数值:{shape_zh}"
    if digits == 16 and decimals == 2:
        return Problem(Kind.INVALID, "bad-amount", path, en, zh)
    if digits == 16 and decimals == 4:
        return Problem(Kind.INVALID, "bad-quantity", path, en, zh)
    if digits == 16 and decimals == 6:
        return Problem(Kind.INVALID, "bad-price", path, en, zh)
    return Problem(Kind.INVALID, "bad-number", path, en, zh)


def bad_day(path: str, title: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-day",
        path,
        f"{path} must be a day that exists, as yyyy-MM-dd, from 1900 on",
        f"{title}({path})应为真实存在的日期,格式 yyyy-MM-dd",
    )


def bad_instant(path: str, title: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-instant",
        path,
        f"{path} must be a time that exists, as yyyy-MM-dd HH:mm:ss, from 1900 on",
        f"{title}({path})应为真实存在的时间,格式 yyyy-MM-dd HH:mm:ss",
    )


def bad_bytes(path: str, title: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-bytes",
        path,
        f"{path} must be the file's bytes: an array of whole numbers from -128 to 255, or Base64 text",
        f"{title}({path})应为文件字节:-128至255的整数数组或Base64文本",
    )


def other_institution_file(path: str) -> Problem:
    return Problem(
        Kind.FORBIDDEN,
        "other-institution",
        path,
        "the file is said to be another institution's: send your own fixmedins_code",
        "文件所属机构与发送机构不一致:请填写本机构编号",
    )


def mixed_batch(path: str, title: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "mixed-batch",
        path,
        f"{path} differs from the first line's: send the lines of one person, visit and batch in one request",
        f"{title}({path})与第一条明细不一致:一次上传只能是同一人员、同一就诊、同一批次",
    )


def duplicate_line(path: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "duplicate-line",
        path,
        f"{path} repeats the number of an earlier line: feedetl_sn is unique within a visit",
        f"费用明细流水号({path})重复:同一就诊内必须唯一",
    )
