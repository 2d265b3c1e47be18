"""What reconciliation refuses, each with what to send instead. Codes: docs/errors/reconciliation.md."""

from datetime import date

from gateway.kernel.problem import Kind, Problem


def no_lines() -> Problem:
    return Problem(
        Kind.INVALID,
        "no-lines-stated",
        "",
        "the details hold no line that can be read: send one line for each settlement and refund",
        "明细中没有可读取的行:每笔结算、退费各占一行",
    )


def too_many_lines(most: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "too-many-lines",
        "",
        f"the details hold over {most} lines: compare a shorter window",
        f"明细超过{most}行:请缩短对账时段",
    )


def bad_columns(number: int, *, got: int, wanted: int) -> Problem:
    return Problem(
        Kind.INVALID,
        "line-columns",
        f"line {number}",
        f"the line has {got} columns: send {wanted} (settlement, visit, person, total, fund, account, refund)",
        f"该行有{got}列:应为{wanted}列(结算ID、就诊ID、人员编号、费用总额、基金支付、个账支付、退费标志)",
    )


def bad_cell(number: int, name: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "line-value",
        f"line {number}.{name}",
        f"{name} cannot be read: ids have at most 64 characters, amounts two decimals, refund is 0 or 1",
        f"该行{name}无法读取:编号最多64个字符,金额两位小数,退费标志为0或1",
    )


def repeated_line(number: int, settlement: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "line-repeated-in-file",
        f"line {number}",
        f"settlement '{settlement[:30]}' stands there before: list each settlement once, and each refund once",
        f"结算“{settlement[:30]}”重复:每笔结算、每笔退费只列一次",
    )


def unknown_scheme(scheme: str, offered: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "scheme-not-offered",
        "scheme",
        f"scheme '{scheme[:20]}' is not one of this area's: send one of {offered}",
        f"险种“{scheme[:20]}”不属于本地区:可用 {offered}",
    )


def other_agency(stated: str, own: str) -> Problem:
    return Problem(
        Kind.RULE,
        "other-agency",
        "agency",
        f"{stated[:10]} is not settled here: compare with that agency, here send {own}",
        f"结算经办机构{stated[:10]}不在此处对账:本机构为{own}",
    )


def unknown_care(care: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "care-not-offered",
        "care",
        f"'{care[:20]}' is not a sort of care: send outpatient, inpatient, pharmacy or all",
        f"“{care[:20]}”不是清算类别:可用 outpatient、inpatient、pharmacy、all",
    )


def bad_refunds(text: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-refund-flag",
        "refunds",
        f"'{text[:10]}' is not a refund flag: leave it out for the net, send 0 for settlements, 1 for refunds",
        f"退费标志“{text[:10]}”无效:不填为净额,0为正常结算,1为退费",
    )


def bad_window(days: int) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-window",
        "from",
        f"the days are not in order, or over {days} days: send the first and the last day of a shorter time",
        f"起止日期颠倒或超过{days}天:请缩短对账时段",
    )


def bad_day(path: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-day",
        path,
        f"{path} is not a day that exists: send it like 2015-06-30",
        f"{path}不是有效日期:格式如 2015-06-30",
    )


def bad_figure(name: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-figure",
        name,
        f"{name} is missing or no figure: send cases as a whole number, amounts in yuan with two decimals",
        f"{name}缺失或格式不符:笔数为整数,金额为元、两位小数",
    )


def file_sums(name: str) -> Problem:
    return Problem(
        Kind.RULE,
        "file-sums",
        name,
        f"the file's lines do not add up to the {name} stated: upload the right file, or state what it holds",
        f"文件明细合计与所报{name}不符:请上传正确的文件或更正合计",
    )


def no_file(id: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "no-such-file",
        "file",
        f"there is no file '{id[:30]}' of the sender's: upload it first and send the number that was answered",
        f"没有文件“{id[:30]}”:请先上传,并使用返回的文件查询号",
    )


