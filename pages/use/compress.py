"""Compress: pictures to a file without loss, and what each picture takes of it."""

import streamlit as st

from vae_ui.base import plain_text
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.compress import bits_of_one, file_of_many, measured, own_file, with_loss
from vae_ui.shell import address
from vae_ui.shell.frame import frame

name, model = frame(
    t("How few bytes?"),
    t(
        "A model that knows what {things} look like stores them in few bits, and gives back every pixel as it was: the bits of a file "
        "are its −ELBO."
    ),
)
with readable_errors():
    if reason := measured.unsuited(name):
        st.info(plain_text.markdown(reason))
        address.write()
        st.stop()
    bits_of_one.show(name, model)
    file_of_many.show(name)
    with_loss.show(name)
    own_file.show(name)
address.write()
