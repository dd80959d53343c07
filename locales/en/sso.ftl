### Single sign-on: with an account the person has elsewhere.

## Signing in
sso-with = Sign in with { $name }
sso-not-in = You are not signed in
sso-back-to-account = Back to my account
sso-left = You have signed out of Sila
sso-left-text = You are still signed in at { $name } in this browser. On a device that others use, sign out there as well.
sso-leave-there = Sign out of { $name } too
sso-on-the-way = Taking you to your account there
sso-go-on = Continue
sso-door = Emergency sign-in
sso-door-text = This link lets an administrator in once when single sign-on does not work. Its use is written to the audit.

## In the account
sso-accounts = Sign-in accounts
sso-accounts-text = Connect an account you have elsewhere to sign in with it instead of a password.
sso-tie = Connect { $name }
sso-untie = Disconnect
sso-untie-ask = You will no longer be able to sign in with this account. Continue?
sso-untie-other-ask = This person can no longer sign in with this account, and is signed out everywhere. At the next sign-in a verified address connects an account again.
sso-said-linked = The account is connected. You can sign in with it from now on.
sso-said-untied = The account is disconnected.

## In the administration
sso-title = Single sign-on
sso-providers-text = People sign in with the company account they know (Microsoft Entra ID, Google Workspace, Keycloak), and whoever is switched off there can no longer sign in here.
sso-provider = Sign-in provider
sso-kind = Kind
sso-kind-oidc = OpenID Connect
sso-state = State
sso-active = On
sso-inactive-short = Off
sso-add-oidc = Add an OpenID Connect provider
sso-label-ar = Name on the button (Arabic)
sso-label-en = Name on the button (English)
sso-there = At the provider
sso-register = Register Sila there as an application with these addresses, then copy its ID and secret from there.
sso-redirect = Redirect URI
sso-after-leaving = After signing out
sso-back-channel = Back-channel logout
sso-issuer = Provider address (issuer)
sso-issuer-help = For example https://login.example.com/realms/company. The other addresses are read from there.
sso-client-id = Client ID
sso-secret = Client secret
sso-secret-kept = Kept; type a new one to change it
sso-who = Who may come in, and as what
sso-domains = Mail domains allowed
sso-domains-help = Your company’s own, with spaces between, such as example.sa. A verified address in one of them tells who somebody is; all others stay outside.
ldap-domains-help = With spaces between, such as example.sa. Leave empty to take everybody the filter finds.
sso-create = Make a user for somebody who signs in for the first time. Otherwise only people whose address was added here get in.
sso-roles = Roles of users made this way
sso-groups = Groups
sso-groups-help = Roles and teams named here follow the person’s groups at each sign-in. Others stay as you gave them.
sso-group = Group at the provider
sso-group-role = No role
sso-group-team = No team
sso-second = Second step
sso-second-no = Always asked for here from those who have or need one
sso-second-shown = Not asked for when the provider confirms that it asked (mfa)
sso-second-yes = What the provider asks for is enough
sso-more = Claims and scopes
sso-scopes = Scopes
sso-claim-mail = Claim with the address
sso-claim-name = Claim with the name
sso-claim-groups = Claim with the groups
sso-trust-mail = Treat addresses as verified although the provider does not say so
sso-trust-mail-help = Only where your company alone gives out the addresses at this provider. Otherwise strangers could come in as your people.
sso-show-button = On: its button stands on the sign-in page
sso-probe = Try the connection
sso-answered = The provider answered; its addresses and keys can be read. Save, then try signing in from a private window.
sso-remove = Remove the provider
sso-remove-ask = Nobody will come in through it any more. Users and their records stay.
sso-only-rule = Only single sign-on: Sila’s own passwords and passkeys are not taken
sso-only-rule-help = Try the provider first. If it fails, whoever runs the server lets an administrator in with: sila user door --email …

