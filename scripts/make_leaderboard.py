"""Make the leaderboard anew from its predictions: the same as `variorum leaderboard`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["leaderboard", *sys.argv[1:]])
