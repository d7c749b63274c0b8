"""Streamlit's own words on its widgets, menus and messages, which it has in English only; js/streamlit_words.js replaces them.

A word that a version of Streamlit no longer has does no harm; one that is new stays English until it stands here. What cannot be
replaced is listed in docs/languages.md.
"""

from vae_core.messages import Message
from vae_ui.base.translation import t

# A name in braces stands for any text.
WORDS = (
    Message("Skip to main content"),
    Message("App pages"),
    Message("Collapse sidebar"),
    Message("Expand sidebar"),
    Message("Main menu"),
    Message("Rerun"),
    Message("Settings"),
    Message("Print"),
    Message("Record a screencast"),
    Message("About"),
    Message("Stop"),
    Message("Close"),
    Message("Cancel"),
    Message("Running..."),
    Message("Connecting"),
    Message("Connecting to Streamlit server"),
    Message("Connection error"),
    Message("Connection timed out."),
    Message("Connection lost. Please wait for the app to reconnect, then try again."),
    Message(
        "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:",
    ),
    Message("Page not found"),
    Message("Help for {label}"),
    Message("Choose an option"),
    Message("Choose options"),
    Message("No results"),
    Message("No options"),
    Message("Selectbox options"),
    Message("Multiselect options"),
    Message("Selected values"),
    Message("Select all"),
    Message("Clear all"),
    Message("Clear value"),
    Message("Clear entry"),
    Message("Remove {name}"),
    Message("Delete"),
    Message("Increment"),
    Message("Decrement"),
    Message("Number is above the allowed range."),
    Message("Number is below the allowed range."),
    Message("Press Enter to apply"),
    Message("Press Enter to submit form"),
    Message("Upload"),
    Message("Uploading..."),
    Message("Add files"),
    Message("Drag and drop files here"),
    Message("Drag and drop a file here"),
    Message("{size} per file"),
    Message("{size} per file • {kinds}"),
    Message("Take Photo"),
    Message("Clear photo"),
    Message("Switch camera"),
    Message("This app would like to use your camera."),
    Message("Learn how to allow access."),
    Message("Copy to clipboard"),
    Message("Copied"),
    Message("Download as CSV"),
    Message("Show/hide columns"),
    Message("Search"),
    Message("Type to search"),
    Message("Close Search"),
    Message("Next Result"),
    Message("Previous Result"),
    Message("Sort ascending"),
    Message("Sort descending"),
    Message("Pin column"),
    Message("Unpin column"),
    Message("Hide column"),
    Message("Copy column name"),
    Message("Fullscreen"),
    Message("Close fullscreen"),
    Message("View less"),
    Message("Loading..."),
)


def table() -> dict[str, str]:
    """Each of WORDS in this session's language."""
    return {str(word): t(word) for word in WORDS}
