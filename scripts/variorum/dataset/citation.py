"""Whom to name: what a corpus' CITATION.cff says of it."""

from typing import Any

import msgspec

LICENCE = "CC-BY-4.0"
_OF_DATA = ("CC", "ODC", "ODbL", "PDDL", "CDLA", "etalab")  # how SPDX names of licences of data begin
TITLE = "Variorum: entities, claims and contradictions in news articles that tell one story"


class Citation(msgspec.Struct, frozen=True, omit_defaults=True):
    """Title, authors, day of release (ISO 8601), abstract, address, keywords, and licences by their SPDX names."""

    title: str = TITLE
    authors: tuple[str, ...] = ("The Variorum authors",)
    released: str | None = None
    abstract: str | None = None
    url: str | None = None
    keywords: tuple[str, ...] = ()
    licences: tuple[str, ...] = (LICENCE,)

    @property
    def licence(self) -> str:
        """That of the annotations: the first licence of data, else the first of all."""
        return next((name for name in self.licences if name.startswith(_OF_DATA)), self.licences[0])

    @property
    def name(self) -> str:
        """What the dataset is called: its title up to a colon."""
        return self.title.partition(":")[0]


def from_cff(data: bytes) -> Citation:
    """The citation that a CITATION.cff gives. ValueError if it is none, or lacks title or authors."""
    import yaml

    try:
        found = yaml.safe_load(data)
        authors = tuple(_name(author) for author in found["authors"])
        return Citation(
            title=str(found["title"]),
            authors=authors,
            released=_text(found.get("date-released")),
            abstract=_text(found.get("abstract")),
            url=_text(found.get("url") or found.get("repository-code")),
            keywords=tuple(map(str, found.get("keywords") or ())),
            licences=_licences(found.get("license")),
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"no citation with title and authors ({type(error).__name__})") from error


def _licences(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value if isinstance(value, list) else [value])) if value else (LICENCE,)


def licence_address(name: str) -> str:
    """Where a licence can be read."""
    kind, _, version = name.lower().removeprefix("cc-").rpartition("-")
    if name.startswith("CC-BY"):
        return f"https://creativecommons.org/licenses/{kind}/{version}/"
    return f"https://spdx.org/licenses/{name}.html"


def _text(value: Any) -> str | None:
    return None if value is None else " ".join(str(value).split())


def _name(author: dict[str, Any]) -> str:
    if "name" in author:
        return str(author["name"])
    return " ".join(str(author[part]) for part in ("given-names", "family-names") if part in author)


def bibtex(citation: Citation, version: str) -> str:
    """The citation for BibTeX."""
    year = (citation.released or "")[:4]
    fields = {
        "title": "{" + citation.title + "}",
        "author": " and ".join("{" + author + "}" for author in citation.authors),
        **({"year": year} if year else {}),
        "version": version,
        **({"url": citation.url} if citation.url else {}),
    }
    key = "".join(c for c in citation.name.lower() if c.isascii() and c.isalnum()) or "dataset"
    return "\n".join((f"@misc{{{key},", *(f"  {name} = {{{value}}}," for name, value in fields.items()), "}"))
