### من يرى ماذا، ولماذا: المشاركة والتفويض وعرض الصفحات كزميل والتفسير وسجل التدقيق.

## Why: the answer
access-may = يحق لـ{ $person } { $verb } هذا السجل.
access-may-not = لا يحق لـ{ $person } { $verb } هذا السجل.
access-verb-read = قراءة
access-verb-create = إضافة
access-verb-update = تعديل
access-verb-delete = حذف
access-verb-import = استيراد
access-verb-export = تصدير
access-verb-share = مشاركة
access-verb-comment = التعليق على
access-verb-view_as = عرض الصفحات بعين
access-somebody = مستخدم سابق

## Why: reasons
access-no-record = لا وجود لهذا السجل.
access-in-trash = السجل في سلة المحذوفات.
access-out-of-scope = المفتاح البرمجي المستخدم لا يشمل هذا الإجراء.
access-no-role = لا يمنح أي دور من أدوار { $person } هذا الحق ({ $verb }) على { $objects }.
access-not-readable = لا بد من قراءة السجل أولًا، و{ $person } لا يراه.
access-role-some = دور «{ $role }» يمنح هذا الحق ({ $verb }) على: { $rows }.
access-role-all = دور «{ $role }» يمنح هذا الحق ({ $verb }) على كل السجلات.
access-role-own = دور «{ $role }» يمنح هذا الحق ({ $verb }) على السجلات التي هو مسؤول عنها، والمسؤول هنا { $owner }.
access-role-own-not = دور «{ $role }» يمنح هذا الحق ({ $verb }) على سجلاته وحدها، والمسؤول هنا { $owner }.
access-role-no-owner = دور «{ $role }» يمنح هذا الحق ({ $verb }) بحسب المسؤول، ولا مسؤول عن هذا السجل.
access-role-team = دور «{ $role }» يمنح هذا الحق ({ $verb }) على سجلات الفريق: المسؤول { $owner } في «{ $team }» معه.
access-role-team-not = دور «{ $role }» يمنح هذا الحق ({ $verb }) على سجلات الفريق، والمسؤول { $owner } ليس في أي فريق معه.
access-role-below = دور «{ $role }» يمنح هذا الحق ({ $verb }) على سجلات الفرق التي يقودها وما تحتها: المسؤول { $owner } في أحدها.
access-role-below-not = دور «{ $role }» يمنح هذا الحق ({ $verb }) على سجلات فرقه وما تحتها، والمسؤول { $owner } ليس في أي منها.
access-role-scope = دور «{ $role }» يمنح هذا الحق ({ $verb }) على نطاق «{ $scope }»، والسجل ضمنه.
access-role-scope-not = دور «{ $role }» يمنح هذا الحق ({ $verb }) على نطاق «{ $scope }»، والسجل خارجه.
access-role-where = دور «{ $role }» يمنح هذا الحق ({ $verb }) حيث يتحقق الشرط { $condition }، وهو متحقق.
access-role-where-not = دور «{ $role }» يمنح هذا الحق ({ $verb }) حيث يتحقق الشرط { $condition }، وهو غير متحقق.
access-shared = شارك { $by } هذا السجل ({ $level }).
access-shared-until = شارك { $by } هذا السجل ({ $level }) حتى { $until }.
access-not-shared = لم يُشارَك هذا السجل على النحو الذي يتيح ذلك.
access-handed = فوّض { $from } حقوقه حتى { $until } ({ $reason })، وهذا السجل منها.
access-handed-not = فوّض { $from } حقوقه حتى { $until } ({ $reason })، وهذا السجل ليس منها.
access-visible = السجل ليس خاصًا بغيره.
access-private = السجل خاص بأصحابه، فلا يراه غيرهم مهما كانت أدوارهم.
access-viewer-sees = { $viewer } يعرض الصفحات بعينه، وله أن يرى السجل أيضًا.
access-viewer-sees-not = { $viewer } يعرض الصفحات بعينه، وليس له أن يرى السجل.
access-field-hidden = حقل «{ $field }» مخفي بحسب دور «{ $role }».
access-field-masked = حقل «{ $field }» محجوب بالنقاط بحسب دور «{ $role }».
access-field-readonly = حقل «{ $field }» للقراءة فقط بحسب دور «{ $role }».

