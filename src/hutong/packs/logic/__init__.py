"""Reading, checking and explaining packs: decisions only, no files are touched here."""
