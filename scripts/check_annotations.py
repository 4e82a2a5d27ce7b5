"""Check annotation sets, or the whole corpus: the same as `variorum check`."""

from variorum.cli import app

if __name__ == "__main__":
    import sys

    app(["check", *sys.argv[1:]])
