"""What the true hidden part costs under a method's codes, in nats: one estimate for all methods."""

import math

import torch
from torch import Tensor

from vae_core.completion.methods import Task
from vae_core.models.vae import VAE, evaluation

SAMPLES = 200


def missing_nats(vae: VAE, task: Task, codes: Tensor) -> tuple[Tensor, Tensor]:
    """-ln (1/K) sum p(x_hidden|z_k) and -(1/K) sum ln p(x_hidden|z_k) of codes z_k (K, B, L), each (B,) nats, lower is better.

    The first is what is reported as the nats of the missing part, with K = SAMPLES codes for every method: an estimate of
    -ln p_q(x_hidden), where p_q = E_q[p(x_hidden|z)] is the density that a completion with z ~ q gives to the truth. By Jensen's
    inequality its mean over draws of the codes is not below that, and it does not rise with K. Where q is the true p(z|x_visible),
    p_q is p(x_hidden|x_visible). The second is the mean over the codes, never below the first.
    """
    hidden = task.hidden_parts.float()
    with evaluation(vae):
        log_p = [(vae.log_prob_by_pixel(vae.decode(z, task.y), task.x) * hidden).flatten(1).sum(1) for z in codes]
    each = torch.stack(log_p).double()
    return math.log(len(codes)) - each.logsumexp(0), -each.mean(0)
