"""The page Break it: twelve mistakes, each trained beside the right program, with symptoms, diagnosis and lines of code."""
