"""How a student does what a step asks for: one way for each kind of value that a condition may name, by input on the page."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np
from playwright.sync_api import Locator, Page, TimeoutError

from tests.browser.pixel_helpers import STAGE
from tools.play_lessons.hand import Hand, Spot, bring
from tools.play_lessons.own_input import draw_picture, paint_points, upload_digit
from tools.play_lessons.searching import OF_A_CODE, OF_AN_IMAGE, Search
from vae_core.explore.nearest_codes import Codes
from vae_core.explore.samplers_prior_mixture_flow import SAMPLERS
from vae_core.lessons import paths
from vae_core.lessons.conditions import Condition
from vae_core.lessons.lesson import Step
from vae_core.lessons.quantities import OF_A_PROGRAM
from vae_core.messages import Message
from vae_core.mistakes.catalogue import MISTAKES
from vae_core.translation.catalogues import translated
from vae_ui.widgets import model_cache

OF_MISTAKES = {"trained", *(f"{which} {name}" for which in ("faulty", "right") for name in OF_A_PROGRAM)}
OF_A_PATH = {"path class", "path certainty"}
T = TypeVar("T")
TRIES, MOST_IMAGES = 12, 60  # of one way to do it
SHORT, LONG = 2000, 240_000  # milliseconds until the card says that it is done
SPOTS = """canvas => { const root = canvas.getRootNode(), {view} = root.querySelector('.stage').stage.map, found = [];
  const box = canvas.getBoundingClientRect();
  for (let x = view.x0 + 8; x < view.x1 - 8; x += 6) for (let y = view.y0 + 8; y < view.y1 - 8; y += 6) {
    const at = [box.left + x, box.top + y];
    if (root.elementFromPoint(...at)?.closest('.plane')) found.push([...at, view.dx(x), view.dy(y)]);
  }
  return found; }"""
SPOTS_OF_CODES = """(canvas, codes) => { const root = canvas.getRootNode(), {map} = root.querySelector('.stage').stage;
  const box = canvas.getBoundingClientRect();
  return codes.map((z) => map.projection.place(z)).map(([x, y]) => [box.left + map.view.sx(x), box.top + map.view.sy(y)])
    .filter((at) => root.elementFromPoint(...at)?.closest('.plane')); }"""
ENDS = f"() => {{ const {{a, b}} = {STAGE}.map.overlay; return [[...a], [...b]]; }}"


class NotDone(Exception):
    """No way led to what a step asks for; the sentence says which step and why."""


@dataclass
class Task:
    """A do step in view, with the model that the page shows; `other_way` prefers a file to a drawing, and a drag of z to a press."""

    page: Page
    hand: Hand
    step: Step
    model: str
    language: str
    other_way: bool

    def done(self, patience: int = SHORT) -> bool:
        """Whether the card says so, at the latest after `patience` milliseconds."""
        with suppress(TimeoutError):
            self.page.locator(".st-key-lesson-card .lesson-done").wait_for(state="attached", timeout=patience)
            return True
        return False

    def wanted(self, *names: str) -> list[Condition]:
        """The step's conditions on these values."""
        return [one for one in self.step.done if one.name in names]

    def start(self) -> Codes:
        """z as the step began, as the stage on the page has it."""
        self.page.wait_for_function(f"() => {STAGE}?.scene.z")
        return np.array(self.page.evaluate(f"() => [...{STAGE}.scene.z]"), np.float32)

    def label(self) -> int | None:
        """The class that the decoder is to be told."""
        told = self.wanted("told class")
        return int(told[0].value) if told else int(self.page.evaluate(f"() => {STAGE}?.scene.label ?? 0"))

    def search(self) -> Search:
        """The search for what the step wants in its scene."""
        return Search(self.model, self.step.done, self.start(), self.label())

    def box(self, key: str) -> Locator:
        """The widget with this key."""
        return self.page.locator(f".st-key-{key}").first

    def words(self, text: Message | str) -> str:
        """A text as the page shows it."""
        return translated(text, self.language)


def do(task: Task) -> None:
    """Go every way that the step's conditions name, until the card says that the step is done; raises NotDone."""
    names = {one.name for one in task.step.done}
    images = bool(names & OF_AN_IMAGE)
    for known, way in WAYS:
        if names & known and not (images and known == OF_A_CODE):  # an image is chosen with its code
            way(task)
    if not task.done(LONG if names & OF_MISTAKES else 60_000):
        unknown = ", ".join(sorted(names - {name for known, _ in WAYS for name in known}))
        raise NotDone("the card still waits" + (f", and no way is known to change {unknown}" if unknown else ""))


def _press_class(task: Task) -> None:
    """Press the class that the decoder is to be told, among the buttons above the sliders."""
    (wanted,) = task.wanted("told class")
    task.hand.press(task.page.locator(".part-sliders .classes button").nth(int(wanted.value)))


def _choose_sampler(task: Task) -> None:
    (wanted,) = task.wanted("sampler")
    task.hand.choose(task.box("generate-sampler"), task.words(SAMPLERS[str(wanted.value)].title))


def _set_temperature(task: Task) -> None:
    """Walk with the arrow keys: below 1 down, else up."""
    slider = task.box("generate-temperature").get_by_role("slider")
    (wanted,) = task.wanted("temperature")
    key = "ArrowLeft" if wanted.way == "below" or float(wanted.value) < 1 else "ArrowRight"
    slider.focus()
    for _ in range(40):
        if wanted.holds({"temperature": float(slider.get_attribute("aria-valuenow") or 0)}):
            break
        task.page.keyboard.press(key)
    task.hand.wait()


