"""Plays a student by real input through the lessons, in each language and on each screen: `python -m tools.play_lessons`."""
