"""Every word, symbol and unit on the pages is everyday English or stands in the glossary."""

import pytest

from tools import terms
from vae_core.glossary.reading import read_glossary


@pytest.mark.slow
def test_no_page_has_a_word_without_a_definition(home):
    left = {
        f"{page}: {word} in: {place}" for page, texts in terms.pages() for word, place in terms.unknown(texts).items()
    }
    assert not left, "define these in glossary/en.md and zh.md, or say them in plain words:\n" + "\n".join(sorted(left))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("The rate, in nats per image: lower is better.", []),
        ("The eigenvalue of z2 is ∮ 3.5e-4 Hz", ["eigenvalue", "∮", "Hz"]),
        ("**Bowman et al. 2016**, the model's codes", []),
        ("$\\mu + \\kappa$ and $p(z\\mid x)$", ["\\", "kappa"]),
        ('<b style="color:red">code</b><img alt="the hyperplane">', ["hyperplane"]),
        ("28x28, 10-D, 1,797 and 95 % of x′", []),
    ],
)
def test_what_is_neither_everyday_nor_defined_is_found(text, left):
    assert set(terms.unknown([text])) == set(left)


def test_a_word_that_is_left_makes_the_script_fail(monkeypatch, capsys):
    monkeypatch.setattr(terms, "pages", lambda: [("start", ["A code of eigenvalues."])])
    assert terms.main() == 1
    assert "start: eigenvalues    in: A code of eigenvalues." in capsys.readouterr().out
    monkeypatch.setattr(terms, "pages", lambda: [("start", ["A code."])])
    assert terms.main() == 0


def test_no_term_of_the_field_hides_among_everyday_words():
    lines = (terms.VOCABULARY / "everyday.txt").read_text("utf-8").splitlines()
    listed = {word for line in lines if not line.startswith("# ") for word in line.split()}
    forms = {form for term in read_glossary("en").terms.values() for form in term.words}
    assert not listed & forms and len(listed) < 250
