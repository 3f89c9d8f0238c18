"""Every write of the training app."""
