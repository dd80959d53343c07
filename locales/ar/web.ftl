### عبارات صفحات الويب: القوائم والنماذج والبحث والإعدادات.

## Pages
web-back = رجوع
web-home = الرئيسية
web-all = كل { $objects }
web-new = إضافة { $object }
web-me = أنا
web-system = النظام
web-somebody = مستخدم آخر
web-files = الملفات
web-import = استيراد
web-trash = سلة المحذوفات
web-op-in = إحدى القيم
web-op-gt = أكثر من
web-op-lt = أقل من
web-none-match = لا نتائج مطابقة
web-none-match-text = أزل شرطًا من الشروط، أو ابحث بكلمات أقل.
web-none-yet = لا يوجد شيء بعد
web-empty-list = لا توجد { $objects } بعد
web-empty-list-text = أضف السجل الأول، أو استورد السجلات من ملف.
web-no-rights = لا يوجد ما يُعرض بعد
web-no-rights-text = لم يُمنح حسابك دورًا بعد. تواصل مع مدير النظام.

## Pages: what went wrong
web-hint-not-found = ربما حُذف السجل، أو لم تُمنح صلاحية الاطلاع عليه.
web-hint-forbidden = إن كنت تحتاج إليه فاطلبه من مدير النظام.
web-hint-throttled = انتظر قليلًا ثم حاول من جديد.
web-hint-conflict = افتح السجل من جديد وأعد التعديل.
web-hint-too-large = اختر ملفًا أصغر.
web-hint-unavailable = لم تستجب قاعدة البيانات. حاول بعد لحظات.
web-hint-internal = سُجّل الخلل. حاول من جديد، فإن تكرر فأبلغ مدير النظام بالرقم أدناه.

## Pages: records
web-created = أُنشئ
web-updated = آخر تعديل
web-tabs = أقسام الصفحة
web-tab-overview = نظرة عامة
web-tab-history = سجل التعديلات
web-timeline = الخط الزمني
web-kind-comments = التعليقات
web-kind-changes = التعديلات
web-revision = المراجعة { $n }
web-did-comment = كتب تعليقًا
web-did-file = أرفق الملف
web-did-create = أنشأ السجل
web-did-change = عدّل
web-did-delete = حذف
web-did-restore = استعاد
web-did-purge = حذف نهائيًا
web-comment-delete-ask = أتريد حذف هذا التعليق؟
web-delete-ask = أتريد حذف هذا السجل؟
web-delete-text = سيُنقل مع كل ما يتبعه إلى سلة المحذوفات، ويمكنك استعادته منها.
web-delete-final = لا يمكن التراجع عن هذا الحذف.
web-action-ask = أأنت متأكد؟

## Pages: lists
web-view-name = اسم العرض
web-view-replace = استبدال العرض المفتوح
web-view-default = افتح هذا العرض أولًا
web-view-shared = مشاركته مع الجميع
web-view-delete = حذف هذا العرض
web-view-delete-ask = أتريد حذف هذا العرض؟
web-mass-edit = تعديل جماعي
web-mass-edit-text = اختر الحقل، وستُكتب القيمة الجديدة في كل السجلات المحددة دفعة واحدة.
web-mass-apply = تعديل المحدد
web-mass-delete = أتريد حذف السجلات المحددة؟
web-mass-delete-text = ستُنقل إلى سلة المحذوفات. وإن تعذّر حذف أحدها فلن يُحذف أي منها.
web-said-saved = حُفظت التغييرات
web-said-created = أُنشئ السجل
web-said-deleted = تم الحذف
web-said-restored = تمت الاستعادة
web-said-purged = حُذف نهائيًا
web-said-done = تم التنفيذ
web-said-file-kept = أُرفق الملف
web-said-mass-edited = عُدّلت السجلات
web-said-none-ticked = لم تحدد أي سجل
web-said-view-saved = حُفظ العرض
web-said-view-deleted = حُذف العرض
web-said-password-set = تغيّرت كلمة المرور
web-said-session-ended = أُنهيت الجلسة
web-said-token-ended = أُلغي المفتاح
web-said-welcome = أهلًا بك. كل شيء جاهز.

