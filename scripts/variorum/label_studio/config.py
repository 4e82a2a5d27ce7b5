"""The labelling page of a project, as Label Studio XML drawn from its controls."""

from collections.abc import Iterable, Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from variorum.label_studio import fields
from variorum.label_studio.controls import CLASH, NO_CONFLICT, RELATIONS, SAME, SIDES, Control
from variorum.records import CONFLICT

# Line breaks have to show, and runs of spaces to stay, or what is selected is not what is stored.
_BIDI = "unicode-bidi: plaintext;"  # a line that is written from right to left begins there
_LINES = f"white-space: pre-wrap; {_BIDI}"
_SMALL = "font-size: 13px !important; margin: 6px 0 0 !important;"
# The server's own colours, which turn with its light and dark themes; what is marked has letters of its own colour.
_NO_COUNTS = '[data-testid="textarea-counts"] { display: none; }'  # how many letters were typed is nobody's concern
_BORDER = "1px solid var(--color-neutral-border, #ccc)"
_PAPER = "background: var(--color-neutral-background, #fff);"
_RAISED = "background: var(--color-primary-emphasis-subtle, #e8eef7);"
_MARK = "mark { background: #ffe08a; color: #222; }"
_COLUMNS = f"""
.cols {{ display: flex; gap: 16px; margin-bottom: 8px; }}
.col {{ flex: 1 1 0; min-width: 0; border: {_BORDER}; padding: 8px; }}
"""
# The page scrolls as a whole: in a box that scrolls by itself the arrows of relations would stay behind. What belongs
# to the selected region stands beside the text, and in view, so that the text does not jump when one is selected.
_ARTICLE_STYLE = f"""
.doc .bar {{ position: sticky; top: 0; z-index: 20; {_PAPER} }}
.doc .main {{ display: grid; grid-template-columns: minmax(0, 1fr) 300px; gap: 12px; align-items: start; }}
.doc .txt {{ line-height: 2; padding: 8px; border: {_BORDER}; }}
.doc .txt .lsf-richtext__line {{ {_LINES} }}
.doc .attrs {{ position: sticky; top: 110px; min-height: 200px; padding: 0 4px; border-left: 3px solid #888; }}
.doc .attrs h4 {{ {_SMALL} }}
{_NO_COUNTS}
"""
_PAIR_STYLE = f"""{_COLUMNS}
.context {{ max-height: 34vh; overflow-y: auto; line-height: 1.6; padding: 0 8px; }}
.context div {{ {_BIDI} }}
{_NO_COUNTS}
.proposition {{ font-weight: 600; {_RAISED} margin-bottom: 6px; padding: 4px 0; }}
{_MARK}
.quote .lsf-richtext__line {{ {_LINES} }}
.asked h4 {{ {_SMALL} }}
.values {{ display: grid; grid-template-columns: 1fr 1fr; gap: 0 10px; align-items: start; }}
.asked .ant-form-item {{ margin-bottom: 4px; }}
"""
_SCREENING_STYLE = f"""{_COLUMNS}
.article {{ max-height: 22vh; overflow-y: auto; line-height: 1.7; margin-bottom: 6px; }}
.article div {{ {_BIDI} }}
{_NO_COUNTS}
.article b {{ {_RAISED} border-radius: 6px; padding: 0 4px; margin-right: 3px; font-size: 11px; }}
.claims {{ max-height: 27vh; overflow-y: auto; border-top: {_BORDER}; }}
.claims p {{ margin: 3px 0 3px 34px; text-indent: -34px; }}
.claims b {{ display: inline-block; width: 30px; text-indent: 0; }}
.lists {{ display: grid; grid-template-columns: 1fr 1fr; gap: 0 16px; }}
.lists h4 {{ {_SMALL} }}
"""
_ADJUDICATION_STYLE = f"""{_COLUMNS}
.context {{ line-height: 1.6; padding: 0 8px; }}
.context div, .context p {{ {_BIDI} }}
.context p {{ margin: 4px 0; }}
{_MARK}
"""


def article_config(controls: Mapping[str, Control]) -> str:
    """The XML of an `articles` project: labels on top, the article, beside it what belongs to the selected region."""
    keys = fields.hotkeys(controls.values())
    page = Element("View", className="doc")
    SubElement(page, "Style").text = _ARTICLE_STYLE
    SubElement(page, "Header", value="$heading", size="4")
    SubElement(page, "Text", name="note", value="$note")
    top = SubElement(page, "View", className="bar")
    for control in controls.values():
        if control.type == "labels":
            # Claims begin where the colours of the mentions end, so that the two do not look alike.
            first = len(controls["mention"].labels) if control.name == "claim" else 0
            top.append(fields.labels(control, keys, first))
    names = [*(RELATIONS if "claim" in controls else ()), *([SAME] if "entity" in controls else ())]
    if names:
        top.append(_relations(names))
    main = SubElement(page, "View", className="main")
    text = SubElement(main, "View", className="txt")
    SubElement(text, "Text", name="text", value="$text", granularity="symbol", showLabels="true")
    beside = SubElement(main, "View", className="attrs")
    beside.extend(_attributes(controls, keys))
    return _xml(page)


def _relations(names: Iterable[str]) -> Element:
    relations = Element("Relations")
    for name in names:
        SubElement(relations, "Relation", value=name)
    return relations


