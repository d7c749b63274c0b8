"""Anomaly detection: scores of how strange an example is to a model of normal ones, and scikit-learn's detectors on the same splits."""
