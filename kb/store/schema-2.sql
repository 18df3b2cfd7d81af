-- Version 2: index terms have a column for parts of compounds and other forms of a word.
-- The terms and the vectors are made anew by the next build; documents and embeddings stay.

DROP TABLE terms_en;
DROP TABLE terms_da;
DROP TABLE terms_nb;
DROP TABLE terms_sv;
CREATE VIRTUAL TABLE terms_en USING fts5 (title, headings, text, questions, forms, exact, tokenize = 'unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE terms_da USING fts5 (title, headings, text, questions, forms, exact, tokenize = 'unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE terms_nb USING fts5 (title, headings, text, questions, forms, exact, tokenize = 'unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE terms_sv USING fts5 (title, headings, text, questions, forms, exact, tokenize = 'unicode61 remove_diacritics 0');
UPDATE documents SET chunker = '';
UPDATE state SET generation = NULL, model = NULL;
