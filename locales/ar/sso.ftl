### الدخول الموحّد: بحساب يملكه الشخص في مكان آخر.

## عند الدخول
sso-with = الدخول بـ { $name }
sso-not-in = لم يكتمل الدخول
sso-back-to-account = العودة إلى حسابي
sso-left = خرجت من صلة
sso-left-text = جلستك في { $name } ما زالت مفتوحة في هذا المتصفح. على جهاز يستخدمه غيرك اخرج منها أيضًا.
sso-leave-there = الخروج من { $name } أيضًا
sso-on-the-way = ننقلك الآن للتأكد من حسابك هناك
sso-go-on = متابعة
sso-door = دخول الطوارئ
sso-door-text = هذا الرابط يُدخل مدير النظام مرة واحدة حين يتعطل الدخول الموحّد. يُسجَّل استخدامه في سجل التدقيق.

## في الحساب
sso-accounts = حسابات الدخول
sso-accounts-text = اربط حسابًا تملكه في مكان آخر لتدخل به دون كلمة مرور.
sso-tie = ربط { $name }
sso-untie = فك الربط
sso-untie-ask = لن تستطيع الدخول بهذا الحساب بعد ذلك. هل تتابع؟
sso-untie-other-ask = لن يدخل هذا الشخص بهذا الحساب، وتُغلق جلساته كلها. وفي الدخول التالي يُربط من جديد حساب عنوانه موثّق.
sso-said-linked = رُبط الحساب، ويمكنك الدخول به من الآن.
sso-said-untied = فُك الربط.

## في الإدارة
sso-title = الدخول الموحّد
sso-providers-text = يدخل الموظفون بحساب الشركة الذي يعرفونه (مثل Microsoft Entra ID أو Google Workspace أو Keycloak)، ومن يُوقف حسابه هناك لا يدخل هنا.
sso-provider = مزوّد الدخول
sso-kind = النوع
sso-kind-oidc = مزوّد OpenID Connect
sso-state = الحالة
sso-active = مفعّل
sso-inactive-short = موقوف
sso-add-oidc = إضافة مزوّد OpenID Connect
sso-label-ar = الاسم على زر الدخول (بالعربية)
sso-label-en = الاسم على زر الدخول (بالإنجليزية)
sso-there = لدى المزوّد
sso-register = سجّل «صلة» تطبيقًا لدى المزوّد بهذه العناوين، ثم انسخ من هناك المعرّف والسر.
sso-redirect = عنوان العودة (redirect URI)
sso-after-leaving = العنوان بعد الخروج
sso-back-channel = إشعار الخروج (back-channel)
sso-issuer = عنوان المزوّد (issuer)
sso-issuer-help = مثل https://login.example.com/realms/company — نقرأ منه بقية العناوين.
sso-client-id = معرّف التطبيق (client ID)
sso-secret = سر التطبيق (client secret)
sso-secret-kept = محفوظ؛ اكتب قيمة جديدة لتغييره
sso-who = من يدخل وبأي صلاحية
sso-domains = نطاقات البريد المسموح بها
sso-domains-help = نطاقات شركتك وبينها مسافات، مثل example.sa. العنوان الموثّق فيها يعرّف صاحبه، ومن كان بريده خارجها لا يدخل.
ldap-domains-help = بينها مسافات، مثل example.sa. اتركها فارغة لقبول كل من يجده المرشّح.
sso-create = أنشئ مستخدمًا لمن يدخل أول مرة. وإلا فلا يدخل إلا من أضيف بريده هنا من قبل.
sso-roles = أدوار من يُنشأ بهذه الطريقة
sso-groups = المجموعات
sso-groups-help = ما يُذكر هنا من أدوار وفرق يتبع مجموعات الشخص عند كل دخول. وما سواه يبقى كما أعطيته أنت.
sso-group = اسم المجموعة لدى المزوّد
sso-group-role = بلا دور
sso-group-team = بلا فريق
sso-second = الخطوة الثانية
sso-second-no = تُطلب هنا دائمًا ممن أضافها أو لزمته
sso-second-shown = لا تُطلب إذا أكد المزوّد أنه طلبها (mfa)
sso-second-yes = يكفي ما يطلبه المزوّد
sso-more = الحقول ونطاق الطلب
sso-scopes = ما نطلبه (scopes)
sso-claim-mail = حقل البريد
sso-claim-name = حقل الاسم
sso-claim-groups = حقل المجموعات
sso-trust-mail = اعتبر العناوين موثّقة وإن لم يذكر المزوّد ذلك
sso-trust-mail-help = فعّله فقط إذا كانت شركتك وحدها تمنح العناوين لدى هذا المزوّد. وإلا دخل غرباء بأسماء موظفيك.
sso-show-button = مفعّل: يظهر زره في صفحة الدخول
sso-probe = جرّب الاتصال
sso-answered = أجاب المزوّد، وعناوينه ومفاتيحه مقروءة. احفظ ثم جرّب الدخول في نافذة خاصة.
sso-remove = حذف المزوّد
sso-remove-ask = لن يدخل أحد عن طريقه بعد ذلك. يبقى المستخدمون وسجلاتهم كما هي.
sso-only-rule = الدخول الموحّد وحده: لا تُقبل كلمات مرور صلة ولا مفاتيح المرور
sso-only-rule-help = جرّب المزوّد قبل التفعيل. وإن تعطل، يُدخل من يدير الخادم مديرَ النظام بالأمر: ‎sila user door --email …‎

