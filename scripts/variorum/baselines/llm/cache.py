"""Answers kept on disk by what was asked: a run that was broken off goes on, and one that is repeated is free."""

import hashlib
from pathlib import Path

import msgspec

from variorum.baselines.llm.model import Answer, Model, Request
from variorum.corpus import write_whole


class Kept(msgspec.Struct, frozen=True):
    """A file of the cache: for people, too, who want to know what was said about an item."""

    item: str
    model: str
    answer: Answer


class Cache:
    """A folder with a file for each answer. Several processes may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, model: Model, request: Request) -> Path:
        """Where the answer lies: SHA-256 of the model's identity and of all that it is asked."""
        asked = (model.identity, request.messages, request.name, request.schema, request.choices)
        key = hashlib.sha256(msgspec.json.encode(asked, order="sorted")).hexdigest()
        return self.folder / key[:2] / f"{key}.json"

    def get(self, model: Model, request: Request) -> Answer | None:
        """The answer, if it was kept; a file that cannot be read counts as none."""
        try:
            return msgspec.json.decode(self.path(model, request).read_bytes(), type=Kept).answer
        except (OSError, msgspec.MsgspecError):
            return None

    def put(self, model: Model, request: Request, answer: Answer) -> None:
        write_whole(self.path(model, request), msgspec.json.encode(Kept(request.item, model.name, answer)))
