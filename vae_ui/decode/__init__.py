"""The Decode page: sliders for a code, or the editor of a code map."""
