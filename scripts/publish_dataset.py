"""Publish the dataset, without the texts unless asked for: the same as `variorum publish`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["publish", *sys.argv[1:]])
