"""What the store can answer when it cannot do what was asked."""

from datetime import date

from gateway.kernel.problem import Kind, Problem, Refusal


def unavailable() -> Problem:
    return Problem(
        Kind.UNAVAILABLE,
        "store-unavailable",
        "",
        "nothing can be stored now: send the same message again later, with the same id",
        "暂时无法存储:请稍后用相同的报文标识重发",
    )


def busy() -> Problem:
    return Problem(
        Kind.UNAVAILABLE,
        "store-busy",
        "",
        "other work on the same records was in the way each time: send the same message again, with the same id",
        "相关记录正被其他业务占用:请用相同的报文标识重发",
    )


def locked(place: str) -> Problem:
    return Problem(
        Kind.UNAVAILABLE,
        "store-locked",
        place,
        "another process writes this database: stop it, send the work to it, or open read-only",
        "另一进程正在写入该数据库:请先停止它、改由它处理,或以只读方式打开",
    )


def read_only() -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "store-read-only",
        "",
        "this process opened the database read-only: send the change to the process that serves",
        "本进程以只读方式打开数据库:请把变更发给提供服务的进程",
    )


def version_conflict(type: str, id: str, *, expected: int, found: int) -> Problem:
    return Problem(
        Kind.CONFLICT,
        "version-conflict",
        f"{type}/{id}",
        f"version {expected} was expected but version {found} is stored: read it again and repeat the change on it",
        f"期望版本 {expected},现存版本 {found}:请重新读取后再提交修改",
    )


def dossier_conflict(path: str, *, expected: int, found: int) -> Problem:
    return Problem(
        Kind.CONFLICT,
        "version-conflict",
        path,
        f"version {expected} was expected but version {found} is stored: read it again and repeat the act on it",
        f"期望版本 {expected},现存版本 {found}:请重新读取后再办理",
    )


def period_closed(scheme: str, day: date, *, until: date) -> Problem:
    return Problem(
        Kind.RULE,
        "period-closed",
        scheme,
        f"{day} is in a closed period of these books: book it after {until}",
        f"{day} 所属期间已结账:请记入 {until} 之后的日期",
    )


def unstorable_text(place: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "unstorable-text",
        place,
        "an id, code or name holds a NUL or separator character or half of a surrogate pair: send it without",
        "标识、代码或名称含有空字符、分隔控制字符或不成对的代理字符:请去除后重发",
    )


def index_key_changed() -> Problem:
    return Problem(
        Kind.FAULT,
        "index-key-changed",
        "",
        "the index key is not the one this database was made with: start with the first one, lookups depend on it",
        "索引密钥与建库时不同:请使用原索引密钥启动,检索依赖于它",
    )


def migrations_behind(found: str, expected: str) -> Problem:
    return Problem(
        Kind.UNAVAILABLE,
        "migrations-behind",
        found,
        f"the database is at schema {found or 'none'}, this version needs {expected}: start it once for writing",
        f"数据库结构版本为 {found or '无'},本版本需要 {expected}:请以写入方式启动一次以完成升级",
    )


def unsafe_setting(name: str, *, found: str, needed: str) -> Problem:
    return Problem(
        Kind.UNAVAILABLE,
        "unsafe-setting",
        name,
        f"{name} is {found}: acknowledged settlements could be lost at a power cut; set it to {needed}",
        f"{name} 当前为 {found}:断电可能丢失已确认的结算;请设为 {needed}",
    )


def unreadable_url(url: str) -> Problem:
    scheme = url.partition(":")[0][:20]
    return Problem(
        Kind.INVALID,
        "store-url",
        "",
        f"'{scheme}' is not a kind of database we store in: give sqlite:////path/file.db or postgresql://…",
        f"不支持的数据库类型“{scheme}”:请使用 sqlite:////路径/文件.db 或 postgresql://…",
    )


def check_text(place: str, *texts: str) -> None:
    """Refusal `unstorable-text` for what one of the databases cannot store in a text column."""
    for text in texts:
        if "\0" in text or not (text.isascii() or _is_encodable(text)):
            raise Refusal(unstorable_text(place))


def check_line(place: str, *texts: str) -> None:
    """The same for a text of the two books, whose lines are joined by the control characters U+001E and U+001F."""
    check_text(place, *texts)
    for text in texts:
        if "\x1e" in text or "\x1f" in text:
            raise Refusal(unstorable_text(place))


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