def _attributes(controls: Mapping[str, Control], keys: Mapping[tuple[str, str], str]) -> Iterator[Element]:
    for control in controls.values():
        if control.per_region:
            yield from fields.titled(control, keys)


def pair_config(controls: Mapping[str, Control]) -> str:
    """The XML of a `pairs` project: the claims side by side, the relation, and below it what that relation asks for."""
    keys = fields.hotkeys(controls.values())
    page = Element("View", className="pair")
    SubElement(page, "Style").text = _PAIR_STYLE
    columns = SubElement(page, "View", className="cols")
    for side in SIDES:
        columns.append(_context(side))
    SubElement(page, "Header", value="How do the contents of the two claims stand to each other?", size="5")
    page.append(fields.field(controls["relation"], keys))
    page.append(_conflict(controls, keys))
    look_alike = SubElement(page, "View", fields.condition(_only(controls, NO_CONFLICT)))
    look_alike.extend(fields.titled(controls["reason"], keys))
    return _xml(page)


def _context(side: str) -> Element:
    column = Element("View", className="col")
    SubElement(column, "Header", value=f"$heading_{side}", size="5")
    proposition = SubElement(column, "View", className="proposition")
    SubElement(proposition, "Text", name=f"proposition_{side}", value=f"$proposition_{side}")
    context = SubElement(column, "View", className="context")
    context.append(_shown(f"html_{side}"))
    return column


def _only(controls: Mapping[str, Control], when: tuple[str, ...]) -> Control:
    """A control that applies under this condition, which it shares with others."""
    return next(control for control in controls.values() if control.when == when)


def _conflict(controls: Mapping[str, Control], keys: Mapping[tuple[str, str], str]) -> Element:
    block = Element("View", {"className": "asked", **fields.condition(_only(controls, CONFLICT))})
    block.extend(fields.titled(controls["aspect"], keys))
    columns = SubElement(block, "View", className="cols")
    for side in SIDES:
        columns.append(_clash(side, controls, keys))
    block.extend([*fields.titled(controls["rationale"], keys), *fields.titled(controls["conflict_id"], keys)])
    return block


def _clash(side: str, controls: Mapping[str, Control], keys: Mapping[tuple[str, str], str]) -> Element:
    column = Element("View", className=f"col quote clash-{side}")
    heading = f"Select the fewest words that clash ({CLASH.const}), and give their value"
    SubElement(column, "Header", value=heading, size="6")
    column.append(fields.labels(controls[f"clash_{side}"], keys))
    SubElement(column, "Text", name=f"quote_{side}", value=f"$quote_{side}", granularity="symbol", showLabels="false")
    values = SubElement(column, "View", className="values")
    for control in controls.values():
        if control.to_name == f"quote_{side}" and control.name.endswith(f"_{side}") and control.type != "labels":
            SubElement(values, "View").extend(fields.titled(control, keys))
    return column


def screening_config(controls: Mapping[str, Control]) -> str:
    """The XML of a `screening` project: two articles side by side, their claims by number, and a list to fill for each
    relation.
    """
    page = Element("View", className="screening")
    SubElement(page, "Style").text = _SCREENING_STYLE
    columns = SubElement(page, "View", className="cols")
    for side in SIDES:
        column = SubElement(columns, "View", className="col")
        SubElement(column, "Header", value=f"$heading_{side}", size="5")
        for name, look in (("html", "article"), ("list", "claims")):
            box = SubElement(column, "View", className=look)
            box.append(_shown(f"{name}_{side}"))
    heading = "Pairs of claims: number on the left, hyphen, number on the right; Enter after each"
    SubElement(page, "Header", value=heading, size="5")
    lists = SubElement(page, "View", className="lists")
    for control in controls.values():
        box = SubElement(lists, "View")
        box.extend(fields.titled(control, {}))
    return _xml(page)


def adjudication_config(controls: Mapping[str, Control]) -> str:
    """The XML of an `adjudication` project: a question, the text it is about, and the annotators' versions to choose
    from.
    """
    page = Element("View", className="adjudication")
    SubElement(page, "Style").text = _ADJUDICATION_STYLE
    SubElement(page, "Header", value="$heading", size="4")
    box = SubElement(page, "View", className="context")
    box.append(_shown("context"))
    for control in controls.values():
        around = SubElement(page, "View", fields.condition(control))
        around.extend(fields.titled(control, {}))
        if control.name == "choice":
            around[-1].set("value", "$options")
            around[-1].attrib.pop("showInline")
    return _xml(page)


def _shown(name: str) -> Element:
    """Something of the task's data that is shown and not labelled, as HTML."""
    return Element("HyperText", name=name, value=f"${name}", inline="true", selectionEnabled="false")


def _xml(page: Element) -> str:
    ElementTree.indent(page)
    return ElementTree.tostring(page, encoding="unicode") + "\n"


def drawn(xml: str) -> dict[str, tuple[str, ...]]:
    """The controls of a labelling page and their answers: what makes two pages the same, whatever they look like.

    Raises ValueError if the text is no XML.
    """
    try:
        page = ElementTree.fromstring(xml)
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from error
    fields = (element for element in page.iter() if element.tag in ("Labels", "Choices", "TextArea"))
    return {
        f"{field.tag} {field.get('name')} {field.get('toName')}": tuple(str(o.get("value")) for o in field)
        for field in fields
    }
