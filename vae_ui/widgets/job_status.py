"""What pages say of work in the background."""

from vae_core.jobs.job import Job


def how_far(job: Job, share: float) -> str:
    """The share done, or the place in the queue."""
    place = None if share else job.position()
    return f"{share:.0%}" if place is None else f"waits for its turn, number {place} in the queue"
