"""MISTAKES: id -> one faulty line, the symptom by which it is seen, what the doctor finds, and how to find it without the doctor."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from vae_core.messages import Message
from vae_core.mistakes import faulty_lines as faulty
from vae_core.mistakes.outcome import Pair, outcome
from vae_core.mistakes.right_lines import RIGHT, Lines
from vae_core.mistakes.source_lines import line_of
from vae_core.mistakes.training import train

Seen = Callable[
    [float, float], bool
]  # the figure of the faulty program and of the right one -> whether the symptom is there
NONE = float("inf")  # stands for a figure that is no number, which is larger than any


@dataclass(frozen=True)
class Mistake:
    """A mistake is the faulty `line` in one `place` of the program (a field of Lines); nothing else differs from the right program.

    `symptom` says what one sees, in the figure of that key in symptoms.FIGURES; `seen` decides whether it is there. `finding` is the
    name of what the doctor finds, "" where it does not see the mistake. `search` says how to find it. `likelihood` is the network's.
    """

    title: Message
    place: str
    line: Callable[..., Any]
    symptom: Message
    figure: str
    seen: Seen
    finding: str
    search: Message
    likelihood: str = "bernoulli"

    @property
    def lines(self) -> Lines:
        """The lines of the faulty program."""
        return replace(RIGHT, **{self.place: self.line})

    @property
    def faulty_line(self) -> str:
        """The source of the faulty line."""
        return line_of(self.line)

    @property
    def right_line(self) -> str:
        """The source of the line that belongs there."""
        return line_of(getattr(RIGHT, self.place))

    def run(self, seed: int = 0, progress: Callable[[float], None] = lambda share: None) -> Pair:
        """Train the right and the faulty program with the same seed, some seconds; `progress` is called with the share done."""
        right = outcome(train(RIGHT, "bernoulli", seed, lambda share: progress(share / 2)), seed)
        wrong = train(self.lines, self.likelihood, seed, lambda share: progress((1 + share) / 2))
        return Pair(right=right, faulty=outcome(wrong, seed))

    def is_seen(self, pair: Pair) -> bool:
        """Whether the symptom is there in this pair."""
        wrong, right = (each.figures[self.figure] for each in (pair.faulty, pair.right))
        return self.seen(NONE if wrong is None else wrong, NONE if right is None else right)


MISTAKES: dict[str, Mistake] = {
    "no-kl": Mistake(
        Message("The KL is left out"),
        "bound",
        faulty.no_kl,
        Message(
            "The rate is many times larger: codes lie far outside the prior, and samples of the prior reach only a few of them."
        ),
        "rate",
        lambda wrong, right: wrong > 5 * right,
        "beta too small",
        Message("Write down both terms in each epoch: a rate that only grows is not in the loss."),
    ),
    "mean-over-pixels": Mistake(
        Message("Mean instead of sum"),
        "distortion_term",
        faulty.mean_over_pixels,
        Message(
            "All reconstructions are the same picture: the rate counts 64 times too much, so the code is given up."
        ),
        "variety",
        lambda wrong, right: wrong < 0.1 * right,
        "posterior collapse",
        Message(
            "Compare the distortion with the number of pixels: less than one nat for a whole image is the mean of a pixel."
        ),
    ),
    "kl-sign": Mistake(
        Message("KL with the wrong sign"),
        "rate_term",
        faulty.sign_of_the_kl,
        Message("The loss falls without end, far below zero, because codes that run away are rewarded."),
        "lowest",
        lambda wrong, right: wrong < 0 < right,
        "beta too small",
        Message("A KL is never negative: check that the rate is above zero in the first step."),
    ),
    "log-variance-as-sigma": Mistake(
        Message("Log variance read as sigma"),
        "deviation",
        faulty.log_variance_as_deviation,
        Message(
            "The reported loss is too good: sigma becomes 0, and on test images with true samples the bound is far worse."
        ),
        "gap",
        lambda wrong, right: wrong > 10 + right,
        "",
        Message("Print the smallest sigma of a batch: a standard deviation is never negative."),
    ),
    "one-epsilon": Mistake(
        Message("One epsilon for a batch"),
        "noise",
        faulty.one_epsilon,
        Message("The loss swings more from step to step, because all images of a batch are pushed the same way."),
        "swing",
        lambda wrong, right: wrong > 1.5 * right,
        "",
        Message("Print the shape of epsilon: it needs one row for each image of the batch."),
    ),
    "no-sampling": Mistake(
        Message("No sampling in training"),
        "code",
        faulty.no_sampling,
        Message(
            "The reported loss is too good: the codes shrink for free, and with true samples the bound is far worse."
        ),
        "gap",
        lambda wrong, right: wrong > 10 + right,
        "",
        Message("Encode the same batch twice in training: without chance both codes are equal."),
    ),
    "sampling-at-test-time": Mistake(
        Message("Sampling at test time"),
        "test_code",
        faulty.sampling_at_test_time,
        Message(
            "The same image has another reconstruction each time, though the training and its curves are the same."
        ),
        "repeat",
        lambda wrong, right: wrong > 0.01 > right,
        "",
        Message("Reconstruct an image twice and compare: for maps and reconstructions the code is the mean."),
    ),
    "sigmoid-twice": Mistake(
        Message("Sigmoid applied twice"),
        "decoded",
        faulty.sigmoid_twice,
        Message("No pixel is darker than middle grey: a number from 0 to 1 goes through the sigmoid again."),
        "darkest",
        lambda wrong, right: wrong >= 0.5 > right,
        "dead units",
        Message(
            "Look at the smallest and the largest pixel of a reconstruction: from 0.50 to 0.73 is a sigmoid of a sigmoid."
        ),
    ),
    "min-for-max": Mistake(
        Message("ELBO minimised"),
        "objective",
        faulty.minimised_elbo,
        Message("The distortion grows without end: the program looks for the worst pictures."),
        "distortion",
        lambda wrong, right: wrong > 1000 * right,
        "divergence",
        Message("The distortion must fall in the first ten steps: where it grows, look for a sign."),
    ),
    "data-not-scaled": Mistake(
        Message("Data not scaled"),
        "input_of",
        faulty.data_not_scaled,
        Message("The loss falls far below zero and then is no longer a number: a grey level of 255 is no probability."),
        "lowest",
        lambda wrong, right: wrong < 0 < right,
        "not a number",
        Message("Print the smallest and the largest number of a batch before anything else."),
    ),
    "decoder-too-strong": Mistake(
        Message("Decoder too strong"),
        "decoded",
        faulty.decoder_reads_the_image,
        Message(
            "All pictures drawn from codes are alike: each pixel is predicted from its neighbours, and the code is not used."
        ),
        "variety",
        lambda wrong, right: wrong < 0.1 * right,
        "posterior collapse",
        Message(
            "Draw pictures from codes alone: a good loss beside pictures that do not depend on the code is this mistake."
        ),
        likelihood="pixelcnn",
    ),
    "learning-rate": Mistake(
        Message("Learning rate too high"),
        "learning_rate",
        faulty.learning_rate_too_high,
        Message("After a few steps the loss is no longer a number."),
        "broken",
        lambda wrong, right: wrong < 1000 < right,
        "not a number",
        Message("Divide the learning rate by ten until the loss falls from the first steps on."),
    ),
}
