"""From a file to numbered lines and the tables the file itself marks as tables (docx, pdf)."""
