"""Whether the labels are right, as far as that can be shown: the same as `variorum validity`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["validity", *sys.argv[1:]])
