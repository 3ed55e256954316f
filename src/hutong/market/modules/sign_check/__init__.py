"""Bilingual public signs against what the standards say."""
