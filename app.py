"""Latent Explorer: page list and navigation, nothing else."""

import streamlit as st

st.set_page_config(page_title="Latent Explorer", layout="wide")
st.title("Latent Explorer")
