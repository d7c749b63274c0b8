"""The Start page: the model as one live diagram, its training step as a listing, the doors to other pages, and the family tree of the presets."""
