"""The page Complete: hidden parts of pictures filled in while a hand paints over them, and empty cells of tables."""
