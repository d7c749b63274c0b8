"""The sub-commands of the background queue of trainings: what is in it, and many trainings at once."""
