"""The glossary: its files, each wrong entry refused with its line, forms found in texts, and live numbers that are the model's own."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from vae_core import checkpoints
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.glossary.live_numbers import LIVE, live_sentence
from vae_core.glossary.matching import Matcher
from vae_core.glossary.reading import parse_glossary, read_glossary

PATH = Path("glossary/en.md")
TERM = '## rate\nwords = ["rate", "rates"]\n\nWhat the code costs.\n'
MATCHER = Matcher(
    {
        **dict.fromkeys(("rate", "rates"), "rate"),
        "learning rate": "learning-rate",
        "q(z|x)": "q",
        "q": "q",
        "−ELBO": "minus",
        "ELBO": "elbo",
        "x": "x",
        "x′": "out",
        "σ": "sigma",
        "log σ²": "log-variance",
        "beta-VAE": "beta-vae",
        "码率": "rate",
        "z": "z",
    }
)


def ids(text: str) -> list[str]:
    return [id for _, _, id in MATCHER.find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rates rise; the rate falls.", ["rate", "rate"]),
        ("The learning  rate is no rate.", ["learning-rate", "rate"]),
        ("separate, rated, a rate-limit", ["rate"]),
        ("q(z|x) is q, not qx or aq", ["q", "q"]),
        ("−ELBO and -ELBO, then ELBO; no elbo", ["minus", "minus", "elbo"]),
        ("x′ is like x, but 8x8, X and max are not", ["out", "x"]),
        ("log σ² = 2 log σ; σ² alone is none", ["log-variance", "sigma"]),
        ("Beta-VAE, beta-VAEs", ["beta-vae"]),
        ("编码z的码率很低", ["z", "rate"]),
        ("RATE", []),
    ],
)
def test_forms_are_found_as_whole_words_and_the_longest_first(text, found):
    assert ids(text) == found


def test_the_place_of_a_term_is_where_it_stands():
    text = "看 q(z|x)，码率"
    assert [text[start:end] for start, end, _ in MATCHER.find(text)] == ["q(z|x)", "码率"]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("Words first\n" + TERM, 1, "A term begins with"),
        ("# rate\n", 1, "is no name of a term"),
        ("## The rate\n", 1, "is no name of a term"),
        ("## rate\n\nText.\n", 1, "A term needs 'words'"),
        ('## rate\nwords = "rate"\n\nText.\n', 2, "'words' must be a list"),
        ('## rate\nwords = ["rate", ""]\n\nText.\n', 2, "'words' must be a list"),
        ('## rate\nwords = ["rate"\n\nText.\n', 2, "This is no TOML"),
        ('## rate\nwords = ["rate"]\nunit = "nat"\n\nText.\n', 3, "A term has no 'unit'"),
        ('## rate\nwords = ["rate"]\nlive = "{speed} nats"\n\nText.\n', 3, "There is no value 'speed'"),
        ('## rate\nwords = ["rate"]\nlive = "no number"\n\nText.\n', 3, "'live' must be a sentence"),
        ('## rate\nwords = ["rate"]\n\n', 3, "This term has no text"),
        ('## rate\nwords = ["rate"]\n\n\n<b>Text</b>\n', 5, "is not allowed"),
        ('## rate\nwords = ["rate"]\n\nSee https://example.org.\n', 4, "is not allowed"),
        ('## rate\nwords = ["rate"]\n\n' + "word " * 46 + "\n", 4, "This text is too long"),
        (TERM + TERM, 5, "There are two terms 'rate'"),
        (TERM + '\n## cost\nwords = ["cost", "rate"]\n\nText.\n', 7, "is a form of 'rate' already"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_line(text, line, why):
    with pytest.raises(UserError, match=re.escape(f"glossary/en.md, line {line}: ")) as refused:
        parse_glossary(text, PATH)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ('## cost\nwords = ["代价"]\n\n代价。\n', 1, "There is no term 'cost'"),
        ("## rate\nwords = [\"码率\"]\nformula = 'x'\n\n代价。\n", 1, "The formula stands in en.md"),
        ('## rate\nwords = ["码率"]\nlive = "{rate}"\n\n代价。\n', 1, "'live' is not as in"),
        ("\n", 1, "The term 'rate' is missing"),
    ],
)
def test_languages_differ_in_nothing_but_words(tmp_path, text, line, why):
    (tmp_path / "en.md").write_text(TERM)
    (tmp_path / "zh.md").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=f"line {line}: ") as refused:
        read_glossary("zh", tmp_path)
    assert why in str(refused.value)


def test_both_languages_have_every_term_of_the_field():
    english, chinese = read_glossary("en"), read_glossary("zh")
    assert english.terms.keys() == chinese.terms.keys()
    asked = "μ σ, log σ², ε, z, x′, q(z|x), p(z), nats, bits per dimension, ELBO, −ELBO, KL, rate, distortion, prior, posterior, "
    asked += (
        "aggregate posterior, lattice, contours, active units, epoch, batch, learning rate, AUROC, FID, KID, MIG, beta"
    )
    named = {asked[start:end] for start, end, _ in english.matcher.find(asked)}
    assert {part for whole in asked.split(", ") for part in ([whole] if whole in named else whole.split(" "))} <= named
    assert chinese.terms["rate"].formula == english.terms["rate"].formula != ""
    for term in chinese.terms.values():
        assert re.search(r"[\u4e00-\u9fff]", term.plain), term.id


def test_live_numbers_are_those_of_the_model():
    vae, plain = (Explorer.open(checkpoints.bundled() / name) for name in ("digits-vae-2d", "digits-ae-2d"))
    terms = read_glossary("en").terms
    assert f"{vae.info.figures['rate']:.1f} nats" in live_sentence(terms["rate"].live, vae)
    assert f"{vae.latents.scale.mean():.2f}" in live_sentence(terms["sigma"].live, vae)
    assert live_sentence(terms["rate"].live, plain) == live_sentence(terms["sigma"].live, plain) == ""
    for name in LIVE:
        assert "{" not in live_sentence("{" + name + "}", vae)


def test_the_docs_show_how_an_entry_is_written():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    example = re.search(r"```\n(## .*?)```", text, re.S)[1]
    assert [*parse_glossary(example, PATH)] == ["rate"]
