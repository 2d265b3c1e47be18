"""What can be wrong with a profile, found while its snapshot is made. `path` is url#element-id."""

from gateway.kernel.problem import Kind, Problem


def base_missing(url: str, base: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "profile-base-missing",
        url,
        f"its base {base[:200] or '(none)'} is not in any loaded package: load the package that has it",
        f"已加载的包中没有其基础定义 {base[:200] or '(未给出)'}:请加载含该定义的包",
    )


def cycle(url: str, through: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "profile-cycle",
        url,
        f"it is built on itself, through {through[:200]}: take one of the references out",
        f"该定义经由 {through[:200]} 依赖自身:请去掉其中一个引用",
    )


def element_unknown(path: str, step: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "profile-element-unknown",
        path,
        f"its base has no element {step[:80]!r} here: constrain an element that the base has",
        f"基础定义在此处没有元素 {step[:80]!r}:请约束已有元素",
    )


def not_walkable(path: str, types: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "profile-type-unknown",
        path,
        f"the definition of {types[:120] or 'its type'} is not loaded, so nothing below it can be constrained: load it",
        f"未加载 {types[:120] or '其类型'} 的定义,无法约束其下级元素:请加载该定义",
    )


def unsliced(path: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "profile-not-sliced",
        path,
        "a slice of an element that is not sliced: say slicing with its discriminators on the element first",
        "所切片的元素没有 slicing:请先在该元素上给出 slicing 及判别项",
    )


def too_large(url: str, most: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "profile-too-large",
        url,
        f"its snapshot has more than {most} elements, or lies too deep: split the profile",
        f"展开后超过 {most} 个元素或层次过深:请拆分该定义",
    )


def min_loosened(path: str, *, base: int, derived: int) -> Problem:
    return Problem(
        Kind.INVALID,
        "profile-min-loosened",
        path,
        f"min {derived} is under the {base} of its base: say {base} or more",
        f"最小次数 {derived} 低于基础定义的 {base}:应不小于 {base}",
    )


def max_loosened(path: str, *, base: str, derived: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "profile-max-loosened",
        path,
        f"max {derived} is over the {base} of its base: say {base} or less",
        f"最大次数 {derived} 高于基础定义的 {base}:应不大于 {base}",
    )


def min_over_max(path: str, *, least: int, most: int) -> Problem:
    return Problem(
        Kind.INVALID,
        "profile-min-over-max",
        path,
        f"min {least} is over max {most}: nothing can satisfy both",
        f"最小次数 {least} 大于最大次数 {most}:无法同时满足",
    )


def type_loosened(path: str, *, base: str, derived: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "profile-type-loosened",
        path,
        f"{derived[:160]} is not among what its base allows ({base[:160]}): take one of these or a profile of it",
        f"{derived[:160]} 不在基础定义允许的范围({base[:160]})内:请改用其中之一或其约束",
    )


def binding_loosened(path: str, *, base: str, derived: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "profile-binding-loosened",
        path,
        f"binding strength {derived[:20]!r} is weaker than the {base!r} of its base: keep it or make it stronger",
        f"绑定强度 {derived[:20]!r} 弱于基础定义的 {base!r}:应保持或加强",
    )


def value_loosened(path: str, facet: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "profile-value-loosened",
        path,
        f"{facet} is not within what its base fixes: keep the value of the base, or narrow it",
        f"{facet} 超出基础定义限定的取值:应保持或收窄",
    )


def slicing_loosened(path: str, what: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "profile-slicing-loosened",
        path,
        f"{what} of the slicing is looser than in its base: keep what the base says, or tighten it",
        f"切片的 {what} 比基础定义宽松:应保持或收紧",
    )


def flag_loosened(path: str, flag: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "profile-flag-loosened",
        path,
        f"{flag} is true in its base and cannot be taken back: leave it out",
        f"基础定义中 {flag} 为 true,不能取消:请删去",
    )
