"""Plan import: a published plan (txt, docx, pdf) becomes indicators, sections, tasks and named systems.

Everything found carries its place in the text; what looks like a promise but cannot be read is listed, never
guessed. Pure: reads one file and returns a value; it stores nothing (that is the plan registry's business).
"""
