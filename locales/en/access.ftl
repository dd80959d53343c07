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
