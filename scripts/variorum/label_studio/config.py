"""The labelling page of a project, as Label Studio XML drawn from its controls."""

import colorsys
from collections.abc import Iterable, Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from variorum.label_studio.controls import CLASH, CONFLICT, NO_CONFLICT, RELATIONS, SAME, SIDES, Control
from variorum.schema import Label

# Line breaks have to show, and runs of spaces to stay, or what is selected is not what is stored.
_LINES = "white-space: pre-wrap;"
_SMALL = "font-size: 13px !important; margin: 6px 0 0 !important;"
# The page scrolls as a whole: in a box that scrolls by itself the arrows of relations would stay behind. What belongs
# to the selected region stands beside the text, and in view, so that the text does not jump when one is selected.
_ARTICLE_STYLE = f"""
.doc .bar {{ position: sticky; top: 0; z-index: 20; background: var(--color-neutral-background, #fff); }}
.doc .main {{ display: grid; grid-template-columns: minmax(0, 1fr) 300px; gap: 12px; align-items: start; }}
.doc .txt {{ line-height: 2; padding: 8px; border: 1px solid #ccc; }}
.doc .txt .lsf-richtext__line {{ {_LINES} }}
.doc .attrs {{ position: sticky; top: 110px; min-height: 200px; padding: 0 4px; border-left: 3px solid #888; }}
.doc .attrs h4 {{ {_SMALL} }}
"""
_PAIR_STYLE = f"""
.pair .cols {{ display: flex; gap: 16px; margin-bottom: 8px; }}
.pair .col {{ flex: 1 1 0; min-width: 0; border: 1px solid #ddd; padding: 8px; }}
.pair .context {{ max-height: 34vh; overflow-y: auto; line-height: 1.6; }}
.pair .proposition {{ font-weight: 600; background: #e8eef7; margin-bottom: 6px; padding: 4px 0; }}
.pair .context {{ padding: 0 8px; }}
.pair mark {{ background: #ffe8a3; }}
.pair .quote .lsf-richtext__line {{ {_LINES} }}
.pair .asked h4 {{ {_SMALL} }}
"""
# One letter may stand for one thing only: Label Studio does not look for clashes. Its own keys go with Ctrl or Alt, but
# for u, which unselects a region.
_KEYS = "1234567890abcdefghijklmnopqrstvwxyz"
_MENU = {"entity_type", "comparator", "anchor_source", "value_kind_left", "value_kind_right"}


def colour(index: int) -> str:
    """One of any number of colours that differ in hue, all dark enough for white letters.

    >>> colour(0)
    '#791515'
    """
    # Neighbours in the list stand side by side on the page: this stride around the circle sets them far apart.
    hue = (index * 0.2764) % 1
    lightness = 0.28 if index % 2 == 0 else 0.20
    return "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, lightness, 0.7))


def hotkeys(controls: Iterable[Control]) -> dict[tuple[str, str], str]:
    """A key for each (control, answer) that is clicked often, as long as there are keys; no key twice.

    Labels get digits, then letters; answers get the first letter of theirs that is free.
    """
    keys: dict[tuple[str, str], str] = {}
    controls = [control for control in controls if control.labels and not _in_menu(control)]
    for control in sorted(controls, key=lambda c: (c.type != "labels", c.name == "mention")):
        for answer in control.names:
            wanted = _KEYS if control.name in ("mention", "relation") else answer.lower() + _KEYS
            free = (key for key in wanted if key in _KEYS and key not in keys.values())
            if key := next(free, ""):
                keys[control.name, answer] = key
    return keys


def _in_menu(control: Control) -> bool:
    return any(control.name == name or control.name.startswith(f"{name}_") for name in _MENU)


def article_config(controls: Mapping[str, Control]) -> str:
    """The XML of an `articles` project: labels on top, the article, beside it what belongs to the selected region."""
    keys = hotkeys(controls.values())
    page = Element("View", className="doc")
    SubElement(page, "Style").text = _ARTICLE_STYLE
    SubElement(page, "Header", value="$heading", size="4")
    SubElement(page, "Text", name="note", value="$note")
    top = SubElement(page, "View", className="bar")
    for control in controls.values():
        if control.type == "labels":
            # Claims begin where the colours of the mentions end, so that the two do not look alike.
            first = len(controls["mention"].labels) if control.name == "claim" else 0
            top.append(_labels(control, keys, first))
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
            yield from _titled(control, keys)


def _titled(control: Control, keys: Mapping[tuple[str, str], str]) -> Iterator[Element]:
    """The control under its heading, which is shown when the control is."""
    heading = Element("View", _condition(control) if control.per_region else {})
    SubElement(heading, "Header", value=_name_and_hint(control)[0], size="6")
    yield heading
    yield _field(control, keys)


def _name_and_hint(control: Control) -> tuple[str, str]:
    """What a control is called, and what is said in a field that is still empty."""
    name, _, hint = control.title.partition(": ")
    return name, hint


