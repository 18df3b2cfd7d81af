"""Words: compounds, nynorsk, spelling and the glossary; what a question's terms may also be called."""
