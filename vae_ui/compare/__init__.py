"""The Compare page: all measured figures of the compared models, and the diagnosis."""
