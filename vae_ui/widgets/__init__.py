"""Parts that several pages use: widgets, charts, texts and caches."""
