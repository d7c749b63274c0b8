"""Cases in which a figure's true value is known, or is the mean of many measurements: by them 95 % intervals are judged."""
