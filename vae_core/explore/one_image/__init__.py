"""What a model says of one image: which pixels a number depends on, distortion by pixel, bounds of ln p(x), gradients."""
