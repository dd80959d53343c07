### Words every part uses: buttons, states, errors. The same keys exist in ar and en.

## Buttons
save = Save
save-and-new = Save and add another
cancel = Cancel
delete = Delete
restore = Restore
edit = Edit
add = Add
create = Create
close = Close
back = Back
next = Next
previous = Previous
search = Search
filter = Filter
sort = Sort
export = Export
import = Import
print = Print
download = Download
upload = Upload
copy = Copy
merge = Merge
archive = Archive
confirm = Confirm
retry = Try again
undo = Undo
refresh = Refresh
settings = Settings
more = More
select-all = Select all
clear = Clear
apply = Apply
show-all = Show all

## Words
yes = Yes
no = No
all = All
none = None
unknown = Unknown
total = Total
today = Today
yesterday = Yesterday
tomorrow = Tomorrow
now = Now
required = Required
optional = Optional
empty-value = —

## Counts and states
record-count =
    { $count ->
        [one] 1 record
       *[other] { $count } records
    }
selected-count =
    { $count ->
        [one] 1 record selected
       *[other] { $count } records selected
    }
result-count =
    { $count ->
        [one] 1 result
       *[other] { $count } results
    }
no-results = No results
loading = Loading…
saved = Saved
deleted = Deleted

## Value errors
error-required = This field is required.
error-number = Enter a valid number.
error-decimals = Too many decimal places.
error-too-large = The value is too large.
error-date = Enter a valid date, such as 31/12/2026.
error-phone = Enter a valid phone number, with the country code if needed.
error-email = Enter a valid e-mail address.
error-currency = The amount names another currency.
error-too-long =
    { $count ->
        [one] The text is too long (at most 1 character).
       *[other] The text is too long (at most { $count } characters).
    }

## General errors
error-not-found = This does not exist, or you may not see it.
error-forbidden = You do not have permission to do this.
error-conflict = Somebody else changed this record first. Review the changes and save again.
error-internal = Something went wrong. Please try again.
