"""Exports: answers and cases as files that people take along."""
