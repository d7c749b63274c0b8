"""The Learn page: the lessons as cards."""
