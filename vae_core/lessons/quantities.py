"""QUANTITIES: the values that a lesson may name, in its text as {name} and in its conditions; anything else is refused.

A lesson is never evaluated: a name is looked up here, and the page that shows the lesson measures it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Value = float | str | None  # None: it is not known here, such as the figures of a run that has not ended


@dataclass(frozen=True)
class Quantity:
    """What a value is, in plain words; `form` writes a number, and `number` is False for a text."""

    about: str
    form: str = "{:.1f}"
    number: bool = True


WHOLE, SHARE, TEXT = "{:,.0f}", "{:.0%}", "{}"
OF_A_MODEL = {
    "distortion": Quantity("mean distortion on the test images, in nats per image"),
    "rate": Quantity("mean rate on the test images, in nats per image"),
    "loss": Quantity("distortion plus rate, in nats per image"),
    "cloud size": Quantity("mean standard deviation of q(z|x) over test images and dimensions", "{:.2f}"),
    "active numbers": Quantity("numbers of the code that are in use (active units)", WHOLE),
    "numbers": Quantity("numbers in the code", WHOLE),
    "reach": Quantity("largest distance of a test image's code from the origin"),
}
SLOW_OF_A_MODEL = {
    "inner cloud size": Quantity("cloud size of the tenth of the test images nearest to the origin", "{:.2f}"),
    "outer cloud size": Quantity("cloud size of the tenth that lies farthest out", "{:.2f}"),
    "neighbours alike": Quantity("share of the ten nearest codes that have the same class", SHARE),
    "recognised": Quantity("share of 1,000 decoded test digits that the bundled classifier reads correctly", SHARE),
    "kept at one sigma": Quantity("share of test digits that read as from the mean when z is drawn from q(z|x)", SHARE),
    "kept at three sigma": Quantity("the same with draws three times as wide", SHARE),
    "digits drawn": Quantity("digits that are read at least 10 times among 1,000 codes of a standard normal", WHOLE),
    "told class drawn": Quantity(
        "share of such codes whose drawing reads as the class that the decoder was told", SHARE
    ),
    "bound": Quantity("\u2212ELBO of 100 test images with 100 draws each, in nats per image", "{:.2f}"),
    "bound of ten": Quantity("the same bound with ten importance samples at a time", "{:.2f}"),
    "bound of hundred": Quantity("the same bound with all hundred", "{:.2f}"),
    "gap": Quantity("by how much a hundred samples lower the bound, in nats", "{:.2f}"),
    "gap closed by ten": Quantity("the share of that which ten samples reach", SHARE),
    "gradient": Quantity(
        "length of the distortion's gradient at μ and σ of 100 test images, where z = μ + σε", "{:.3f}"
    ),
    "gradient of a plain draw": Quantity("the same where z is drawn by a generator that is told μ and σ", "{:.3f}"),
    "clear from the prior": Quantity("share of 1,000 drawings from the prior with certainty of at least 90 %", SHARE),
    "clear from clouds": Quantity("the same with codes from the clouds of test images", SHARE),
    "clear from a mixture": Quantity("the same with codes from a mixture of normals fitted to the codes", SHARE),
}
OF_PAIRS = {
    "pairs": Quantity("pairs of two digits: 45", WHOLE),
    "pairs clearer": Quantity(
        "pairs in whose middle the classifier is surer with the model than with the other", WHOLE
    ),
    "pairs clearer than pixels": Quantity("pairs in whose middle it is surer than of the mixed pixels", WHOLE),
    "pairs smoother": Quantity("pairs on whose path the model's largest change is smaller than the other's", WHOLE),
}
OF_A_PROGRAM = {
    "distortion": Quantity("distortion on the test images, by the right formula, in nats"),
    "rate": Quantity("rate on the test images, by the right formula, in nats"),
    "test loss": Quantity("distortion plus rate on the test images, by the right formulas, in nats"),
    "reported loss": Quantity("loss that the program itself reports at the end, in nats"),
    "variety": Quantity("how much its reconstructions differ from each other, as a share of white", "{:.1%}"),
    "findings": Quantity("faults that the doctor finds in it", WHOLE),
}
QUANTITIES: dict[str, Quantity] = {
    "page": Quantity("file name of the page in view, such as decode", TEXT, False),
    "z": Quantity("the chosen code, in brackets", TEXT, False),
    "distance of z": Quantity("distance of z from the origin", "{:.2f}"),
    "way of z": Quantity("distance from z at the start of this step to z now", "{:.2f}"),
    "decoded class": Quantity("digit that the bundled classifier sees in the decoded picture", WHOLE),
    "certainty": Quantity("largest of the classifier's ten probabilities, from 0 to 1", SHARE),
    "change of picture": Quantity("mean change of a pixel since the start of this step, from 0 to 1", "{:.2f}"),
    "told class": Quantity("class that the decoder of a conditional model is told", WHOLE),
    "gap": Quantity("distance of z from the nearest test image's code, in standard deviations of all codes", "{:.2f}"),
    "hole": Quantity(
        "by how many nats the prior is denser at z than the codes of the test images, ln p(z) - ln q(z); above 2.3 is a hole"
    ),
    "chosen class": Quantity("class of the chosen test image", WHOLE),
    "own picture": Quantity("yes where a person's own picture is the input of Reconstruct, else no", TEXT, False),
    "temperature": Quantity("the temperature on the Generate page", "{:.2f}"),
    "draws": Quantity("how often another ε was drawn on Start since the start of this step", WHOLE),
    "pixels": Quantity("numbers in one image of the lesson's model", WHOLE),
    "test images": Quantity("how many test images there are", WHOLE),
    "own distortion": Quantity("distortion of a person's own picture on Reconstruct, in nats"),
    "image distortion": Quantity("distortion of the image in view, in nats"),
    "image rate": Quantity("rate of the image in view, in nats"),
    "image cloud size": Quantity("mean standard deviation of q(z|x) of the image in view", "{:.2f}"),
    "own class": Quantity("digit that the classifier sees in the reconstruction of a person's own picture", WHOLE),
    "image gap": Quantity("by how much a thousand samples lower \u2212ELBO of the image in view, in nats", "{:.2f}"),
    "rank": Quantity("share of test images whose code lies at a lower density of codes than z", SHARE),
    "sampler": Quantity("where codes come from on the Generate page, such as mixture", TEXT, False),
    "painted": Quantity("yes where points are painted on the Data page, else no", TEXT, False),
    "path class": Quantity("digit at the slider's place on the path of Interpolate", WHOLE),
    "path certainty": Quantity("the classifier's certainty there", SHARE),
    "middle certainty": Quantity("its certainty in the middle of the path", SHARE),
    "other middle certainty": Quantity("the same with the lesson's other model", SHARE),
    "slope": Quantity("change of z for each unit of σ where ε is 2, by automatic differentiation"),
    **OF_PAIRS,
    "trained": Quantity("yes where both programs of the mistake on Break it are trained, else no", TEXT, False),
    **{f"faulty {name}": one for name, one in OF_A_PROGRAM.items()},
    **{f"right {name}": one for name, one in OF_A_PROGRAM.items()},
    **{f"model {name}": one for name, one in (OF_A_MODEL | SLOW_OF_A_MODEL).items()},
    **{f"other {name}": one for name, one in (OF_A_MODEL | SLOW_OF_A_MODEL).items()},
    **{f"run {name}": one for name, one in (OF_A_MODEL | SLOW_OF_A_MODEL).items()},
    "run seconds": Quantity("how long the run of this lesson trained, in seconds", WHOLE),
    "guess": Quantity("the answer that was given to the last prediction", TEXT, False),
    "answer": Quantity("the answer that was computed", TEXT, False),
    "miss": Quantity("distance between the mark that was set and the right place", "{:.2f}"),
}
PREDICTED = ("guess", "answer", "miss")


def written(name: str, value: Value) -> str:
    """A value as a text shows it; an ellipsis where it is not known."""
    if value is None:
        return "…"
    return QUANTITIES[name].form.format(value).replace("-", "\u2212") if QUANTITIES[name].number else str(value)


def fill(text: str, values: Mapping[str, Value]) -> str:
    """The text with each {name} of QUANTITIES replaced by its value."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", written(name, value))
    return text
