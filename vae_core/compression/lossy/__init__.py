"""Compression with loss: rounded codes of a model beside picture formats, each with its bytes and its error."""
