"""Objectives with a critic: model and critic each get the gradient of their own loss only."""

import math
from itertools import product

import pytest
import torch
from torch import Generator, nn

from vae_core.axes.compatibility import refusal
from vae_core.config import ModelConfig
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.models.build import build
from vae_core.models.likelihoods import LIKELIHOODS
from vae_core.models.posteriors import POSTERIORS
from vae_core.models.priors import PRIORS
from vae_core.objectives import Elbo, StepContext
from vae_core.objectives.critics import critic_loss, shuffled
from vae_core.objectives.factorvae_aae_vaegan import AdversarialAutoencoder, FactorVae, VaeGan
from vae_core.training.critic_training import critic_trainer

X = torch.rand(64, 1, 4, 4, generator=Generator().manual_seed(5))


def model(**changes):
    return build(ModelConfig(**{"shape": (1, 4, 4), "latent_dim": 3, "hidden": (16,), **changes}), seed=0)


def step_context(seed=0, critic=None):
    return StepContext(0.5, Generator().manual_seed(seed), critic=critic)


class Fixed(nn.Module):
    """A critic whose logit is a given function of the code."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, z):
        return self.function(z)


@pytest.mark.parametrize(
    ("objective", "posterior"), [(FactorVae(), "normal"), (AdversarialAutoencoder(), "point"), (VaeGan(), "normal")]
)
def test_model_and_critic_get_the_gradients_of_their_own_losses(objective, posterior):
    vae = model(posterior=posterior)
    critic = critic_trainer(objective, vae, 0)
    parameters = list(vae.parameters())
    critic.backward(objective(vae, X, None, step_context(critic=critic.module)), 0.5, parameters)
    mine, theirs = ([p.grad.clone() for p in part] for part in (parameters, critic.adam.parameters))
    assert all(grad.abs().sum() > 0 for grad in [*mine, *theirs])
    terms = objective(vae, X, None, step_context(critic=critic.module))
    expected = torch.autograd.grad(terms.loss, parameters, retain_graph=True)
    torch.testing.assert_close(mine, [0.5 * grad for grad in expected])
    expected = torch.autograd.grad(terms.critic_loss, critic.adam.parameters)
    torch.testing.assert_close(theirs, [0.5 * grad for grad in expected])


def test_a_critics_initial_weights_depend_on_the_seed_only():
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    first, second, other = (critic_trainer(FactorVae(), model(), seed).module.verdict.weight for seed in (1, 1, 2))
    assert torch.equal(first, second) and not torch.equal(first, other) and torch.equal(torch.rand(1), expected)
    assert critic_trainer(Elbo(), model(), 0) is None


def test_with_the_optimal_critic_the_factor_penalty_is_the_total_correlation():
    """Two equal normal dimensions: with the true log-ratio as the critic's logit, the penalty is gamma times the total correlation."""
    rho = 0.8
    noise = Generator().manual_seed(0)
    joint = torch.distributions.MultivariateNormal(torch.zeros(2), torch.tensor([[1, rho], [rho, 1]]))
    z = torch.randn(200_000, 2, generator=noise) @ torch.linalg.cholesky(joint.covariance_matrix).t()
    apart_normals = torch.distributions.MultivariateNormal(torch.zeros(2), torch.eye(2))
    logit = joint.log_prob(z) - apart_normals.log_prob(z)
    assert logit.mean().item() == pytest.approx(-0.5 * math.log(1 - rho**2), abs=0.01)
    mixed = shuffled(z, noise)
    assert torch.corrcoef(mixed.t())[0, 1].abs() < 0.01
    torch.testing.assert_close(mixed.sort(0).values, z.sort(0).values)


def test_the_factor_loss_is_minus_elbo_plus_gamma_times_the_mean_logit():
    vae = model()
    terms = FactorVae(gamma=7)(vae, X, None, step_context(critic=Fixed(lambda z: z.sum(1) * 0 + 0.25)))
    assert terms.loss.item() == pytest.approx(Elbo()(vae, X, None, step_context()).loss.item() + 7 * 0.25, rel=1e-6)


