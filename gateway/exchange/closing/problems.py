"""Why a period cannot be closed now."""

from gateway.kernel.problem import Kind, Problem

PATH = "period"


def unknown_scheme(scheme: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "unknown-scheme",
        "scheme",
        f"the area has no scheme '{scheme[:30]}': name one it has a policy for, such as resident or worker",
        f"本统筹区没有险种“{scheme[:30]}”:请使用已有政策的险种,如 resident、worker",
    )


def bad_period(period: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-period",
        PATH,
        f"'{period[:20]}' is not a period: write a month as 2015-06 or a year as 2015",
        f"“{period[:20]}”不是会计期间:月份写作 2015-06,年度写作 2015",
    )


def not_ended(period: str) -> Problem:
    return Problem(
        Kind.RULE,
        "period-not-ended",
        PATH,
        f"{period} has not ended: close it after its last day",
        f"{period} 尚未结束:请在期末之后结账",
    )


def earlier_open(period: str, earlier: str) -> Problem:
    return Problem(
        Kind.RULE,
        "earlier-period-open",
        PATH,
        f"{earlier} is still open and comes before {period}: close {earlier} first",
        f"{earlier} 尚未结账,早于 {period}:请先结 {earlier}",
    )
