"""An organisation out of spreadsheets: `reading` (csv, xlsx), `columns` (headings and cells), `units`, `members`,
`report` (what was done and, row by row, what is wrong), `running` (all or nothing)."""
