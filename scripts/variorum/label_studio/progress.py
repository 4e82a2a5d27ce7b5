"""How far a round is: for each annotator what is done, skipped and begun, and how long a task takes."""

import statistics
from collections.abc import Iterable, Mapping

import msgspec

from variorum.label_studio.exports import Task


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """One annotator in one round: tasks by state, and the seconds that each labelled task took, as far as measured.

    A draft is begun and not submitted, or changed and not submitted again.
    """

    total: int
    done: int = 0
    skipped: int = 0
    drafts: int = 0
    seconds: tuple[float, ...] = ()

    @property
    def median(self) -> float | None:
        """The median time of a task in seconds; None if none was measured (labels that were filed by a program)."""
        return statistics.median(self.seconds) if self.seconds else None


def progress(tasks: list[Task], names: Mapping[int, str], emails: Mapping[str, str]) -> dict[str, Progress]:
    """How far each annotator is, in an export as it came; `names` by the server's number, `emails` by e-mail.

    Annotators who have not begun are there with nothing done; users without a pseudonym are passed over.
    """
    annotations = [each for task in tasks for each in task.get("annotations") or []]
    drafts = [each for task in tasks for each in task.get("drafts") or []]
    return {
        who: _of(
            [each for each in annotations if names.get(_number(each.get("completed_by"))) == who],
            sum(who in (names.get(_number(each.get("user"))), emails.get(str(each.get("user")))) for each in drafts),
            len(tasks),
        )
        for who in sorted({*names.values(), *emails.values()})
    }


def _number(user: object) -> int:
    return user if isinstance(user, int) else -1


def _of(annotations: Iterable[Task], drafts: int, total: int) -> Progress:
    listed = list(annotations)
    skipped = [bool(each.get("was_cancelled")) for each in listed]
    times = [each.get("lead_time") for each in listed if not each.get("was_cancelled")]
    seconds = tuple(float(each) for each in times if isinstance(each, int | float))
    return Progress(total=total, done=skipped.count(False), skipped=sum(skipped), drafts=drafts, seconds=seconds)
