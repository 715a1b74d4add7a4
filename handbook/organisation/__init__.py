"""The tree of party organisations, its members and the posts they hold.

Nouns: `Level` (dated reference data), `Unit` (a committee or a cell), `UnitPredecessor`, `Member`, `Post`,
`CellCount` (members of one cell, kept in the same transaction as they change).
Verbs: create, rename, move and close a unit; add, transfer and change the status of a member; give and end
a post; import a whole organisation from spreadsheets.

A unit carries a materialised `path` of codes with a closing slash (`/1/` is not the start of `/10/`), used
for permissions, and a depth-first `number` with the `last` number below it, so that a subtree is a range.
"""
