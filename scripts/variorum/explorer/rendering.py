"""Pages from templates: Jinja2 (extra `page`), everything escaped, style and script inside the page or beside it.

A page allows no script but its own, by its hash (Content-Security-Policy): should a text ever get past the escaping,
it still would not run.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import Any

STYLE, SCRIPT = "explorer.css", "explorer.js"


class NoLibrary(Exception):
    """The template engine is not installed; the message says how to get it."""


@cache
def _environment() -> Any:
    try:
        import jinja2
    except ImportError as error:
        raise NoLibrary("the explorer needs Jinja2, which is missing: pip install 'variorum[page]'") from error
    return jinja2.Environment(
        loader=jinja2.PackageLoader("variorum.explorer", "page"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def asset(name: str) -> str:
    """The style or the script as it lies in the package. NoLibrary."""
    environment = _environment()
    found: str = environment.loader.get_source(environment, name)[0]
    return found


def render(view: Any, inside: bool) -> bytes:
    """A page; with `inside` it holds style and script, else it names the files beside it. NoLibrary."""
    from markupsafe import Markup

    style, script = asset(STYLE), asset(SCRIPT)
    given = {"style": Markup(style), "script": Markup(script), "policy": _policy(script, inside)}
    made: str = _environment().get_template("page.html").render(view=view, inside=inside, **given)
    return made.encode()


def _policy(script: str, inside: bool) -> str:
    """Nothing from anywhere; style and script from inside the page, else from beside it."""
    if not inside:
        return "default-src 'none'; style-src 'self' file:; script-src 'self' file:"
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
