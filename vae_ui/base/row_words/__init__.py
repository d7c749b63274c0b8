"""What the pages say of a table's rows where they speak of images: a sentence of a page -> the sentence for rows. No other words.

`words.t` looks here for a model of a table, in every language: both sentences stand in the catalogues.
"""

from vae_ui.base.row_words.browser import BROWSER
from vae_ui.base.row_words.exploring import EXPLORING
from vae_ui.base.row_words.training import TRAINING

ROWS = {**EXPLORING, **TRAINING, **BROWSER}
