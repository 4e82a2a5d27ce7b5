"""Contrast pairs: pairs of gold of which one claim is edited so that the relation flips (Gardner et al. 2020)."""
