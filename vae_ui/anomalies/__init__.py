"""The page Anomalies: a model of normal examples, its scores of the others, a threshold to drag, and simpler tools beside it."""
