"""What members write to the organisation: opinions of their own accord, and reports that are asked of them.

Nouns: Opinion (one text of one member to one unit, and its answer), Attachment (a file announced with an opinion);
ReportForm and its FormVersions (made of `handbook.questions`), ReportRequest (one version asked of a part of the tree for
a period), Duty (one report that is owed), Submission (one version of it that was sent), Review, Rate.
Verbs: submit, answer, receive, prune; save_version, publish, ask, open_due, excuse, send, review.
Pages: /reports/ (what I owe, what I sent, my opinions), /reports/<uuid> and its /edit, /reports/opinions/…,
/reports/attachments/<uuid>; /staff/reports/ (opinions to answer), /staff/reports/inbox and /staff/reports/duties/<uuid>
(reports to review), /staff/reports/requests/ (asking, and rates down to the missing).
Nothing is changed after it was sent, and each sending is a row: that a phone's sending counts once is the receipts'
business. Who owes a report is written down on the day it is asked for: a rate keeps its denominator.
"""
