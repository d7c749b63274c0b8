"""What the pages say of a table's rows, or of sentences, where they speak of images: a sentence of a page -> that for the kind.

`translation.t` looks here for the kind of data that a session shows, in every language: both sentences stand in the catalogues.
"""

from vae_ui.base.kind_words.rows_browser import ROWS_BROWSER
from vae_ui.base.kind_words.rows_exploring import ROWS_EXPLORING
from vae_ui.base.kind_words.rows_training import ROWS_TRAINING
from vae_ui.base.kind_words.sentences_browser import SENTENCES_BROWSER
from vae_ui.base.kind_words.sentences_exploring import SENTENCES_EXPLORING
from vae_ui.base.kind_words.sentences_training import SENTENCES_TRAINING

BROWSER = {
    "row": ROWS_BROWSER,
    "tokens": SENTENCES_BROWSER,
}  # kind of data (ModelConfig.kind) -> the texts of JavaScript
VARIANTS = {
    "row": {**ROWS_EXPLORING, **ROWS_TRAINING, **ROWS_BROWSER},
    "tokens": {**SENTENCES_EXPLORING, **SENTENCES_TRAINING, **SENTENCES_BROWSER},
}
