### عبارات عامة تستعملها كل الأجزاء: أزرار وحالات ورسائل خطأ. الاسم نفسه في ar و en.

## أزرار
save = حفظ
save-and-new = حفظ وإضافة آخر
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
print = طباعة
download = تنزيل
upload = رفع ملف
copy = نسخ
merge = دمج
archive = أرشفة
confirm = تأكيد
retry = إعادة المحاولة
undo = تراجع
refresh = تحديث
settings = الإعدادات
more = المزيد
select-all = تحديد الكل
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
optional = اختياري
empty-value = —

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
selected-count =
    { $count ->
        [zero] لم يُحدَّد شيء
        [one] حُدِّد سجل واحد
        [two] حُدِّد سجلان
        [few] حُدِّدت { $count } سجلات
        [many] حُدِّد { $count } سجلًا
       *[other] حُدِّد { $count } سجل
    }
result-count =
    { $count ->
        [zero] لا نتائج
        [one] نتيجة واحدة
        [two] نتيجتان
        [few] { $count } نتائج
        [many] { $count } نتيجة
       *[other] { $count } نتيجة
    }
no-results = لا توجد نتائج
loading = جارٍ التحميل…
saved = تم الحفظ
deleted = تم الحذف

## أخطاء القيم
error-required = هذا الحقل مطلوب.
error-number = اكتب رقمًا صحيحًا.
error-decimals = عدد المنازل العشرية أكثر من المسموح.
error-too-large = القيمة أكبر من الحد المسموح.
error-date = اكتب تاريخًا صحيحًا، مثل 31/12/2026.
error-phone = اكتب رقم هاتف صحيحًا مع رمز الدولة عند الحاجة.
error-email = اكتب بريدًا إلكترونيًا صحيحًا.
error-currency = العملة المكتوبة ليست عملة هذا الحقل.
error-too-long =
    { $count ->
        [zero] النص أطول من المسموح.
        [one] النص أطول من المسموح (حرف واحد على الأكثر).
        [two] النص أطول من المسموح (حرفان على الأكثر).
        [few] النص أطول من المسموح ({ $count } أحرف على الأكثر).
        [many] النص أطول من المسموح ({ $count } حرفًا على الأكثر).
       *[other] النص أطول من المسموح ({ $count } حرف على الأكثر).
    }

## أخطاء عامة
error-not-found = لم يُعثر على ما تبحث عنه، أو ليس لديك صلاحية لعرضه.
error-forbidden = ليس لديك صلاحية لهذا الإجراء.
error-conflict = عدّل شخص آخر هذا السجل قبلك. راجع التغييرات ثم احفظ مرة أخرى.
error-internal = حدث خطأ غير متوقع. حاول مرة أخرى.
