"""Finding passages: lexical and dense search, filters, fusion."""
