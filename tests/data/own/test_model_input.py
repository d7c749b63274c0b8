"""reconstruct, encode and a call of the model take pictures and labels in any form, in the range of the training or in a plain one."""

import warnings

import numpy as np
import pytest
import torch
from PIL import Image

from vae_core import VAE
from vae_core.errors import DataWarning, UserError

X = np.random.default_rng(0).integers(0, 256, (40, 8, 8), dtype=np.uint8)
SMALL = {"image_size": 8, "latent_dim": 2, "encoder_dims": [8]}
UNIT = torch.tensor(X / 255, dtype=torch.float32)[:, None]


@pytest.fixture(scope="module")
def trained():
    """Models of one seed, trained on the same pictures in several ranges."""
    ranges = {
        "bytes": X,
        "unit": X / 255,
        "signed": X / 127.5 - 1,
        "12 bits": X.astype(np.uint16) * 16,
        "ct": X * 8.0 - 1000,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return {name: (VAE(**SMALL).fit(x, epochs=1), x) for name, x in ranges.items()}


@pytest.mark.parametrize("name", ["bytes", "unit", "signed", "12 bits", "ct"])
def test_pictures_are_read_as_those_of_the_training(trained, name):
    vae, x = trained[name]
    wanted = vae.reconstruct(UNIT * (4080 / 4095 if name == "12 bits" else 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for given in (x, x[..., None].tolist(), torch.tensor(x.astype(x.dtype.str.replace("u2", "i4")))):
            if not isinstance(given, list):
                assert torch.allclose(vae.reconstruct(given), wanted, atol=0.01), name
        assert torch.allclose(vae.encode(x).mean, vae.encode(UNIT).mean, atol=0.05)


@pytest.mark.filterwarnings("ignore:Shape")
@pytest.mark.parametrize(
    "given",
    [X[:1], X[0], X[0].ravel(), X[:1, ..., None], UNIT[:1], UNIT[0], UNIT[0].numpy(), [X[0]], Image.fromarray(X[0])]
    + [
        X[:1].astype(object),
        X[:1, ::-1].copy()[:, ::-1],
        UNIT[:1].numpy()[..., ::-1].copy()[..., ::-1],
        UNIT[:1].double(),
    ],
)
def test_one_picture_in_any_form(trained, given):
    vae = trained["bytes"][0]
    wanted = vae.reconstruct(UNIT[:1])
    assert torch.allclose(vae.reconstruct(given), wanted, atol=1e-5)
    assert torch.allclose(vae.encode(given).mean, vae.encode(UNIT[:1]).mean, atol=1e-5)
    assert torch.allclose(vae(given).q.mean, vae.encode(UNIT[:1]).mean, atol=1e-5)


@pytest.mark.filterwarnings("ignore:Shape")
def test_transparency_is_filled_with_white():
    vae = VAE(in_channels=3, **SMALL)
    white = vae.reconstruct(torch.ones(2, 3, 8, 8))
    for clear in (np.zeros((2, 8, 8, 4), np.uint8), np.zeros((2, 4, 8, 8))):
        with pytest.warns(DataWarning, match="transparency"):
            assert torch.allclose(vae.reconstruct(clear), white)


def test_dark_bytes_stay_dark_and_black_and_white_is_said(trained):
    vae = trained["bytes"][0]
    dark = X[:2] // 16
    assert torch.allclose(vae.reconstruct(dark), vae.reconstruct(torch.tensor(dark / 255.0).float()[:, None]))
    with pytest.warns(DataWarning, match="black and white"):
        found = vae.reconstruct((X[:2] > 99).astype(np.uint8))
    assert torch.allclose(found, vae.reconstruct(X[:2] > 99))


def test_noisy_floats_are_left_as_they_are_with_a_word(trained):
    vae = trained["unit"][0]
    noisy = UNIT[:4] * 1.2 - 0.1
    with pytest.warns(DataWarning, match="left as they are"):
        assert torch.equal(vae.encode(noisy).mean, super(VAE, vae).encode(noisy).mean)
    with pytest.warns(DataWarning, match="-1 .black. to 1"):
        assert torch.allclose(vae.encode(UNIT * 2 - 1).mean, vae.encode(UNIT).mean, atol=1e-5)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (X[:2] * 8.0 - 1000, "may mean any grey levels"),
        (X[:2, :7], r"these have \(7, 8\)"),
        (np.full((2, 8, 8), np.nan), r"image 0 .* at pixel \(0, 0, 0\)"),
        (torch.full((2, 1, 8, 8), torch.inf), r"image 0 .* holds inf"),
        (X[:0], "no picture"),
        ("x", "type str"),
        (None, "type NoneType"),
        ([["a"]], "no grey levels"),
    ],
)
def test_what_cannot_be_meant_is_refused(trained, given, said):
    for verb in (trained["bytes"][0].reconstruct, trained["bytes"][0].encode, trained["bytes"][0]):
        with pytest.raises(UserError, match=said):
            verb(given)


def test_a_call_is_a_forward_pass_that_follows_the_seed_of_torch():
    vae = VAE(**SMALL)
    torch.manual_seed(3)
    q, z, p = vae(UNIT[:4])
    assert q.mean.shape == z.shape == (4, 2) and p.mean.shape == (4, 1, 8, 8)
    (p.log_prob(UNIT[:4]).mean() - vae.kl(q, z).sum(-1).mean()).backward()
    assert all(parameter.grad is not None for parameter in vae.parameters())
    torch.manual_seed(3)
    assert torch.equal(vae(UNIT[:4]).z, z)
    torch.manual_seed(3)
    first = vae.generate(2)
    torch.manual_seed(3)
    assert torch.equal(vae.generate(2), first)


def test_labels_are_numbers_or_names():
    names = [f"d{n % 5}" for n in range(40)]
    with pytest.warns(DataWarning, match="by the numbers 0 to 4"):
        vae = VAE(classes=5, **SMALL).fit(X, names, epochs=1)
    assert vae.classes == ("d0", "d1", "d2", "d3", "d4")
    by_number = vae.reconstruct(X[:3], [0, 1, 2])
    for labels in (["d0", "d1", "d2"], np.arange(3), torch.arange(3), torch.eye(5)[:3]):
        assert torch.equal(vae.reconstruct(X[:3], labels), by_number)
    assert vae.generate(2, y=["d1", "d4"]).shape == (2, 1, 8, 8)
    for labels in (["d9"] * 3, [5, 0, 0], [-1, 0, 0], np.array([0.5, 0, 0])):
        with pytest.raises(UserError, match="0 to 4, or a name"):
            vae.reconstruct(X[:3], labels)


@pytest.mark.parametrize("settings", [{"hidden": 64}, {"encoder_dims": 64}, {"encoder_dims": 64, "decoder_dims": 32}])
def test_one_layer_may_be_a_number(settings):
    vae = VAE(image_size=8, **settings)
    assert vae.config.hidden == (64,) and vae.config.network == "mlp"


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: VAE(10), "VAE takes a ModelConfig"),
        (lambda: VAE(image_size=2.5), "image_size is one number"),
        (lambda: VAE(image_size="28"), "image_size is one number"),
        (lambda: VAE(hidden="wide"), "hidden"),
        (lambda: VAE(wide=3), "wide"),
        (lambda: VAE(**SMALL).fit(X, batch_size=0), "batch_size"),
        (lambda: VAE(**SMALL).fit(X, epochs="many"), "epochs"),
    ],
)
def test_settings_that_cannot_be_are_refused(build, said):
    with pytest.raises(UserError, match=said):
        build()
