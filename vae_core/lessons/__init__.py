"""Lessons: text files in TOML and Markdown, read into frozen records, with the few conditions that a step may name. No screen."""
