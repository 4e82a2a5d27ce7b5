"""What `variorum score` reads: predictions, label maps, the layout of the texts, the annotators' votes."""

import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from variorum.cli.app import fail, shown
from variorum.cli.sets import read_rounds, read_sets
from variorum.corpus import Corpus
from variorum.records import AnnotationSet

if TYPE_CHECKING:
    from variorum import scoring


def read_prediction(path: Path, corpus: Corpus, gold: AnnotationSet) -> AnnotationSet:
    """The prediction at a path; ends with every problem and exit code 1 if it cannot be used.

    The one place where predictions of other formats come in.
    """
    return read_sets([path], corpus, gold)[0]


def label_map(name: str | None) -> "scoring.LabelMap":
    """The shipped map of this name, or the one in a file; a file's map is called by its name and its hash."""
    from variorum.scoring import NO_MAP, label_maps

    if name is None:
        return NO_MAP
    if name in label_maps.all_shipped():
        return label_maps.shipped(name)
    path = Path(name)
    try:
        data = path.read_bytes()
        (found,) = label_maps.read(data)
    except OSError as error:
        fail(f"--label-map: there is no map {name!r} ({', '.join(label_maps.all_shipped())}), and no file: {error}")
    except ValueError as error:
        fail(f"--label-map: {shown(path)} holds no single label map as in schema/label_maps.json: {error}")
    return msgspec.structs.replace(found, name=f"{found.name}+{hashlib.sha256(data).hexdigest()[:8]}")


def layout(corpus: Corpus) -> "scoring.Layout":
    """Where furniture and paragraphs of each document are."""
    from variorum.scoring import Layout

    sources = [document.source for document in corpus.documents.values()]
    return Layout(
        {s.doc_id: [(f.start, f.end) for f in s.furniture] for s in sources if s.furniture},
        {s.doc_id: [(p.start, p.end) for p in s.paragraphs] for s in sources if s.paragraphs},
    )


def votes(corpus: Corpus, gold: AnnotationSet) -> dict[str, dict[str, int]]:
    """How many annotators gave each pair of gold each relation; empty where the corpus has no rounds of pairs.

    Only for the corpus' own gold: another set that stands for it has no votes.
    """
    if gold.role != "gold" or not (corpus.annotations / "rounds.json").is_file():
        return {}
    from variorum.adjudication import judgements

    sets = read_sets((path for name in read_rounds(corpus).pairs for path in corpus.records(name)), corpus)
    return {key: Counter(pair.relation for _, pair in judged) for key, judged in judgements(sets).items()}
