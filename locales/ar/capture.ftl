### كلمات التقاط المهتمين وتوزيعهم: النماذج والمناطق والقواعد.

## النماذج
sales-form-gone = هذا النموذج لم يعد هنا
sales-form-gone-text = ربما أُغلق أو تغيّر عنوانه. تواصل معنا بطريقة أخرى.
sales-form-thanks = وصلتنا رسالتك
sales-form-thanks-text = شكرًا لك. سنتواصل معك قريبًا.
sales-form-go-on = متابعة
sales-form-send = إرسال
sales-form-consents = الموافقات
sales-form-privacy = كيف نحمي بياناتك
sales-form-stale = مضى وقت طويل على فتح الصفحة. راجع ما كتبته ثم أرسله مرة أخرى.
sales-form-used = أُرسلت هذه الصفحة من قبل. إن كان ما فيها جديدًا فأرسلها مرة أخرى.
sales-form-too-many = وصلتنا رسائل كثيرة من جهازك. انتظر ساعة ثم أرسل مرة أخرى؛ ما كتبته باقٍ هنا.
sales-form-too-long = اختصر النص إلى { $most } حرف على الأكثر.
sales-form-no-way = اترك لنا بريدك أو هاتفك لنصل إليك.
sales-form-consent-needed = لا بد من الموافقة لإرسال النموذج.
sales-form-code = اكتب الرمز بأحرف لاتينية صغيرة وأرقام وشرطات.
sales-form-site = «{ $site }» ليس موقعًا. اكتب مثل https://www.example.com دون صفحة بعده.
sales-form-closed = النموذج مغلق الآن، ومن يفتح العنوان يقرأ أنه لم يعد هنا.
sales-form-embed = انسخ هذا في صفحة موقعك:
sales-form-embed-none = لتضمينه في موقعك اكتب الموقع في «مواقع يُضمَّن فيها».
sales-submission-taken = صار عميلًا مهتمًا.
sales-submission-discarded = عُلّمت مزعجة، ومُحي ما كُتب فيها.
sales-came-referrer = الصفحة السابقة
sales-came-page = الصفحة
sales-came-utm-source = مصدر الحملة
sales-came-utm-medium = وسيلة الحملة
sales-came-utm-campaign = اسم الحملة
sales-came-utm-term = كلمة البحث
sales-came-utm-content = نسخة الإعلان
notice-form-held = رسالة من نموذج تنتظر مراجعتك: { $title }

## التوزيع ومهلة أول تواصل
sales-route-minutes = المهلة بين دقيقة و20000 دقيقة عمل.
sales-route-pool = اختر فريقًا أو مهارة ليُعرف بين من يُوزَّع.
sales-route-none = لا قاعدة توزيع تنطبق عليه وفيها من يتسلمه الآن.
sales-lead-routed = وُزّع بحسب القواعد.
sales-why-person = القاعدة تعطيه { $to }.
sales-why-territory = { $to } مسؤول منطقته.
sales-why-stands-in = { $to } ينوب عن { $for } في غيابه.
sales-why-turn = كان الدور على { $to } من بين { $count ->
    [one] زميل واحد
    [two] زميلين
    [few] { $count } زملاء
    [many] { $count } زميلًا
   *[other] { $count } زميل
}.
sales-why-load = كان { $to } أقل زملائه حملًا: { $count ->
    [zero] لا مهتمين مفتوحين لديه
    [one] مهتم مفتوح واحد
    [two] مهتمان مفتوحان
    [few] { $count } مهتمين مفتوحين
    [many] { $count } مهتمًا مفتوحًا
   *[other] { $count } مهتم مفتوح
}.
sales-why-rule = القاعدة:
sales-clock-over = تأخر أول تواصل
sales-clock-running = ينتظر أول تواصل
sales-clock-held = المهلة موقوفة
sales-clock-met = أول تواصل في موعده
sales-clock-missed = فات موعد أول تواصل
sales-clock-due = الموعد { $when } ({ $left })
notice-lead-missed = فات موعد أول تواصل مع { $title }
notice-lead-back = عاد { $title } من التأجيل؛ حان موعد التواصل معه

## المصداقية
sales-truth = المصداقية { $n } من 100
sales-truth-later = يُفحص الآن.
sales-truth-mail-alive = نطاق بريده يستقبل الرسائل
sales-truth-mail-dead = نطاق بريده لا وجود له
sales-truth-mail-unknown = لم نعرف هل يستقبل نطاق بريده الرسائل
sales-truth-mail-thrown = بريد مؤقت يُرمى بعد استعماله
sales-truth-mail-office = بريد مكتب لا بريد شخص
sales-truth-phone-mobile = رقم جوال صحيح
sales-truth-phone-line = رقم هاتف صحيح
sales-truth-phone-odd = رقم لا يشبه الأرقام
sales-truth-no-way = لا بريد ولا هاتف
sales-truth-name-full = اسم كامل
sales-truth-name-odd = اسم لا يشبه الأسماء
sales-truth-company-known = منشأته في السجل
sales-truth-customer-known = هو نفسه في السجل
sales-truth-lead-twice = مهتم آخر مفتوح له البريد أو الهاتف نفسه

## المناطق
sales-territories = تغطية المناطق
sales-territories-about = ما في كل منطقة وما تأتي به. كل رقم يفتح ما وراءه.
sales-territories-none = لا مناطق بيع بعد
sales-territories-none-text = أضف منطقة بشرطها ومسؤولها ليُعرف لمن كل عميل.
sales-territories-run = إعادة التوزيع
sales-territory-new = منطقة جديدة
sales-territory = المنطقة
sales-territory-owner = المسؤول
sales-territory-accounts = عملاء
sales-territory-leads = مهتمون
sales-territory-open = فرص مفتوحة
sales-territory-won = فرص فائزة
sales-territory-outside = خارج المناطق
sales-territory-round = لا يُكتب الشرط على المنطقة نفسها ولا على المسؤول.
sales-run-one = يجري توزيع الآن. انتظر حتى ينتهي أو أوقفه.
sales-run-applying = بدأ التطبيق؛ تابعه هنا.
sales-run-undoing = بدأ التراجع؛ تابعه هنا.
sales-run-stopped = أُوقف. ما انتقل يمكن التراجع عنه.

## سرعة أول تواصل
sales-first-touch = سرعة أول تواصل
sales-first-touch-about = من جاؤوا في آخر { $count } يومًا، بحسب المسؤول. كل رقم يفتح قائمته.
sales-first-touch-none = لم يأت مهتمون في هذه المدة
sales-first-touch-none-text = متى جاء عميل مهتم بدأت مهلة أول تواصل معه وظهرت هنا.
sales-first-touch-met = في موعده
sales-first-touch-missed = فات موعده
sales-first-touch-running = جارية
sales-first-touch-held = موقوفة
sales-first-touch-share = في الموعد
sales-first-touch-mean = متوسط المدة
sales-first-touch-nobody = بلا مسؤول
