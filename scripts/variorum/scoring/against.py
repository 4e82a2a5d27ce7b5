"""What a comparison says of itself: which system minus which other, and what is not compared."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from variorum.scoring.comparison import Difference, as_json, compare
from variorum.scoring.notes import dropped
from variorum.scoring.report import Report


class Against(NamedTuple):
    """Two reports on the same gold; `file`: where the second one's prediction comes from."""

    this: Report
    other: Report
    file: str
    differences: tuple[Difference, ...]

    @property
    def title(self) -> str:
        """What a difference is: figures of the first minus those of the second."""
        return f"{self.this.source} minus {self.other.source} ({self.file})"

    def notes(self) -> Iterator[str]:
        """What is not compared, and what the other report says of dropped records, a line each."""
        if self.this.contrast:
            yield f"contrast pairs are not compared: the answers of --contrast are those of {self.this.source} alone"
        yield from (f"of {self.other.source}: {line}" for line in dropped(self.other.dropped))

    def as_json(self) -> dict[str, Any]:
        """The comparison as plain JSON."""
        return {
            "source": self.other.source,
            "file": self.file,
            "difference": self.title,
            "notes": list(self.notes()),
            "differences": as_json(self.differences),
        }


def against(this: Report, other: Report, file: str) -> Against:
    """The comparison of two reports. ValueError as `compare`."""
    return Against(this, other, file, compare(this, other))
