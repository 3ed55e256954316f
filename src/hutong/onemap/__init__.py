"""One spatio-temporal map: layers over lake tables, by time.

Shows what lies in the lake; never keeps a copy of it.
"""