def test_the_loss_of_an_uninformed_critic_is_two_ln_two():
    assert critic_loss(torch.zeros(5), torch.zeros(5)).item() == pytest.approx(2 * math.log(2))


def test_the_encoder_of_a_vae_gan_gets_no_adversarial_gradient():
    vae = model()
    critic = critic_trainer(VaeGan(), vae, 0).module

    def slopes(gamma):
        vae.zero_grad()
        VaeGan(gamma=gamma)(vae, X, None, step_context(critic=critic)).loss.backward()
        return [torch.cat([p.grad.flatten() for p in half.parameters()]) for half in (vae.encoder, vae.decoder)]

    one, ten, hundred = slopes(1.0), slopes(10.0), slopes(100.0)
    torch.testing.assert_close(one[0], ten[0], rtol=1e-4, atol=1e-6)
    torch.testing.assert_close((hundred[1] - ten[1]) / 90, (ten[1] - one[1]) / 9, rtol=1e-3, atol=1e-5)


def admitted(objective):
    """Every posterior and prior that the objective can train."""
    for posterior, prior in product(POSTERIORS, PRIORS):
        start = {"shape": (1, 4, 4), "latent_dim": 4, "hidden": (16,), "discrete": 2, "categories": 2, "components": 3}
        config = ModelConfig(**start, posterior=posterior, prior=prior, flow_steps=2, flow_width=8)
        if not refusal(config, objective):
            yield config


@pytest.mark.parametrize("config", list(admitted(VaeGan())), ids=lambda config: f"{config.posterior}-{config.prior}")
def test_encoder_and_decoder_of_a_vae_gan_have_the_gradients_of_algorithm_1(config):
    """Larsen et al. 2016, algorithm 1, computed with two losses: one for encoder and prior, one for the decoder."""
    x, gamma = X[:8], 7.0
    vae = build(config, seed=0)
    critic = critic_trainer(VaeGan(), vae, 0).module
    mine = torch.autograd.grad(
        VaeGan(gamma=gamma)(vae, x, None, step_context(3, critic)).loss, list(vae.parameters()), materialize_grads=True
    )

    noise = Generator().manual_seed(3)
    q = vae.encode(x)
    z = sample(q, noise)
    drawn = vae.sample_prior(len(z), noise).detach()

    def features(codes):
        return 0.5 * (critic.features(x) - critic.features(vae.decode(codes).mean)).square().sum(1).mean()

    made = vae.decode(torch.cat([z.detach(), drawn])).mean
    encoder = vae.kl(q, z).mean(0).sum() + features(z)
    decoder = gamma * features(z.detach()) + nn.functional.softplus(-critic(made)).mean()
    for (name, parameter), found in zip(vae.named_parameters(), mine, strict=True):
        loss = decoder if name.startswith("decoder.") else encoder
        (expected,) = torch.autograd.grad(loss, [parameter], retain_graph=True, materialize_grads=True)
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6, msg=lambda text, name=name: f"{name}: {text}")


@pytest.mark.parametrize("likelihood", [name for name in LIKELIHOODS if name not in ("columns", "tokens")])
def test_a_vae_gan_refuses_likelihoods_whose_sigma_it_cannot_train(likelihood):
    config = ModelConfig(shape=(1, 4, 4), latent_dim=3, hidden=(16,), likelihood=likelihood)
    vae = build(config, seed=0)
    loss = VaeGan()(vae, X[:8], None, step_context(critic=critic_trainer(VaeGan(), vae, 0).module)).loss
    slopes = torch.autograd.grad(loss, list(vae.parameters()), allow_unused=True)
    trained = all(slope is not None for slope in slopes)
    assert trained == (refusal(config, VaeGan()) is None)
