"""What `variorum init` puts into a new corpus: guidelines, datasheet and citation to be filled in."""
