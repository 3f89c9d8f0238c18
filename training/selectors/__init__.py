"""Every read of the training app."""
