"""What may happen to documents: `taking_in` (drafts and import), `publishing`, `reading`."""
