"""The distribution of a table's row against torch's own normals and categoricals; missing values add exactly nothing."""

import pytest
import torch
from torch import Generator
from torch.distributions import Normal, OneHotCategorical

from vae_core.axes.table_layout import TableLayout
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.distributions.table_row import TableRow, observed_columns

LAYOUT = TableLayout((1, 3, 1, 2), missing=(1, 2))  # number, category, number, category; then two flags
SIGMA = torch.tensor([0.5, 2.0])


def rows(count=6):
    """Rows of all kinds: whole, without the category, without the second number, without both."""
    x = torch.zeros(count, LAYOUT.size)
    x[:, 0] = torch.randn(count, generator=Generator().manual_seed(1))
    x[torch.arange(count), 1 + torch.arange(count) % 3] = 1
    x[:, 4] = torch.linspace(-2, 2, count)
    x[torch.arange(count), 5 + torch.arange(count) % 2] = 1
    for row, place, flag in ((1, slice(1, 4), 7), (2, slice(4, 5), 8), (3, slice(1, 5), [7, 8])):
        x[row, place] = 0
        x[row, flag] = 1
    return x


def raw(count=6, **options):
    return torch.randn(count, LAYOUT.size, generator=Generator().manual_seed(0), **options)


def test_the_layout_names_every_place():
    assert LAYOUT.size == 9 and LAYOUT.flags == slice(7, 9)
    assert LAYOUT.parts == [slice(0, 1), slice(1, 4), slice(4, 5), slice(5, 7)]
    assert (LAYOUT.numbers, LAYOUT.categories) == ([0, 2], [1, 3])


def test_log_prob_is_that_of_torchs_distributions_over_what_is_observed():
    x, out = rows(), raw()
    first, second = Normal(out[:, 0], 0.5).log_prob(x[:, 0]), Normal(out[:, 4], 2.0).log_prob(x[:, 4])
    colour = torch.stack([OneHotCategorical(logits=out[i, 1:4]).log_prob(x[i, 1:4]) if x[i, 7] == 0 else torch.zeros(())
                          for i in range(6)])  # fmt: skip
    size = OneHotCategorical(logits=out[:, 5:7]).log_prob(x[:, 5:7])
    expected = first + colour + second * (1 - x[:, 8]) + size
    p = TableRow(out, SIGMA, LAYOUT)
    torch.testing.assert_close(p.log_prob(x), expected)
    assert (p.batch_shape, p.event_shape) == ((6,), (9,))
    assert observed_columns(x, LAYOUT)[1:4].tolist() == [[1, 0, 1, 1], [1, 1, 0, 1], [1, 0, 0, 1]]


def test_the_gradient_of_what_is_missing_is_exactly_zero():
    x, out, sigma = rows(), raw(requires_grad=True), SIGMA.clone().requires_grad_()
    TableRow(out, sigma, LAYOUT).log_prob(x).sum().backward()
    assert (out.grad[1, 1:4] == 0).all() and out.grad[2, 4] == 0 and (out.grad[3, 1:5] == 0).all()
    assert (out.grad[:, LAYOUT.flags] == 0).all()
    seen = out.grad[0, :7]
    assert (seen != 0).all() and (sigma.grad != 0).all()
    row = x[2:3]
    of_one = torch.autograd.grad(TableRow(out, sigma, LAYOUT).log_prob(row.expand(6, -1))[2], sigma)[0]
    assert of_one[1] == 0 and of_one[0] != 0


@pytest.mark.parametrize("missing", [0, 1])
def test_probabilities_sum_to_one_and_the_density_integrates_to_one(missing):
    out = raw(1)
    grid = torch.linspace(-30, 30, 6001)
    total = 0.0
    for colour in range(3):
        for size in range(2):
            x = torch.zeros(len(grid), LAYOUT.size)
            x[:, 4], x[:, 1 + colour], x[:, 5 + size] = grid, 1 - missing, 1
            x[:, 7] = missing
            x[:, 0] = out[0, 0]
            density = TableRow(out, SIGMA, LAYOUT).log_prob(x).exp() * 0.5 * (2 * torch.pi) ** 0.5
            total += torch.trapezoid(density, grid).item()
    assert total == pytest.approx(1.0 if missing == 0 else 3.0, rel=1e-4)  # a missing colour has probability 1


def test_mean_and_variance_are_those_of_many_samples():
    p = TableRow(raw(2), SIGMA, LAYOUT)
    drawn = sample(p, Generator().manual_seed(0), (40_000,))
    torch.testing.assert_close(drawn.mean(0), p.mean, atol=0.04, rtol=0)
    torch.testing.assert_close(drawn.var(0), p.variance, atol=0.09, rtol=0.05)
    assert set(drawn[..., 1:4].unique().tolist()) == {0, 1} and (drawn[..., 1:4].sum(-1) == 1).all()
    assert (drawn[..., LAYOUT.flags] == 0).all() and p.sample((3,)).shape == (3, 2, 9)
    again = sample(p, Generator().manual_seed(0), (40_000,))
    assert torch.equal(drawn, again)


def test_layouts_of_one_kind():
    numbers, words = TableLayout((1, 1)), TableLayout((2, 3), missing=(0,))
    x = torch.randn(5, 2)
    assert TableRow(torch.zeros(5, 2), torch.ones(2), numbers).log_prob(x).allclose(Normal(0, 1).log_prob(x).sum(-1))
    assert TableRow(torch.zeros(5, 6), torch.ones(0), words).mean[0].tolist() == pytest.approx(
        [0.5] * 2 + [1 / 3] * 3 + [0]
    )
