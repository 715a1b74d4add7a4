"""How a member proves who they are: a passkey, never a password.

Nouns: `Account` (the passkey side of one member), `Passkey`, `Challenge` (one open ceremony), `AuthSession`
(one signed-in browser), `Ticket` (a single-use invitation to make a passkey), `Notice` (what a member is told
about their own keys and devices).
Verbs: enrol, sign in, step up, sign out; add, rename and remove a passkey; end sessions; issue and approve
tickets; cut off a lost phone.
Pages: `/identity/sign-in`, `/identity/enrol`, `/identity/devices`, `/identity/step-up`;
`/staff/identity/members/<id>/tickets`.

The relying-party id is bound into every passkey: changing it makes all of them useless, so it never changes.
"""
