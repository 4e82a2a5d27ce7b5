"""Label Studio: the corpus as projects that people label in a browser, and their labels back as records.

Round 1 is a project of kind `articles` (one article a task), round 2 one of `screening` (two articles a task) and one
of `pairs` (one claim pair a task); what nobody agreed on is a project of kind `adjudication` (one open item a task).

    controls  what can be filled in, from the schema     config   the labelling page (XML) made of it
    tasks     documents and pairs -> task data           results  what the server holds, read with distrust
    articles, pairs     records <-> Label Studio results, as named inverse pairs
    screening, questions     the same for lists of pairs (`screening_lines`) and for decisions (shown with `evidence`)
    server    a server of one's own on this machine      client   push, submit, pull, status
"""