## Rows and levels
access-rows-all = كل السجلات
access-rows-own = سجلاته
access-rows-team = سجلات فريقه
access-rows-team-below = سجلات فريقه وما تحته
access-level-read = للقراءة
access-level-comment = للقراءة والتعليق
access-level-edit = للقراءة والتعديل

## What was refused
access-until-over = اختر موعدًا لم يمضِ بعد، يأتي بعد البداية.
access-until-too-late = التفويض لسنة على الأكثر. من يغيب أطول من ذلك تُسند أعماله إلى غيره.
access-not-to-himself = اختر زميلًا آخر.
access-share-no-role = ليس لـ{ $name } دور يعرف { $objects } أصلًا. اطلب من مدير النظام منحه دورًا أولًا.
access-share-no-update = ليس لـ{ $name } دور يتيح تعديل { $objects }. شارك السجل للقراءة أو للتعليق.
access-view-read-only = تعرض الصفحات الآن بعين زميل، فلا يمكن تغيير شيء. عُد إلى حسابك أولًا.
access-view-himself = هذا حسابك أنت. اختر زميلًا آخر.
access-view-more-rights = لدى { $name } حقوق أوسع من حقوقك، فلا يمكنك عرض الصفحات بعينه.
audit-reads-kept-range = اختر مدة من { $least } إلى { $most } شهرًا.

## Pages: who sees a record
access-title = من يرى هذا السجل
access-who-sees = من يرى «{ $title }»؟
access-choose-person = اختر
access-do-read = قراءة
access-do-create = إضافة
access-do-update = تعديل
access-do-delete = حذف
access-do-import = استيراد
access-do-export = تصدير
access-do-share = مشاركة
access-do-comment = تعليق
access-with = مع
access-level = المدى
access-until = حتى
access-by = شاركه
access-no-end = بلا نهاية
access-revoke = إلغاء المشاركة
access-people = زملاء
access-teams = فرق
access-optional = (اختياري)
access-note = ملاحظة
access-share = مشاركة
access-shares = مُشارَك مع
access-shares-none = لم يُشارَك هذا السجل مع أحد بعينه. من يراه فبحكم دوره.
access-share-record = مشاركة هذا السجل
access-said-shared = تمت المشاركة
access-said-revoked = أُلغيت المشاركة
access-person = الشخص
access-what = الإجراء
access-when = الوقت
access-ask = هل يحق له؟
access-cannot-tell = لا يمكن الجواب عن هذا السجل، أو عن هذا الشخص.
access-why = هل يحق له ذلك، ولماذا؟
access-why-short = السبب
access-edits = قراءة وتعديل
access-reads = قراءة
access-everybody = كل من يراه
access-looked = من اطّلع عليه
access-looked-none = لم يُدوَّن اطلاع بعد.
access-viewing = تعرض الصفحات بعين { $name }، للقراءة فقط.
access-view-stop = العودة إلى حسابي
access-view-as = عرض الصفحات بعينه
access-stood-in-by = ينوب عنه { $name }
access-team-lead = يقوده { $name }.
access-team-above = تحت «{ $name }».

