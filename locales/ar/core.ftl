### عبارات عامة تستعملها كل الأجزاء: أزرار وحالات ورسائل خطأ. الاسم نفسه في ar و en.

## أزرار
save = حفظ
cancel = إلغاء
delete = حذف
restore = استعادة
edit = تعديل
add = إضافة
create = إنشاء
close = إغلاق
back = رجوع
next = التالي
previous = السابق
search = بحث
filter = تصفية
sort = ترتيب
export = تصدير
import = استيراد
download = تنزيل
upload = رفع ملف
copy = نسخ
merge = دمج
confirm = تأكيد
undo = تراجع
settings = الإعدادات
more = المزيد
clear = مسح
apply = تطبيق
show-all = عرض الكل

## كلمات
yes = نعم
no = لا
all = الكل
none = لا شيء
unknown = غير معروف
total = الإجمالي
today = اليوم
yesterday = أمس
tomorrow = غدًا
now = الآن
required = مطلوب

## عدد وحالة
record-count =
    { $count ->
        [zero] لا سجلات
        [one] سجل واحد
        [two] سجلان
        [few] { $count } سجلات
        [many] { $count } سجلًا
       *[other] { $count } سجل
    }
no-results = لا توجد نتائج
loading = جارٍ التحميل…
deleted = تم الحذف

## أخطاء عامة

## ما لا يصلح قيمةً لحقل
value-required = هذا الحقل مطلوب.
value-too-long = النص أطول من المسموح: { $length } حرفًا، والحد الأقصى { $max }.
value-too-large = العدد أكبر من أن يُحفظ.
value-too-precise = عدد المنازل العشرية أكثر من المسموح ({ $scale }).
value-not-whole = اكتب عددًا صحيحًا بلا كسور.
value-not-number = اكتب عددًا، مثل 1250.5 أو ١٢٥٠٫٥.
value-not-bool = اكتب «نعم» أو «لا».
value-not-date = اكتب تاريخًا، مثل 2026-12-31 أو 31/12/2026.
value-not-date-time = اكتب تاريخًا ووقتًا، مثل 2026-12-31 14:30.
value-not-duration = اكتب مدة، مثل 1:30 أو 90 د.
value-unknown-choice = «{ $found }» ليس من الخيارات المتاحة: { $choices }.
value-unknown-currency = العملة غير معروفة. اكتب رمزها من ثلاثة أحرف، مثل SAR.
value-not-id = هذا ليس معرّف سجل.
value-not-email = اكتب بريدًا إلكترونيًا، مثل name@example.com.
value-not-phone = اكتب رقم هاتف، مع رمز الدولة إن كان من خارجها.
value-not-url = اكتب رابطًا يبدأ بـ https:// أو http:// أو mailto: أو tel:.
value-not-json = النص ليس JSON سليمًا.
value-not-image = الملف ليس صورة.
value-too-deep = البيانات متداخلة أكثر من المسموح ({ $max } مستوى).
value-too-many = عدد العناصر أكبر من المسموح ({ $max }).
value-wrong-type =
    القيمة من نوع آخر. المطلوب: { $type ->
        [text] نص
        [long_text] نص طويل
        [rich_text] نص منسّق
        [code] رمز
        [integer] عدد صحيح
        [decimal] عدد عشري
        [percent] نسبة مئوية
        [money] مبلغ
        [bool] نعم/لا
        [date] تاريخ
        [date_time] تاريخ ووقت
        [duration] مدة
        [choice] خيار
        [multi_choice] خيارات
        [ref] مرجع إلى سجل
        [refs] مراجع إلى سجلات
        [email] بريد إلكتروني
        [phone] هاتف
        [url] رابط
        [address] عنوان
        [name] اسم
        [file] ملف
        [image] صورة
        [json] JSON
        [sequence] رقم متسلسل
        [null] قيمة فارغة
       *[other] { $type }
    }.

## تعبيرات التصفية والقواعد والصيغ
expr-too-long = التعبير أطول من المسموح ({ $max } حرف).
expr-too-deep = التعبير متداخل أكثر من المسموح. قسّمه إلى أجزاء أبسط.
expr-unexpected = «{ $found }» في غير موضعه (الحرف { $at }).
expr-unexpected-end = التعبير غير مكتمل.
expr-unclosed-text = نص بلا علامة إغلاق (بدأ عند الحرف { $at }).
expr-bad-number = العدد { $found } غير مفهوم (الحرف { $at }).
expr-bad-literal = «{ $found }» لا يصلح قيمةً هنا.
expr-unknown-field =
    لا يوجد حقل باسم { $name }. { $suggestion ->
        [none] تحقق من الاسم.
       *[other] هل تقصد { $suggestion }؟
    }
expr-unknown-part = الحقل { $field } ليس له جزء باسم { $name }. أجزاؤه: { $parts }.
expr-unknown-function =
    لا توجد دالة باسم { $name }. { $suggestion ->
        [none] تحقق من الاسم.
       *[other] هل تقصد { $suggestion }؟
    }
expr-unknown-choice =
    «{ $found }» ليس من الخيارات ({ $choices }). { $suggestion ->
        [none] تحقق من الاسم.
       *[other] هل تقصد { $suggestion }؟
    }
