"""Every preset compresses pictures, the same bits coming back, or is refused in one sentence that says what to do."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.preset_helpers import OF_SENTENCES, WORDS
from vae_core import checkpoints
from vae_core.compression.codec import compress, decompress
from vae_core.compression.integer_vae import check, levels_in
from vae_core.config import DataConfig, ModelConfig
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.presets.papers import PRESETS

ANY = checkpoints.load(Path(__file__).parent / "version_1" / "mlp")  # gives what a file says of its model
NOISE = np.random.default_rng(0).integers(0, 256, (6, 1, 8, 8), np.uint8)


def model_of(preset: str) -> ModelConfig:
    if preset in OF_SENTENCES:
        return build_run(
            preset, DataConfig(dataset="sentences"), WORDS["shape"], 3, vocabulary=WORDS["vocabulary"]
        ).model
    return build_run(preset, DataConfig(), (1, 8, 8), 10).model


@pytest.mark.parametrize("preset", {model_of(preset): preset for preset in reversed(PRESETS)}.values())
def test_the_same_bits_come_back_or_a_sentence_says_why_not(preset):
    vae = build(model_of(preset), 0).eval()
    try:
        check(vae.config)
    except UserError as error:
        said = str(error)
        assert said.startswith("Compression needs") and "choose another model" in said and said.count(". ") == 0
        return
    model, pictures = replace(ANY, vae=vae), NOISE if levels_in(vae) > 2 else NOISE // 128 * 255
    assert np.array_equal(decompress(model, compress(model, pictures)).pictures, pictures)
