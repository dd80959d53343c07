### عبارات وحدة الخصوصية: التفضيلات والطلبات والمحو وبيان الخصوصية.

## صفحة التفضيلات
privacy-preferences = ما الذي تودّ أن يصلك منا؟
privacy-preferences-for = اختيارات { $address } لدى { $company }. تستطيع تغييرها متى شئت.
privacy-since = منذ { $date }
privacy-not-since = متوقف منذ { $date }
privacy-save-choices = حفظ اختياراتي
privacy-stop-all = إيقاف كل الرسائل
privacy-said-saved = حُفظت اختياراتك.
privacy-said-stopped = أوقفنا كل الرسائل التسويقية.
privacy-said-mailed = أرسلنا إليك رسالة. افتح الرابط فيها لتأكيد أن الطلب منك.
privacy-said-other-address = هذا الرابط أُرسل إلى عنوان لم نعد نحفظه لك. تواصل معنا لنتحقق من هويتك بطريقة أخرى.
privacy-my-data = بياناتي
privacy-ask-copy = نسخة من بياناتي
privacy-ask-copy-text = كل ما نحفظه عنك، في ملف تستطيع قراءته ونقله.
privacy-ask-correct = تصحيح بياناتي
privacy-ask-correct-text = اكتب الصواب، ونراجعه ثم نحفظه.
privacy-ask-erase = محو بياناتي
privacy-ask-erase-text = نمحو بياناتك، إلا ما يوجب النظام إبقاءه.
privacy-ask = طلب
privacy-send-again = إعادة إرسال الرابط
privacy-request-waits = الطلب { $number } ينتظر تأكيدك من الرابط الذي أرسلناه إلى بريدك.
privacy-request-open = طلبك { $number } قيد الدراسة.
privacy-statement = بيان الخصوصية
privacy-unsubscribe = إلغاء الاشتراك
privacy-unsubscribe-text = لن تصل هذه الرسائل بعدها إلى { $address }.
privacy-unsubscribed = أُلغي اشتراكك
privacy-unsubscribed-text = لن تصل هذه الرسائل إلى { $address } بعد الآن.
privacy-choose-instead = اختر ما يصلك وما لا يصلك
privacy-link-spent = هذا الرابط لم يعد صالحًا
privacy-link-spent-text = انتهت مدته أو لم يُنسخ كاملًا. افتح الرابط من أحدث رسالة وصلتك منا.

## طلب صاحب البيانات
privacy-step-confirm = تأكيد هويتك
privacy-step-work = دراسة الطلب
privacy-step-done = الرد
privacy-step-refused = رُفض
privacy-confirm = نعم، هذا طلبي
privacy-confirm-copy = أكّد أنك طلبت نسخة من بياناتك، فنعدّها لك.
privacy-confirm-erase = أكّد أنك تطلب محو بياناتك. لا رجعة في ذلك بعد تنفيذه.
privacy-confirm-correct = هذه بياناتك كما نحفظها. اكتب الصواب ثم أرسل الطلب.
privacy-what-is-wrong = ملاحظات أخرى
privacy-said-confirmed = شكرًا لك، تأكّد طلبك.
privacy-working = نعمل على طلبك، ونرد عليك في موعد أقصاه { $date }.
privacy-copy-ready = نسخة بياناتك جاهزة.
privacy-read-copy = عرض النسخة
privacy-download-copy = ملف لنقل البيانات (JSON)
privacy-download-pdf = ملف للقراءة والطباعة (PDF)
privacy-done-erase = مُحيت بياناتك، ولم يبق إلا ما يوجب النظام إبقاءه، دون اسمك.
privacy-done-correct = صُحّحت بياناتك.
privacy-done-other = أنجزنا طلبك.
privacy-refused = لم نستطع تلبية الطلب، والسبب:
privacy-received = ورد في
privacy-answered = أُجيب في
privacy-by-mail = برابط أُرسل إلى بريده

## رسائل البريد
privacy-mail-confirm-subject = أكّد طلبك لدى { $company }
privacy-mail-confirm-text = وصلنا طلب يخص بياناتك. افتح هذا الرابط لتأكيد أنه منك ولمتابعته:
privacy-mail-confirm-ignore = إن لم تطلب شيئًا فأهمل هذه الرسالة. الرابط صالح سبعة أيام.
privacy-mail-copy-subject = نسخة بياناتك لدى { $company } جاهزة
privacy-mail-copy-text = أعددنا نسخة من بياناتك. تجدها هنا:
privacy-mail-copy-until = الرابط صالح أربعة عشر يومًا. لا ترسله إلى أحد.