## ما قد يمنع الدخول
sso-unreachable = لا يجيب مزوّد الدخول ({ $name }) الآن. حاول بعد قليل، وإن تكرر ذلك فأخبر مدير النظام.
sso-denied = لم توافق على الدخول لدى المزوّد، أو ليس لحسابك هناك إذن باستخدام صلة.
sso-refused = رفض مزوّد الدخول الطلب ({ $name }). أخبر مدير النظام.
sso-client = لا يعرف المزوّد هذا التطبيق أو تغيّر سره. على مدير النظام أن يراجع المعرّف والسر.
sso-code = لم يقبل المزوّد إتمام هذا الدخول. ابدأ من جديد.
sso-token = لم نتأكد من أن الجواب صادر عن مزوّد الدخول لهذا الطلب، فلم نُدخلك. ابدأ من جديد، وإن تكرر ذلك فأخبر مدير النظام.
sso-clock = لا تتفق ساعة الخادم مع ساعة مزوّد الدخول. على مدير النظام أن يضبط الوقت، ثم حاول مرة أخرى.
sso-unknown = لا يوجد هنا مستخدم لهذا الحساب ({ $mail }). اطلب من مدير النظام أن يضيفك.
sso-mail-unverified = لم يؤكد المزوّد أن البريد { $mail } لك. أكّده هناك ثم حاول مرة أخرى.
sso-domain = لا تقبل شركتك الدخول بالبريد { $mail }. ادخل بحساب العمل.
sso-no-mail = لم يصلنا بريدك الإلكتروني، فلم نعرف من أنت. على مدير النظام أن يتيح إرساله.
sso-inactive = حسابك في صلة ({ $mail }) موقوف. اسأل مدير النظام.
sso-other-person = البريد { $mail } مربوط هنا بحساب آخر لدى المزوّد نفسه. على مدير النظام أن يفك الربط القديم أولًا.
sso-taken = هذا الحساب مربوط بمستخدم آخر.
sso-linked-already = ربطت من قبل حسابًا آخر لدى هذا المزوّد. فك ربطه أولًا.
sso-only-way = هذا طريقك الوحيد للدخول. عيّن كلمة مرور قبل فك الربط.
sso-only = تقبل شركتك الدخول الموحّد وحده. استخدم زر حساب الشركة.

## ما قد لا يصح في الإعداد
sso-bad-key = المفتاح من 1 إلى 40 من الأحرف a-z والأرقام و«-».
sso-key-taken = يوجد مزوّد بهذا المفتاح. اختر غيره.
sso-bad-issuer = اكتب عنوان المزوّد كاملًا ويبدأ بـ https://
sso-other-issuer = العنوان يجيب باسم مزوّد آخر. انسخ issuer كما هو مكتوب لديه.
sso-bad-domain = ليس «{ $name }» نطاق بريد. مثال: example.sa
sso-group-line = لكل سطر اسم مجموعة ومعه دور أو فريق موجود.
sso-needs-domains = حدد نطاقات بريد شركتك: لا يدخل أحد من نطاق آخر.
sso-secret-again = تغيّر الخادم، فاكتب السر من جديد: لا يُرسل السر المحفوظ إلى خادم آخر.
sso-only-needs-provider = أضف مزوّد دخول مفعّلًا أولًا، وإلا لم يستطع أحد الدخول.
sso-door-administrators = دخول الطوارئ لمديري النظام وحدهم.

