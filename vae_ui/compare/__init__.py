"""The Compare page: models side by side, tables, measured figures."""
