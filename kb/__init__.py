"""What is known, how it is kept, searched and answered."""
