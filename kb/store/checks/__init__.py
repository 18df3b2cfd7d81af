"""What `tillit doctor` looks at: a module for each part of a data folder. Nothing here writes to it."""
