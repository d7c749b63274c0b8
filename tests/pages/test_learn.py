"""The Learn page and the card beside the pages, without a browser."""

import numpy as np
import pytest

from tests.pages.shared.test_links import opened
from tests.pages.visit import address, html, labelled, whole
from vae_core.lessons.measuring import digit_probabilities
from vae_core.lessons.progress import Course, read_progress
from vae_core.runs.users import ADMIN
from vae_ui.lessons import course, report
from vae_ui.widgets import model_cache

pytestmark = pytest.mark.usefixtures("home")
ID = "01-two-numbers"


def begun():
    """The first step of the first lesson; AppTest itself stays on the page that another one was opened from."""
    return whole(opened("learn").button(key=f"learn-{ID}").click().run().switch_page("pages/start.py").run())


def on(app):
    return whole(app.button(key="lesson-next").click().run())


def card(app) -> str:
    return " ".join(one.value for one in app.main.markdown)


def four() -> np.ndarray:
    """A code that the decoder draws as a 4."""
    model = model_cache.explorer("mnist-vae-2d")
    codes = model.latents.mean[model.latents.labels == 4][:200]
    return codes[digit_probabilities(model.decode(codes))[:, 4].argmax()]


def test_one_click_starts_a_lesson_on_its_page():
    app = begun()
    assert app.title[0].value == "What is a VAE?" and address(app)["lesson"] == f"{ID}.1"
    assert "1 of 8" in html(app) and "784" in card(app)


def test_a_guess_is_kept_and_stands_beside_the_computed_answer():
    app = on(begun())
    app = on(whole(app.button(key="lesson-choice-0").click().run()))
    assert "about 1 in 10" in html(app) and "more than 3 in 4" in html(app)
    assert "84%" in card(app)


def test_a_task_is_done_when_the_scene_says_so():
    app = opened("latent_space", model="mnist-vae-2d", lesson=f"{ID}.5", z="0,0")
    assert "Waiting for you." in html(app)
    app.session_state["places"]["mnist-vae-2d"].z = four()
    app = whole(app.run())
    assert "Done." in html(app) and "lesson-done" in html(app)


def test_progress_outlasts_a_new_session(home):
    app = on(on(begun()))
    assert read_progress(home, ADMIN).course(ID).step == 3
    again = opened("learn")
    assert labelled(again.button, "Continue with step 3")
    assert "3 of 8" in html(opened("start", model="mnist-vae-2d", lesson=address(app)["lesson"]))


def test_a_link_to_a_lesson_that_is_not_there_is_named():
    app = opened("start", model="mnist-vae-2d", lesson="99-none.1")
    assert "the lesson" in " ".join(box.value for box in app.main.warning) and "lesson" not in address(app)


@pytest.mark.parametrize("lesson", ["07-beta.4", "05-two-terms.5"])
def test_a_reveal_without_the_step_before_it_says_so(lesson):
    app = opened("latent_space" if lesson.startswith("07") else "reconstruct", model="digits-vae-2d", lesson=lesson)
    assert "This is not known yet" in card(app) and "not yet" in html(app)


def test_another_page_offers_the_way_back():
    app = begun().switch_page("pages/generate.py").run()
    assert "This card speaks of another page." in " ".join(one.value for one in whole(app).caption)
    app = whole(app.button(key="lesson-go").click().run())
    assert app.title[0].value == "What is a VAE?"


def test_leaving_ends_it():
    app = whole(begun().button(key="lesson-leave").click().run())
    assert "lesson" not in address(app) and not [one for one in app.button if one.key == "lesson-next"]


def test_the_lesson_speaks_the_sessions_language():
    app = opened("start", model="mnist-vae-2d", lesson=f"{ID}.1", lang="zh")
    assert "编码器" in card(app)


def test_a_wrong_file_is_named_with_its_line(home):
    mine = home / "lessons" / "90-mine"
    mine.mkdir(parents=True)
    (mine / "en.md").write_text('+++\ntitle = "<img src=x>"\n+++\n', encoding="utf-8")
    app = opened("learn")
    assert "90-mine/en.md, line 2" in " ".join(box.value for box in app.main.warning).replace("&#45;", "-")


def test_the_report_shows_what_was_said_and_interprets_nothing(home):
    mine = home / "lessons" / "90-mine"
    mine.mkdir(parents=True)
    text = (
        '+++\ntitle = "<img src=x>"\nabout = "a & b"\nminutes = 1\nmodel = "digits-vae-2d"\n+++\n'
        '## predict\nchoices = ["<b>", "c"]\nanswer = "model rate"\nbounds = [1]\n\n2 < 3 & 4?\n\n## reveal\n\n{guess}\n'
    )
    (mine / "en.md").write_text(text, encoding="utf-8")
    lesson = course.lessons().get("90-mine", "en")
    told = Course(guesses={1: (0.0,)}, answers={1: (1.0,)}, said={2: "<script>"})
    page = report.report([(lesson, told)])
    assert (
        "&lt;img src=x&gt;" in page and "&lt;b&gt;" in page and "2 &lt; 3 &amp; 4?" in page and "&lt;script&gt;" in page
    )
    assert "<img" not in page and "<b>" not in page and "<script" not in page
