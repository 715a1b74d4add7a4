"""The library: documents that members read, and the word of each member that they have read one.

Nouns: Document, Section, DocumentRelation, DocumentKind, ReadConfirmation, ReadCount, ImportDraft.
Verbs: start an import, import, publish, confirm reading.
Pages: /library/ (search and list), /library/<uuid> (reader), /staff/library/import (file to document, with preview).
The text of a file becomes sections in `importing/`, pure functions that know no database. Only documents without
a secrecy level are taken: this system stands on the internet.
"""
