### Words of the engine: validation, import, jobs, automation.

## Saving and deleting
value-locked = This field is locked in the present state of the record.
value-read-only = This field is computed, or you may not change it.
value-not-an-option = “{ $found }” is not an option of this field.
value-not-choice = Choose a value from the list.
value-no-such-record = The record referred to does not exist, or you may not see it.
value-not-unique = Another record has the same value ({ $fields }). It must be unique.
forbidden-result = After this change the record would no longer be among those you may change.
delete-in-use = Other records refer to it ({ $object }: { $count }). Move or delete them first.
restore-needs-target = First restore the record that this one refers to.
action-not-now = “{ $action }” is not available in the present state of the record.

## Lists
sort-not-possible = A list cannot be sorted by { $name }.
cursor-not-for-this-list = The link to the next page belongs to another list. Start at the first page.

## Files
file-too-large = The file is larger than allowed (at most { $max } MB).
file-empty = The file is empty.
file-kind-refused = Files of this kind are not accepted: { $name }
file-not-what-it-says = The content of { $name } is not what its name says.
file-exists = The file { $name } exists already. Choose another name or move the file.

## Users
user-no-such-role = There is no role “{ $name }”.
user-last-administrator = At least one administrator must remain.

## Own objects and fields
schema-would-lose = This change loses the data of { $name } (records: { $rows }). Confirm that you want to delete them.
custom-object-prefix = The key of an own object begins with c_, such as c_visit.
custom-field-prefix = The key of an own field begins with x_, such as x_mood.
custom-not-removable = { $name } is part of the program and cannot be removed.
custom-in-use = { $by } refers to { $name }. Remove that field first.

## Database and backup
database-bad-address = The address of the database cannot be read. Write sqlite://PATH or postgres://user:password@host/name
database-not-empty = The target database is not empty (table { $name }). Choose an empty one.
not-a-backup = This file is not a backup of Sila.
