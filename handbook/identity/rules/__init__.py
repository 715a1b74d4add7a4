"""What identity does: enrolling, signing in, stepping up, keeping passkeys, sessions and tickets."""
