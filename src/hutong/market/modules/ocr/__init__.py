"""Text in images and scanned pages, by rapidocr, offline."""
