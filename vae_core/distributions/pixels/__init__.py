"""Densities of a pixel: Bernoulli, the continuous Bernoulli, and the hyperbolic secant of log-cosh."""
