"""From a file to a structured text: pure functions, knowing neither the database nor HTTP.

`converting.convert(name, data)` is the door. The steps are one module each: `detecting` (what is it, by content),
`word`, `pdf`, `plain`, `markup` (to HTML), `sanitising` (the one allowlist), `blocks` (HTML to
paragraphs), `numbering` and `structure` (paragraphs to sections), `metadata` (what the head of the text says).

Promise: no word of the text is lost. What is left out (image addresses, table bars, page numbers) is listed
in `Converted.dropped`, so that a test can add it up.
"""
