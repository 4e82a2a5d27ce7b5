"""`python -m variorum.harnesses`: where the tasks of lm-evaluation-harness are, and logs as predictions.

python -m variorum.harnesses             the folder for --include_path
python -m variorum.harnesses LOG         the answers in a log as a prediction, on standard output
"""

import argparse
import sys
from pathlib import Path

from variorum.harnesses import lm_evaluation, logs


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m variorum.harnesses", description=__doc__.partition(":")[2])
    parser.add_argument("log", nargs="?", type=Path, help="samples_*.jsonl of lm-evaluation-harness, or .eval")
    parser.add_argument("--dataset", help="dataset folder, if it is not where the log says")
    given = parser.parse_args()
    if given.log is None:
        print(lm_evaluation.TASKS)
        return 0
    try:
        sys.stdout.buffer.write(logs.prediction(given.log, given.dataset))
    except (ValueError, OSError, ImportError) as error:
        print(f"variorum: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
