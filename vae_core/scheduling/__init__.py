"""The processes that train in the background: a scheduler, and one worker per run, which holds a lease to write its results."""
