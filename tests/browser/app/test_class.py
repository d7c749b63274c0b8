"""One teacher and four students in a room: code, lesson with predictions and reveal, broadcast, pause, queue with limits, rights."""

import csv
import io
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.page_watch import asked, settled, watch
from tests.browser.server import Server, start
from tests.conftest import DATA
from tests.helpers.run_helpers import until
from vae_core.runs import Store

NAME = "class.localhost"  # as behind a proxy: nobody sits at the server's machine
LESSON = "01-two-numbers"  # its step 2 asks, and step 3 reveals
CHOICES = ("about 1 in 10", "about half", "more than 3 in 4", "more than 3 in 4")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start(tmp_path_factory.mktemp("class"), DATA if (DATA / "MNIST").is_dir() else None, hosts=NAME)
    yield running
    complaints = running.complaints()
    assert running.stop() == 0 and not complaints


class Room:
    """The windows of a class; every one is watched."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser, self.server = browser, server
        self.contexts: list[BrowserContext] = []
        self.problems = []

    def window(self, **options) -> Page:
        host = f"{NAME}:{self.server.port}"
        usual = {"viewport": {"width": 1280, "height": 720}, "base_url": f"http://{host}"}
        context = self.browser.new_context(**{**usual, **options})
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        self.problems.append(watch(context, host))
        return context.new_page()

    def teacher(self, path: str) -> Page:
        page = self.window()
        page.goto(f"{path}{'&' if '?' in path else '?'}teacher={self.server.room['key']}")
        settled(page)
        return page

    def student(self, path: str, **options) -> Page:
        page = self.window(**options)
        page.goto(f"{path}{'&' if '?' in path else '?'}room={self.server.room['code']}")
        settled(page)
        return page


@pytest.fixture
def room(browser: Browser, server: Server) -> Iterator[Room]:
    found = Room(browser, server)
    yield found
    problems = [problem for watched in found.problems for problem in watched()]
    for context in found.contexts:
        context.close()
    assert not problems


def switch(page: Page, label: str) -> None:
    page.locator("label").filter(has_text=label).click()
    settled(page)


def test_a_student_types_the_code_on_a_phone_and_is_led_to_the_page_of_the_link(room, server):
    page = room.window(**PHONE)
    page.goto("/decode?model=digits-vae-2d")
    expect(page.get_by_role("heading", level=1)).to_have_text("Type the room's code")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("Code").fill("0000 0000" if server.room["code"] != "00000000" else "1111 1111")
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_role("alert")).to_contain_text("not this room's code")
    page.get_by_label("Code").fill(f"{server.room['code'][:4]} {server.room['code'][4:]}")
    page.get_by_role("button", name="Enter").click()
    settled(page)
    assert "/decode?" in page.url and asked(page)["model"] == "digits-vae-2d"
    assert page.get_by_role("link", name="Classroom").count() == 0


def test_a_lesson_with_predictions_and_a_reveal(room):
    teacher = room.teacher("/classroom")
    assert "teacher=" not in teacher.url
    switch(teacher, "Answers wait for me")
    students = [room.student(f"/?model=mnist-vae-2d&lesson={LESSON}.2") for _ in CHOICES]
    expect(teacher.get_by_text("4 people are here")).to_be_visible()  # pushed, without a click
    for page, choice in zip(students, CHOICES, strict=True):
        page.get_by_role("button", name=choice).click()
        settled(page)
    question = teacher.locator(f".st-key-class-question-{LESSON}-2")
    expect(question.get_by_text("4 answers")).to_be_visible()
    bars = question.locator("dd b")
    expect(bars).to_have_text(["1", "1", "2"])
    for page in students:
        page.get_by_role("button", name="Next step").click()
        settled(page)
        expect(page.get_by_text("Your teacher will reveal it.")).to_be_visible()
        assert page.get_by_text("The second network reads").count() == 0
    question.get_by_role("button", name="Reveal").click()
    for page in students:
        expect(page.get_by_text("The second network reads")).to_be_visible()  # pushed
    settled(teacher)
    switch(teacher, "Answers wait for me")
    with teacher.expect_download() as download:
        teacher.get_by_role("button", name="Answers as CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert sorted(row["answer"] for row in rows) == sorted(CHOICES) and {row["computed"] for row in rows} == {
        CHOICES[-1]
    }


def test_everyone_follows_the_teacher_and_goes_back_to_ones_own_page(room):
    teacher = room.teacher("/decode?model=digits-vae-2d&z=1,1")
    first, second = room.student("/latent_space?model=digits-vae-2d&z=2,0"), room.student("/learn", **PHONE)
    own = [page.url for page in (first, second)]
    switch(teacher, "Show my page to everyone")
    for page in (first, second):
        expect(page.get_by_text("Your teacher shows this page to all.")).to_be_visible()
        page.wait_for_function("location.pathname.endsWith('/decode') && location.search.includes('z=1,1')")
    teacher.get_by_role("button", name="Random sample").click()
    teacher.wait_for_function("new URLSearchParams(location.search).get('z') !== '1,1'")
    settled(teacher)
    there = asked(teacher)["z"]
    for page in (first, second):
        page.wait_for_function("z => new URLSearchParams(location.search).get('z') === z", arg=there)
    first.get_by_role("link", name="Generate").click()  # leads back, while it lasts
    settled(first)
    first.wait_for_function("location.pathname.endsWith('/decode')")
    switch(teacher, "Show my page to everyone")
    for page, url in zip((first, second), own, strict=True):
        page.wait_for_url(url)
        settled(page)
        assert page.get_by_text("Your teacher shows").count() == 0


def test_a_pause_covers_the_class_and_loses_nothing(room):
    teacher, student = room.teacher("/decode?model=digits-vae-2d"), room.student("/decode?model=digits-vae-2d&z=2,0.5")
    switch(teacher, "Pause everyone")
    expect(student.get_by_text("Look to the front.")).to_be_visible()
    assert teacher.get_by_text("Look to the front.").count() == 0
    switch(teacher, "Pause everyone")
    expect(student.get_by_text("Look to the front.")).to_have_count(0)
    assert asked(student)["z"] == "2,0.5"


def test_a_students_link_to_the_classroom_shows_nothing(room, server):
    page = room.student("/classroom")
    expect(page.get_by_role("heading", level=1)).to_have_text("This is the teacher's page")
    assert server.room["code"][:4] not in page.content() and server.room["key"] not in page.content()


def copied(page: Page) -> str:
    page.get_by_role("button", name="Copy link").click()
    return page.get_by_label("Copy link").input_value()


def test_a_teachers_link_lets_the_class_in_and_a_students_is_that_of_the_page(room, server):
    teacher, student = room.teacher("/decode?model=digits-vae-2d&z=1,1"), room.student("/decode?model=digits-vae-2d")
    assert copied(student) == student.url
    link = copied(teacher)
    assert f"room={server.room['code']}" in link and "model=digits-vae-2d" in link and server.room["key"] not in link
    guest = room.window()
    guest.goto(link)
    settled(guest)
    expect(guest.get_by_role("heading", level=1)).to_have_text("What does the decoder draw?")
    assert asked(guest)["z"] == "1,1" and "room" not in asked(guest)


def start_run(page: Page) -> None:
    box = page.get_by_label("Seconds", exact=True)
    box.fill("600")  # longer than the test
    box.press("Enter")
    settled(page)
    page.get_by_role("button", name="Start", exact=True).click()
    settled(page)


def test_a_queue_with_limits_a_stolen_link_and_a_deletion_undone(room, server):
    (server.home / "limits.toml").write_text("[person]\nruns = 2\ntraining = 1\n[everyone]\ntraining = 1\n")
    owner, other, third, fourth = (room.student("/train") for _ in range(4))
    teacher = room.teacher("/train")
    for _ in range(2):
        start_run(owner)
    start_run(owner)  # a third one
    expect(owner.get_by_text("2 of your runs wait or train already")).to_be_visible()
    for page in (other, teacher):
        start_run(page)
    places = Store(server.home)
    until(lambda: [row for row in places.runs() if row.state == "running"])
    waiting = sorted((row for row in places.runs() if row.state == "queued"), key=lambda row: row.place)
    assert [row.by_admin for row in waiting] == [True, False, False]  # the teacher's first, then people take turns
    assert waiting[1].owner != waiting[2].owner
    mine = next(row for row in places.runs() if row.state == "running")
    link = f"/train?run={mine.id}"
    for page in (third, fourth):  # a link that was passed on, in two other hands
        page.goto(link)
        settled(page)
        expect(page.get_by_text("only this person and the teacher can change it")).to_be_visible()
        for word in ("Pause", "Stop", "Delete", "Resume"):
            assert page.get_by_role("button", name=word, exact=True).count() == 0
    assert places.get(mine.id).state == "running"
    owner.goto(link)
    settled(owner)
    owner.get_by_role("button", name="Stop", exact=True).click()
    until(lambda: places.get(mine.id).state == "stopped")
    settled(owner)
    owner.get_by_role("button", name="Delete", exact=True).click()
    owner.get_by_role("button", name="Yes, delete").click()
    until(lambda: mine.id not in {row.id for row in places.runs()})
    settled(owner)
    owner.get_by_role("button", name="Undo").click()
    until(lambda: mine.id in {row.id for row in places.runs()})
    assert places.get(mine.id).state == "stopped" and (places.folder(mine.id) / "weights.safetensors").exists()
    for row in places.runs():  # the other tests find nothing that trains
        if row.state != "stopped":
            places.command(row.id, "stop")
    until(lambda: all(row.state == "stopped" for row in places.runs()))
