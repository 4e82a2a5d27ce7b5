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
        for report in (self.this, self.other):
            if alone := dict.fromkeys(self._alone(report)):
                yield f"not compared, as {report.source} alone has a figure: {', '.join(alone)}"
        yield from (f"of {self.other.source}: {line}" for line in dropped(self.other.dropped))

    def _alone(self, report: Report) -> Iterator[str]:
        """The tasks of which this report has a figure and the comparison has not, with the figure if it has another;
        contrast pairs have a note of their own."""
        compared = {(each.measure.name, each.name) for each in self.differences}
        for score in report.scores:
            m = score.measure
            if m.of == "all" and not m.task.startswith("contrast"):
                defined = [each.name for each in score.figures if each.value is not None]
                alone = [name for name in defined if (m.name, name) not in compared]
                yield from (f"{m.layer} {m.task}" + f" {name}" * (alone != defined) for name in alone)

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
