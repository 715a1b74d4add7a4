"""What may happen to an opinion: `submitting`, `attaching`, `answering`."""
