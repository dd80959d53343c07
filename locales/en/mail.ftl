### Mail: mailboxes, messages, reconciliation.

## Notices
notice-mail-alarm = The mailbox { $title } needs your attention
notice-mail-failed = Your message { $title } was not sent, or it is not known whether it was

## Troubles with servers
mail-no-connection = The server cannot be reached: { $words }. Check its name and port.
mail-inside = The server lies inside your own network, and the operator has not allowed calls to it: { $words }.
mail-no-tls = The encrypted connection did not succeed: { $words }. Check the port, the kind of encryption and the server's certificate.
mail-no-secret = No sign-in data is stored for this mailbox: type the password, or connect it at its provider. It is forgotten whenever the server changes, so that it reaches no other one.
mail-login-refused = The server did not take the user name or password. { $words } Your provider may want an app password.
mail-connection-lost = The connection to the server broke: { $words }. We will try again.
mail-server-refused = The server refused: { $words }
mail-message-rejected = The server refused the message: { $words }
mail-not-understood = The server answered something we do not understand: { $words }. Is it a mail server?
mail-bad-address = “{ $address }” is not an e-mail address.
mail-bad-place = “{ $place }” means nothing in a customer's data.

## What was done
mail-said-queued = The message goes out in a moment; until then you can undo it.
mail-said-later = The message goes out at its time.
mail-said-undone = The message is a draft again.
mail-said-draft = The draft is saved.
mail-said-done = The message is done.
mail-said-linked = The message is linked to the customer.
mail-said-unlinked = The message is no longer linked.
mail-said-secret = The sign-in data is stored, sealed.
mail-said-sync = Work has begun; the result will show in a while.
mail-said-added = The mailbox was added. Test the connection on the page of mailboxes.
mail-said-works = Receiving and sending both work.

## Inbox
mail-inbox = Inbox
mail-view-open = Open
mail-view-mine = Mine
mail-view-unlinked = Without customer
mail-view-all = All
mail-view-sent = Sent
mail-view-drafts = Drafts
mail-all-boxes = All mailboxes
mail-box = Mailbox
mail-show = Show
mail-empty = No messages here
mail-empty-text = Messages that belong to this view will appear here.
mail-no-box = No mailbox yet
mail-no-box-text = Add a mailbox, and your customers' mail stands in each customer's history, where you can answer it.
mail-no-subject = (no subject)
mail-unknown-sender = Unknown sender
mail-do-done = Done
mail-do-mine = Assign to me
mail-do-reopen = Reopen

## A letter
mail-open = Open message
mail-reply = Reply
mail-reply-all = Reply to all
mail-forward = Forward
mail-make-party = Add the sender as a customer
mail-edit-draft = Continue writing
mail-to = To
mail-cc = Cc
mail-bcc = Bcc
mail-letter = Text of the message
mail-quoted = Quoted text
mail-left-out = What went beyond reasonable limits was left out of this message.
mail-file-refused = Files of this kind are not kept
mail-pictures-held =
    { $count ->
        [one] One picture of another server is held back, so that the sender does not learn that you read this.
       *[other] { $count } pictures of other servers are held back, so that the sender does not learn that you read this.
    }
mail-pictures-show = Show pictures
mail-files =
    { $count ->
        [one] One attachment
       *[other] { $count } attachments
    }

## Writing
mail-write = New message
mail-wrote = { $who } wrote on { $at }:
mail-from = From
mail-subject = Subject
mail-text = Text of the message
mail-more-receivers = Cc and Bcc
mail-add-files = Attach files
mail-send = Send
mail-save-draft = Save draft
mail-later = Send at
mail-template = Template
mail-language = Language of the template
mail-arabic = Arabic
mail-english = English
mail-use-template = Insert template
mail-missing = The customer has no value for these places; fill them in yourself: { $places }

## Mailboxes
mail-boxes = Mailboxes
mail-synced = Last synchronised
mail-test = Test connection
mail-sync = Synchronise now
mail-add-box = Add a mailbox
mail-provider = Provider
mail-provider-google = Google
mail-provider-microsoft = Microsoft 365
mail-provider-zoho = Zoho
mail-provider-own = Another server
mail-box-name = Name that receivers see
mail-address = Address
mail-password = Password
mail-own-server = Other servers
mail-imap = Incoming server (IMAP)
mail-smtp = Outgoing server (SMTP)
mail-add-hint = The password is stored sealed and never shown again. With Google and Microsoft 365 use an app password, or choose OAuth2 on the mailbox's page after adding it.

## Reconciliation
mail-ledger = Mail reconciliation
mail-ledger-text = Every message on the server has an entry here: imported, skipped for a reason, or failed and tried again. Each night the count is compared with the server's.
mail-no-proof = No reconciliation yet
mail-no-proof-text = It runs every night; you can ask for it on the mailbox's page.
mail-folder = Folder
mail-failed = Messages not imported
mail-retry = Try again
mail-proof-says = On the server { $server }, imported { $imported }, skipped { $skipped }, failed { $failed }, without an entry { $missing }
mail-consent = Connect
mail-consent-text = You go to the page of your mail provider, sign in and agree there, and come back here. Your password does not pass through us, and you can take your consent back at the provider at any time.
mail-consent-redirect = Return address registered with the provider
mail-consent-go = Continue at the provider
mail-consent-spent = This request has ended, or the mailbox has changed since. Begin to connect it again.
mail-consent-denied = The provider did not agree: { $said }
mail-consent-not-lasting = The provider gave a permission that cannot be renewed. Ask it for lasting access (offline_access) in the scopes.
mail-consent-needs-url = The address of this system is not set: an administrator writes it in the settings, so that the provider knows where to send you back.
mail-said-connected = The mailbox is connected at its provider.
mail-track = Tell me when the letter is opened
mail-track-text = A small picture of our own server is added; where the receiver's program shows no pictures, nothing is learned.
mail-track-needs-url = The address of this system is not set, so there is nowhere to fetch the picture from. An administrator writes it in the settings; or send without tracking.
mail-not-opened = We have not learned that it was opened; the receiver's program may show no pictures.
mail-opened =
    { $count ->
        [one] Opened once, at { $at }
       *[other] Opened { $count } times, first at { $at }
    }
