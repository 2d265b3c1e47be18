"""What clearing refuses, each with what to do instead."""

from gateway.exchange.clearing.bodies import CareType, State
from gateway.kernel import money
from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind, Problem


def not_found(id: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "clearing-not-found",
        f"clearing/{id[:64]}",
        "there is no clearing with this id that you may see: GET /clearing lists those there are",
        "没有该清算,或无权查看:可用 GET /clearing 查询",
    )


def application_not_found(id: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "application-not-found",
        "application",
        f"there is no application '{id[:40]}' of yours: send the clr_appy_evt_id that was answered",
        f"没有清算申请“{id[:40]}”:请使用返回的清算申请事件ID",
    )


def bad_application(member: str, *, en: str, zh: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-clearing-application",
        member,
        f"write {member} as {en}",
        f"{member} 应为{zh}",
    )


def unknown_care(text: str) -> Problem:
    every = ", ".join(CareType)
    return bad_application("care-type", en=f"one of {every}, not '{text[:20]}'", zh=f"{every} 之一,不是“{text[:20]}”")


def scheme_needed(schemes: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "clearing-scheme",
        "scheme",
        f"name a scheme of this area: {schemes}",
        f"请写明本统筹区的险种:{schemes}",
    )


def unknown_institution(code: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "clearing-institution",
        "institution",
        f"'{code[:20]}' was never a designated institution of this area: send its code",
        f"“{code[:20]}”不是本地定点医药机构:请填写机构代码",
    )


def period_outside(month: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-clearing-period",
        "from",
        f"from and to lie in the month applied for ({month}), the first day not after the last",
        f"起止日期应在清算月份({month})内,且开始不晚于结束",
    )


def month_to_come(month: str) -> Problem:
    return Problem(
        Kind.RULE,
        "clearing-month-to-come",
        "month",
        f"{month} has not begun: apply when its care is settled",
        f"{month} 尚未开始:请在当月费用结算后申请",
    )


def application_exists(id: str) -> Problem:
    return Problem(
        Kind.CONFLICT,
        "application-exists",
        "application",
        f"application {id} of this month and care says other figures: revoke it before another is sent",
        f"本月该类别已有申请 {id},数据不同:请先撤销原申请",
    )


def reviewed(state: str) -> Problem:
    return Problem(
        Kind.RULE,
        "clearing-reviewed",
        "month",
        f"the clearing is {state} already: what changes now goes into the open month",
        f"该月清算已进入“{state}”:后续变更计入当前月份",
    )


def wrong_state(state: str, *, needed: str) -> Problem:
    return Problem(
        Kind.RULE,
        "clearing-state",
        "state",
        f"the clearing is {state}; this can be done while it is {needed}",
        f"清算状态为 {state},仅在 {needed} 时可办理",
    )


def not_applied() -> Problem:
    return Problem(
        Kind.RULE,
        "clearing-not-applied",
        "unapplied",
        "no matching application covers the month: wait for it, or say in `unapplied` why it is reviewed without",
        "尚无一致的清算申请:请等待机构申请,或在 unapplied 中说明无申请审核的理由",
    )


def bad_deduction(place: int, member: str, *, en: str, zh: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-deduction",
        f"deductions[{place}].{member}",
        f"write {member} as {en}",
        f"{member} 应为{zh}",
    )


def deduction_elsewhere(place: int, settlement: str) -> Problem:
    return Problem(
        Kind.RULE,
        "deduction-settlement",
        f"deductions[{place}].settlement",
        f"settlement '{settlement[:40]}' is not one in force of this institution and scheme: name one, or none",
        f"结算“{settlement[:40]}”不是该机构该险种的有效结算:请更正,或不填结算ID",
    )


def deduction_too_much(place: int, *, most: Fen) -> Problem:
    return Problem(
        Kind.RULE,
        "deduction-over-settlement",
        f"deductions[{place}].amount",
        f"of this settlement at most {money.text(most)} can still be deducted: its funds paid no more",
        f"该笔结算最多还可扣 {money.text(most)}:不得超过基金支付额",
    )


def clearing_changed() -> Problem:
    return Problem(
        Kind.CONFLICT,
        "clearing-changed",
        "digest",
        "the amounts are not those of this digest any more: read the clearing again and approve what it says now",
        "金额已变更,与所报摘要不符:请重新查看后再审批",
    )


def first_approval_void() -> Problem:
    return Problem(
        Kind.CONFLICT,
        "first-approval-void",
        "digest",
        "the amounts changed after the first approval, which is void: both approve what the clearing says now",
        "首次审批后金额已变更,首次审批失效:请两人按现有金额重新审批",
    )


def same_approver(name: str) -> Problem:
    return Problem(
        Kind.FORBIDDEN,
        "same-approver",
        "approval",
        f"{name} approved first: the second approval is another person's",
        f"{name} 已作首次审批:第二次审批须由另一人办理",
    )


def reviewer_approves(name: str) -> Problem:
    return Problem(
        Kind.FORBIDDEN,
        "reviewer-approves",
        "approval",
        f"{name} reviewed this clearing: the second approval is that of somebody who did not",
        f"{name} 为该清算的审核人:第二次审批不得由审核人办理",
    )


def nothing_to_pay(scheme: str) -> Problem:
    return Problem(
        Kind.RULE,
        "nothing-to-pay",
        "scheme",
        f"no approved clearing of {scheme} can be paid now: see the findings, or approve clearings first",
        f"险种 {scheme} 没有可拨付的已审批清算:请查看待办或先完成审批",
    )


def no_payment_terms(scheme: str) -> Problem:
    return Problem(
        Kind.RULE,
        "no-expenditure-account",
        "scheme",
        f"no expenditure account of {scheme} is configured: name it in the payment file of the policy",
        f"险种 {scheme} 未配置支出户:请在政策的支付文件中填写",
    )


def bad_batch(text: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-batch",
        "batch",
        f"'{text[:20]}' is not a batch: write a number from 1 to 99",
        f"“{text[:20]}”不是批次号:应为 1 至 99 的数字",
    )


def bad_reason(member: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "clearing-reason",
        member,
        f"say in {member} why, in at most 200 characters",
        f"请在 {member} 中说明原因,不超过 200 字",
    )


def bad_body(reason: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-clearing-body",
        "",
        f"the body is not what this address takes ({reason[:120]}): see docs/clearing.md",
        f"内容不符合接口要求({reason[:120]}):见 docs/clearing.md",
    )


def bad_filter(member: str, text: str) -> Problem:
    states = ", ".join(State)
    return Problem(
        Kind.INVALID,
        "bad-clearing-filter",
        member,
        f"'{text[:20]}' does not filter by {member}: period is a month such as 2015-06, state one of {states}",
        f"“{text[:20]}”不能作为 {member} 条件:period 形如 2015-06,state 为 {states} 之一",
    )
