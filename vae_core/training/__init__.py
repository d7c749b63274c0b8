"""One training in this process: `fit` and what it is made of. It knows of no run in the background and no page."""
