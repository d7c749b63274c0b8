"""What the pages say of a table's rows, of sentences or of molecules, where they speak of images: a text of a page -> its own.

`translation.t` looks here for the kind of data that a session shows, in every language: both sentences stand in the catalogues.
"""

from vae_ui.base.kind_words.molecules_browser import MOLECULES_BROWSER
from vae_ui.base.kind_words.molecules_exploring import MOLECULES_EXPLORING
from vae_ui.base.kind_words.molecules_training import MOLECULES_TRAINING
from vae_ui.base.kind_words.rows_browser import ROWS_BROWSER
from vae_ui.base.kind_words.rows_exploring import ROWS_EXPLORING
from vae_ui.base.kind_words.rows_training import ROWS_TRAINING
from vae_ui.base.kind_words.sentences_browser import SENTENCES_BROWSER
from vae_ui.base.kind_words.sentences_exploring import SENTENCES_EXPLORING
from vae_ui.base.kind_words.sentences_training import SENTENCES_TRAINING

BROWSER = {
    "row": ROWS_BROWSER,
    "tokens": SENTENCES_BROWSER,
    "molecule": MOLECULES_BROWSER,
}  # kind of data (RunConfig.kind) -> the texts of JavaScript
VARIANTS = {
    "row": {**ROWS_EXPLORING, **ROWS_TRAINING, **ROWS_BROWSER},
    "tokens": {**SENTENCES_EXPLORING, **SENTENCES_TRAINING, **SENTENCES_BROWSER},
    "molecule": {**MOLECULES_EXPLORING, **MOLECULES_TRAINING, **MOLECULES_BROWSER},
}
