"""The page Few labels: dots of the map are given labels, and all others are guessed from them."""
