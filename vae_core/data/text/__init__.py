"""Sentences as token ids: their vocabulary, and the data set `sentences`, made by a small grammar. No model is known here."""
