"""Addresses and points to the district's subdistrict, community and unit grid."""
