"""The data set `text`: a person's own text, the lines of a file or a column of a table."""

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import numpy as np

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry, shares
from vae_core.data.tables.column_types import Recognised, recognise
from vae_core.data.tables.file_formats import READERS
from vae_core.data.tables.label_column import classes_of, label_column, offered_labels
from vae_core.data.tables.reading import content
from vae_core.data.tables.reading import read as read_table_file
from vae_core.data.text.corpus import UNITS, Texts, corpus
from vae_core.data.text.lines import Lines, lines_of_bytes, normalised
from vae_core.data.text.sentences import refuse_target
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils import limits

TABLES = frozenset(READERS) - {".txt"}
USUAL_TEXTS = ("text", "sentence", "sentences", "line", "content", "review", "comment", "message", "title", "name")
THE_TEXT = Message("the text")


def read(config: DataConfig, data_dir: Path) -> Dataset:
    """The text in the file `config.path`; raises UserError naming the file or the column, and what to do."""
    path = Path(config.path).expanduser()
    if not config.path or not path.is_file():
        raise UserError(
            "There is no text at '{path}': give a text file with one sentence on each line, or a table with a column of texts.",
            path=config.path,
        )
    refuse_target(config)
    texts = of_file(path, config.text_column, config.label_column)
    unit = "" if config.variant == TEXT.variants[0] else config.variant
    return corpus(texts, unit, config.seed, shares(config), config.dataset, PurePosixPath(texts.name).stem)


def read_text(
    source: str | Path | Sequence[str], column: str = "", label: str = "", tokens: str = "", seed: int = 0
) -> Dataset:
    """A text file with one sentence on each line, a column of a table, or a list of sentences, as a Dataset of token ids.

    `column` holds the texts of a table, and `label` its labels; `tokens` are "words" or "characters", or "" for what suits the text.
    The `notes` of the Dataset say what is left out or read as <unknown>. Raises UserError for a text that cannot be read.
    """
    if isinstance(source, str | Path):
        return corpus(of_file(Path(source), column, label), tokens, seed)
    if column or label:
        raise UserError("A list of sentences has no columns: leave column and label out.")
    return corpus(_of_lines(THE_TEXT, normalised(THE_TEXT, source)), tokens, seed)


def of_file(path: Path, column: str = "", label: str = "") -> Texts:
    """The lines of a text file, or those of a column of a table, with the labels that another one holds."""
    name = path.name
    if path.suffix.lower() not in TABLES:
        name, data = content(path, limits.TEXT_BYTES if path.suffix.lower() != ".zip" else limits.TABLE_BYTES)
        if PurePosixPath(name).suffix.lower() not in TABLES:
            if column or label:
                raise UserError(
                    "{name} is a text of lines, which has no columns: name none, or give a table.", name=name
                )
            return _of_lines(name, lines_of_bytes(name, data))
    return _of_table(path, column, label)


def _of_lines(name: str, lines: Lines) -> Texts:
    notes = [Message("Read as {encoding}, one text on each line.", encoding=lines.encoding)] if lines.encoding else []
    return Texts(name, lines.texts, np.zeros(len(lines.texts), np.int64), notes=(*notes, *_long(lines.long)))


def _of_table(path: Path, column: str, label: str) -> Texts:
    table = read_table_file(path)
    found = [recognise(str(one), table.frame[one], table.mark) for one in table.frame.columns]
    offered = _offered_texts(found)
    chosen = next((one for one in found if one.name == (column or (offered or ("",))[0])), None)
    if chosen is None or chosen.texts is None or chosen.name not in offered:
        raise UserError(
            "'{column}' of {name} holds no texts: choose one of its columns that does ({offered}).",
            column=column,
            name=table.name,
            offered=", ".join(offered) or "-",
        )
    if label == chosen.name:
        raise UserError("'{label}' cannot be both the texts and the labels: choose two columns.", label=label)
    labels = label_column(found, label, table.name)
    classes, numbers = classes_of(labels, len(table.frame))
    kept = [place for place, text in enumerate(chosen.texts) if text is not None and numbers[place] >= 0]
    each = [normalised(table.name, [text]) for text in chosen.texts[kept]]
    used = [place for place, one in zip(kept, each, strict=True) if one.texts]
    notes = [Message("The texts are those of the column '{column}'.", column=chosen.name)]
    if missing := len(table.frame) - len(kept):
        notes.append(Message("{count:,} rows are left out: they have no text or no label.", count=missing))
    return Texts(
        table.name, [one.texts[0] for one in each if one.texts], numbers[used], classes,
        (*table.notes, *notes, *_long(sum(one.long for one in each))), offered,
        tuple(name for name in offered_labels(found) if name != chosen.name),
    )  # fmt: skip


def _offered_texts(found: Sequence[Recognised]) -> tuple[str, ...]:
    """The columns that could hold the texts: usual names first, then free text, then the longest."""
    could = [one for one in found if one.texts is not None and one.kind in ("text", "category", "id")]

    def unusual(one: Recognised) -> tuple[bool, bool, float]:
        assert one.texts is not None
        known = [len(text) for text in one.texts if text is not None]
        return one.name.lower() not in USUAL_TEXTS, one.kind != "text", -sum(known) / max(1, len(known))

    return tuple(one.name for one in sorted(could, key=unusual))


def _long(count: int) -> Iterator[Message]:
    if count:
        yield Message(
            "{count:,} lines are left out: they have more than {most:,} characters.",
            count=count,
            most=limits.LINE_CHARACTERS,
        )


TEXT = DatasetEntry(
    name="text",
    title="Your own text",
    summary="A text file with a sentence or a name on each line, or a column of a table, in any language.",
    licence="yours",
    shape=None,
    read=read,
    variants=("automatic", *UNITS),
    variant_title=Message("Tokens"),
    uses=("variant",),
    held_out=0.2,
    own=True,
    kind="tokens",
)
