"""Sentences as token ids, with their vocabulary: of a small grammar, of first names, and of a person's own. No model is known here."""