## عمل المكتب
privacy-due = موعد الرد
privacy-overdue = تجاوز موعد الرد
privacy-open-document = عرض النسخة
privacy-no-copy = لا توجد نسخة لهذا الطلب بعد.
privacy-document = نسخة البيانات الشخصية
privacy-made = أُعدّت النسخة في
privacy-pdf-intro = هذا ما نحفظه عنك في جميع سجلاتنا وقت إعداد النسخة. ومعه ملف JSON فيه البيانات نفسها كاملة بصيغة تقرؤها البرامج.
privacy-pdf-person = أنت في سجلاتنا
privacy-pdf-happened = ما سُجّل عنك بترتيب الوقت
privacy-pdf-cut = يظهر هنا أحدث { $shown } من أصل { $count }، وتجدها كلها في ملف JSON.
privacy-pdf-foot = نسخة بيانات شخصية، لصاحبها وحده.
privacy-pdf-when = الوقت
privacy-pdf-what = نوع السجل
privacy-doc-comments = التعليقات
privacy-doc-files = الملفات
privacy-doc-changes =
    { $count ->
        [zero] لم يُعدَّل منذ إنشائه.
        [one] تعديل واحد مسجل، وتفاصيله في ملف JSON.
        [two] تعديلان مسجلان، وتفاصيلهما في ملف JSON.
        [few] { $count } تعديلات مسجلة، وتفاصيلها في ملف JSON.
        [many] { $count } تعديلًا مسجلًا، وتفاصيلها في ملف JSON.
       *[other] { $count } تعديل مسجل، وتفاصيلها في ملف JSON.
    }
privacy-doc-external = المعرّفات في أنظمة أخرى
privacy-plan-text = هذا ما سيحدث عند التنفيذ. لم يتغير شيء بعد.
privacy-fate-subject = تبقى دون اسم ولا وسيلة اتصال
privacy-fate-remove = تُزال
privacy-fate-blank = تُفرّغ من كل نص وبيان شخصي
privacy-fate-book = تبقى للدفاتر بمبالغها وأرقامها، دون ملاحظات ولا بيان شخصي
privacy-fate-keep = تبقى كما هي
privacy-report-anonymous = سجلات صارت مجهولة
privacy-report-removed = سجلات أُزيلت
privacy-report-kept = سجلات بقيت
privacy-report-traces = آثار أُزيلت
privacy-report-clean = لم يبق في قاعدة البيانات موضع يذكر عنوانه أو رقمه أو اسمه الكامل.
privacy-report-mentions =
    { $count ->
        [one] موضع واحد ما زال يذكره. راجعه.
        [two] موضعان ما زالا يذكرانه. راجعهما.
        [few] { $count } مواضع ما زالت تذكره. راجعها.
        [many] { $count } موضعًا ما زالت تذكره. راجعها.
       *[other] { $count } موضع ما زالت تذكره. راجعها.
    }
privacy-field = الحقل
privacy-value-now = القيمة الحالية
privacy-value-proposed = القيمة المقترحة
privacy-on-hold = لا يُمحى هذا الشخص ما دام الحجز النظامي { $name } قائمًا.
privacy-needs-approval = يلزم أن يعتمد زميل المحو أولًا.
privacy-needs-another = اعتمدتَ هذا المحو بنفسك، فلينفّذه زميل آخر.
privacy-said-verified = سُجّل التحقق من الهوية.
privacy-said-copy = بدأ إعداد النسخة.
privacy-said-corrected = حُفظت القيم المصححة.
privacy-said-approved = اعتُمد المحو.
privacy-said-erasing = بدأ المحو.
privacy-said-refused = سُجّل الرفض وسببه.
privacy-said-recorded = سُجّل القرار.
privacy-said-published = نُشر الإصدار الجديد من البيان.
privacy-may = مسموح
privacy-may-not = غير مسموح
privacy-may-pending = بانتظار تأكيده
privacy-never-asked = لم يُسأل بعد
privacy-panel-legend = الأخضر مسموح، والأحمر ممنوع، والرمادي لم يُسأل عنه.
privacy-panel-ledger = سجل الموافقات
privacy-hold-here = عليه حجز نظامي ({ $name }): لا تُمحى بياناته.

## قواعد الاحتفاظ
privacy-rule-due = { $object } تنطبق عليها القاعدة الآن: { $count }
privacy-rule-off = القاعدة غير مفعّلة، فلن يُنفّذ شيء.
privacy-rule-keeps = عند محو شخص تبقى هذه السجلات كما هي.
privacy-no-object = لا يوجد نوع سجلات بالمفتاح «{ $name }».
privacy-no-date = ليس «{ $name }» حقل تاريخ في هذه السجلات.
privacy-no-condition = الشرط «{ $name }» غير مفهوم. راجع صفحة التعبيرات في الدليل.

