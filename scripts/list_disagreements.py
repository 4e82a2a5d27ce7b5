"""List every item on which annotators differ: the same as `variorum disagreements`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["disagreements", *sys.argv[1:]])
