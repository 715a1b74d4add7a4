"""What may happen to the organisation: `tree` (units), `members`, `posts`, `cards` (sealed card numbers)."""
