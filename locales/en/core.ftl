### Words every part uses: buttons, states, errors. The same keys exist in ar and en.

## Buttons
save = Save
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
download = Download
upload = Upload
copy = Copy
merge = Merge
confirm = Confirm
undo = Undo
settings = Settings
more = More
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

## Counts and states
record-count =
    { $count ->
        [one] 1 record
       *[other] { $count } records
    }
no-results = No results
loading = Loading…
deleted = Deleted

## General errors

## What does not fit a field
value-required = This field is required.
value-too-long = The text is too long: { $length } characters, at most { $max }.
value-too-large = The number is too large to keep.
value-too-precise = Too many digits after the point (at most { $scale }).
value-not-whole = Enter a whole number.
value-not-number = Enter a number, such as 1250.5.
value-not-bool = Enter yes or no.
value-not-date = Enter a date, such as 2026-12-31 or 31/12/2026.
value-not-date-time = Enter a date and time, such as 2026-12-31 14:30.
value-not-duration = Enter a duration, such as 1:30 or 90 min.
value-unknown-choice = “{ $found }” is not one of the choices: { $choices }.
value-unknown-currency = The currency is not known. Enter its three-letter code, such as SAR.
value-not-id = This is not the id of a record.
value-not-email = Enter an e-mail address, such as name@example.com.
value-not-phone = Enter a phone number, with the country code if it is from abroad.
value-not-url = Enter a link that begins with https://, http://, mailto: or tel:.
value-not-json = The text is not well-formed JSON.
value-not-image = The file is not an image.
value-too-deep = The data is nested too deeply (at most { $max } levels).
value-too-many = Too many entries (at most { $max }).
value-wrong-type =
    The value is of another type. Wanted: { $type ->
        [text] text
        [long_text] long text
        [rich_text] formatted text
        [code] a code
        [integer] a whole number
        [decimal] a decimal number
        [percent] a percentage
        [money] an amount of money
        [bool] yes/no
        [date] a date
        [date_time] a date and time
        [duration] a duration
        [choice] a choice
        [multi_choice] a list of choices
        [ref] a reference to a record
        [refs] references to records
        [email] an e-mail address
        [phone] a phone number
        [url] a link
        [address] an address
        [name] a name
        [file] a file
        [image] an image
        [json] JSON
        [sequence] a running number
        [null] an empty value
       *[other] { $type }
    }.

## Expressions in filters, rules and formulas
expr-too-long = The expression is too long (at most { $max } characters).
expr-too-deep = The expression is nested too deeply. Split it into simpler parts.
expr-unexpected = “{ $found }” does not belong here (character { $at }).
expr-unexpected-end = The expression is not complete.
expr-unclosed-text = A text without closing quote (it begins at character { $at }).
expr-bad-number = The number { $found } cannot be read (character { $at }).
expr-bad-literal = “{ $found }” does not fit here as a value.
expr-unknown-field =
    There is no field { $name }. { $suggestion ->
        [none] Check the name.
       *[other] Did you mean { $suggestion }?
    }
expr-unknown-part = The field { $field } has no part { $name }. It has: { $parts }.
expr-unknown-function =
    There is no function { $name }. { $suggestion ->
        [none] Check the name.
       *[other] Did you mean { $suggestion }?
    }
expr-unknown-choice =
    “{ $found }” is not one of the choices ({ $choices }). { $suggestion ->
        [none] Check the name.
       *[other] Did you mean { $suggestion }?
    }
expr-argument-count = { $name } takes { $least } to { $most } arguments.
expr-argument =
    Argument { $position } of { $name } is { $type ->
        [text] text
        [long_text] long text
        [rich_text] formatted text
        [code] a code
        [integer] a whole number
        [decimal] a decimal number
        [percent] a percentage
        [money] an amount of money
        [bool] yes/no
        [date] a date
        [date_time] a date and time
        [duration] a duration
        [choice] a choice
        [multi_choice] a list of choices
        [ref] a reference to a record
        [refs] references to records
        [email] an e-mail address
        [phone] a phone number
        [url] a link
        [address] an address
        [name] a name
        [file] a file
        [image] an image
        [json] JSON
        [sequence] a running number
        [null] an empty value
       *[other] { $type }
    }, wanted is { $wanted ->
        [text] text
        [long_text] long text
        [rich_text] formatted text
        [code] a code
        [integer] a whole number
        [decimal] a decimal number
        [percent] a percentage
        [money] an amount of money
        [bool] yes/no
        [date] a date
        [date_time] a date and time
        [duration] a duration
        [choice] a choice
        [multi_choice] a list of choices
        [ref] a reference to a record
        [refs] references to records
        [email] an e-mail address
        [phone] a phone number
        [url] a link
        [address] an address
        [name] a name
        [file] a file
        [image] an image
        [json] JSON
        [sequence] a running number
        [null] an empty value
       *[other] { $wanted }
    }.
expr-types =
    { $operator } does not go between { $left ->
        [text] text
        [long_text] long text
        [rich_text] formatted text
        [code] a code
        [integer] a whole number
        [decimal] a decimal number
        [percent] a percentage
        [money] an amount of money
        [bool] yes/no
        [date] a date
        [date_time] a date and time
        [duration] a duration
        [choice] a choice
        [multi_choice] a list of choices
        [ref] a reference to a record
        [refs] references to records
        [email] an e-mail address
        [phone] a phone number
        [url] a link
        [address] an address
        [name] a name
        [file] a file
        [image] an image
        [json] JSON
        [sequence] a running number
        [null] an empty value
       *[other] { $left }
    } and { $right ->
        [text] text
        [long_text] long text
        [rich_text] formatted text
        [code] a code
        [integer] a whole number
        [decimal] a decimal number
        [percent] a percentage
        [money] an amount of money
        [bool] yes/no
        [date] a date
        [date_time] a date and time
        [duration] a duration
        [choice] a choice
        [multi_choice] a list of choices
        [ref] a reference to a record
        [refs] references to records
        [email] an e-mail address
        [phone] a phone number
        [url] a link
        [address] an address
        [name] a name
        [file] a file
        [image] an image
        [json] JSON
        [sequence] a running number
        [null] an empty value
       *[other] { $right }
    }.
expr-not-condition = “{ $found }” is not a condition that is true or false.
expr-not-a-list = { $name } is not a list of records.
expr-list-in-path = { $name } is a list of records. Use exists({ $name }, …).
expr-not-in-filter = { $name } cannot be used in a filter. Use it in a formula field and filter by that field.

## Design of objects and fields
schema-bad-key = The key { $name } is not accepted: a–z, 0–9 and _, beginning with a letter, at most 48.
schema-no-title = The object needs a title field, and { $name } does not exist.
schema-double-field = The field { $name } is declared twice.
schema-double-column = The column { $name } belongs to another field.
schema-no-label = The field { $name } has no name for people.
schema-unknown-target = The object { $name } does not exist.
schema-bad-expression = An expression that does not fit: { $name }
schema-wrong-result = The result does not fit the kind of the field: { $name }
schema-not-own-fields = A computed field is stored with its record, so it reads only that record's own fields: { $name }

## Classes of faults
fault-not-found = Not found, or you may not see it.
fault-forbidden = You do not have permission for this.
fault-unauthenticated = Sign in first.
fault-invalid = Some values need correction.
fault-conflict = Somebody else saved this record before you.
fault-throttled = Too many attempts. Wait a moment and try again.
fault-too-large = What you sent is larger than allowed.
fault-bad-request = The request cannot be understood.
fault-unavailable = The service does not answer right now. Try again shortly.
fault-internal = Something unexpected went wrong. It has been logged so that we can fix it.