## Pages: roles
access-role-copy = نسخ
access-role-people = أصحاب هذا الدور
access-role-new = دور جديد
access-role-taken = هذا المفتاح مستخدم. اختر غيره.
access-role-name-ar = الاسم بالعربية
access-role-name-en = الاسم بالإنجليزية
access-role-admin = يدير النظام: المستخدمون والأدوار والإعدادات
access-role-preview = معاينة قبل الحفظ
access-role-preview-title = كم سجلًا يرى كل واحد بهذا الدور
access-role-fixed = دور من أدوار البرنامج، لا يُعدَّل. انسخه وعدّل النسخة.
access-role-delete-ask = حذف هذا الدور؟
access-role-delete-text = لا يُحذف دور ما دام أحد يحمله.
access-role-nobody = لا أحد يحمل هذا الدور.
access-role-you = أنت، بهذا الدور وحده
access-all-objects = كل الكائنات
access-all-actions = كل الإجراءات الخاصة
access-rows-where = بشرط
access-rows-keep = عدة شروط (تبقى كما هي)
access-condition = الشرط
access-condition-help = لما اختير له «بشرط»
access-masks = حجب الحقول
access-masks-count = { $count ->
    [zero] لا حقول محجوبة
    [one] حقل محجوب
    [two] حقلان محجوبان
    [few] { $count } حقول محجوبة
    [many] { $count } حقلًا محجوبًا
   *[other] { $count } حقل محجوب
}
access-mask-none = ظاهر
access-mask-readonly = للقراءة فقط
access-mask-masked = محجوب بالنقاط
access-mask-hidden = مخفي

## Pages: absence and explain
access-absence = التفويض عند الغياب
access-absence-text = من تفوّضه يعمل باسمه هو نيابة عنك، فيصل إلى ما تصل إليه حتى الموعد المحدد ثم ينتهي ذلك وحده. لا تُفوَّض حقوق إدارة النظام، ولا ما هو خاص بك، ولا يفوّض هو غيره عنك.
access-absence-from-whom = الغائب
access-absence-to = من ينوب عنه
access-absence-reason = السبب
access-absence-objects = في
access-absence-objects-all = (إن لم تختر فالكل)
access-absence-hand = تفويض الحقوق
access-absence-none = لا تفويض.
access-absence-active = سارٍ
access-absence-coming = قادم
access-absence-over = انتهى
access-absence-end = إنهاء الآن
access-until-day = إلى نهاية يوم
access-my-account = حسابي وتفضيلاتي
access-said-handed = تم التفويض
access-said-ended = انتهى التفويض
access-explain = هل يحق له، ولماذا؟
access-explain-text = اختر شخصًا وسجلًا وإجراء. الجواب مأخوذ من القاعدة نفسها التي تُطبَّق على كل استعلام.
access-record = السجل
access-record-hint = رابط السجل أو رقمه

