"""Posteriors and priors other than the normal: densities, gradients, samples and KL, computed in other ways."""

import math

import numpy as np
import pytest
import torch
from scipy import integrate, special
from torch import Generator

from vae_core.config import ModelConfig
from vae_core.distributions.flows import Planar
from vae_core.distributions.normal_and_point import DiagonalNormal
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.distributions.von_mises_fisher import VonMisesFisher, _sample_cosine, log_integral
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.models.posteriors import POSTERIORS
from vae_core.models.priors import PRIORS

FLOWS = ("planar", "autoregressive")


def noise(seed=0):
    return Generator().manual_seed(seed)


def config(**changes):
    return ModelConfig(**{"shape": (1, 4, 4), "latent_dim": 2, "hidden": (16,), "components": 7, **changes})


def posterior(name, size=2, batch=3, spread=1.0):
    torch.manual_seed(1)
    module = POSTERIORS[name](config(latent_dim=size, posterior=name))
    return module, spread * torch.randn(batch, module.outputs, generator=noise(4))


def lattice(points=241, reach=9.0):
    line = torch.linspace(-reach, reach, points)
    z = torch.stack(torch.meshgrid(line, line, indexing="ij"), -1).reshape(-1, 2)
    return z, (2 * reach / (points - 1)) ** 2


def matching(name):
    """A model with this posterior or prior and the settings that it needs."""
    for pair in (("von_mises_fisher", "sphere"), ("discrete", "discrete"), ("quantised", "codebook")):
        if name in pair:
            return config(posterior=pair[0], prior=pair[1], latent_dim=6, discrete=2, categories=2)
    if name == "ladder":
        return config(posterior="ladder", prior="two_levels")
    return config(**{"posterior" if name in POSTERIORS else "prior": name})


@pytest.mark.parametrize("name", [name for name in POSTERIORS if name != "normal"] + [*PRIORS][1:])
def test_shapes_samples_and_moments_of_every_posterior_and_prior(name):
    vae = build(matching(name), seed=0).eval()
    x, size = torch.rand(5, 1, 4, 4), vae.config.latent_dim
    for q, batch in ((vae.encode(x), (5,)), (vae.prior(), ())):
        assert (q.batch_shape, q.event_shape) == (batch, (size,))
        z = sample(q, noise(1), (4000,))
        assert z.shape == (4000, *batch, size)
        assert torch.equal(z, sample(q, noise(1), (4000,)))
        assert q.mean.shape == q.stddev.shape == (*batch, size)
        torch.testing.assert_close(z.mean(0), q.mean, atol=0.2, rtol=0)
        torch.testing.assert_close(z.std(0), q.stddev, atol=0.2, rtol=0)
        if vae.posterior.has_density:
            assert q.log_prob(z).shape == (4000, *batch)
    q = vae.encode(x)
    if vae.posterior.has_density:
        kl = vae.kl(q, sample(q, noise()))
        assert kl.shape[0] == 5 and kl.shape[1] in (1, 2, 4, size)
    assert vae.generate(6, generator=noise()).shape == (6, 1, 4, 4)
    assert torch.equal(vae.generate(6, generator=noise()), vae.generate(6, generator=noise()))
    assert torch.equal(vae.reconstruct(x), vae.reconstruct(x))


@pytest.mark.parametrize("name", FLOWS)
def test_flow_posteriors_integrate_to_one_and_store_the_density_of_samples(name):
    module, raw = posterior(name)
    z, area = lattice()
    q = module(raw)
    density = q.log_prob(z.unsqueeze(1)).exp()
    torch.testing.assert_close((density * area).sum(0), torch.ones(3), atol=0.02, rtol=0)
    drawn = sample(q, noise(), (50,))
    torch.testing.assert_close(q.log_prob(drawn), q.log_prob(drawn.clone()), atol=2e-3, rtol=1e-3)