expr-argument-count = عدد المعطيات في { $name } غير صحيح: من { $least } إلى { $most }.
expr-argument =
    المعطى رقم { $position } في { $name } نوعه «{ $type ->
        [text] نص
        [long_text] نص طويل
        [rich_text] نص منسّق
        [code] رمز
        [integer] عدد صحيح
        [decimal] عدد عشري
        [percent] نسبة مئوية
        [money] مبلغ
        [bool] نعم/لا
        [date] تاريخ
        [date_time] تاريخ ووقت
        [duration] مدة
        [choice] خيار
        [multi_choice] خيارات
        [ref] مرجع إلى سجل
        [refs] مراجع إلى سجلات
        [email] بريد إلكتروني
        [phone] هاتف
        [url] رابط
        [address] عنوان
        [name] اسم
        [file] ملف
        [image] صورة
        [json] JSON
        [sequence] رقم متسلسل
        [null] قيمة فارغة
       *[other] { $type }
    }» والمطلوب «{ $wanted ->
        [text] نص
        [long_text] نص طويل
        [rich_text] نص منسّق
        [code] رمز
        [integer] عدد صحيح
        [decimal] عدد عشري
        [percent] نسبة مئوية
        [money] مبلغ
        [bool] نعم/لا
        [date] تاريخ
        [date_time] تاريخ ووقت
        [duration] مدة
        [choice] خيار
        [multi_choice] خيارات
        [ref] مرجع إلى سجل
        [refs] مراجع إلى سجلات
        [email] بريد إلكتروني
        [phone] هاتف
        [url] رابط
        [address] عنوان
        [name] اسم
        [file] ملف
        [image] صورة
        [json] JSON
        [sequence] رقم متسلسل
        [null] قيمة فارغة
       *[other] { $wanted }
    }».
expr-types =
    لا يجمع { $operator } بين «{ $left ->
        [text] نص
        [long_text] نص طويل
        [rich_text] نص منسّق
        [code] رمز
        [integer] عدد صحيح
        [decimal] عدد عشري
        [percent] نسبة مئوية
        [money] مبلغ
        [bool] نعم/لا
        [date] تاريخ
        [date_time] تاريخ ووقت
        [duration] مدة
        [choice] خيار
        [multi_choice] خيارات
        [ref] مرجع إلى سجل
        [refs] مراجع إلى سجلات
        [email] بريد إلكتروني
        [phone] هاتف
        [url] رابط
        [address] عنوان
        [name] اسم
        [file] ملف
        [image] صورة
        [json] JSON
        [sequence] رقم متسلسل
        [null] قيمة فارغة
       *[other] { $left }
    }» و«{ $right ->
        [text] نص
        [long_text] نص طويل
        [rich_text] نص منسّق
        [code] رمز
        [integer] عدد صحيح
        [decimal] عدد عشري
        [percent] نسبة مئوية
        [money] مبلغ
        [bool] نعم/لا
        [date] تاريخ
        [date_time] تاريخ ووقت
        [duration] مدة
        [choice] خيار
        [multi_choice] خيارات
        [ref] مرجع إلى سجل
        [refs] مراجع إلى سجلات
        [email] بريد إلكتروني
        [phone] هاتف
        [url] رابط
        [address] عنوان
        [name] اسم
        [file] ملف
        [image] صورة
        [json] JSON
        [sequence] رقم متسلسل
        [null] قيمة فارغة
       *[other] { $right }
    }».
expr-not-condition = «{ $found }» ليس شرطًا يصح أو لا يصح.
expr-not-a-list = { $name } ليس قائمة سجلات.
expr-list-in-path = { $name } قائمة سجلات. استعمل exists({ $name }، …).
expr-not-in-filter = لا يمكن التصفية بـ { $name }. استعمله في حقل محسوب ثم صفِّ بذلك الحقل.

## تصميم الكائنات والحقول
schema-bad-key = الاسم البرمجي { $name } غير مقبول: حروف لاتينية صغيرة وأرقام و _، يبدأ بحرف، ولا يزيد على 48.
schema-no-title = الكائن يحتاج إلى حقل عنوان، و{ $name } غير موجود.
schema-double-field = الحقل { $name } معرّف مرتين.
schema-double-column = العمود { $name } يستعمله حقل آخر.
schema-no-label = الحقل { $name } بلا اسم يراه المستخدم.
schema-unknown-target = الكائن { $name } غير موجود.
schema-bad-expression = تعبير لا يصلح: { $name }
schema-wrong-result = نتيجة التعبير أو الحقل المجمّع لا تناسب نوع الحقل: { $name }
schema-not-own-fields = الحقل المحسوب يُحفظ مع سجله، فلا يقرأ إلا حقول السجل نفسه: { $name }

## أنواع الأخطاء
fault-not-found = لم يُعثر على ما تبحث عنه، أو ليس لديك صلاحية لعرضه.
fault-forbidden = ليس لديك صلاحية لهذا الإجراء.
fault-unauthenticated = سجّل الدخول أولًا.
fault-invalid = بعض القيم تحتاج إلى تصحيح.
fault-conflict = حفظ شخص آخر هذا السجل قبلك.
fault-throttled = محاولات كثيرة. انتظر قليلًا ثم حاول مرة أخرى.
fault-too-large = ما أرسلته أكبر من المسموح.
fault-bad-request = تعذّر فهم الطلب.
fault-unavailable = الخدمة لا تستجيب الآن. حاول بعد قليل.
fault-internal = حدث خطأ غير متوقع. سُجّل لنصلحه.
