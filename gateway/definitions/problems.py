"""The problems of packages, each with what to do about it in English and Chinese."""

from gateway.kernel.problem import Kind, Problem


def package_not_found(path: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "package-not-found",
        path,
        "there is no FHIR package: name a .tgz file, a folder with package.json, or name#version of a known package",
        "找不到 FHIR 包:请给出 .tgz 文件、含 package.json 的目录,或已有包的 name#version",
    )


def unreadable(path: str, reason: str) -> Problem:
    return Problem(
        Kind.MALFORMED,
        "package-unreadable",
        path,
        f"the package cannot be read ({reason[:120]}): send a complete gzip-compressed tar file of the npm layout",
        f"无法读取该包({reason[:120]}):请提供完整的 npm 结构 .tgz 文件",
    )


def unsafe(path: str, name: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "package-unsafe",
        path,
        f"the archive holds {name[:80]!r}, which leads outside of it or is no plain file: pack plain files alone",
        f"压缩包内的 {name[:80]!r} 指向包外或不是普通文件:请只打包普通文件",
    )


def too_large(path: str, what: str) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "package-too-large",
        path,
        f"the package is over the limit of {what}: split it, or leave out what is no definition",
        f"该包超过上限({what}):请拆分,或去掉与定义无关的文件",
    )


def no_package_json(path: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "no-package-json",
        path,
        "the package has no package/package.json: add the manifest with name, version and dependencies",
        "包内没有 package/package.json:请补充含名称、版本、依赖的清单",
    )


def bad_package_json(path: str, reason: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-package-json",
        path,
        f"package.json cannot be used ({reason[:120]}): it is an object with name, version and dependencies by name",
        f"package.json 无法使用({reason[:120]}):应为含 name、version、dependencies 的对象",
    )


def not_r4(path: str, versions: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "package-not-r4",
        path,
        f"the package is for FHIR {versions[:40]}: send one for FHIR R4 (4.0.1)",
        f"该包面向 FHIR {versions[:40]}:请提供 FHIR R4(4.0.1)的包",
    )


def bad_definition(path: str, reason: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-definition",
        path,
        f"the definition is left out ({reason[:160]}): correct the file in the package",
        f"该定义未采用({reason[:160]}):请更正包内文件",
    )


def missing_dependency(wanted_by: str, name: str, version: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "missing-dependency",
        wanted_by,
        f"{name}#{version} is not there: what it defines is unknown; put the package into the package folder",
        f"缺少依赖包 {name}#{version}:其中的定义未知,请放入包目录",
    )


def other_version(wanted_by: str, name: str, *, wanted: str, taken: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "dependency-other-version",
        wanted_by,
        f"{name}#{wanted} is not there, {taken} is taken instead: put the wanted one into the package folder",
        f"缺少 {name}#{wanted},已改用 {taken}:请将所需版本放入包目录",
    )


def registry_unavailable(url: str, reason: str) -> Problem:
    return Problem(
        Kind.UNAVAILABLE,
        "registry-unavailable",
        url,
        f"the package registry does not answer ({reason[:120]}): try later, or give the package as a file",
        f"包注册中心无响应({reason[:120]}):请稍后重试,或直接提供包文件",
    )


def base_table_damaged(path: str) -> Problem:
    return Problem(
        Kind.FAULT,
        "base-table-damaged",
        path,
        "the table of base definitions that ships with the product cannot be read: install the product again",
        "随产品提供的基础定义表无法读取:请重新安装",
    )
