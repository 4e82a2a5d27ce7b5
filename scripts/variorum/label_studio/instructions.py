"""What Label Studio shows to whoever labels before they begin: how the page works, then the guidelines, as HTML."""

import re

from variorum.label_studio.controls import Kind
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


_KEYS = """
- **Keys** stand beside labels and answers. Esc unselects, Backspace deletes what is selected, Ctrl+Z undoes, Ctrl+Enter
  submits. What you have done is kept as a draft until you submit it. You find this text again under *Instructions*.
"""
_PAGES = {
    Kind.articles: """
- **Labels.** Choose one by its key or with the mouse, then draw over the words. Regions may lie in each other. Click
  on a region to fill in what belongs to it, on the right (*Settings*, *Select region after creating it* spares the
  click).
- **Links.** Click on a region, press Alt+R, click on the other one. A link needs no name: what it joins says what it
  is.
- **Entities.** Type the entity's full name for each mention; the same name is the same entity, in all articles. Or
  link the mention with another one of the same entity: one name is enough for all that are linked. Names that
  contradict links are a mistake.
- **Claims.** CLAIM goes on the first piece of the evidence, CLAIM_PART on every other piece, CUE on the cue. Link the
  claim with its pieces, its cue, and the mention that is its holder.
""",
    Kind.pairs: """
- **Two claims**, each with its sentence for reading alone, and marked in its article. Choose the relation; what else
  is asked depends on it.
- **Clash.** For a contradiction or a tension, choose CLASH and draw over the fewest words that clash, on either side,
  and give the value of each.
""",
    Kind.screening: """
- **Two articles** side by side. A number stands where a claim begins; the list below has the claims by number.
- **Lists.** One for each relation. Type a pair, its number on the left, a hyphen, its number on the right, and press
  Enter: `4-9`. Where an agreement or a neutral pair looks like a conflict, the reason follows: `4-9 rounding`.
- **Conflicts** have five parts with bars between them: `4-9 time | date 2018 "in 2018" | date 2016 "2016" | why in a
  sentence | name of the conflict`. The words of the text that clash stand in quotation marks, before them their
  value: its kind, `<`, `>` or `~` if need be, the value, the unit in square brackets: `quantity >40 [guest] "more
  than 40 guests"`. A relative date is followed by what it hangs on: `date 2018-21 @2019-02-08 published "last
  spring"`. Without a value the words are it. If the words stand there more than once, `#2` after them means the
  second place.
- **Nothing to list?** Submit the page as it is.
""",
    Kind.adjudication: """
- **One question a page**, about which the annotators did not agree. The text is marked; their versions stand below
  it, in an order by chance.
- **Choose** what holds, be it nobody's version, and give the reason in a sentence. It will be published with your
  pseudonym.
""",
}


def page_help(kind: Kind) -> str:
    """How the page of this kind of project works, as Markdown."""
    return f"## On this page\n{_PAGES[kind]}{_KEYS.lstrip()}\n"


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