## البيان والإعدادات
privacy-office = بيان الخصوصية وإعداداتها
privacy-responsible = المسؤول عن البيانات والنظام المطبّق
privacy-draft = البيان كما سيُنشر
privacy-publish = نشر إصدار جديد
privacy-open-public = فتح الصفحة العامة
privacy-never-published = لم يُنشر بيان بعد. الصفحة العامة تعرض المسودة.
privacy-stale = تغيّر البيان عمّا نُشر. راجعه ثم انشر إصدارًا جديدًا.
privacy-current = المنشور هو الإصدار { $number }، وهو مطابق لما في النظام.
privacy-uncovered =
    { $count ->
        [one] حقل شخصي واحد لا يشمله أي غرض
        [two] حقلان شخصيان لا يشملهما أي غرض
        [few] { $count } حقول شخصية لا يشملها أي غرض
        [many] { $count } حقلًا شخصيًا لا يشملها أي غرض
       *[other] { $count } حقل شخصي لا يشملها أي غرض
    }
privacy-to-purposes = الأغراض وما تشمله
privacy-law = النظام المطبّق
privacy-law-says = الرد على الطلبات خلال { $days } يومًا، وإبلاغ الجهة المختصة بالتسرّب خلال { $hours } ساعة، والقاصر من هو دون { $age } سنة. المصدر:
privacy-email = بريد التواصل
privacy-phone = هاتف التواصل
privacy-controller-ar = اسم الجهة بالعربية
privacy-controller-en = اسم الجهة بالإنجليزية
privacy-address-ar = عنوانها بالعربية
privacy-address-en = عنوانها بالإنجليزية
privacy-dpo-ar = مسؤول حماية البيانات بالعربية
privacy-dpo-en = مسؤول حماية البيانات بالإنجليزية
privacy-dpo-email = بريد مسؤول حماية البيانات
privacy-intro-ar = المقدمة بالعربية
privacy-intro-en = المقدمة بالإنجليزية
privacy-transfer-ar = النقل إلى الخارج، بالعربية
privacy-transfer-en = النقل إلى الخارج، بالإنجليزية
privacy-security-ar = الحماية، بالعربية
privacy-security-en = الحماية، بالإنجليزية
privacy-four-eyes = لا يُنفَّذ محو إلا بعد أن يعتمده زميل آخر
privacy-at-once = طلب النسخة المؤكد يُلبّى فورًا دون انتظار موظف

## نص البيان
privacy-text-who = من نحن
privacy-text-dpo = مسؤول حماية البيانات:
privacy-text-what = ما نعالجه ولماذا
privacy-text-data = البيانات:
privacy-text-basis = الأساس النظامي:
privacy-text-kept = مدة الاحتفاظ:
privacy-text-recipients = الجهات المستلمة:
privacy-text-transfer = النقل إلى خارج البلد
privacy-text-security = كيف نحميها
privacy-text-rights = حقوقك
privacy-text-how = تمارس حقوقك من رابط التفضيلات أسفل كل رسالة منا، أو بمراسلتنا.
privacy-text-days =
    { $days ->
        [zero] نرد فورًا.
        [one] نرد خلال يوم واحد.
        [two] نرد خلال يومين.
        [few] نرد خلال { $days } أيام.
        [many] نرد خلال { $days } يومًا.
       *[other] نرد خلال { $days } يوم.
    }
privacy-text-complain = لك أن تشكو إلى:
privacy-text-law = يخضع هذا البيان لـ:
privacy-right-information = أن تعرف ما نعالجه من بياناتك ولماذا
privacy-right-access = أن تطّلع على بياناتك وتأخذ نسخة منها
privacy-right-portability = أن تنقل بياناتك إلى جهة أخرى في صيغة مقروءة آليًا
privacy-right-correction = أن تطلب تصحيح بياناتك
privacy-right-erasure = أن تطلب محو بياناتك
privacy-right-restriction = أن تطلب تقييد معالجة بياناتك
privacy-right-objection = أن تعترض على معالجة بياناتك
privacy-right-automated = ألا تخضع لقرار آلي محض يؤثر فيك
privacy-right-withdraw = أن تسحب موافقتك في أي وقت
privacy-right-complaint = أن تتقدم بشكوى إلى الجهة المختصة

## تأكيد الاشتراك
privacy-mail-opt-in-subject = أكّد اشتراكك لدى { $company }
privacy-mail-opt-in-text = طُلب أن تصلك رسائلنا على هذا العنوان. افتح الرابط لتأكيد ذلك:
privacy-opt-in = نعم، أريد أن تصلني
privacy-opted-in = تم التأكيد
privacy-opted-in-text = تستطيع التراجع متى شئت من الرابط أسفل كل رسالة.
privacy-said-pending = سُجّل القرار، وأُرسلت رسالة ليؤكده صاحبه.
privacy-no-address = لا بريد لهذا الشخص تُرسل إليه رسالة التأكيد. أضفه أولًا.
notice-privacy-request = طلب خصوصية ينتظر الرد: { $title }
privacy-doc-reads = من اطّلع على هذه البيانات من موظفينا
privacy-doc-reads-former = زميل سابق
privacy-doc-reads-times = { $count ->
    [one] مرة واحدة
    [two] مرتان
    [few] { $count } مرات
    [many] { $count } مرة
   *[other] { $count } مرة
 }، آخرها { $last }
