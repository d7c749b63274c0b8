"""The glossary: terms with plain words, a formula and a live number, read from text files, and found in any text. No screen."""
