"""The sub-commands for whoever lets others train on this machine: their runs and their limits."""
