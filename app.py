"""Latent Explorer: the page list, the menu, the lesson that goes along and the glossary; nothing else."""

from vae_core.web import slow_imports
from vae_ui.lessons import panel
from vae_ui.shell import frame, glossary

page = frame.navigate()
try:
    page.run()
    panel.follow()
finally:  # a page may stop the script; last, because the page's own figure should not wait for it
    glossary.draw()
    slow_imports.begin()
