"""The progress of a background job as text."""

from vae_core.jobs.job import Job
from vae_ui.base.translation import t


def how_far(job: Job, share: float) -> str:
    """The share that is done, or the job's place in the queue."""
    place = None if share else job.position()
    return f"{share:.0%}" if place is None else t("waiting, number {place} in the queue", place=place)
