"""`gateway terminology`: load official catalogues into the store, and list the code systems."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from gateway.cli.output import FAILED, console, errors, print_json, print_problems, progress, table, usable
from gateway.fhir.systems import cs, expand
from gateway.kernel.calendar import business_day
from gateway.kernel.problem import Refusal
from gateway.store.concepts import LoadState
from gateway.system import Settings, clock_of, open_store_of
from gateway.terminology.concept import ZH
from gateway.terminology.load import Report, load
from gateway.terminology.loaded import Header
from gateway.terminology.read_data import shipped_systems
from gateway.terminology.read_file import ROLES, open_table
from gateway.terminology.system import CodeSystem

app = typer.Typer(help="Code systems 术语: load official files, list what there is.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("load")
def load_(
    file: Annotated[Path, typer.Argument(help="CSV or TSV with a header, UTF-8 or GB 18030.")],
    system: Annotated[str, typer.Option("--system", help="drug, cs:drug or the whole url of a code system.")],
    version: Annotated[str, typer.Option("--version", help="Version of the file; today's date if left out.")] = "",
    columns: Annotated[str, typer.Option("--columns", help="code=药品代码,display=注册名称,en=…,parent=…")] = "",
    encoding: Annotated[str, typer.Option("--encoding", help="utf-8 or gb18030, where the file does not tell.")] = "",
    title: Annotated[str, typer.Option("--title", help="Title of a system that does not ship.")] = "",
    language: Annotated[str, typer.Option("--language", help="Language of the displays.")] = ZH,
    fragment: Annotated[bool, typer.Option("--fragment", help="The file is a part of the system.")] = False,
    json: Json = False,
) -> None:
    """Load a file as a version of a code system; it applies from one moment on, the version before stays.

    Nothing is kept of a file with a broken row. An interrupted load is taken up by the same command. A serving gateway
    on PostgreSQL takes the version over within seconds; one on SQLite must be stopped for the load.
    Ends 0, 1 when the file cannot be loaded, 2 when the database cannot be opened.
    """
    url = cs(system) if ":" not in system else expand(system)
    shipped = next((each for each in shipped_systems() if each.url == url), None)
    named = version or business_day(datetime.now(UTC)).isoformat()
    settings = Settings()
    try:
        read = open_table(file, columns=_columns(columns), encoding=encoding, language=language)
        header = Header(
            id=shipped.id if shipped else url.rpartition("/")[2][:64] or "loaded",
            title=title,
            language=language,
            content="fragment" if fragment else "complete",
            properties=read.properties,
            source=file.name,
        )
    except Refusal as refusal:
        print_problems(refusal.problems)
        raise typer.Exit(FAILED) from None
    with usable():
        store = open_store_of(settings, clock=clock_of(settings), read_only=False)
    try:
        with progress(quiet=json) as told:
            form = shipped.structure if shipped else None
            report = load(
                store.concepts, read, url, named, header, form=form, told=lambda done: told("概念 concepts", done, done)
            )
    except Refusal as refusal:
        print_problems(refusal.problems)
        raise typer.Exit(FAILED) from None
    finally:
        store.close()
    _tell(url, named, read.encoding, report, json=json)


@app.command("list")
def list_(json: Json = False) -> None:
    """List every code system: shipped and loaded versions, how many codes, which applies. Ends 0, or 2."""
    settings = Settings()
    rows = [_shipped(each) for each in shipped_systems()]
    with usable():
        store = open_store_of(settings, clock=clock_of(settings), read_only=True)
    try:
        rows += [
            {"url": each.url, "version": each.version, "state": str(each.state), "concepts": each.concepts}
            for each in store.concepts.versions()
        ]
    finally:
        store.close()
    rows.sort(key=lambda row: (row["url"], row["state"] != LoadState.CURRENT, row["version"]))
    if json:
        print_json(rows)
        return
    listed = table("system", "version", "state", "concepts", numbers=("concepts",))
    for row in rows:
        listed.add_row(*(escape(str(value)) for value in row.values()))
    console.print(listed)


def _columns(text: str) -> dict[str, str]:
    """'role=name,…'."""
    found = dict(part.strip().partition("=")[::2] for part in text.split(",") if part.strip())
    unknown = [role for role in found if role not in ROLES]
    if unknown:
        raise typer.BadParameter(f"no role {', '.join(unknown)}: {', '.join(ROLES)}", param_hint="--columns")
    return found


def _shipped(each: CodeSystem) -> dict[str, Any]:
    state = "structure" if each.structure is not None and not len(each.concepts) else "shipped"
    return {"url": each.url, "version": each.version, "state": state, "concepts": len(each.concepts)}


def _tell(url: str, version: str, encoding: str, report: Report, *, json: bool) -> None:
    if json:
        print_json({"system": url, "version": version, "encoding": encoding, **report._asdict()})
        return
    said = "已加载过 / was loaded already" if report.repeated else "已生效 / applies now"
    console.print(f"{escape(url)}|{escape(version)} {said}", highlight=False)
    console.print(f"概念 concepts {report.concepts}, 停用 inactive {report.inactive}, {encoding}", highlight=False)
    if report.resumed:
        console.print(f"续传 taken up behind {report.resumed} chunks", highlight=False)
    if report.odd:
        shown = ", ".join(report.examples)
        errors.print(f"结构不符 built otherwise than the structure says: {report.odd} ({shown})", markup=False)
