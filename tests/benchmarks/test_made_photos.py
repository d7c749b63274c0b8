"""Photographs of digits on all kinds of paper are read right, or something is said: the bar of benchmarks/made_photos."""

import pytest

from benchmarks.made_photos.counts import made, prepared_here, said, tally
from benchmarks.made_photos.scenes import KINDS, photo
from vae_core.images import reading
from vae_core.images.objects import NO_INK
from vae_core.images.preparation import prepare

pytestmark = pytest.mark.slow


def test_of_sixty_photographs_at_least_54_are_read_right_and_none_is_wrong_without_a_word():
    photos = made(0, 6)
    counts = tally(photos, prepared_here(photos))
    for kind, count in counts.items():
        print(f"{kind:12} {said(count)}")
    assert counts["all"].photos == 60 and counts["all"].right >= 54 and counts["all"].silent == 0
    assert counts["all"].seconds < 0.3


@pytest.mark.parametrize("kind", KINDS)
def test_blank_paper_has_no_ink(kind):
    prepared = prepare(reading.read(photo(kind, [], 3)), (1, 28, 28))
    assert prepared.problem == NO_INK and prepared.blank and not prepared.x.any()


def test_a_seed_makes_the_same_photograph_again():
    first, again, other = (photo("squared", [], seed) for seed in (5, 5, 6))
    assert first == again != other
