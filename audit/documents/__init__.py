"""Papers about findings: drafted by one person, approved by another, then frozen as they are.

One content, a tree of plain values, becomes DOCX (`word.py`), HTML (`paper.py`) and PDF
(`printing.py`). Another kind of paper is another `compose` in `rules/`.
"""
