"""Image files: reading a person's picture as 8-bit pixels, preparing it as a model's input, and writing PNG and GIF. No data sets."""
