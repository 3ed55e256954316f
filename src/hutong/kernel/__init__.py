"""The floor everything stands on: identifiers, clock, errors, events, jobs, audit, settings and language.

Owns no domain data. It never imports another capability; capabilities register with it.
"""
