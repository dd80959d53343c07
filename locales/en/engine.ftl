### Words of the engine: validation, import, jobs, automation.

## Saving and deleting
value-locked = This field is locked in the present state of the record.
value-read-only = This field is computed, or you may not change it.
value-by-action = This value is not chosen by hand: the action “{ $action }” gives it. Open the record and run the action.
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

## Import and export
export-too-many-rows = An Excel sheet holds { $max } rows. Narrow the list with a filter, or export as CSV.
import-ambiguous = More than one record matches “{ $name }”, so it is not clear which one is meant.
import-bad-delimiter = Cells are separated by one sign, such as a comma or a semicolon.
import-bad-mapping = This part of the mapping cannot be understood. See the guide and correct it.
import-column-name = Write the column's name in quotation marks, such as { $name }("Invoice").
import-date-form = “{ $found }” is not a date of the form { $format }.
import-empty = The file holds no data. It needs a line of headings and at least one line below it.
import-error-line = Line in the file
import-error-reason = Reason
import-exists = The record “{ $name }” exists, and this import only adds new ones.
import-file-too-large = The file has { $size } MB, the limit is { $max } MB. Split it into smaller files.
import-key-blank = The cell by which the record is found is blank.
import-key-is-part = A record cannot be found by a part of { $name }. Choose a whole field.
import-key-needs-column = Choose the column by which the record is found.
import-key-not-mapped = No column goes to { $name }, the field by which records are found.
import-needs-key = Choose by what the record is found: { $name }.
import-no-field-here = { $name } is not a column. Read columns like this: col("Name"), num("Amount") or moment("Date").
import-not-a-table = The file is not a table of text. Save it as CSV or Excel and upload it again.
import-not-a-workbook = The workbook could not be read. Open it in Excel and save it again, or save it as CSV.
import-not-found = There is no record “{ $name }”, or you may not see it.
import-not-now = This is not possible in the present state of the import.
import-not-possible = These records are not imported from files.
import-not-writable = The field { $name } is computed, or you may not change it.
import-nothing-mapped = Choose a field for at least one column.
import-one-source = Each field has one source: a column, an expression or a fixed value.
import-open-quote = A quotation mark opens here and never closes; it swallows the lines after it.
import-other-object = The mapping was written for another kind of record.
import-ragged = This line has { $found } cells, the headings are { $expected }.
import-right-lost = The person who started this import may no longer import.
import-target-twice = More than one column goes to { $name }. Choose one.
import-workbook-too-large = The workbook is too large to be read at once. Delete far-off rows and columns, save it as CSV, or split it into several files.
import-too-many-columns = The file has more columns than allowed (at most { $max }).
import-undo-changed = The record was changed after the import, so it stays as it is.
import-undo-gone = The record is no longer there, or you may not see it.
import-undo-refused = You may not take this change back.
import-unknown-column = The file has no column “{ $name }”.
import-unknown-encoding = The encoding “{ $name }” is not known. Try utf-8 or windows-1256.
import-unknown-sheet = The workbook has no sheet “{ $name }”.
import-unknown-target = There is no field { $name }, or you may not see it.
import-unknown-zone = The time zone “{ $name }” is not known. Write it like Asia/Riyadh.
import-unused-reference = No column goes to a record through { $name }.
import-value-does-not-fit = The result of the expression does not fit a field of type { $type }.

## Roles
role-of-module = The role “{ $name }” belongs to the program and is not changed. Make a new one.
role-in-use = Users still have this role (how many: { $count }). Take it from them first.
role-all-objects-plain = A grant for all objects (*) takes neither an expression for rows nor masks. Name the object.
role-no-such-scope = Records of { $object } have no scope { $name }.
role-without-owner = Records of { $name } have no owner, so “own” and “team” do not apply.

tree-own-parent = A record cannot stand above itself. Choose another one.
tree-loop = This would put the record below one that is below it. Choose one outside its own branches.
part-two-primary = More than one is marked primary. Keep only one.
