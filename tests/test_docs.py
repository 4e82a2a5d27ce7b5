"""Documents: pages that are made are as they are made now, links lead somewhere, and every page is found."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from support import ROOT, Command
from test_repository import repository_files

from variorum.cli import commands_page, docs
from variorum.corpus import Corpus
from variorum.schema_page import markdown as schema_page

DOCS = ROOT / "docs"
MARKDOWN = MarkdownIt("commonmark").enable("table")
SCHEMES = {"https", "http", "mailto"}


# --- pages that are made -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(docs.PAGES))
def test_pages_are_up_to_date(name: str, corpus: Corpus) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == docs.PAGES[name](corpus), "run `variorum docs`"


def test_every_option_of_every_command_is_on_the_page(variorum: Command) -> None:
    page = commands_page.markdown()
    assert page.count("\n## variorum ") > 25 and "## variorum studio push\n" in page
    helped = variorum("score", "--help").stdout
    section = page.partition("## variorum score\n")[2].partition("\n## ")[0]
    options = set(re.findall(r"--[a-z-]+", helped)) - {"--help"}
    assert len(options) > 10 and options <= set(re.findall(r"--[a-z-]+", section))


def test_every_file_and_field_of_the_schema_is_on_the_page(corpus: Corpus) -> None:
    page = (DOCS / "schema.md").read_text(encoding="utf-8")
    for path in (ROOT / "schema").iterdir():
        assert f"\n## {path.name}\n" in page
    for name, document in corpus.schema.documents.items():
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert [field for field in document.get("properties", {}) if f"| `{field}` |" not in section] == []
    labels = {label.const for each in corpus.schema.label_sets.values() for label in each}
    assert [const for const in labels if f"| `{const}` |" not in page] == []


def test_the_schema_page_says_what_a_schema_says() -> None:
    inner = {"title": "Span", "type": "object", "properties": {"start": {"type": "integer", "description": "a|b <c>"}}}
    field = {"type": "array", "items": inner, "description": "Where."}
    place = {"$schema": "x", "title": "Place", "required": ["at"], "properties": {"at": field}}
    page = schema_page({"place.schema.json": place})
    assert "- [place.schema.json](#placeschemajson): Place\n" in page and "**Place.**\n" in page
    assert "| `at` | list of record | yes | Where. |\n| `at.start` | integer | no | a\\|b \\<c> |\n" in page


# --- links ---------------------------------------------------------------------------------------------------


def pages() -> list[Path]:
    return [path for path in repository_files() if path.suffix == ".md"]


@cache
def parsed(path: Path) -> list[Token]:
    tokens = MARKDOWN.parse(path.read_text(encoding="utf-8"))
    return [each for token in tokens for each in (token, *(token.children or ()))]


def links(path: Path) -> Iterator[str]:
    for token in parsed(path):
        if token.type == "link_open":
            yield str(token.attrs["href"])
        elif token.type == "image":
            yield str(token.attrs["src"])
        elif token.type in ("html_inline", "html_block"):
            yield from re.findall(r"""\b(?:href|src|srcset)=["']([^"']+)""", token.content)


@cache
def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them: a repeated one gets a number."""
    found: set[str] = set()
    tokens = MARKDOWN.parse(path.read_text(encoding="utf-8"))
    for opening, heading in pairwise(tokens):
        if opening.type == "heading_open":
            words = "".join(each.content for each in heading.children or () if each.type in ("text", "code_inline"))
            slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
            number = next(n for n in range(99) if (f"{slug}-{n}" if n else slug) not in found)
            found.add(f"{slug}-{number}" if number else slug)
    return found


def wrong(link: str, page: Path, files: set[Path]) -> str | None:
    """What is wrong with a link of a page; external ones are not followed."""
    parts = urlsplit(link)
    if parts.scheme:
        good = parts.scheme in SCHEMES and ("." in parts.netloc or parts.scheme == "mailto") and " " not in link
        return None if good else f"{link}: no address"
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if parts.path.startswith("/") or not (target in files or any(target in each.parents for each in files)):
        return f"{link}: there is no such file in the repository"
    if parts.fragment and parts.fragment not in anchors(target):
        return f"{link}: no heading of {target.name} has this anchor"
    return None


@pytest.mark.parametrize("page", pages(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    files = set(repository_files())
    assert [said for link in links(page) if (said := wrong(link, page, files))] == []


@pytest.mark.parametrize(
    "link",
    ["nowhere.md", "rules.md#no-such-heading", "#nor-here", "/docs/rules.md", "https://", "htp://a.b", "../.git/HEAD"],
)
def test_a_link_to_nowhere_is_found(link: str) -> None:
    assert wrong(link, DOCS / "README.md", set(repository_files()))


def test_anchors_are_those_of_github(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# `variorum` studio: *all*\n\n## Same_one\n\n## Same_one\n\n```\n# none\n```\n", encoding="utf-8")
    assert anchors(page) == {"variorum-studio-all", "same_one", "same_one-1"}


def test_every_page_is_in_the_index() -> None:
    listed = {(DOCS / urlsplit(link).path).resolve() for link in links(DOCS / "README.md")}
    assert {path for path in DOCS.glob("*.md") if path.name != "README.md"} <= listed
    assert (DOCS / "README.md") in {(ROOT / urlsplit(link).path).resolve() for link in links(ROOT / "README.md")}
