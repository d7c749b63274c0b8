"""The ids of tokens that no word has: padding, which also stands before the first token, the end, and an unknown or dropped word."""

PAD, END, UNKNOWN = 0, 1, 2
MARKS = ("", "<end>", "<unknown>")  # how they are written; a word may not be written so
