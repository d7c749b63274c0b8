"""The Decode page: sliders for the numbers of a code, or an editor of the map of a quantised code."""
