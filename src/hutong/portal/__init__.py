"""The open portal: search, preview, data interface, bulk files, CKAN's Action API, DCAT and the quality of metadata.

Shows what has been opened; never shows what has not.
"""
