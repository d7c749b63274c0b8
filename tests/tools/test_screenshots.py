"""The documentation's pictures: one for each language, of a projector's size, and small enough for a repository."""

import pytest
from PIL import Image

from tools import screenshots
from vae_ui.shell.page_list import PAGES


@pytest.mark.parametrize(
    ("name", "language"), [(name, word) for name, shot in screenshots.SHOTS.items() for word in shot.languages]
)
def test_each_picture_is_there_in_its_languages(name, language):
    path = screenshots.file_of(name, language)
    with Image.open(path) as picture:
        assert picture.size == (screenshots.WIDTH, screenshots.HEIGHT)
    assert path.stat().st_size < 200_000


def test_each_shows_a_page_of_the_menu():
    for shot in screenshots.SHOTS.values():
        assert (shot.address.split("?")[0] or "start") in PAGES


def test_an_unknown_picture_is_a_sentence(capsys):
    with pytest.raises(SystemExit):
        screenshots.main(["nothing"])
    assert "there is no picture nothing" in capsys.readouterr().err
