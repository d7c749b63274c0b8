"""Molecules: notations, structures, properties, drawings and files, by the extra `molecules`. No model is known here."""
