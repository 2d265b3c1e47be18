"""The pages: one for each definition, links that lead somewhere, both languages, nothing that runs or is fetched."""

import io
import re
import tarfile
from html import unescape
from pathlib import Path

import pytest

from gateway.definitions.loader import load_library
from gateway.definitions.sources import Sources
from gateway.guide.html import both, table
from gateway.guide.load import load_guide
from gateway.guide.model import Both, is_chinese, page_of, split, title_of
from gateway.guide.search import entries_of
from gateway.guide.site import Site, site_of
from gateway.kernel.problem import Refusal
from tests.unit.guide.guides import guide


@pytest.fixture(scope="module")
def site() -> Site:
    return site_of(guide())


def text(site: Site, name: str) -> str:
    found = site.file(name)
    assert found is not None, name
    return found.content.decode()


def test_every_definition_has_a_page_with_its_title_in_both_languages(site: Site) -> None:
    for each in guide().resources:
        page = text(site, page_of(each))
        assert is_chinese(page.partition("<main>")[2]), each["id"]
        assert all(part in unescape(page) for part in title_of(each)), each["id"]


def test_every_link_of_every_page_leads_to_a_file(site: Site) -> None:
    broken = {
        (name, target)
        for name in site.makers
        if name.endswith(".html")
        for target in re.findall(r'(?:href|src|action)="([^"#]*)', text(site, name))
        if target and not target.startswith("data:") and target not in site.makers
    }

    assert broken == set()


def test_every_anchor_is_there(site: Site) -> None:
    anchors = set(re.findall(r'href="artifacts.html#([^"]+)"', text(site, "index.html")))

    assert anchors == set(re.findall(r'<div id="([^"]+)">', text(site, "artifacts.html")))


def test_pages_run_nothing_and_fetch_nothing(site: Site) -> None:
    for name in site.makers:
        if name.endswith(".html"):
            found = site.file(name)
            assert found is not None
            scripts = re.findall(r"<script>", found.content.decode())
            assert len(scripts) == (1 if name == "search.html" else 0), name
            assert "default-src 'none'" in found.policy
            assert ("script-src" in found.policy) == (name == "search.html")


def test_a_profile_page_shows_bindings_rules_and_examples(site: Site) -> None:
    page = text(site, "StructureDefinition-cn-claim.html")

    for part in ("ValueSet-claim-kind.html", "cn-claim-total", "总额等于各明细金额之和", "required"):
        assert part in page
    assert "example-cn-claim-total-is-not-the-sum.html" in page
    assert "invariant-broken Claim" in page
    assert "outpatient-bill" in page


def test_a_map_page_names_both_sides(site: Site) -> None:
    page = text(site, "ConceptMap-nhsa-insutype.html")

    assert "城乡居民基本医疗保险" in page
    assert "CodeSystem-nhsa-insutype.html" in page
    assert "CodeSystem-scheme.html" in page


def test_the_search_finds_profiles_codes_and_examples_by_either_language() -> None:
    entries = list(entries_of(guide()))

    def pages(*words: str) -> set[str]:
        return {page for page, looked, _ in entries if all(word in looked for word in words)}

    assert "StructureDefinition-cn-claim-response.html" in pages("结算结果")
    assert "CodeSystem-gb-3304.html" in pages("gb-3304")
    assert "CodeSystem-claim-kind.html" in pages("门诊慢特病")
    assert "example-cn-coverage-cover-of-a-year.html" in pages("cover-of-a-year")


def test_the_package_is_read_by_the_validator(site: Site, tmp_path: Path) -> None:
    found = site.file("package.tgz")
    assert found is not None
    archive = tmp_path / "package.tgz"
    archive.write_bytes(found.content)

    loaded = load_library([archive], Sources())

    assert loaded.asked == ("cn.gateway.medical-insurance#0.1.0",)
    assert loaded.notes == ()
    with tarfile.open(fileobj=io.BytesIO(found.content)) as opened:
        names = opened.getnames()
    assert names[0] == "package/package.json"
    assert sum(name.startswith("package/example/") for name in names) == sum(each.valid for each in guide().examples)
    assert site_of(guide()).file("package.tgz") == found


def test_what_is_no_file_of_the_guide_is_none(site: Site) -> None:
    assert [site.file(name) for name in ("", "../package.json", "Patient.html", "index.html/")] == [None] * 4


def test_texts_are_escaped_and_split_where_both_languages_stand() -> None:
    assert both(Both("<b>", "&")) == "<span class=zh>&lt;b&gt;</span> <span class=en lang=en>&amp;</span>"
    assert split("总费用 / the total") == Both("总费用", "the total")
    assert split("read / write") == Both("", "read / write")
    assert split("总费用") == Both("总费用", "")
    assert table((Both("一", "one"),), []) == ""


def test_a_folder_without_a_guide_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        load_guide(tmp_path)

    assert [problem.code for problem in refused.value.problems] == ["no-guide"]
