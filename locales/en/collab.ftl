### Notices and working together: comments, mentions, following, time line.

## Notices
notice-system = The system
notice-somebody = A colleague
notice-mention = { $who } mentioned you in a comment on { $title }
notice-reply =
    { $n ->
        [one] { $who } replied to your comment on { $title }
       *[other] { $n } replies to your comment on { $title }, the latest by { $who }
    }
notice-comment =
    { $n ->
        [one] { $who } commented on { $title }
       *[other] { $n } comments on { $title }, the latest by { $who }
    }
notice-assigned = { $who } assigned { $title } to you
notice-stage = { $who } moved { $title } to another stage
notice-related =
    { $n ->
        [one] { $who } added something to { $title }
       *[other] { $n } additions to { $title }, the latest by { $who }
    }
notice-file =
    { $n ->
        [one] { $who } attached a file to { $title }
       *[other] { $n } new files on { $title }, the latest by { $who }
    }

## Notification centre
web-notices-all = All
web-notices-unread = Unread
web-notices-none = No notifications yet
web-notices-none-text = You will be told when a colleague mentions you, assigns a record to you, or something happens on a record you follow.
web-notices-none-unread = You have read everything
web-notices-none-unread-text = Nothing is waiting for you.
web-notices-read-all = Mark all as read
web-notices-read = Mark as read
web-notices-unread-again = Mark as unread
web-notices-see-all = All notifications
web-notices-new =
    { $n ->
        [zero] No new notifications
        [one] 1 new notification
       *[other] { $n } new notifications
    }
web-notices-kind = Kind of notification
web-notices-every-kind = Every kind