@pytest.mark.parametrize("name", FLOWS)
@pytest.mark.parametrize("size", [1, 2, 5])
def test_flow_log_determinants_match_the_jacobian(name, size):
    module, raw = posterior(name, size, batch=1)
    out = module(raw).out
    x = torch.randn(1, size, generator=noise())
    jacobian = torch.autograd.functional.jacobian(out, x).reshape(size, size)
    _, stretch = out.call_and_ladj(x)
    torch.testing.assert_close(stretch[0], jacobian.det().abs().log(), atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(out.inv(out(x)), x, atol=1e-3, rtol=1e-3)


def test_autoregressive_transforms_depend_on_earlier_dimensions_and_the_context_only():
    module, raw = posterior("autoregressive", 4, batch=1)
    for turn, step in enumerate(module.steps):
        jacobian = torch.autograd.functional.jacobian(step(raw[:, 8:]), torch.randn(1, 4)).reshape(4, 4)
        later = jacobian.triu(1) if turn % 2 == 0 else jacobian.tril(-1)
        assert later.abs().max() == 0 and jacobian.abs().sum() > 0
    other = module(raw + torch.cat([torch.zeros(1, 8), torch.ones(1, 32)], 1))
    assert not torch.allclose(sample(module(raw), noise()), sample(other, noise()))


def test_a_planar_flow_is_invertible_and_zero_parameters_give_the_identity():
    u, w, b = (3 * torch.randn(200, *rest, generator=noise(seed)) for seed, rest in enumerate(((3,), (3,), ())))
    step, x = Planar(u, w, b), torch.randn(200, 3, generator=noise(9))
    assert (step.slope > -1).all()
    torch.testing.assert_close(step._inverse(step(x)), x, atol=1e-3, rtol=1e-3)
    still = Planar(torch.zeros(1, 3), w[:1], b[:1])
    torch.testing.assert_close(still(x), x, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("name", ["mixture", "vamp", "flow", "two_levels"])
def test_learnt_priors_integrate_to_one_in_the_plane(name):
    vae = build(config(prior=name), seed=0)
    z, area = lattice()
    with torch.no_grad():
        assert (vae.prior().log_prob(z).exp() * area).sum().item() == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("name", ["mixture", "flow"])
def test_a_monte_carlo_rate_equals_the_integral(name):
    vae = build(config(prior=name), seed=0)
    q = DiagonalNormal(torch.tensor([[0.5, -1.0]]), torch.tensor([[0.4, 0.8]]))
    z, area = lattice()
    with torch.no_grad():
        log_q, log_p = q.log_prob(z), vae.prior().log_prob(z)
        exact = (log_q.exp() * (log_q - log_p) * area).sum().item()
        drawn = vae.prior_module.kl(q, sample(q, noise(), (20_000,))).flatten()
    assert drawn.mean().item() == pytest.approx(exact, abs=5 * drawn.std().item() / math.sqrt(20_000) + 5e-3)


def test_a_mixture_of_one_normal_has_the_closed_form_rate():
    vae = build(config(prior="mixture", components=1), seed=0)
    q = DiagonalNormal(torch.tensor([[0.5, -1.0]]), torch.tensor([[0.4, 0.8]]))
    part = vae.prior().component_distribution
    exact = torch.distributions.kl_divergence(q.base_dist, part.base_dist).sum().item()
    drawn = vae.prior_module.kl(q, sample(q, noise(), (20_000,)))
    assert drawn.mean().item() == pytest.approx(exact, abs=5 * drawn.std().item() / math.sqrt(20_000))


def test_the_vamp_prior_is_the_mean_of_the_posteriors_of_its_inputs():
    vae = build(config(prior="vamp"), seed=0)
    vae.init_from_mean(torch.full((1, 4, 4), 0.9))
    pictures = vae.prior_module.pictures.sigmoid()
    assert 0.7 < pictures.mean() < 0.95
    z = torch.randn(11, 2, generator=noise())
    by_hand = torch.stack([vae.encode(picture[None]).log_prob(z) for picture in pictures]).logsumexp(0) - math.log(7)
    torch.testing.assert_close(vae.prior().log_prob(z), by_hand)


@pytest.mark.parametrize("size", [2, 3, 8, 50])
@pytest.mark.parametrize("k", [0.5, 10.0, 900.0])
def test_von_mises_fisher_agrees_with_bessel_functions_and_with_an_integral(size, k):
    order = size / 2
    log_bessel = math.log(special.ive(order - 1, k)) + k
    log_constant = (order - 1) * math.log(k) - order * math.log(2 * math.pi) - log_bessel
    q = VonMisesFisher(torch.nn.functional.normalize(torch.ones(1, size), dim=-1), torch.tensor([k]))
    assert q.log_prob(q.direction).item() == pytest.approx(log_constant + k, abs=1e-3)
    ratio = special.ive(order, k) / special.ive(order - 1, k)
    assert q.length.item() == pytest.approx(ratio, abs=1e-6)

    def weight(t):
        return math.sin(t) ** (size - 2) * math.exp(k * (math.cos(t) - 1))

    peak = [min(3.0, 1.5 * math.sqrt(size / k)), min(3.1, 10 * math.sqrt(1 / k))]
    total = integrate.quad(weight, 0, math.pi, points=peak, limit=200)[0]
    flat = integrate.quad(lambda t: math.sin(t) ** (size - 2), 0, math.pi)[0]
    cosine = integrate.quad(lambda t: math.cos(t) * weight(t), 0, math.pi, points=peak, limit=200)[0] / total
    expected = k * cosine - (math.log(total) + k) + math.log(flat)
    assert q.kl_to_uniform().item() == pytest.approx(expected, abs=2e-3)


def test_von_mises_fisher_samples_lie_on_the_sphere_with_the_right_moments():
    for size, k in ((2, 4.0), (3, 20.0), (20, 60.0)):
        q = VonMisesFisher(
            torch.nn.functional.normalize(torch.randn(1, size, generator=noise(2)), dim=-1), torch.tensor([k])
        )
        z = sample(q, noise(), (20_000,))[:, 0]
        torch.testing.assert_close(z.norm(dim=1), torch.ones(20_000))
        torch.testing.assert_close(z.mean(0), q.mean[0], atol=0.02, rtol=0)
        torch.testing.assert_close(z.var(0), q.variance[0], atol=0.02, rtol=0)


@pytest.mark.parametrize(("size", "k"), [(2, 0.7), (3, 15.0), (10, 4.0), (5, 3000.0)])
def test_the_gradient_of_a_sample_is_that_of_its_quantile(size, k):
    """The gradient of the cosine with respect to k at a fixed quantile, compared with numerical quantiles."""
    q = VonMisesFisher(torch.eye(1, size), torch.tensor([k], requires_grad=True))
    cosine = q._cosine(noise(), (5,))
    angles = torch.linspace(0, math.pi, 400_001, dtype=torch.float64)

    def share(k, top):
        logs = (size - 2) * angles.sin().clamp(min=1e-300).log() + k * (angles.cos() - 1)
        inside = angles <= top
        return (torch.trapezoid(logs.exp()[inside], angles[inside]) / torch.trapezoid(logs.exp(), angles)).item()

    for one in cosine.flatten():
        (slope,) = torch.autograd.grad(one, q.concentration, retain_graph=True)
        top, step = math.acos(one.item()), 1e-3 * k
        moved = math.acos(min(1.0, one.item() + slope.item() * step))
        # the share of the moved angle at the moved k, against the share that it had
        assert share(k + step, moved) == pytest.approx(share(k, top), abs=2e-4)


def test_mean_gradients_on_the_sphere_are_gradients_of_the_mean():
    """d/dk E[cos t] by samples is the second derivative of ln Z."""
    k = torch.tensor([6.0], dtype=torch.float64, requires_grad=True)
    q = VonMisesFisher(torch.eye(1, 4), k)
    (drawn,) = torch.autograd.grad(q._cosine(noise(), (20_000,)).mean(), k)
    exact = torch.autograd.functional.hessian(lambda k: log_integral(k, 4).sum(), k.detach()).item()
    assert drawn.item() == pytest.approx(exact, rel=0.03)


def test_rejection_sampling_has_the_density_of_the_angle():
    cosine = _sample_cosine(torch.full((100_000,), 2.0, dtype=torch.float64), 3, noise()).numpy()
    bins = np.linspace(-1, 1, 21)
    found = np.histogram(cosine, bins)[0] / len(cosine)
    expected = np.diff(np.exp(2 * bins)) / (math.exp(2) - math.exp(-2))  # in three dimensions the density is exp(k w)
    assert np.abs(found - expected).max() < 5e-3


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"posterior": "von_mises_fisher"}, "choose both or neither"),
        ({"prior": "sphere"}, "choose both or neither"),
        ({"posterior": "von_mises_fisher", "prior": "sphere", "latent_dim": 1}, "at least two"),
        ({"posterior": "discrete", "prior": "discrete"}, "need a code of 10 dimensions"),
        ({"posterior": "quantised"}, "choose both or neither"),
        ({"posterior": "quantised", "prior": "codebook", "discrete": 3, "latent_dim": 4}, "cannot be split"),
        ({"prior": "two_levels", "latent_dim": 1}, "at least two dimensions"),
        ({"posterior": "ladder"}, "choose prior='two_levels'"),
        ({"posterior": "point", "prior": "mixture"}, "choose prior='normal'"),
        ({"posterior": "planar", "prior": "vamp"}, "choose prior='mixture'"),
        ({"classes": 3, "prior": "vamp"}, "choose prior='mixture'"),
        ({"prior": "horseshoe"}, "known are normal, mixture"),
    ],
)
def test_incompatible_posteriors_and_priors_are_refused_in_one_sentence(changes, says):
    with pytest.raises(UserError, match=says) as caught:
        build(config(**changes))
    assert "\n" not in str(caught.value)


def test_caches_filled_in_inference_mode_work_in_training():
    """Tensors cached in inference mode must be usable in training."""
    from vae_core.distributions.von_mises_fisher import _gauss_legendre
    from vae_core.objectives import StepContext
    from vae_core.objectives.ms_ssim import _band, ms_ssim
    from vae_core.objectives.rae_ms_ssim import MsSsim

    _gauss_legendre.cache_clear()
    _band.cache_clear()
    vae = build(config(posterior="von_mises_fisher", prior="sphere", latent_dim=3), seed=0)
    x = torch.rand(5, 1, 4, 4)
    with torch.inference_mode():
        vae.encode(x).kl_to_uniform()
        ms_ssim(x, x)
    MsSsim()(vae, x, None, StepContext(0.5, noise())).loss.backward()
