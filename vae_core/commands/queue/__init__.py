"""Sub-commands on the queue of runs and on those who share it: the runs, sweeps, and the limits of people."""
