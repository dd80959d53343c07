### Who sees what, and why: sharing, delegation, view as, explain, the audit.

## Why: the answer
access-may = { $person } may { $verb } this record.
access-may-not = { $person } may not { $verb } this record.
access-verb-read = read
access-verb-create = create
access-verb-update = change
access-verb-delete = delete
access-verb-import = import
access-verb-export = export
access-verb-share = share
access-verb-comment = comment on
access-verb-view_as = view pages as
access-somebody = a former user

## Why: reasons
access-no-record = There is no such record.
access-in-trash = The record is in the trash.
access-out-of-scope = The API token in use does not cover this.
access-no-role = No role of { $person } grants this ({ $verb }) on { $objects }.
access-not-readable = A record must be seen first, and { $person } does not see it.
access-role-some = Role “{ $role }” grants this ({ $verb }) on: { $rows }.
access-role-all = Role “{ $role }” grants this ({ $verb }) on all records.
access-role-own = Role “{ $role }” grants this ({ $verb }) on own records: the owner is { $owner }.
access-role-own-not = Role “{ $role }” grants this ({ $verb }) on own records only; the owner is { $owner }.
access-role-no-owner = Role “{ $role }” grants this ({ $verb }) by owner, and nobody owns this record.
access-role-team = Role “{ $role }” grants this ({ $verb }) on records of the team: the owner { $owner } is in “{ $team }” too.
access-role-team-not = Role “{ $role }” grants this ({ $verb }) on records of the team; the owner { $owner } is in no team of theirs.
access-role-below = Role “{ $role }” grants this ({ $verb }) on records of the teams they lead and those below: the owner { $owner } is in one.
access-role-below-not = Role “{ $role }” grants this ({ $verb }) on records of their teams and those below; the owner { $owner } is in none.
access-role-scope = Role “{ $role }” grants this ({ $verb }) on the scope “{ $scope }”, and the record is in it.
access-role-scope-not = Role “{ $role }” grants this ({ $verb }) on the scope “{ $scope }”; the record is not in it.
access-role-where = Role “{ $role }” grants this ({ $verb }) where { $condition }, and that holds.
access-role-where-not = Role “{ $role }” grants this ({ $verb }) where { $condition }; that does not hold.
access-shared = { $by } has shared this record ({ $level }).
access-shared-until = { $by } has shared this record ({ $level }) until { $until }.
access-not-shared = The record is not shared in a way that allows it.
access-handed = { $from } has handed over their rights until { $until } ({ $reason }), and this record is among them.
access-handed-not = { $from } has handed over their rights until { $until } ({ $reason }); this record is not among them.
access-visible = The record is not private to others.
access-private = The record is private: nobody else sees it, whatever their roles.
access-viewer-sees = { $viewer } looks as this person and may see the record too.
access-viewer-sees-not = { $viewer } looks as this person and may not see the record.
access-field-hidden = The field “{ $field }” is hidden by role “{ $role }”.
access-field-masked = The field “{ $field }” is shown as dots by role “{ $role }”.
access-field-readonly = The field “{ $field }” is read-only by role “{ $role }”.

## Rows and levels
access-rows-all = all records
access-rows-own = own records
access-rows-team = records of the team
access-rows-team-below = records of the team and below
access-level-read = to read
access-level-comment = to read and comment
access-level-edit = to read and change

## What was refused
access-until-over = Choose a time that is yet to come and lies after the beginning.
access-until-too-late = A delegation lasts a year at most. Whoever is away for longer hands the work itself to somebody.
access-not-to-himself = Choose another colleague.
access-share-no-role = { $name } has no role that knows { $objects } at all. Ask an administrator for a role first.
access-share-no-update = { $name } has no role that may change { $objects }. Share the record to read or to comment.
access-view-read-only = You are looking as a colleague, so nothing can be changed. Return to your own account first.
access-view-himself = This is your own account. Choose another colleague.
access-view-more-rights = { $name } has more rights than you, so you cannot look as them.
audit-reads-kept-range = Choose from { $least } to { $most } months.

## Pages: who sees a record
access-title = Who sees this
access-who-sees = Who sees “{ $title }”?
access-choose-person = Choose
access-do-read = Read
access-do-create = Create
access-do-update = Change
access-do-delete = Delete
access-do-import = Import
access-do-export = Export
access-do-share = Share
access-do-comment = Comment
access-with = With
access-level = Level
access-until = Until
access-by = Shared by
access-no-end = no end
access-revoke = Stop sharing
access-people = Colleagues
access-teams = Teams
access-optional = (optional)
access-note = Note
access-share = Share
access-shares = Shared with
access-shares-none = This record is shared with nobody in particular. Whoever sees it does so by role.
access-share-record = Share this record
access-said-shared = Shared
access-said-revoked = No longer shared
access-person = Person
access-what = What
access-when = When
access-ask = May they?
access-cannot-tell = There is no answer about this record or this person.
access-why = May they, and why?
access-why-short = Why
access-edits = reads and changes
access-reads = reads
access-everybody = Everybody who sees it
access-looked = Who looked at it
access-looked-none = No look has been written down yet.
access-viewing = You see the pages as { $name }, read-only.
access-view-stop = Back to my account
access-view-as = View pages as they do
access-stood-in-by = { $name } stands in
access-team-lead = Led by { $name }.
access-team-above = Below “{ $name }”.

