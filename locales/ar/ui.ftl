### عبارات مكونات الواجهة: الإطار والقوائم والنماذج واللوحة والتقويم والاستيراد والرسوم.

## الإطار
ui-product = صلة
ui-skip = تخطَّ إلى المحتوى
ui-navigation = التنقل
ui-navigation-short = التنقل السريع
ui-collapse = طيّ القائمة
ui-search-all = ابحث في كل شيء
ui-create = جديد
ui-notifications = الإشعارات
ui-account = حسابي
ui-language = اللغة
ui-theme = المظهر
ui-theme-auto = تلقائي
ui-theme-light = فاتح
ui-theme-dark = داكن
ui-calendar = التقويم
ui-gregorian = ميلادي
ui-hijri = هجري
ui-digits = الأرقام
ui-density = الكثافة
ui-density-compact = متراصّة
ui-density-normal = عادية
ui-density-roomy = رحبة
ui-sign-out = تسجيل الخروج
ui-more = المزيد
ui-crumbs = مسار الصفحة
ui-back = رجوع
ui-notices = تنبيهات
ui-palette-hint = ابحث عن سجل أو صفحة أو أمر…
ui-results = النتائج
ui-nothing-found = لا نتائج
ui-create-new = إنشاء جديد
ui-shortcuts = اختصارات لوحة المفاتيح
ui-key-move = تنقّل
ui-key-open = فتح
ui-key-close = إغلاق
ui-key-find = ابحث في هذه القائمة
ui-key-rows = الصف التالي والسابق
ui-key-select = تحديد الصف
ui-key-edit = تعديل
ui-key-save = حفظ
ui-close = إغلاق
ui-cancel = إلغاء
ui-actions = إجراءات
ui-open = فتح
ui-remove = إزالة
ui-apply = تطبيق
ui-clear = مسح
ui-clear-all = مسح الكل
ui-continue = متابعة
ui-next = التالي
ui-previous = السابق
ui-cal-day = يوم
ui-cal-week = أسبوع
ui-cal-month = شهر
ui-cal-agenda = جدول
ui-cal-whose = تقاويم من؟
ui-cal-people = الزملاء
ui-cal-teams = الفرق
ui-cal-resources = القاعات والموارد
ui-cal-show = عرض
ui-cal-cut = في هذه الفترة أكثر مما يُعرض هنا؛ اختر فترة أقصر أو أشخاصًا أقل.
ui-busy = مشغول
ui-all-day = طوال اليوم
ui-hours = ساعات اليوم
ui-new-here = إضافة في
ui-agenda-empty = لا مواعيد في هذه الأيام
ui-agenda-empty-text = ما تخطط له أنت وزملاؤك يظهر هنا يومًا بيوم.
ui-today = اليوم
ui-loading = يجري التحميل…
ui-retry = أعد المحاولة
ui-refresh = تحديث
ui-saved = حُفظ
ui-not-saved = لم يُحفظ
ui-not-shown = تعذّر العرض
ui-offline = تعذّر الوصول إلى الخادم. تحقق من الاتصال ثم أعد المحاولة.
ui-page-stale = قد تكون هذه الصفحة قديمة. حدّثها لترى آخر التغييرات.
ui-yes = نعم
ui-no = لا
ui-empty-value = فارغ
ui-hidden-record = سجل لا تملك صلاحية عرضه

## القوائم
ui-views = طرق العرض المحفوظة
ui-save-view = احفظ هذا العرض
ui-list-tools = أدوات القائمة
ui-layout = شكل العرض
ui-layout-list = قائمة
ui-layout-board = لوحة
ui-layout-calendar = تقويم
ui-filter = تصفية
ui-find-here = ابحث هنا
ui-field = الحقل
ui-comparison = المقارنة
ui-value = القيمة
ui-add-condition = أضف شرطًا
ui-expression = عبارة متقدمة
ui-columns = الأعمدة
ui-export = تصدير
ui-export-all = { $format }: كل الحقول والأرقام والعناوين
ui-select = تحديد
ui-select-all = تحديد الكل
ui-selected = محدد
ui-mass = إجراءات على المحدد
ui-total = المجموع
ui-pages = الصفحات
ui-about = أكثر من { $n }
ui-range-of = { $from }–{ $to } من { $n }
ui-rows-shown =
    { $n ->
        [zero] لا صفوف
        [one] صف واحد
        [two] صفان
        [few] { $n } صفوف
        [many] { $n } صفًا
       *[other] { $n } صف
    }
ui-shown-of = { $n } من { $total }
ui-count-exactly = احسب العدد بدقة
ui-op-contains = يحتوي
ui-op-is = يساوي
ui-op-is-not = لا يساوي
ui-op-starts = يبدأ بـ
ui-op-ge = لا يقل عن
ui-op-le = لا يزيد على
ui-op-eq = يساوي
ui-op-ne = لا يساوي
ui-op-from = من
ui-op-until = حتى
ui-op-on = في يوم
ui-op-has = يشمل
ui-op-filled = غير فارغ
ui-op-blank = فارغ

