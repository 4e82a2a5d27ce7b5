"""The labelling pages: every label of the schema, no key and no colour twice, and XML that Label Studio takes."""

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from variorum.corpus import Corpus
from variorum.label_studio import config, environment, fields
from variorum.label_studio.controls import (
    OWN,
    Control,
    adjudication_controls,
    article_controls,
    pair_controls,
    screening_controls,
)
from variorum.label_studio.errors import StudioError
from variorum.label_studio.rounds import ARTICLE_LAYERS, check_layers

Page = tuple[dict[str, Control], str]


@pytest.fixture(params=["articles", "articles without claims", "mentions alone", "pairs", "screening", "adjudication"])
def page(request: pytest.FixtureRequest, small: Corpus) -> Page:
    if request.param == "screening":
        return screening_controls(small.schema), config.screening_config(screening_controls(small.schema))
    if request.param == "adjudication":
        return adjudication_controls(), config.adjudication_config(adjudication_controls())
    if request.param == "pairs":
        controls = pair_controls(small.schema)
        return controls, config.pair_config(controls)
    layers = {"articles": ARTICLE_LAYERS, "mentions alone": ("mentions",)}.get(request.param, ("mentions", "entities"))
    controls = article_controls(small.schema, layers)
    return controls, config.article_config(controls)


def test_every_control_and_answer_is_on_the_page(page: Page) -> None:
    controls, xml = page
    tags = {"labels": "Labels", "choices": "Choices", "textarea": "TextArea"}
    assert config.drawn(xml) == {f"{tags[c.type]} {c.name} {c.to_name}": c.names for c in controls.values()}


def test_labels_explain_themselves_in_the_words_of_the_schema(page: Page) -> None:
    controls, xml = page
    hints = {(o.get("value"), o.get("hint")) for o in ElementTree.fromstring(xml).iter() if o.get("hint")}
    assert hints == {(label.const, label.description) for c in controls.values() for label in c.labels}


def keys_of(xml: str) -> list[str]:
    return [str(o.get("hotkey")) for o in ElementTree.fromstring(xml).iter() if o.get("hotkey")]


def test_no_key_stands_for_two_things(page: Page) -> None:
    keys = keys_of(page[1])
    assert len(keys) == len(set(keys))
    assert len(keys) > 10 or not any(control.labels for control in page[0].values())


def test_no_key_is_one_of_label_studios_own(page: Page) -> None:
    """Its keys stand in the page that the server delivers; those for pictures, sounds and films are not in use."""
    code = environment.default_venv().glob("lib/python3*/site-packages/web/dist/apps/labelstudio/*.js")
    found = [each for path in code for each in re.findall(r'"(\w+):[\w-]+":\{"key":"([^"]+)"', path.read_text("utf-8"))]
    if not found:
        pytest.skip("no Label Studio on this machine: run `make studio`")
    own = {key for area, key in found if area in ("annotation", "region", "segment", "phrases", "repeater")}
    assert {"ctrl+enter", "u", "backspace"} <= own
    assert own & set(keys_of(page[1])) == set()


def test_conditions_name_controls_and_answers_that_exist(page: Page) -> None:
    controls, xml = page
    for element in ElementTree.fromstring(xml).iter():
        if element.get("visibleWhen"):
            decider = controls[str(element.get("whenTagName"))]
            wanted = (element.get("whenLabelValue") or element.get("whenChoiceValue") or "").split(",")
            assert set(wanted) <= {*(decider.names or [OWN])}


def test_label_studio_takes_the_page(page: Page) -> None:
    from label_studio_sdk.label_interface import LabelInterface

    LabelInterface(page[1]).validate()


DARK = "#26251f"  # the paper of the server's dark theme


def test_colours_can_be_read_in_light_and_dark_and_differ() -> None:
    """4.5 is what letters need by WCAG, 3 what large ones and signs need."""
    colours = [fields.GREY, *(fields.colour(i) for i in range(15))]
    assert all(1.05 / (luminance(colour) + 0.05) >= 4.5 for colour in colours)
    assert all((luminance(colour) + 0.05) / (luminance(DARK) + 0.05) >= 3 for colour in colours)
    assert all(distance(*pair) > 24 for pair in combinations(colours, 2))


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def distance(one: str, other: str) -> float:
    return sum((a - b) ** 2 for a, b in zip(rgb(one), rgb(other), strict=True)) ** 0.5


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.1."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("layers", [(), ("claims",), ("mentions", "contradictions")])
def test_layers_that_cannot_be_asked_for(layers: tuple[str, ...]) -> None:
    with pytest.raises(StudioError, match="a round of articles"):
        check_layers(layers)


def test_what_is_no_xml() -> None:
    with pytest.raises(ValueError, match="no element found"):
        config.drawn("")