## Pages: search
web-search-for = البحث عن «{ $words }» في كل مكان
web-search-hint = جرّب كلمات أقل أو مختلفة. لا فرق بين الكتابة بالهمزة ومن دونها.
web-found-records = السجلات
web-found-pages = الصفحات
web-found-commands = الأوامر

## Pages: sign-in and first run
web-sign-in = تسجيل الدخول
web-sign-in-back = العودة إلى تسجيل الدخول
web-email = البريد الإلكتروني
web-password = كلمة المرور
web-password-old = كلمة المرور الحالية
web-password-new = كلمة المرور الجديدة
web-password-change = تغيير كلمة المرور
web-password-others = عند تغييرها تنتهي جلساتك الأخرى.
web-password-hint = عشرة أحرف على الأقل. جملة قصيرة يسهل عليك تذكرها ويصعب على غيرك تخمينها.
web-forgot = هل نسيت كلمة المرور؟
web-forgot-text = اكتب بريدك الإلكتروني، وسنرسل إليك رابطًا صالحًا لساعة واحدة.
web-forgot-send = إرسال الرابط
web-forgot-sent = راجع بريدك الإلكتروني
web-forgot-sent-text = إن كان العنوان لحساب مسجل لدينا فسيصلك الرابط بعد قليل.
web-reset = اختر كلمة مرور جديدة
web-reset-save = حفظ ومتابعة
web-setup = أهلًا بك في صلة
web-setup-text = عرّفنا بالشركة وأنشئ حسابها الأول. لن يستغرق ذلك أكثر من دقيقة.
web-setup-company = الشركة
web-setup-admin = مدير النظام
web-setup-start = ابدأ
web-company-ar = اسم الشركة بالعربية
web-company-latin = اسم الشركة بالإنجليزية
web-your-name-ar = اسمك بالعربية
web-your-name-latin = اسمك بالإنجليزية
web-zone = المنطقة الزمنية

## Pages: account
web-account = حسابي وتفضيلاتي
web-reading = تفضيلات القراءة
web-months = أسماء الشهور
web-sessions = الجلسات
web-session-this = هذه الجلسة
web-session-end = إنهاء
web-sessions-end-others = إنهاء الجلسات الأخرى
web-device = الجهاز
web-ip = العنوان
web-last-used = آخر استخدام
web-never = لم يُستخدم بعد
web-never-expires = بلا انتهاء
web-tokens = مفاتيح الواجهة البرمجية
web-token-name = الاسم
web-token-scopes = الصلاحية
web-token-until = صالح حتى
web-token-make = إنشاء مفتاح
web-token-once = انسخ المفتاح الآن، فلن يظهر مرة أخرى.
web-token-revoke = إلغاء
web-token-revoke-ask = أتريد إلغاء هذا المفتاح؟ ستفقد البرامج التي تستخدمه صلاحية الوصول.
web-scope-read = قراءة
web-scope-write = قراءة وكتابة
web-scope-propose = قراءة واقتراح، وأنت تؤكد (للمساعدات الذكية)
web-scope-confirm = قراءة واقتراح وتأكيد بنفسه (للمساعدات الذكية)
web-scope-dav = مزامنة الهاتف: التقويم وجهات الاتصال
web-scope-admin = كل شيء، مع إدارة النظام

## Pages: import
web-import-into = استيراد { $objects }
web-import-latest = عمليات استيراد سابقة
web-import-file = الملف
web-import-lines = الأسطر
web-import-n-lines =
    { $n ->
        [zero] لا أسطر
        [one] سطر واحد
        [two] سطران
        [few] { $n } أسطر
        [many] { $n } سطرًا
       *[other] { $n } سطر
    }