def _draw_eps(task: Task) -> None:
    for _ in range(TRIES):
        task.hand.press(task.page.locator("button:has(.face)").first)
        if task.done(300):
            return


def _own_picture(task: Task) -> None:
    """Draw, or give a file; of a class that is asked for, a test image of it as a file."""
    wanted = task.wanted("own class")
    if wanted or task.other_way:
        upload_digit(task.hand, task.model, task.words, int(wanted[0].value) if wanted else 4)
    else:
        draw_picture(task.hand, task.words)


def _walk_the_path(task: Task) -> None:
    """Drag the slider of the path to where the classifier reads what is asked for."""
    model, (a, b) = model_cache.explorer(task.model), np.array(task.page.evaluate(ENDS), np.float32)
    label = task.label() if model.conditional else None
    wanted = task.wanted(*OF_A_PATH)
    for way in np.random.default_rng(0).permutation(np.linspace(0.02, 0.98, 49)):
        near = [paths.at(model, a, b, way + side, "linear", label) for side in (-0.02, 0, 0.02)]
        values = [{"path class": digit, "path certainty": sure} for digit, sure in near]
        if all(one.holds(each) for one in wanted for each in values):
            task.hand.slide(task.page.locator(".walk input[type=range]").first, float(way))
            if task.done():
                return


def _train_mistakes(task: Task) -> None:
    """Train the mistake of the step; where it leaves the choice, one after the other, those first that show in what is asked for."""
    if task.step.scene.mistake:
        return _train_both(task)
    asked = " ".join(one.name for one in task.step.done)
    for id in sorted(MISTAKES, key=lambda id: MISTAKES[id].figure not in asked):
        options = task.box("mistake-choice").locator("label:has(input)")
        task.hand.press(options.filter(has_text=task.words(MISTAKES[id].title)).first)
        _train_both(task)
        if task.done():
            return


def _train_both(task: Task) -> None:
    """Press the button, where this student has not done so before, and wait for the figures."""
    if (button := task.box("break-train").locator("button")).count():
        task.hand.press(button)
        task.page.locator('[data-testid="stMain"] [data-testid="stHtml"] table').first.wait_for(timeout=LONG)
        task.hand.wait()


def _choose_image(task: Task) -> None:
    """Choose a test image for which the conditions hold: by its number, by its dot, or by going through them."""
    if (number := task.box("reconstruct-image-number").locator("input")).count():
        return _until_done(task, task.search().images(), lambda index: task.hand.write(number.first, str(index)))
    if not task.page.locator("canvas.front").count():
        another = task.page.get_by_role("button", name=task.words("Another picture"), exact=True)
        return _until_done(task, range(MOST_IMAGES), lambda _: task.hand.press(another), MOST_IMAGES)
    search, canvas = task.search(), _map(task)
    codes = [search.model.latents.mean[i].tolist() for i in islice(search.images(), 40)]
    return _until_done(task, canvas.evaluate(SPOTS_OF_CODES, codes), task.hand.press_at)


def _put_z(task: Task) -> None:
    """Put z where the conditions hold: by the sliders where the page has them, else by a press on the map."""
    search = task.search()
    if task.page.locator(".part-sliders input[type=range]").count():
        return _until_done(task, search.slides(), lambda moves: _slide(task, moves))
    spots = search.places(_map(task).evaluate(SPOTS))
    return _until_done(task, spots, lambda spot: _move_z(task, (spot[0], spot[1])))


def _move_z(task: Task, spot: Spot) -> None:
    if task.other_way:
        (ring,) = _map(task).evaluate(SPOTS_OF_CODES, [task.start().tolist()])
        task.hand.draw([tuple(ring), spot])
    else:
        task.hand.press_at(spot)


def _slide(task: Task, moves: dict[int, float]) -> None:
    """Drag these numbers of the code to these values; a slider that is folded is unfolded first."""
    for dimension, value in moves.items():
        slider = task.page.locator(f".part-sliders input[type=range][aria-label^='z{dimension + 1},']")
        if not slider.is_visible():
            task.hand.press(task.page.locator(".part-sliders summary"))
        low, high = (float(slider.get_attribute(name) or 0) for name in ("min", "max"))
        task.hand.slide(slider, (value - low) / (high - low))


def _until_done(task: Task, offered: Iterable[T], act: Callable[[T], None], most: int = TRIES) -> None:
    """Try one after the other until the card says that the step is done."""
    for one in islice(offered, most):
        act(one)
        if task.done():
            return


def _map(task: Task) -> Locator:
    """The map's canvas, in sight."""
    canvas = task.page.locator("canvas.front").first
    bring(canvas)
    return canvas


def spots_on_the_map(page: Page) -> list[Spot]:
    """Places of the map that can be pressed."""
    canvas = page.locator("canvas.front").first
    bring(canvas)
    return [(x, y) for x, y, *_ in canvas.evaluate(SPOTS)]


# In this order: what chooses the scene comes before what is measured in it.
WAYS: tuple[tuple[set[str], Callable[[Task], None]], ...] = (
    ({"told class"}, _press_class),
    ({"sampler"}, _choose_sampler),
    ({"temperature"}, _set_temperature),
    ({"draws"}, _draw_eps),
    ({"painted"}, lambda task: paint_points(task.hand, task.words)),
    (OF_MISTAKES, _train_mistakes),
    ({"own picture", "own class"}, _own_picture),
    (OF_A_PATH, _walk_the_path),
    (OF_AN_IMAGE, _choose_image),
    (OF_A_CODE, _put_z),
)
