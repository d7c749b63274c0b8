"""Twelve classic mistakes in a VAE, each one line of a short training program that is executed beside the right one."""
