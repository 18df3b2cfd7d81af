"""From passages to an answer: choose blocks, quote and cite them, or refuse."""
