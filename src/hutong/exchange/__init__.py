"""Exchange between organisations: requests, decisions with clocks, contracts, grants, masked delivery, correction.

Decides who reads which columns and rows; never keeps the rows itself.
"""
