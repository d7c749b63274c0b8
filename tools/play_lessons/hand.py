"""A hand at a page: a mouse, or a finger where the screen is touched, and a keyboard. Nothing is set by a script."""

from collections.abc import Sequence

from playwright.sync_api import Locator, Page

from tests.browser.page_watch import settled

Spot = tuple[float, float]  # pixels of the window
MOVES = 6  # between two places of a stroke
PATIENCE = 60.0  # seconds until the app is idle: the machine may be busy with other work


class Hand:
    """The hand of one visitor; `touch` says that it touches the screen."""

    def __init__(self, page: Page, touch: bool) -> None:
        self.page, self.touch = page, touch

    def press(self, target: Locator) -> None:
        """Press what one sees; it fails where something else lies over it."""
        bring(target)
        target.tap() if self.touch else target.click()
        self.wait()

    def press_at(self, spot: Spot) -> None:
        """Press a place of the window, once."""
        if self.touch:
            self.page.touchscreen.tap(*spot)
        else:
            self.page.mouse.move(spot[0] - 30, spot[1] - 20)
            self.page.mouse.move(*spot, steps=4)
            self.page.mouse.click(*spot)
        self.wait()

    def draw(self, places: Sequence[Spot]) -> None:
        """Go through these places with the button, or the finger, down."""
        way = [places[0], *(spot for a, b in zip(places, places[1:], strict=False) for spot in _between(a, b))]
        if self.touch:
            self._touch(way)
        else:
            self.page.mouse.move(*way[0])
            self.page.mouse.down()
            for spot in way[1:]:
                self.page.mouse.move(*spot)
            self.page.mouse.up()
        self.wait()

    def slide(self, slider: Locator, share: float) -> None:
        """Drag the thumb of a slider to a share of its range, which the thumb's own width shortens."""
        bring(slider)
        box = slider.bounding_box()
        assert box, "the slider is in sight"
        now, thumb = slider.evaluate(THUMB), min(16.0, box["width"] / 4)
        ends = [box["x"] + thumb / 2 + part * (box["width"] - thumb) for part in (now, share)]
        middle = box["y"] + box["height"] / 2
        self.draw([(ends[0], middle), (ends[1], middle)])

    def write(self, field: Locator, text: str) -> None:
        """Put a text into a field in the place of what is there, and confirm it."""
        self.press(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.wait()

    def choose(self, box: Locator, words: str) -> None:
        """Open a list, and press an entry."""
        self.press(box.locator("input").first)
        self.press(self.page.get_by_role("option", name=words, exact=True))

    def wait(self) -> None:
        """Wait until the app has answered."""
        settled(self.page, PATIENCE)

    def _touch(self, way: Sequence[Spot]) -> None:
        session = self.page.context.new_cdp_session(self.page)
        for at, (x, y) in enumerate(way):
            kind = "touchMove" if at else "touchStart"
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        session.detach()


THUMB = "s => (Number(s.value) - Number(s.min)) / ((Number(s.max) - Number(s.min)) || 1)"


def bring(target: Locator) -> None:
    """Scroll the page until the middle of it is in the middle of the screen, where it is not in sight anyway."""
    target.wait_for(state="visible")
    target.evaluate("""target => {
      const {top, bottom} = target.getBoundingClientRect();
      const fixed = target.closest('.st-key-lesson-card');
      if (!fixed && (top < 70 || bottom > innerHeight - 150)) target.scrollIntoView({block: 'center', behavior: 'instant'});
    }""")


def _between(a: Spot, b: Spot) -> list[Spot]:
    shares = [step / MOVES for step in range(1, MOVES + 1)]
    return [(a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])) for share in shares]
