"""The guidelines as the HTML that Label Studio shows to whoever labels."""

import re

from variorum.label_studio.errors import StudioError

# The page takes away the looks of everything: without these there are neither numbers before list items nor paragraphs.
# The server drops `style` attributes and keeps `style` elements.
_STYLE = """<style>
.guidelines p, .guidelines table, .guidelines pre { margin: 0.6em 0; }
.guidelines h1, .guidelines h2, .guidelines h3 { margin: 1em 0 0.4em; }
.guidelines ol { list-style: decimal; padding-left: 1.6em; }
.guidelines ul { list-style: disc; padding-left: 1.6em; }
.guidelines th, .guidelines td { border: 1px solid #999; padding: 2px 6px; text-align: left; vertical-align: top; }
.guidelines pre { white-space: pre-wrap; background: #8882; padding: 4px; }
</style>
"""


def to_html(markdown: str) -> str:
    """Markdown as HTML; markup in it is shown as it stands. StudioError if markdown-it-py is not installed."""
    try:
        from markdown_it import MarkdownIt
    except ImportError as error:
        raise StudioError("markdown-it-py is missing: pip install 'variorum[studio]'") from error
    # The comments that mark generated tables are for our own tools.
    visible = re.sub(r"<!--.*?-->", "", markdown, flags=re.DOTALL)
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(visible)
    return f'{_STYLE}<div class="guidelines">\n{body}</div>\n'
