"""Reads request bodies no further than they may go."""

from starlette.requests import ClientDisconnect, Request

from gateway.kernel.problem import Kind, Problem, Refusal


async def read_body(request: Request, *, most: int) -> bytes:
    """The body, or Refusal body-too-large as soon as it is more than `most` bytes."""
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > most:
                raise Refusal(_too_large(most))
            chunks.append(chunk)
    except ClientDisconnect:
        raise Refusal(_cut_off()) from None
    return b"".join(chunks)


def _too_large(most: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "body-too-large",
        "",
        f"a request has at most {most} bytes: split the content over several requests",
        f"请求内容最多 {most} 字节:请拆分后发送",
    )


def _cut_off() -> Problem:
    return Problem(
        Kind.MALFORMED,
        "body-cut-off",
        "",
        "the connection ended before the whole body arrived: send it again",
        "连接在内容传完前中断:请重新发送",
    )