## What may stand in the way
sso-unreachable = The sign-in provider ({ $name }) does not answer just now. Try again in a moment; if it goes on, tell your administrator.
sso-denied = You did not agree there, or your account there is not allowed to use Sila.
sso-refused = The sign-in provider refused the request ({ $name }). Tell your administrator.
sso-client = The provider does not know this application, or its secret has changed. An administrator has to check client ID and secret.
sso-code = The provider did not complete this sign-in. Start again.
sso-token = We could not make sure that the answer comes from your provider for this sign-in, so you are not signed in. Start again; if it goes on, tell your administrator.
sso-clock = The clocks of the server and of the sign-in provider disagree. An administrator has to set the time; then try again.
sso-unknown = There is no user here for this account ({ $mail }). Ask your administrator to add you.
sso-mail-unverified = The provider does not confirm that { $mail } is yours. Confirm it there, then try again.
sso-domain = Your company does not take { $mail }. Use your work account.
sso-no-mail = We were not told your e-mail address, so we cannot tell who you are. An administrator has to have it released.
sso-inactive = Your Sila account ({ $mail }) is switched off. Ask your administrator.
sso-other-person = { $mail } is connected here to another account at the same provider. An administrator has to disconnect the old one first.
sso-taken = This account is connected to another user.
sso-linked-already = You have connected another account at this provider. Disconnect it first.
sso-only-way = This is your only way in. Set a password before you disconnect it.
sso-only = Your company takes single sign-on only. Use the button of your company account.

## What may not fit in the settings
sso-bad-key = The key has 1 to 40 of the letters a-z, digits and “-”.
sso-key-taken = There is a provider with this key. Choose another.
sso-bad-issuer = Enter the whole address of the provider; it begins with https://
sso-other-issuer = The address answers in the name of another provider. Copy the issuer exactly as it is written there.
sso-bad-domain = “{ $name }” is no mail domain. Example: example.sa
sso-group-line = Each line needs a group and a role or team that exists.
sso-needs-domains = Name your company’s mail domains: nobody from other domains gets in.
sso-secret-again = The server is another one. Type the secret again: the one that is kept goes to no other server.
sso-only-needs-provider = Add an active sign-in provider first, or nobody could sign in.
sso-door-administrators = The emergency door is for administrators only.

## The directory (LDAP)
ldap-login = E-mail or user name
ldap-down = The company directory does not answer just now. Try again in a moment; if it goes on, tell your administrator.
sso-kind-ldap = LDAP directory
sso-group-role-label = Role
sso-group-team-label = Team
ldap-add = Add an LDAP directory or Active Directory
ldap-active = On: names and passwords of the directory are taken on the sign-in page
ldap-there = The directory
ldap-host = Server
ldap-port = Port
ldap-security = Protection
ldap-tls = LDAPS (usually port 636)
ldap-starttls = StartTLS (usually port 389)
ldap-plain = None: to this machine only
ldap-bind = Service account
ldap-bind-help = One that reads the directory and cannot write, such as cn=sila,ou=services,dc=example,dc=sa
ldap-secret = Password of the service account
ldap-base = Where people are
ldap-base-help = For example ou=people,dc=example,dc=sa
ldap-filter = Filter for people
ldap-filter-help = What the person types takes the place of {"{login}"}. For Active Directory: (&(objectCategory=person)(|(sAMAccountName={"{login}"})(userPrincipalName={"{login}"})(mail={"{login}"})))
ldap-more = Attributes and certificate
ldap-id = Attribute with the unchanging id
ldap-id-help = entryUUID in OpenLDAP, objectGUID in Active Directory
ldap-group-base = Where groups are
ldap-group-base-help = Leave empty where a person’s own attribute holds the groups.
ldap-authority = Certificate of the authority (PEM)
ldap-authority-help = Where your company issues the server’s certificate itself. Left empty, only public authorities are trusted.
ldap-in-the-clear = Let passwords travel through the network unprotected (not advised)
ldap-sync = Compare users with the directory now
ldap-sync-help = Happens by itself every half hour: whoever left the directory is switched off here, except the last administrator.
ldap-said-sync = The comparison is under way.
ldap-found = All steps worked. People found: { $count }, among them { $name }.
ldap-step-reach = Reach the server
ldap-step-encrypt = Protect the connection, check the certificate
ldap-step-bind = Sign in as the service account
ldap-step-search = Find people
ldap-step-read = Read id, address and name
ldap-failed-reach = The directory does not answer. Check server name and port; where it is inside your network, whoever runs the server has to set reach_inside.
ldap-failed-encrypt = The connection could not be protected. The certificate must be for this name, from an authority we trust.
ldap-failed-bind = The directory does not take the service account. Check its name and password.
ldap-failed-search = Nobody was found, or nobody who is known here. Check where people are, the filter and the attribute with the id.
ldap-failed-read = Some people lack an attribute that is needed. Check the names of the attributes.
ldap-bad-host = Enter the name of the server alone, such as ldap.example.sa
ldap-bad-filter = The filter cannot be read, or has no {"{login}"} in it.
