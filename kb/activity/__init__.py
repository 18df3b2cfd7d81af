"""What visitors leave behind, where they send it or a setting keeps it; in a file of its own."""
