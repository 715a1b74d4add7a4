"""What members write to the organisation: so far opinions, questions and proposals to a committee.

Nouns: Opinion (one text of one member to one unit, their own cell or a unit above it, and its answer),
Attachment (a file announced with an opinion, which arrives after it in chunks).
Verbs: submit, answer, receive, prune.
Pages: /reports/ (my own), /reports/opinions/new, /reports/opinions/<uuid>, /reports/attachments/<uuid>,
/staff/reports/ (to be answered).
A text is never changed after it was sent, and each sending is a row: that a phone's sending counts once is the
receipts' business.
"""
