"""The search page: a list of every definition and code in the page itself, looked through by a few lines of script.

Nothing is fetched and nothing is evaluated: the policy allows this one script by its hash, and texts are set as text.
"""

import base64
import hashlib
from collections.abc import Iterator
from typing import Final

import msgspec

from gateway.guide.html import POLICY, both, link, page
from gateway.guide.model import Both, Guide, description_of, page_of, title_of
from gateway.guide.shared import concepts_of, words_of

_SCRIPT: Final = """
const entries = JSON.parse(document.getElementById("entries").textContent);
const list = document.getElementById("found");
const field = document.getElementById("asked");
function look(text) {
  const words = text.toLowerCase().split(/\\s+/).filter(Boolean);
  const found = words.length ? entries.filter(each => words.every(word => each[1].includes(word))) : [];
  document.getElementById("count").textContent = words.length ? String(found.length) : "";
  list.replaceChildren(...found.slice(0, 200).map(each => {
    const item = document.createElement("li");
    const place = document.createElement("a");
    place.href = each[0];
    place.textContent = each[2];
    item.append(place);
    return item;
  }));
}
field.value = new URLSearchParams(location.search).get("q") || "";
field.addEventListener("input", () => look(field.value));
look(field.value);
"""

_HASH: Final = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
SEARCH_POLICY: Final = f"{POLICY}; script-src 'sha256-{_HASH}'"
"""Content-Security-Policy of the search page."""


def search_page(guide: Guide) -> str:
    """The whole page: it works from its own text alone."""
    entries = msgspec.json.encode(list(entries_of(guide))).decode().replace("<", "\\u003c")
    all_of_them = both(Both("全部定义", "all definitions"))
    body = (
        '<p><input type="search" id="asked" aria-label="查询 search" autofocus> <span id="count"></span></p>\n'
        f"<noscript><p>{link('artifacts.html', all_of_them)}</p></noscript>\n"
        '<ul id="found"></ul>\n'
        f'<script type="application/json" id="entries">{entries}</script>\n<script>{_SCRIPT}</script>'
    )
    return page(Both("查询", "search"), body)


def entries_of(guide: Guide) -> Iterator[tuple[str, str, str]]:
    """Page, the lower-case text that is looked through, and what is shown: definitions, their codes, and examples."""
    for each in guide.resources:
        shown = " / ".join(filter(None, title_of(each)))
        codes: list[str] = []
        if each["resourceType"] == "CodeSystem":
            codes = [" ".join((concept["code"], *words_of(concept))) for _, concept in concepts_of(each)]
        text = " ".join((each["id"], shown, *description_of(each), *codes)).lower()
        yield page_of(each), text, f"{shown} ({each['resourceType']} {each['id']})"
    for example in guide.examples:
        name = f"{example.profile} {example.name}"
        yield example.page, name, f"示例 / example: {name}"
