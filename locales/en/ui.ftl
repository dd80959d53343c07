### Words of the components: frame, lists, forms, board, calendar, import, charts.

## Frame
ui-product = Sila
ui-skip = Skip to content
ui-navigation = Navigation
ui-navigation-short = Quick navigation
ui-collapse = Collapse sidebar
ui-search-all = Search everything
ui-create = New
ui-notifications = Notifications
ui-account = My account
ui-language = Language
ui-theme = Theme
ui-theme-auto = Auto
ui-theme-light = Light
ui-theme-dark = Dark
ui-calendar = Calendar
ui-gregorian = Gregorian
ui-hijri = Hijri
ui-digits = Digits
ui-density = Density
ui-density-compact = Compact
ui-density-normal = Normal
ui-density-roomy = Roomy
ui-sign-out = Sign out
ui-more = More
ui-crumbs = Path of this page
ui-back = Back
ui-notices = Notices
ui-palette-hint = Find a record, a page or a command…
ui-results = Results
ui-nothing-found = Nothing found
ui-create-new = Create new
ui-shortcuts = Keyboard shortcuts
ui-key-move = Move
ui-key-open = Open
ui-key-close = Close
ui-key-find = Find in this list
ui-key-rows = Next and previous row
ui-key-select = Select row
ui-key-edit = Edit
ui-key-save = Save
ui-close = Close
ui-cancel = Cancel
ui-actions = Actions
ui-open = Open
ui-remove = Remove
ui-apply = Apply
ui-clear = Clear
ui-clear-all = Clear all
ui-continue = Continue
ui-next = Next
ui-cal-day = Day
ui-cal-week = Week
ui-cal-month = Month
ui-cal-agenda = Agenda
ui-cal-whose = Whose calendars?
ui-cal-people = People
ui-cal-teams = Teams
ui-cal-resources = Rooms and resources
ui-cal-show = Show
ui-cal-cut = There is more in this time than is shown here: choose a shorter time or fewer people.
ui-busy = Busy
ui-all-day = All day
ui-hours = Hours of the day
ui-new-here = Add on
ui-agenda-empty = Nothing in these days
ui-agenda-empty-text = What you and your colleagues plan appears here, day by day.
ui-previous = Previous
ui-today = Today
ui-loading = Loading…
ui-retry = Try again
ui-refresh = Refresh
ui-saved = Saved
ui-not-saved = Not saved
ui-not-shown = This could not be shown
ui-offline = The server did not answer. Check the connection and try again.
ui-page-stale = This page may be out of date. Refresh it to see the latest changes.
ui-yes = Yes
ui-no = No
ui-empty-value = Empty
ui-hidden-record = A record you may not see

## Lists
ui-views = Saved views
ui-save-view = Save this view
ui-list-tools = List tools
ui-layout = Layout
ui-layout-list = List
ui-layout-board = Board
ui-layout-calendar = Calendar
ui-filter = Filter
ui-find-here = Find here
ui-field = Field
ui-comparison = Comparison
ui-value = Value
ui-add-condition = Add condition
ui-expression = Advanced expression
ui-columns = Columns
ui-export = Export
ui-export-all = { $format }: all fields, numbers and addresses
ui-select = Select
ui-select-all = Select all
ui-selected = selected
ui-mass = Actions on the selection
ui-total = Total
ui-pages = Pages
ui-about = more than { $n }
ui-range-of = { $from }–{ $to } of { $n }
ui-rows-shown =
    { $n ->
        [one] { $n } row
       *[other] { $n } rows
    }
ui-shown-of = { $n } of { $total }
ui-count-exactly = Count exactly
ui-op-contains = contains
ui-op-is = is
ui-op-is-not = is not
ui-op-starts = starts with
ui-op-ge = at least
ui-op-le = at most
ui-op-eq = equals
ui-op-ne = does not equal
ui-op-from = from
ui-op-until = until
ui-op-on = on
ui-op-has = includes
ui-op-filled = is filled
ui-op-blank = is empty