## النماذج
ui-required = إلزامي
ui-choose = اختر…
ui-search-choose = ابحث واختر…
ui-currency = العملة
ui-name-ar = بالعربية
ui-name-latin = بالحروف اللاتينية
ui-street = الشارع
ui-district = الحي
ui-city = المدينة
ui-region = المنطقة
ui-postcode = الرمز البريدي
ui-country = البلد
ui-hours-minutes = ساعة:دقيقة
ui-pick-date = اختر من التقويم
ui-drop-file = أفلت ملفًا هنا أو اختره
ui-drop-files = أفلت ملفات هنا أو اخترها
ui-drop-image = أفلت صورة هنا أو اخترها
ui-upload = رفع
ui-uploading = يجري الرفع…
ui-upload-failed = لم يُرفع الملف
ui-bold = عريض
ui-italic = مائل
ui-heading = عنوان
ui-bullets = قائمة نقطية
ui-numbering = قائمة مرقمة
ui-quote = اقتباس
ui-link = رابط
ui-link-address = عنوان الرابط
ui-save-again = احفظ وأضف آخر
ui-form-errors =
    { $n ->
        [one] لم يُحفظ: موضع واحد يحتاج إلى تصحيح.
        [two] لم يُحفظ: موضعان يحتاجان إلى تصحيح.
        [few] لم يُحفظ: { $n } مواضع تحتاج إلى تصحيح.
        [many] لم يُحفظ: { $n } موضعًا تحتاج إلى تصحيح.
       *[other] لم يُحفظ: { $n } موضع تحتاج إلى تصحيح.
    }
ui-draft-kept = استعدنا ما كتبته هنا ولم تحفظه.
ui-discard = تجاهله
ui-type-more = اكتب حرفين على الأقل
ui-conflict-title = عدّل { $who } هذا السجل بينما كنت تعمل عليه
ui-conflict-text = لم يضع شيء مما كتبته. اختر لكل حقل القيمة التي تبقى.
ui-conflict-base = قبل التعديلين
ui-conflict-theirs = تعديله
ui-conflict-yours = تعديلك
ui-conflict-save = احفظ ما اخترت

## السجل
ui-details = التفاصيل
ui-record = السجل
ui-type = النوع
ui-timeline-empty = لم يحدث شيء بعد
ui-older = أقدم
ui-attach = إرفاق ملف
ui-write-comment = اكتب تعليقًا…
ui-comment = علّق
ui-emptied = أُفرغ
ui-show-all = عرض الكل
ui-more-n = { $n } أخرى
ui-deleted-by = حذفه
ui-deleted-at = حُذف في
ui-restore = استعادة
ui-purge = حذف نهائي
ui-purge-confirm = سيُحذف السجل نهائيًا ولا يمكن استعادته بعد ذلك.
ui-trash-empty = سلة المهملات فارغة
ui-trash-empty-text = ما تحذفه يبقى هنا إلى أن يُستعاد أو يُحذف نهائيًا.

## اللوحة
ui-board = لوحة المراحل
ui-board-help = اضغط المسافة لرفع البطاقة، والأسهم لتحريكها، والمسافة لإنزالها، و Esc للتراجع.
ui-card-late = طال انتظارها
ui-column-empty = لا بطاقات
ui-move = انقل
ui-move-to = انقل إلى
ui-moved = نُقلت إلى
ui-move-failed = لم تُنقل البطاقة، وعادت إلى مكانها
ui-lifted = رُفعت البطاقة. حرّكها بالأسهم.

## الرسوم
ui-cumulative = الحصة التراكمية

## الاستيراد
ui-steps = الخطوات
ui-import-upload = الملف
ui-import-map = مطابقة الأعمدة
ui-import-check = التجربة
ui-import-run = الاستيراد
ui-import-drop = أفلت الملف هنا أو اختره
ui-import-formats = ‏CSV أو Excel، بأي ترميز. لن يُكتب شيء قبل أن توافق.
ui-import-sample = نزّل نموذجًا فارغًا بالعناوين الصحيحة
ui-import-column = عمود الملف
ui-import-samples = أمثلة من الملف
ui-import-skip = لا تستورده
ui-import-try = جرّب دون كتابة
ui-import-start = ابدأ الاستيراد
ui-import-rows = الصفوف
ui-import-new = جديد
ui-import-changed = يتغير
ui-import-same = كما هو
ui-import-failed = لا يصلح
ui-import-bad = صفوف لا تصلح
ui-import-bad-file = نزّل هذه الصفوف
ui-import-line = السطر
ui-import-content = المحتوى
ui-import-why = السبب
ui-import-all-good = كل الصفوف صالحة. لم يُكتب شيء بعد.
ui-import-some-bad =
    { $n ->
        [one] صف واحد لا يصلح وسيُترك. لم يُكتب شيء بعد.
        [two] صفان لا يصلحان وسيُتركان. لم يُكتب شيء بعد.
        [few] { $n } صفوف لا تصلح وستُترك. لم يُكتب شيء بعد.
        [many] { $n } صفًا لا يصلح وسيُترك. لم يُكتب شيء بعد.
       *[other] { $n } صف لا يصلح وسيُترك. لم يُكتب شيء بعد.
    }
ui-import-progress = { $done } من { $n }
ui-import-done = اكتمل الاستيراد
ui-import-show = اعرض السجلات
ui-stop = إيقاف
ui-resume = استئناف
ui-undo-import = تراجع عن الاستيراد

ui-name-propose = مقترح:
