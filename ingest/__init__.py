"""Files in, documents out: loading, cleaning, chunking, storing."""
