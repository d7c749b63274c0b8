"""The pages of the group Use with models that no browser can run: each does its job on the server, or says in a sentence why not."""

import pytest

from tests.pages.test_compress import said
from tests.pages.visit import html, labelled, turn_to, untrained, visit, whole
from vae_core.export.browser import in_browser
from vae_ui.shell import page_list
from vae_ui.widgets import model_cache

REFUSED = {
    "two-level-vae": {"complete": "complete pictures with", "compress": "choose another model"},
    "pixel-vae": {"complete": "choose a model with another likelihood", "compress": "choose another model"},
}


@pytest.mark.parametrize("preset", REFUSED)
def test_each_job_is_done_or_a_sentence_says_why_not(home, preset):
    name = untrained(home, preset)
    assert not in_browser(model_cache.explorer(name).info.run.model)
    for page in page_list.JOBS:
        app = turn_to(visit("use", name), page).run()
        boxes = [box.value for kind in ("error", "warning", "info") for box in app.main.get(kind)]
        sentences = [box for box in boxes if REFUSED[preset].get(page, "no refusal") in box]
        assert not app.exception and len(sentences) == len(boxes) == (page in REFUSED[preset]), (page, boxes)


def test_edits_and_labels_are_worked_out_on_the_server(home):
    name = untrained(home, "two-level-vae")
    assert "Decoded at 9 strengths" in html(app := visit("edits", name))
    whole(app.segmented_control(key="edits-kind").set_value("property").run())
    assert "Decoded at 9 strengths" in html(app) and "more of ink" in said(app)
    app = visit("few_labels", name)
    whole(labelled(app.button, "Ten of them").click().run())
    assert app.metric[0].label.startswith("Right among")
