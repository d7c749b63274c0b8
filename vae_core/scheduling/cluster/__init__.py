"""Trainings on the nodes of a Ray cluster, by the extra `cluster`: the bridge, which holds the leases, and the actors that train."""