## Pages: roles
access-role-copy = Copy
access-role-people = People with this role
access-role-new = New role
access-role-taken = This key is in use. Choose another.
access-role-name-ar = Name in Arabic
access-role-name-en = Name in English
access-role-admin = Administers the company: users, roles, settings
access-role-preview = Preview before saving
access-role-preview-title = How many records each person sees with this role
access-role-fixed = A role of the program, which is not changed. Copy it and change the copy.
access-role-delete-ask = Delete this role?
access-role-delete-text = A role that somebody has is not deleted.
access-role-nobody = Nobody has this role.
access-role-you = You, with this role alone
access-all-objects = All objects
access-all-actions = All actions of its own
access-rows-where = on a condition
access-rows-keep = several conditions (kept)
access-condition = Condition
access-condition-help = where “on a condition” is chosen
access-masks = Withheld fields
access-masks-count = { $count ->
    [one] { $count } field withheld
   *[other] { $count } fields withheld
}
access-mask-none = shown
access-mask-readonly = read-only
access-mask-masked = shown as dots
access-mask-hidden = hidden

## Pages: absence and explain
access-absence = Delegation during absence
access-absence-text = Whoever stands in for you works under their own name on your behalf: they reach what you reach until the day you set, and then it ends by itself. Rights to administer are not handed over, nor what is private to you, and it cannot be handed on.
access-absence-from-whom = Who is away
access-absence-to = Who stands in
access-absence-reason = Reason
access-absence-objects = For
access-absence-objects-all = (everything when none is chosen)
access-absence-hand = Hand over rights
access-absence-none = No delegation.
access-absence-active = active
access-absence-coming = to come
access-absence-over = over
access-absence-end = End now
access-until-day = To the end of
access-my-account = Account and preferences
access-said-handed = Rights handed over
access-said-ended = Delegation ended
access-explain = May they, and why?
access-explain-text = Choose a person, a record and what they want to do. The answer comes from the very rule that every query carries.
access-record = Record
access-record-hint = link or id of the record

## Audit
audit-title = Audit
audit-behalf = on behalf of { $name }
audit-seen-as = as { $name }
audit-record = Record
audit-values = Values
audit-none = Nothing fits these conditions
audit-older = Older
audit-anybody = anybody
audit-class = Kind
audit-class-both = changes and reads
audit-class-change = changes
audit-class-read = reads
audit-from = From
audit-until = To
audit-show = Show
audit-export = Export
audit-filter = Filter
audit-verb-created = created
audit-verb-updated = changed
audit-verb-deleted = deleted
audit-verb-restored = restored
audit-verb-purged = deleted for good
audit-verb-opened = opened
audit-verb-listed = saw in a list
audit-verb-exported = exported
audit-verb-shared = shared
audit-verb-unshared = stopped sharing
audit-verb-delegated = handed over rights
audit-verb-delegation-ended = ended a delegation
audit-verb-view-as = began to view as a colleague
audit-verb-view-as-ended = ended viewing as a colleague
audit-verb-roles = changed roles
audit-verb-members = changed team members
audit-verb-settings = changed settings
audit-verb-schema = changed the structure
audit-verb-sign-in = signed in
audit-verb-sign-in-failed = failed to sign in
audit-verb-factor-added = added a way to sign in
audit-verb-factor-removed = removed a way to sign in
audit-verb-factors-reset = had the ways to sign in reset
audit-verb-forgotten = had values forgotten
audit-verb-retired = removed reads past their time
audit-means-password = password
audit-means-code = code
audit-means-app = authenticator app
audit-means-recovery = recovery code
audit-means-passkey = passkey
audit-key-count = count
audit-key-filter = filter
audit-key-search = search
audit-key-fields = fields
audit-key-format = format
audit-key-with = with
audit-key-means = means
audit-key-to = to
audit-key-level = level
audit-key-until = until
audit-key-from = from
audit-key-reason = reason
audit-key-objects = objects
audit-key-roles = roles
audit-key-members = members
audit-key-rows = rows
audit-key-ip = address
audit-key-email = e-mail
audit-chain = Soundness of the audit
audit-chain-text = Each line is sealed with a hash that covers the one before it, so what is changed, removed or added shows. The head of the chain is written down every night outside the database.
audit-head = Head of the chain: seal { $seq }
audit-check = Check the chain
audit-sound = { $count ->
    [one] The chain is sound: { $count } seal checked.
   *[other] The chain is sound: { $count } seals checked.
}
audit-unsound = { $count ->
    [one] The chain is not sound: { $count } finding.
   *[other] The chain is not sound: { $count } findings.
}
audit-found-changed = A line was changed after it was sealed.
audit-found-removed = A sealed line is no longer there.
audit-found-inserted = A line was slipped in with an earlier date.
audit-found-broken = A seal does not fit the one before it.
audit-found-cut-off = The tail is cut off: a head that was written down is no longer in the chain.
audit-found-rewritten = The chain was made anew: a head that was written down is another now.
audit-found-hidden = Values are hidden without a line that says they were forgotten.
