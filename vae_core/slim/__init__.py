"""A smaller model: weights rounded to 8 bits or half precision, pruned weights and units, fine-tuning, and what each costs in nats."""
