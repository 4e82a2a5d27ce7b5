"""The fields of a labelling page, as Label Studio XML made from controls: their keys, colours and conditions."""

import colorsys
from collections.abc import Iterable, Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement

from variorum.label_studio.controls import CLAIM, Control
from variorum.schema import Label

# One letter may stand for one thing only: Label Studio does not look for clashes. Its own keys go with Ctrl or Alt, but
# for u, which unselects a region.
GREY = "#767676"
_LUMINANCE = 0.18  # a contrast of 4.6 with white, and of 3.4 with the dark theme's paper
_KEYS = "1234567890abcdefghijklmnopqrstvwxyz"
_MENU = {"entity_type", "comparator", "anchor_source", "value_kind_left", "value_kind_right"}


def colour(index: int) -> str:
    """One of any number of colours that differ in hue: dark enough for white letters on it, and light enough to be
    read as letters on the server's dark theme.

    >>> colour(0)
    '#dc3333'
    """
    # Neighbours in the list stand side by side on the page: this stride around the circle sets them far apart.
    hue, saturation = (index * 0.2764) % 1, 0.71 if index % 2 == 0 else 0.42
    lightness = next(n / 256 for n in range(256, 0, -1) if _luminance(_rgb(hue, n / 256, saturation)) <= _LUMINANCE)
    return "#" + "".join(f"{part:02x}" for part in _rgb(hue, lightness, saturation))


def _rgb(hue: float, lightness: float, saturation: float) -> tuple[int, ...]:
    return tuple(round(part * 255) for part in colorsys.hls_to_rgb(hue, lightness, saturation))


def _luminance(rgb: Iterable[int]) -> float:
    """The relative luminance of WCAG 2.1, from 0 (black) to 1 (white)."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in rgb)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


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


def titled(control: Control, keys: Mapping[tuple[str, str], str]) -> Iterator[Element]:
    """The control under its heading, which is shown when the control is."""
    heading = Element("View", condition(control) if control.per_region else {})
    SubElement(heading, "Header", value=name_and_hint(control)[0], size="6")
    yield heading
    yield field(control, keys)


def name_and_hint(control: Control) -> tuple[str, str]:
    """What a control is called, and what is said in a field that is still empty."""
    name, _, hint = control.title.partition(": ")
    return name, hint


def field(control: Control, keys: Mapping[tuple[str, str], str]) -> Element:
    field = _textarea(control) if control.type == "textarea" else _choices(control, keys)
    if control.required:
        field.set("required", "true")
        field.set("requiredMessage", f"Still missing: {name_and_hint(control)[0]}")
    if control.per_region:
        field.set("perRegion", "true")
        # On each control: around several of them only the display would obey it, and `required` fire for all regions.
        field.attrib.update(condition(control))
    return field


def condition(control: Control) -> dict[str, str]:
    if control.per_region:
        selected = {"visibleWhen": "region-selected", "whenTagName": str(control.of)}
        return {**selected, "whenLabelValue": ",".join(control.when)}
    if control.of is None:
        return {}
    chosen = {"visibleWhen": "choice-selected", "whenTagName": control.of}
    return {**chosen, "whenChoiceValue": ",".join(control.when)}


def labels(control: Control, keys: Mapping[tuple[str, str], str], first: int = 0) -> Element:
    labels = Element("Labels", name=control.name, toName=control.to_name, showInline="true", choice="single")
    for i, label in enumerate(control.labels):
        item = _option(labels, "Label", control, label, keys)
        # Claims cover most of a text: grey lets the mentions in them be seen.
        item.set("background", GREY if label == CLAIM else colour(first + i))
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
    look = {"editable": "true", "rows": str(control.rows), "placeholder": name_and_hint(control)[1]}
    return Element("TextArea", {**names, **look, **most})