## الدليل (LDAP)
ldap-login = البريد الإلكتروني أو اسم المستخدم
ldap-down = لا يجيب دليل الشركة الآن. حاول بعد قليل، وإن تكرر ذلك فأخبر مدير النظام.
sso-kind-ldap = دليل LDAP
sso-group-role-label = الدور
sso-group-team-label = الفريق
ldap-add = إضافة دليل LDAP أو Active Directory
ldap-active = مفعّل: تُقبل أسماء الدليل وكلمات مروره في صفحة الدخول
ldap-there = الدليل
ldap-host = الخادم
ldap-port = المنفذ
ldap-security = حماية الاتصال
ldap-tls = ‏LDAPS (غالبًا المنفذ 636)
ldap-starttls = ‏StartTLS (غالبًا المنفذ 389)
ldap-plain = بلا حماية: لهذا الجهاز وحده
ldap-bind = حساب الخدمة
ldap-bind-help = حساب يقرأ الدليل ولا يكتب فيه، مثل cn=sila,ou=services,dc=example,dc=sa
ldap-secret = كلمة مرور حساب الخدمة
ldap-base = مكان البحث عن الأشخاص
ldap-base-help = مثل ou=people,dc=example,dc=sa
ldap-filter = مرشّح الأشخاص
ldap-filter-help = يحل ما يكتبه الشخص محل {"{login}"}. ولـ Active Directory:‏ (&(objectCategory=person)(|(sAMAccountName={"{login}"})(userPrincipalName={"{login}"})(mail={"{login}"})))
ldap-more = الحقول والشهادة
ldap-id = حقل المعرّف الثابت
ldap-id-help = ‏entryUUID في OpenLDAP، و objectGUID في Active Directory
ldap-group-base = مكان البحث عن المجموعات
ldap-group-base-help = اتركه فارغًا إذا كانت المجموعات في حقل الشخص.
ldap-authority = شهادة جهة الإصدار (PEM)
ldap-authority-help = إذا أصدرت شركتك شهادة الخادم بنفسها. وإن تُركت فارغة قُبلت الجهات العامة وحدها.
ldap-in-the-clear = اقبل إرسال كلمات المرور في الشبكة بلا حماية (لا ننصح به)
ldap-sync = قارن المستخدمين بالدليل الآن
ldap-sync-help = يجري ذلك تلقائيًا كل نصف ساعة: من غادر الدليل يُوقف هنا، إلا آخر مدير للنظام.
ldap-said-sync = تجري المقارنة الآن.
ldap-found = نجحت الخطوات كلها. عدد من وُجدوا: { $count }، ومنهم { $name }.
ldap-step-reach = الوصول إلى الخادم
ldap-step-encrypt = حماية الاتصال وشهادة الخادم
ldap-step-bind = دخول حساب الخدمة
ldap-step-search = البحث عن الأشخاص
ldap-step-read = قراءة المعرّف والبريد والاسم
ldap-failed-reach = لا يجيب الدليل. راجع اسم الخادم والمنفذ، وإن كان داخل شبكتك فعلى من يدير الخادم أن يفعّل reach_inside.
ldap-failed-encrypt = لم تنجح حماية الاتصال. يجب أن تكون الشهادة لهذا الاسم، ومن جهة إصدار نثق بها.
ldap-failed-bind = لا يقبل الدليل حساب الخدمة. راجع اسمه وكلمة مروره.
ldap-failed-search = لم يُعثر على أحد، أو على أحد معروف هنا. راجع مكان البحث والمرشّح وحقل المعرّف.
ldap-failed-read = ينقص بعض الأشخاص حقل مطلوب. راجع أسماء الحقول.
ldap-bad-host = اكتب اسم الخادم وحده، مثل ldap.example.sa
ldap-bad-filter = لا يُقرأ المرشّح، أو ليس فيه {"{login}"}.
