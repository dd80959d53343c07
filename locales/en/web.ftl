### Words of the web pages: lists, forms, search, settings.

## Pages
web-back = Back
web-home = Home
web-all = All { $objects }
web-new = New { $object }
web-me = me
web-system = The system
web-somebody = Somebody else
web-files = Files
web-import = Import
web-trash = Trash
web-op-in = is one of
web-op-gt = more than
web-op-lt = less than
web-none-match = Nothing matches
web-none-match-text = Take off a condition, or search for fewer words.
web-none-yet = None yet
web-empty-list = No { $objects } yet
web-empty-list-text = Add the first one, or bring them in from a file.
web-no-rights = Nothing to see yet
web-no-rights-text = Your account has no role yet. Ask your administrator.
web-no-notifications = You are up to date

## Pages: what went wrong
web-hint-not-found = It may have been deleted, or it is not shared with you.
web-hint-forbidden = Ask an administrator if you need it.
web-hint-throttled = Wait a little and try again.
web-hint-conflict = Open the record again and repeat your change.
web-hint-too-large = Choose a smaller file.
web-hint-unavailable = The database did not answer. Try again in a moment.
web-hint-internal = The fault has been logged. Try again; if it comes back, tell your administrator the number below.

## Pages: records
web-created = Created
web-updated = Last changed
web-tabs = Parts of the page
web-tab-overview = Overview
web-tab-history = History
web-timeline = Timeline
web-kind-comments = Comments
web-kind-changes = Changes
web-revision = revision { $n }
web-did-comment = commented
web-did-file = added the file
web-did-create = created it
web-did-change = changed
web-did-delete = deleted
web-did-restore = restored
web-did-purge = removed for good
web-comment-delete-ask = Delete this comment?
web-delete-ask = Delete this record?
web-delete-text = It goes to the trash with everything that is part of it. You can restore it from there.
web-delete-final = This cannot be undone.
web-action-ask = Are you sure?

## Pages: lists
web-view-name = Name of the view
web-view-replace = Replace the view that is open
web-view-default = Open this view first
web-view-shared = Share with everybody
web-view-delete = Delete this view
web-view-delete-ask = Delete this view?
web-mass-edit = Change several
web-mass-edit-text = Choose the field. The new value goes into all selected records at once.
web-mass-apply = Change all selected
web-mass-delete = Delete the selected records?
web-mass-delete-text = They go to the trash. If one of them cannot be deleted, none is.
web-said-saved = Saved
web-said-created = Created
web-said-deleted = Deleted
web-said-restored = Restored
web-said-purged = Removed for good
web-said-done = Done
web-said-file-kept = File added
web-said-mass-edited = Changed
web-said-none-ticked = Nothing was selected
web-said-view-saved = View saved
web-said-view-deleted = View deleted
web-said-password-set = Password changed
web-said-session-ended = Session ended
web-said-token-ended = Token revoked
web-said-welcome = Welcome. Everything is ready.

## Pages: search
web-search-for = Search everywhere for “{ $words }”
web-search-hint = Try fewer or other words. Spelling with or without hamza makes no difference.
web-found-records = Records
web-found-pages = Pages
web-found-commands = Commands

## Pages: sign-in and first run
web-sign-in = Sign in
web-sign-in-back = Back to sign-in
web-email = E-mail
web-password = Password
web-password-old = Current password
web-password-new = New password
web-password-change = Change password
web-password-others = Your other sessions end when you change it.
web-password-hint = At least 10 characters. A short sentence is easy to remember and hard to guess.
web-forgot = Forgot your password?
web-forgot-text = Enter your e-mail address. We send you a link that works for one hour.
web-forgot-send = Send the link
web-forgot-sent = Look into your mail
web-forgot-sent-text = If the address belongs to an account, a link is on its way.
web-reset = Choose a new password
web-reset-save = Save and sign in
web-setup = Welcome to Sila
web-setup-text = Tell us about the company and make its first account. It takes a minute.
web-setup-company = The company
web-setup-admin = The administrator
web-setup-start = Start
web-company-ar = Company name in Arabic
web-company-latin = Company name in English
web-your-name-ar = Your name in Arabic
web-your-name-latin = Your name in English
web-zone = Time zone

## Pages: account
web-account = Account and preferences
web-reading = How you read
web-months = Month names
web-sessions = Sessions
web-session-this = this one
web-session-end = End
web-sessions-end-others = End all others
web-device = Device
web-ip = Address
web-last-used = Last used
web-never = never
web-never-expires = does not expire
web-tokens = API tokens
web-token-name = Name
web-token-scopes = May
web-token-until = Until
web-token-make = Make a token
web-token-once = Copy the token now; it is shown only once.
web-token-revoke = Revoke
web-token-revoke-ask = Revoke this token? Programs that use it lose their access.
web-scope-read = read
web-scope-write = read and write
web-scope-admin = everything, with administration

## Pages: import
web-import-into = Import { $objects }
web-import-latest = Earlier imports
web-import-file = File
web-import-lines = Lines
web-import-n-lines =
    { $n ->
        [one] 1 line
       *[other] { $n } lines
    }
web-import-state = State
web-import-at = When
web-import-lossy = some characters could not be read
web-import-match = Find existing records by
web-import-by-id = ID
web-import-by-none = As proposed
web-import-mode = Lines
web-import-mode-upsert = add new ones and update existing ones
web-import-mode-create = only add new ones
web-import-mode-update = only update existing ones
web-import-blank = Blank cells
web-import-blank-keep = keep what is there
web-import-blank-clear = empty the field
web-import-checking = The file is being checked. Nothing is written yet.
web-import-staging = being read
web-import-ready = waits for you
web-import-queued = starts soon
web-import-running = running
web-import-stopping = stopping
web-import-stopped = stopped
web-import-done = done
web-import-failed = failed
web-import-undoing = being undone
web-import-undone = undone
web-import-undone-n = The import was undone. Records taken back: { $n }. Changed since then and kept: { $kept }.
web-import-also = Records made on the way: { $n }
web-import-again = Import another file

## Pages: administration
web-admin = Administration
web-admin-users = Users
web-admin-teams = Teams
web-admin-objects = Objects and fields
web-admin-jobs = Background work
web-admin-webhooks = Web hooks
web-admin-settings = Company settings
web-admin-roles = Roles
web-admin-role = Role
web-admin-grants = May
web-admin-name = Name
web-admin-active = Active
web-admin-inactive = inactive
web-admin-set-password = New password (leave empty to keep it)
web-admin-add-user = Add a user
web-admin-object = Object
web-admin-key = Key
web-admin-module = Module
web-admin-fields = Fields
web-admin-source = Made by
web-admin-own = the company
web-admin-built-in = the program
web-admin-unique = unique
web-admin-readonly = read-only
web-admin-when = Shown when
web-verb-read = read
web-verb-create = create
web-verb-update = change
web-verb-delete = delete
web-verb-import = import
web-verb-export = export
web-rows-all = all rows
web-rows-own = own rows
web-rows-team = rows of the team
web-job-kind = Work
web-job-state = State
web-job-at = Asked for
web-job-finished = Finished
web-job-attempts = Attempts
web-job-error = Last fault
web-job-none = No background work yet
web-hook-url = Address
web-hook-events = Events
web-hook-none = No web hooks
web-hook-none-text = Make them through the API: POST /api/v1/webhooks.
web-settings-url = Public address of this site
web-settings-notice-ar = Notice on every page (Arabic)
web-settings-notice-en = Notice on every page (English)