def _field(control: Control, keys: Mapping[tuple[str, str], str]) -> Element:
    field = _textarea(control) if control.type == "textarea" else _choices(control, keys)
    if control.required:
        field.set("required", "true")
        field.set("requiredMessage", f"Still missing: {_name_and_hint(control)[0]}")
    if control.per_region:
        field.set("perRegion", "true")
        # On each control: around several of them only the display would obey it, and `required` fire for all regions.
        field.attrib.update(_condition(control))
    return field


def _condition(control: Control) -> dict[str, str]:
    if control.per_region:
        selected = {"visibleWhen": "region-selected", "whenTagName": str(control.of)}
        return {**selected, "whenLabelValue": ",".join(control.when)}
    if control.of is None:
        return {}
    chosen = {"visibleWhen": "choice-selected", "whenTagName": control.of}
    return {**chosen, "whenChoiceValue": ",".join(control.when)}


def _labels(control: Control, keys: Mapping[tuple[str, str], str], first: int = 0) -> Element:
    labels = Element("Labels", name=control.name, toName=control.to_name, showInline="true", choice="single")
    for i, label in enumerate(control.labels):
        item = _option(labels, "Label", control, label, keys)
        item.set("background", colour(first + i))
        if control.name == "claim":
            item.set("granularity", "word")
    return labels


def _choices(control: Control, keys: Mapping[tuple[str, str], str]) -> Element:
    layout = {"layout": "select"} if _in_menu(control) else {"showInline": "true"}
    layout["choice"] = "single" if _in_menu(control) else "single-radio"
    choices = Element("Choices", {"name": control.name, "toName": control.to_name, **layout})
    for label in control.labels:
        _option(choices, "Choice", control, label, keys)
    return choices


def _option(parent: Element, tag: str, control: Control, label: Label, keys: Mapping[tuple[str, str], str]) -> Element:
    option = SubElement(parent, tag, value=label.const, hint=label.description)
    if key := keys.get((control.name, label.const)):
        option.set("hotkey", key)
    return option


def _textarea(control: Control) -> Element:
    names = {"name": control.name, "toName": control.to_name}
    most = {} if control.several else {"maxSubmissions": "1"}
    look = {"editable": "true", "rows": str(control.rows), "placeholder": _name_and_hint(control)[1]}
    return Element("TextArea", {**names, **look, **most})


def pair_config(controls: Mapping[str, Control]) -> str:
    """The XML of a `pairs` project: the claims side by side, the relation, and below it what that relation asks for."""
    keys = hotkeys(controls.values())
    page = Element("View", className="pair")
    SubElement(page, "Style").text = _PAIR_STYLE
    columns = SubElement(page, "View", className="cols")
    for side in SIDES:
        columns.append(_context(side))
    SubElement(page, "Header", value="How do the contents of the two claims stand to each other?", size="5")
    page.append(_field(controls["relation"], keys))
    page.append(_conflict(controls, keys))
    look_alike = SubElement(page, "View", _condition(_only(controls, NO_CONFLICT)))
    look_alike.extend(_titled(controls["reason"], keys))
    return _xml(page)


def _context(side: str) -> Element:
    column = Element("View", className="col")
    SubElement(column, "Header", value=f"$heading_{side}", size="5")
    proposition = SubElement(column, "View", className="proposition")
    SubElement(proposition, "Text", name=f"proposition_{side}", value=f"$proposition_{side}")
    context = SubElement(column, "View", className="context")
    SubElement(
        context, "HyperText", name=f"context_{side}", value=f"$html_{side}", inline="true", selectionEnabled="false"
    )
    return column


def _only(controls: Mapping[str, Control], when: tuple[str, ...]) -> Control:
    """A control that applies under this condition, which it shares with others."""
    return next(control for control in controls.values() if control.when == when)


def _conflict(controls: Mapping[str, Control], keys: Mapping[tuple[str, str], str]) -> Element:
    block = Element("View", {"className": "asked", **_condition(_only(controls, CONFLICT))})
    block.extend(_titled(controls["aspect"], keys))
    columns = SubElement(block, "View", className="cols")
    for side in SIDES:
        columns.append(_clash(side, controls, keys))
    block.extend([*_titled(controls["rationale"], keys), *_titled(controls["conflict_id"], keys)])
    return block


def _clash(side: str, controls: Mapping[str, Control], keys: Mapping[tuple[str, str], str]) -> Element:
    column = Element("View", className="col quote")
    heading = f"Select the fewest words that clash ({CLASH.const}), and give their value"
    SubElement(column, "Header", value=heading, size="6")
    column.append(_labels(controls[f"clash_{side}"], keys))
    SubElement(column, "Text", name=f"quote_{side}", value=f"$quote_{side}", granularity="symbol", showLabels="false")
    for control in controls.values():
        if control.to_name == f"quote_{side}" and control.name.endswith(f"_{side}") and control.type != "labels":
            column.extend(_titled(control, keys))
    return column


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
