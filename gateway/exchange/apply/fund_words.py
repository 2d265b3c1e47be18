"""What is wrong with a report of money: its problems, in one place."""

from collections.abc import Iterable

from gateway.kernel.problem import Kind, Problem


def malformed_report(path: str, wanted: str, wanted_zh: str) -> Problem:
    return Problem(Kind.INVALID, "bad-fund-report", path, f"send {wanted}", f"请提供{wanted_zh}")


def unknown_event(name: str, known: Iterable[str]) -> Problem:
    listed = ", ".join(sorted(known))
    return Problem(
        Kind.INVALID,
        "unknown-fund-event",
        "event",
        f"'{name[:40]}' is no event of the fund: send one of {listed}",
        f"没有“{name[:40]}”这一事项:应为 {listed} 之一",
    )


def unknown_scheme(name: str, known: Iterable[str]) -> Problem:
    listed = ", ".join(sorted(known))
    return Problem(
        Kind.INVALID,
        "unknown-scheme",
        "scheme",
        f"this area keeps no books of scheme '{name[:40]}': send one of {listed}",
        f"本统筹区没有“{name[:40]}”险种的账套:应为 {listed} 之一",
    )


def unknown_fund(path: str, name: str, known: Iterable[str]) -> Problem:
    listed = ", ".join(sorted(known))
    return Problem(
        Kind.INVALID,
        "unknown-fund",
        path,
        f"the scheme has no fund '{name[:40]}' for this event: send one of {listed}",
        f"该险种没有可用于此事项的基金“{name[:40]}”:应为 {listed} 之一",
    )


def account_not_kept(account: str, zh: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "account-not-kept",
        "event",
        f"the books of this scheme have no account {account}: add it to fund.yaml, or send an event of this scheme",
        f"该险种账套未设“{zh}”科目:请在 fund.yaml 中增设,或选择适用的事项",
    )


def bad_party(path: str, wanted: str, wanted_zh: str) -> Problem:
    return Problem(Kind.INVALID, "bad-fund-party", path, f"send {wanted}", f"应为{wanted_zh}")


def no_terms(terms: str, fund: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "no-fund-terms",
        "event",
        f"the policy has no terms '{terms}' for fund {fund} on this day: add them to fund.yaml with their source, or "
        f"report another event",
        f"政策当日对基金 {fund} 没有“{terms}”的规定:请在 fund.yaml 中补充并注明出处,或改报其他事项",
    )


def account_short(held: str, asked: str) -> Problem:
    return Problem(
        Kind.CONFLICT,
        "account-short",
        "amount",
        f"the personal account holds {held}, {asked} are to leave it: send no more than it holds",
        f"个人账户余额为 {held},本次支出 {asked}:金额不得超过余额",
    )


def reference_reused(reference: str) -> Problem:
    return Problem(
        Kind.CONFLICT,
        "reference-reused",
        "reference",
        f"'{reference}' was booked before with other content: send new business under a reference of its own",
        f"凭证号“{reference}”此前已以不同内容记账:新业务请使用新的凭证号",
    )


def beyond_levy(owed: str, asked: str) -> Problem:
    return Problem(
        Kind.CONFLICT,
        "beyond-levy",
        "amount",
        f"the person owes {owed} of this year's levy, {asked} are to pay it: send at most that, the rest stays held",
        f"该人员当年应缴尚欠 {owed},本次核销 {asked}:金额不得超过应缴,其余继续暂存",
    )


def roster_missing(key: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "roster-missing",
        "roster",
        f"the levy {key} is not there yet: send the roster of the quarter with its first report",
        f"{key} 尚未核定:请在首次申报时提供本季度名单",
    )


def roster_fixed(key: str) -> Problem:
    return Problem(
        Kind.CONFLICT,
        "roster-fixed",
        "roster",
        f"the levy {key} was made from the roster that came first: send payments without a roster",
        f"{key} 已按首次名单核定:后续缴款请勿再附名单",
    )


def born_unknown(path: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "roster-birth-unknown",
        path,
        "the register has no birth date of this person, which decides the account's share: complete the register first",
        "登记库中该人员无出生日期,无法确定划入比例:请先补全登记信息",
    )
