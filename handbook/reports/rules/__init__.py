"""What may happen to an opinion: `submitting`, `answering`."""
