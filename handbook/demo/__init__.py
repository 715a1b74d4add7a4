"""Invented people and documents to try the handbook with: `handbook demo`.

Nothing here is real: neither the places, nor the people, nor the papers. `people/*.csv` go through the same import
as an operator's files, `documents/*.md` through the library's, `opinions.csv` through the rules by which members
write; `loading` puts them in, `keys` makes keys for a machine that has none, `commands` starts the whole and prints a
link for each role.
"""
