"""A file of many test images: how it grows picture by picture, its size beside other formats, and its download."""

import streamlit as st

from vae_core.utils.limits import MIB
from vae_ui.base import pictures
from vae_ui.base.translation import t
from vae_ui.compress import charts, measured
from vae_ui.compress.measured import FileOfMany
from vae_ui.compress.spans import Span, spans

COUNTS = (1, 10, 100, 1000)


def show(name: str) -> None:
    """The choice of the number of pictures, the two figures side by side, and the download."""
    st.subheader(t("A file of many pictures"), anchor=False)
    most = len(measured.model_cache.test_images(name))
    offered = [count for count in COUNTS if count <= most]
    count = st.segmented_control(
        t("Test images in the file"),
        offered,
        default=min(100, offered[-1]),
        format_func=lambda number: f"{number:,}",
        key="compress-count",
        required=True,
    )
    found = measured.file_of(name, int(count or offered[0]))
    left, right = st.columns(2, gap="large")
    with left:
        _growth(found)
    with right:
        _formats(found, int(count or offered[0]))
    st.download_button(
        t("Download the .vae file"),
        found.data,
        f"{name}.vae",
        "application/octet-stream",
        key="compress-download",
        on_click="ignore",
        icon=":material/download:",
    )


def _growth(found: FileOfMany) -> None:
    grown = (found.growth.file / 8).tolist()
    raw = found.growth.uncompressed / 8
    tints = pictures.tint("z"), pictures.tint("prior"), pictures.tint("x")
    figure = charts.growth(grown, found.counts, found.best, found.best_name, raw, tints)
    st.plotly_chart(figure, config={"displayModeBar": False}, key="compress-growth")
    st.caption(
        t("Bytes of the file as it grows picture by picture, without its header, beside the smallest other format.")
    )


def _formats(found: FileOfMany, count: int) -> None:
    ours, others, raw = pictures.tint("z"), pictures.tint("prior"), found.growth.uncompressed * count / 8
    sizes = [(name, float(size), others) for name, size in sorted(found.others.items(), key=lambda one: one[1])]
    sizes = [(t("this model"), float(len(found.data)), ours), *sizes, (t("uncompressed"), raw, pictures.tint("x"))]
    lines = [Span(name, 0, size, t("{bytes:,.0f} bytes", bytes=size), colour) for name, size, colour in sizes]
    st.html(spans(lines, t("Bytes of the same {count:,} pictures in each format", count=count)))
    st.caption(_model_words(found, count))


def _model_words(found: FileOfMany, count: int) -> str:
    """What the model itself weighs, and from how many pictures on that pays."""
    weight = t("Opening the file needs the model too, which takes {size:.1f} MB.", size=found.model_bytes / MIB)
    saved = (found.others[found.best_name] - len(found.data)) / count
    if saved <= 0:
        return f"{weight} " + t(
            "For these pictures {format} is smaller, even without the model.", format=found.best_name
        )
    return f"{weight} " + t(
        "Against {format} that pays from about {pictures:,} pictures on.",
        format=found.best_name,
        pictures=100 * round(found.model_bytes / saved / 100),
    )
