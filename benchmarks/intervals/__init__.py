"""Cases for the coverage of 95 % intervals: a figure's true value is known, or estimated by the mean of many measurements."""
