"""Diagnosis of a run or a model: the evidence, the checks of it, and what each finds, says and advises."""
