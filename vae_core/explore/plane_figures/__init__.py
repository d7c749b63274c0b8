"""What lies where on a plane of the latent space: codes, prior holes, the true posterior, the classes of decoded images."""