## Audit
audit-title = سجل التدقيق
audit-behalf = نيابةً عن { $name }
audit-seen-as = بعين { $name }
audit-record = السجل
audit-values = القيم
audit-none = لا شيء بهذه الشروط
audit-older = الأقدم
audit-anybody = أي شخص
audit-class = النوع
audit-class-both = التغييرات والاطلاع
audit-class-change = التغييرات
audit-class-read = الاطلاع
audit-from = من يوم
audit-until = إلى يوم
audit-show = عرض
audit-export = تصدير
audit-filter = ترشيح
audit-verb-created = أنشأ
audit-verb-updated = عدّل
audit-verb-deleted = حذف
audit-verb-restored = استعاد
audit-verb-purged = حذف نهائيًا
audit-verb-opened = فتح
audit-verb-listed = عرض في قائمة
audit-verb-exported = صدّر
audit-verb-shared = شارك
audit-verb-unshared = ألغى مشاركة
audit-verb-delegated = فوّض
audit-verb-delegation-ended = أنهى تفويضًا
audit-verb-view-as = بدأ العرض بعين زميل
audit-verb-view-as-ended = أنهى العرض بعين زميل
audit-verb-roles = غيّر الأدوار
audit-verb-members = غيّر أعضاء الفريق
audit-verb-settings = غيّر الإعدادات
audit-verb-schema = غيّر بنية البيانات
audit-verb-sign-in = دخل
audit-verb-sign-in-failed = محاولة دخول فاشلة
audit-verb-factor-added = أضاف وسيلة دخول
audit-verb-factor-removed = أزال وسيلة دخول
audit-verb-factors-reset = أُعيدت وسائل دخوله
audit-verb-sso-provider = غيّر مزوّد دخول
audit-verb-sso-linked = رُبط بحساب دخول
audit-verb-sso-unlinked = فُك ربطه بحساب دخول
audit-verb-sso-signed-out = أخرجه مزوّد الدخول
audit-verb-sso-gone = أوقفه غيابه عن الدليل
audit-verb-sso-door = فُتح له باب الطوارئ
audit-verb-forgotten = محا قيمًا
audit-verb-retired = حذف اطلاعات انتهت مدتها
audit-means-password = كلمة المرور
audit-means-code = رمز تحقق
audit-means-app = تطبيق رموز
audit-means-recovery = رمز استعادة
audit-means-passkey = مفتاح مرور
audit-means-provider = حساب الشركة
audit-means-door = باب الطوارئ
audit-why-auth-step-over = انتهى وقت الخطوة أو استُعملت من قبل
audit-why-sso-unreachable = لم يجب المزوّد
audit-why-sso-denied = لم تُمنح الموافقة لدى المزوّد
audit-why-sso-refused = رفض المزوّد الطلب
audit-why-sso-client = لا يعرف المزوّد هذا التطبيق أو سره
audit-why-sso-code = لم يقبل المزوّد الرمز
audit-why-sso-token = جواب لا يُعتمد عليه
audit-why-sso-clock = لا تتفق الساعتان
audit-why-sso-unknown = لا مستخدم لهذا الحساب
audit-why-sso-mail-unverified = البريد غير موثّق
audit-why-sso-no-mail = لم يُذكر البريد
audit-why-sso-domain = البريد من نطاق آخر
audit-why-sso-inactive = الحساب موقوف
audit-why-sso-other-person = البريد مربوط بحساب آخر
audit-why-sso-taken = الحساب مربوط بمستخدم آخر
audit-why-sso-linked-already = للمستخدم حساب مربوط من قبل
audit-why-ldap-down = لم يجب الدليل
audit-key-count = العدد
audit-key-filter = الشرط
audit-key-search = البحث
audit-key-fields = الحقول
audit-key-format = الصيغة
audit-key-with = مع
audit-key-means = الوسيلة
audit-key-to = إلى
audit-key-level = المدى
audit-key-until = حتى
audit-key-from = من
audit-key-reason = السبب
audit-key-why = السبب
audit-key-provider = المزوّد
audit-key-door = باب الطوارئ
audit-key-objects = الكائنات
audit-key-roles = الأدوار
audit-key-members = الأعضاء
audit-key-rows = الأسطر
audit-key-ip = العنوان
audit-key-email = البريد
audit-chain = سلامة السجل
audit-chain-text = كل سطر مختوم ببصمة تشمل ما قبله، فينكشف أي تغيير أو حذف أو إضافة. رأس السلسلة يُدوَّن كل ليلة خارج قاعدة البيانات.
audit-head = رأس السلسلة: الختم رقم { $seq }
audit-check = فحص السلسلة
audit-sound = { $count ->
    [zero] السلسلة سليمة، ولا ختم فيها بعد.
    [one] السلسلة سليمة: فُحص ختم واحد.
    [two] السلسلة سليمة: فُحص ختمان.
    [few] السلسلة سليمة: فُحصت { $count } أختام.
    [many] السلسلة سليمة: فُحص { $count } ختمًا.
   *[other] السلسلة سليمة: فُحص { $count } ختم.
}
audit-unsound = { $count ->
    [zero] السلسلة سليمة.
    [one] السلسلة غير سليمة: ملاحظة واحدة.
    [two] السلسلة غير سليمة: ملاحظتان.
    [few] السلسلة غير سليمة: { $count } ملاحظات.
    [many] السلسلة غير سليمة: { $count } ملاحظة.
   *[other] السلسلة غير سليمة: { $count } ملاحظة.
}
audit-found-changed = سطر تغيّر بعد ختمه.
audit-found-removed = سطر مختوم لم يعد موجودًا.
audit-found-inserted = سطر دُسّ بتاريخ سابق.
audit-found-broken = ختم لا يوافق ما قبله.
audit-found-cut-off = ذيل السلسلة مقطوع: رأس مدوَّن لم يعد فيها.
audit-found-rewritten = أُعيدت كتابة السلسلة: رأس مدوَّن تغيّر.
audit-found-hidden = قيم أُخفيت دون سطر يقول إنها مُحيت.
