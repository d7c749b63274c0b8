"""The page Smaller: nats against bytes with pictures along the curve, and pruning with fine-tuning in the background."""