web-import-state = الحالة
web-import-at = متى
web-import-lossy = تعذّرت قراءة بعض الحروف
web-import-match = معرفة السجلات الموجودة بحسب
web-import-by-id = المعرّف
web-import-by-none = كما هو مقترح
web-import-mode = الأسطر
web-import-mode-upsert = إضافة الجديد وتحديث الموجود
web-import-mode-create = إضافة الجديد فقط
web-import-mode-update = تحديث الموجود فقط
web-import-blank = الخلايا الفارغة
web-import-blank-keep = إبقاء القيمة الموجودة
web-import-blank-clear = تفريغ الحقل
web-import-checking = يجري فحص الملف. لم يُكتب شيء بعد.
web-import-staging = قيد القراءة
web-import-ready = بانتظارك
web-import-queued = سيبدأ قريبًا
web-import-running = قيد التنفيذ
web-import-stopping = قيد الإيقاف
web-import-stopped = متوقف
web-import-done = مكتمل
web-import-failed = لم يكتمل
web-import-undoing = قيد التراجع
web-import-undone = تم التراجع عنه
web-import-undone-n = تم التراجع عن الاستيراد. السجلات المسحوبة: { $n }. سجلات عُدّلت بعده فبقيت: { $kept }.
web-import-also = سجلات أُنشئت تبعًا لذلك: { $n }
web-import-again = استيراد ملف آخر

## Pages: administration
web-admin = إدارة النظام
web-admin-audit = سجل التدقيق
web-admin-delegations = التفويض
web-admin-users = المستخدمون
web-admin-teams = الفرق
web-admin-objects = الكائنات والحقول
web-admin-jobs = الأعمال في الخلفية
web-admin-webhooks = خطافات الويب
web-admin-settings = إعدادات الشركة
web-admin-roles = الأدوار
web-admin-role = الدور
web-admin-name = الاسم
web-admin-active = مفعّل
web-admin-inactive = موقوف
web-admin-set-password = كلمة مرور جديدة (اتركها فارغة لإبقاء الحالية)
web-admin-add-user = إضافة مستخدم
web-admin-object = الكائن
web-admin-key = المفتاح
web-admin-module = الوحدة
web-admin-fields = الحقول
web-admin-source = المصدر
web-admin-own = من الشركة
web-admin-built-in = من البرنامج
web-admin-unique = فريد
web-admin-readonly = للقراءة فقط
web-admin-when = يظهر عندما
web-job-kind = العمل
web-job-state = الحالة
web-job-at = وقت الطلب
web-job-finished = وقت الانتهاء
web-job-attempts = المحاولات
web-job-error = آخر خلل
web-job-none = لا أعمال في الخلفية بعد
web-hook-url = العنوان
web-hook-events = الأحداث
web-hook-none = لا توجد خطافات ويب
web-hook-none-text = تُنشأ عبر الواجهة البرمجية: POST /api/v1/webhooks
web-settings-reads-kept = مدة الاحتفاظ بسجل الاطلاع على البيانات الشخصية (بالأشهر)
web-settings-url = العنوان العام لهذا الموقع
web-settings-notice-ar = تنبيه يظهر في كل صفحة (بالعربية)
web-settings-notice-en = تنبيه يظهر في كل صفحة (بالإنجليزية)
web-name-ar = الاسم بالعربية
web-name-latin = الاسم بالإنجليزية
web-job-waiting = بالانتظار
web-job-queued = بالانتظار
web-job-running = قيد التنفيذ
web-job-done = مكتمل
web-job-failed = أخفق
web-job-dead = توقفت محاولاته
web-job-retry = سيُعاد
web-job-stopped = متوقف
web-mail = البريد الصادر
web-mail-url = خادم البريد
web-mail-from = المرسل
web-mail-set = خادم البريد مضبوط. اترك الحقل فارغًا لإبقائه.
web-mail-unset = لم يُضبط خادم بريد بعد، وتُحفظ الرسائل في مجلد «mail» الخاص بالشركة.
web-mail-remove = إزالة خادم البريد
web-board-groups = لوحات أخرى
