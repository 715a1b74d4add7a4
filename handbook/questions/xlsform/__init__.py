"""Forms as spreadsheets in the XLSForm manner, read and written. What is not supported is refused cell by cell.

`dialect` is the one list of columns and types (docs/forms.md shows it), `files` looks at a file before anything is
unpacked and has it read in a process of its own (`apart`), `cells` are headings and rows with their addresses,
`reading.form_of` and `writing.workbook_of` are the doors.
"""
