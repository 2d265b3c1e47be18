"""Problems that several checks of this feed raise, so that one code always has one text."""

from gateway.kernel.problem import Kind, Problem


def missing_field(path: str) -> Problem:
    """A field that must be valued and is not; `path` such as 'PSL[2].16'."""
    return Problem(
        Kind.INVALID,
        "missing-field",
        path,
        f"{path} is required: send a value",
        f"{path} 为必填项:请填写",
    )


def missing_segment(name: str, path: str) -> Problem:
    """A segment the structure asks for; `path` names the occurrence it would have been."""
    return Problem(
        Kind.INVALID,
        "missing-segment",
        path,
        f"segment {name} is required here: send it in its place in the message",
        f"此处缺少必需的 {name} 段:请按报文结构补齐",
    )