## Forms
ui-required = required
ui-choose = Choose…
ui-search-choose = Search and choose…
ui-currency = Currency
ui-name-ar = In Arabic
ui-name-latin = In Latin letters
ui-street = Street
ui-district = District
ui-city = City
ui-region = Region
ui-postcode = Postcode
ui-country = Country
ui-hours-minutes = hours:minutes
ui-pick-date = Pick from the calendar
ui-drop-file = Drop a file here or choose one
ui-drop-files = Drop files here or choose them
ui-drop-image = Drop a picture here or choose one
ui-upload = Upload
ui-uploading = Uploading…
ui-upload-failed = The file was not uploaded
ui-bold = Bold
ui-italic = Italic
ui-heading = Heading
ui-bullets = Bulleted list
ui-numbering = Numbered list
ui-quote = Quote
ui-link = Link
ui-link-address = Address of the link
ui-save-again = Save and add another
ui-form-errors =
    { $n ->
        [one] Not saved: one thing needs to be corrected.
       *[other] Not saved: { $n } things need to be corrected.
    }
ui-draft-kept = What you typed here and did not save is back.
ui-discard = Discard it
ui-type-more = Type at least two letters
ui-conflict-title = { $who } changed this record while you worked on it
ui-conflict-text = Nothing you typed is lost. Choose for each field what stays.
ui-conflict-base = Before both
ui-conflict-theirs = Theirs
ui-conflict-yours = Yours
ui-conflict-save = Save what I chose

## Record
ui-details = Details
ui-record = Record
ui-type = Type
ui-timeline-empty = Nothing has happened yet
ui-older = Older
ui-attach = Attach a file
ui-write-comment = Write a comment…
ui-comment = Comment
ui-emptied = emptied
ui-show-all = Show all
ui-more-n = { $n } more
ui-deleted-by = Deleted by
ui-deleted-at = Deleted
ui-restore = Restore
ui-purge = Delete for good
ui-purge-confirm = The record will be deleted for good and cannot be restored.
ui-trash-empty = The trash is empty
ui-trash-empty-text = What you delete stays here until it is restored or deleted for good.

## Board
ui-board = Board of stages
ui-board-help = Press Space to lift the card, arrows to move it, Space to put it down, Esc to take it back.
ui-card-late = Waiting too long
ui-column-empty = No cards
ui-move = Move
ui-move-to = Move to
ui-moved = Moved to
ui-move-failed = The card was not moved and is back in its place
ui-lifted = Card lifted. Move it with the arrows.

## Charts
ui-cumulative = Cumulative share

## Import
ui-steps = Steps
ui-import-upload = File
ui-import-map = Match columns
ui-import-check = Dry run
ui-import-run = Import
ui-import-drop = Drop the file here or choose it
ui-import-formats = CSV or Excel, any encoding. Nothing is written before you agree.
ui-import-sample = Download an empty sheet with the right headings
ui-import-column = Column of the file
ui-import-samples = Examples from the file
ui-import-skip = Leave out
ui-import-try = Try without writing
ui-import-start = Start the import
ui-import-rows = Rows
ui-import-new = New
ui-import-changed = Changed
ui-import-same = Unchanged
ui-import-failed = Do not fit
ui-import-bad = Rows that do not fit
ui-import-bad-file = Download these rows
ui-import-line = Line
ui-import-content = Content
ui-import-why = Why
ui-import-all-good = All rows fit. Nothing has been written yet.
ui-import-some-bad =
    { $n ->
        [one] One row does not fit and will be left out. Nothing has been written yet.
       *[other] { $n } rows do not fit and will be left out. Nothing has been written yet.
    }
ui-import-progress = { $done } of { $n }
ui-import-done = Import finished
ui-import-show = Show the records
ui-stop = Stop
ui-resume = Resume
ui-undo-import = Undo the import

ui-name-propose = Proposed:
