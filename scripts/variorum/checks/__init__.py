"""Checks: what is wrong with an annotation set or a corpus. They yield problems; nothing here prints or raises.

check_set(data, name, corpus)   one set, from bytes
check_value(value, …)           one set, from a plain JSON value, its quotes folded if need be
read_set(path, corpus)          one set, from a file: what everybody uses who reads a set that may be broken
check_corpus(root)              a whole corpus
RULES                           every rule by its id
"""

from variorum.checks.annotation_sets import RULES, Checked, check_set, check_value, read_claims, read_set
from variorum.checks.corpora import check_corpus, check_file, corpus_files
from variorum.checks.rule import Rule

__all__ = [
    "RULES",
    "Checked",
    "Rule",
    "check_corpus",
    "check_file",
    "check_set",
    "check_value",
    "corpus_files",
    "read_claims",
    "read_set",
]
