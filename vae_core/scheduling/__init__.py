"""The processes that train in the background: a scheduler, a worker per run, and the lease under which it writes."""
