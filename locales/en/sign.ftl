### Signing in with more than a password, and the rules of signing in.

sign-code = Code
sign-second = Two-step verification
sign-second-app = Open the authenticator app on your phone and enter its six-digit code. A recovery code does as well.
sign-second-codes = Enter one of the recovery codes you kept.
sign-with-passkey = Sign in with a passkey
sign-passkey-failed = Your device did not finish. Try again, or sign in another way.
sign-enrol = Add a second step
sign-enrol-text = Your company asks for a second step when you sign in. Setting it up takes a minute; you will be asked for it each time.
sign-app = Authenticator app
sign-app-add = Add an authenticator app
sign-app-step-1 = Install an authenticator app on your phone, such as Google Authenticator or Aegis.
sign-app-step-2 = Scan this code with it.
sign-app-by-hand = I cannot scan; I will type the key
sign-app-step-3 = Enter the code the app shows.
sign-app-confirm = Confirm
sign-app-name = A name for this app (optional)
sign-passkey = Passkey
sign-passkey-add = Add a passkey
sign-passkey-needs-name = Passkeys need a company address that begins with https. An administrator sets it in the settings.
sign-factors = Two-step verification and passkeys
sign-factors-text = A second step protects your account even when somebody learns your password. A passkey saves you typing it.
sign-since = Added { $date }
sign-used = last used { $when }
sign-remove = Remove
sign-remove-text = Enter your password, so that we know it is you.
sign-codes = Recovery codes
sign-codes-text = Keep these codes in a safe place that is not your phone. Each opens your account once if you lose it. They are not shown again.
sign-codes-kept = I have kept them
sign-codes-left =
    { $count ->
        [one] You have one recovery code left.
       *[other] You have { $count } recovery codes left.
    }
sign-codes-new = New codes
sign-codes-new-text = The earlier codes become void. Enter your password to go on.
sign-said-app = The authenticator app is now your second step.
sign-said-passkey = The passkey is kept.

## Rules of the company
sign-rules = Sign-in and security
sign-rules-second = Second step
sign-rules-nobody = For those who want it
sign-rules-administrators = Required of administrators
sign-rules-everybody = Required of everybody
sign-rules-shortest = Fewest characters of a password
sign-rules-idle = An unused session ends after (days)
sign-rules-longest = Every session ends after (days)
sign-rules-from = Addresses people may work from
sign-rules-from-help = One address or block a line, such as 203.0.113.0/24. Leave it empty to allow any place. Your address now: { $ip }
sign-people = People
sign-person = Person
sign-person-factors = Second step
sign-person-last = Last sign-in
sign-person-none = No second step
sign-reset = Reset
sign-reset-ask = This person's second steps are removed and all sessions end; a new step can be added then. Make sure first that it is really this person who asks.
sign-said-reset = Second steps are removed, sessions have ended.