def file_expired(id: str) -> Problem:
    return Problem(
        Kind.RULE,
        "file-expired",
        "file",
        f"file '{id[:30]}' was kept until its time for fetching was over: ask for it to be made again",
        f"文件“{id[:30]}”已过下载截止时间:请重新生成",
    )


def day_to_come(day: date) -> Problem:
    return Problem(
        Kind.RULE,
        "day-to-come",
        "day",
        f"{day} is not over yet or still to come: match a day up to today",
        f"{day}尚未到来:只能核对今天及以前的日期",
    )


def day_not_matched(scheme: str, day: str) -> Problem:
    return Problem(
        Kind.RULE,
        "day-not-matched",
        "day",
        f"{day} of {scheme} was not matched yet: match it first",
        f"{scheme} {day}尚未核对:请先核对当日",
    )


def day_signed(scheme: str, day: str) -> Problem:
    return Problem(
        Kind.RULE,
        "day-signed",
        "day",
        f"{day} of {scheme} is signed off: what comes now belongs to an open day",
        f"{scheme} {day}已签结:请在未结账的日期办理",
    )


def findings_open(count: int, day: str) -> Problem:
    return Problem(
        Kind.RULE,
        "findings-open",
        "day",
        f"{count} findings of {day} are open: resolve each, or carry it over with a reason",
        f"{day}尚有{count}项差异未处理:请逐项处理或注明原因后结转",
    )


def earlier_day_open(day: str) -> Problem:
    return Problem(
        Kind.RULE,
        "earlier-day-open",
        "day",
        f"{day} was matched and not signed off: sign days off in their order",
        f"{day}已核对未签结:请按日期顺序签结",
    )


def no_finding(id: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "no-such-finding",
        "finding",
        f"there is no finding '{id[:30]}': take its id from the worklist",
        f"没有差异“{id[:30]}”:请使用差异清单中的编号",
    )


def unknown_action(action: str, offered: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "unknown-action",
        "action",
        f"'{action[:20]}' is not an action: send one of {offered}",
        f"“{action[:20]}”不是可用的处理方式:可用 {offered}",
    )


def not_for_finding(action: str, what: str, state: str) -> Problem:
    return Problem(
        Kind.RULE,
        "action-not-for-finding",
        "action",
        f"{action[:20]} is not for a finding {what} in state {state}: see the table of actions",
        f"差异类别{what}、状态{state}不能作{action[:20]}处理:请见处理方式表",
    )


def why_missing() -> Problem:
    return Problem(
        Kind.INVALID, "why-missing", "why", "say why: every act on a finding gives its reason", "请填写处理原因"
    )


def why_too_long(most: int) -> Problem:
    return Problem(
        Kind.INVALID, "why-too-long", "why", f"the reason has at most {most} characters", f"原因最多{most}个字符"
    )


def reference_missing() -> Problem:
    return Problem(
        Kind.INVALID,
        "reference-missing",
        "reference",
        "name what corrected it: the id of the settlement, cancellation or event",
        "请填写更正所依据的结算、撤销或业务编号",
    )


def same_person() -> Problem:
    return Problem(
        Kind.RULE,
        "same-person",
        "action",
        "who asked for a write-off may not approve it: another person must",
        "核销申请人不得自行批准:须由另一人批准",
    )


def not_a_receipt() -> Problem:
    return Problem(
        Kind.RULE,
        "not-a-receipt",
        "action",
        "only a credit of the income account can be booked from here: book others as an event of the fund",
        "此处只能补记收入户的贷方款项:其他款项请作为基金业务入账",
    )


def told_meanwhile(reference: str) -> Problem:
    return Problem(
        Kind.CONFLICT,
        "told-meanwhile",
        "finding",
        f"the bank's notification of '{reference[:35]}' has come meanwhile: match the day again",
        f"银行已补报“{reference[:35]}”:请重新核对当日",
    )


def unreadable_csv(columns: str) -> Problem:
    return Problem(
        Kind.MALFORMED,
        "details-unreadable",
        "",
        f"the details are no CSV in UTF-8 with a head line of these columns: {columns}",
        f"明细应为UTF-8编码的CSV,首行为列名:{columns}",
    )
