"""Training of the bundled static embedding: `tillit models train`."""
