"""Make the page to look at: the same as `variorum explore`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["explore", *sys.argv[1:]])
