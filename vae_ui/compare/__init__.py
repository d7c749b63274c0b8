"""The Compare page: models side by side, their figures as tables, and all measured figures."""
