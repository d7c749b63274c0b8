"""Quality against bytes with loss: rounded codes of the model beside picture formats, measured when it is asked for."""

from pathlib import Path

import streamlit as st

from vae_core import checkpoints
from vae_core.compression.lossy.coded import Settings
from vae_core.compression.lossy.picture_formats import LOSSY, of_format
from vae_core.compression.lossy.rounded_codes import in_steps
from vae_ui.base import pictures
from vae_ui.base.translation import Later, t
from vae_ui.compress import charts, measured
from vae_ui.widgets import model_cache

PICTURES = 24
ASKED = "compress.with-loss"  # whether this session has asked for it
OURS = ""


def show(name: str) -> None:
    """The offer to measure, or the chart."""
    st.subheader(t("Fewer bytes, but not the same bits"), anchor=False)
    if not st.session_state.get(ASKED):
        st.markdown(
            t(
                "How good is a picture in 20 bytes? A rounded code z is a file too, beside JPEG, JPEG 2000, WebP and AVIF."
            )
        )
        st.button(t("Compare"), key="compress-with-loss", on_click=_ask)
        return
    found = measured_formats(name)
    ours = found[OURS].each()
    lines = [
        (format or t("this model"), [(float(one.bytes.mean()), one.psnr) for one in each.each()])
        for format, each in found.items()
    ]
    tints = [pictures.tint(part) for part in ("z", "x", "out", "q", "rate")]
    st.plotly_chart(charts.quality(lines, tints), config={"displayModeBar": False}, key="compress-quality")
    least = min(float(each.bytes.mean(1).min()) for format, each in found.items() if format != OURS)
    st.caption(
        t(
            "Mean over {count} test images, each in a file of its own, without the format's header. Higher is better. The code z is "
            "rounded, written in the bits of the prior and decoded. The smallest other file takes {least:.0f} bytes: below that only "
            "the model has an answer, and with its {most:.0f} bytes it has said all it can. The others need more, then go beyond it.",
            count=PICTURES,
            least=least,
            most=float(ours[-1].bytes.mean()),
        )
    )


def _points(settings: Settings) -> list[tuple[float, float]]:
    """The mean bytes and the PSNR of each setting, by bytes."""
    return sorted((float(one.bytes.mean()), one.psnr) for one in settings.each())


def _ask() -> None:
    st.session_state[ASKED] = True


def measured_formats(name: str) -> dict[str, Settings]:
    """The same test images by the model, under the name OURS, and in each format of LOSSY."""
    return _measured(*model_cache.key(name), model_cache.at_hand(name), name)


@st.cache_data(max_entries=8, show_spinner=Later("Compressing ..."))
def _measured(folder: str, changed: int, at_hand: bool, _name: str) -> dict[str, Settings]:
    x = measured.grey_pictures(_name, slice(PICTURES))
    ours = in_steps(checkpoints.load(Path(folder)).vae, x)
    return {OURS: ours, **{format: of_format(format, x) for format in LOSSY}}
