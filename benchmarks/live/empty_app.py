"""The floor of every time to open a page: Streamlit with a title and nothing else."""

import streamlit as st

st.title("Empty")
