"""CKAN's Action API, version 3: the same addresses, forms and errors, so that its clients work unmodified."""
