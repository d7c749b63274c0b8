"""The Edits page: directions from two classes, two selections or a property, A − B + C, and what a number of the code means."""
