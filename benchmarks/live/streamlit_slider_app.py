"""The baseline page: st.slider, torch on the server, st.image."""

from pathlib import Path

import numpy as np
import streamlit as st
import torch

from vae_core import checkpoints

torch.set_num_threads(1)


@st.cache_resource
def model() -> torch.nn.Module:
    return checkpoints.load(checkpoints.bundled() / "mnist-vae-2d").vae.eval()


z = [st.slider(f"z{i}", -3.0, 3.0, 0.0, 0.01) for i in (1, 2)]
with torch.inference_mode():
    mean = model().decode(torch.tensor([z])).mean
picture = np.rint(255 * mean[0, 0].numpy()).astype(np.uint8)
st.image(picture, width=280, output_format="PNG", caption=Path(__file__).stem)
