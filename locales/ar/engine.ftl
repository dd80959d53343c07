### عبارات المحرك: التحقق والاستيراد والمهام والأتمتة.

## الحفظ والحذف
value-locked = هذا الحقل مقفل في حالة السجل الحالية.
value-read-only = هذا الحقل يُحسب تلقائيًا أو لا تملك صلاحية تعديله.
value-not-an-option = «{ $found }» ليس من خيارات هذا الحقل.
value-not-choice = اختر قيمة من القائمة.
value-no-such-record = السجل المشار إليه غير موجود، أو ليس لديك صلاحية لعرضه.
value-not-unique = توجد قيمة مطابقة في سجل آخر ({ $fields }). لا بد أن تكون فريدة.
forbidden-result = بعد هذا التعديل لن يعود السجل ضمن ما يحق لك تعديله.
delete-in-use = ترتبط به سجلات أخرى ({ $object }: { $count }). انقلها أو احذفها أولًا.
restore-needs-target = استعد أولًا السجل الذي يشير إليه هذا السجل.
action-not-now = الإجراء «{ $action }» غير متاح في حالة السجل الحالية.

## القوائم
sort-not-possible = لا يمكن الترتيب حسب الحقل { $name }.
cursor-not-for-this-list = رابط الصفحة التالية لا يخص هذه القائمة. ابدأ من الصفحة الأولى.

## الملفات
file-too-large = الملف أكبر من المسموح (الحد الأقصى { $max } ميغابايت).
file-empty = الملف فارغ.
file-kind-refused = لا نقبل هذا النوع من الملفات: { $name }
file-not-what-it-says = محتوى الملف { $name } لا يطابق امتداده.
file-exists = الملف { $name } موجود من قبل. اختر اسمًا آخر أو انقل الملف.

## المستخدمون
user-no-such-role = لا يوجد دور بالاسم «{ $name }».
user-last-administrator = لا بد أن يبقى مدير نظام واحد على الأقل.

## الكائنات والحقول الخاصة
schema-would-lose = بهذا التغيير تُفقد بيانات { $name } (عدد السجلات: { $rows }). أكّد أنك تريد حذفها.
custom-object-prefix = مفتاح الكائن الخاص يبدأ بـ c_، مثل c_visit.
custom-field-prefix = مفتاح الحقل الخاص يبدأ بـ x_، مثل x_mood.
custom-not-removable = { $name } جزء من البرنامج ولا يمكن حذفه.
custom-in-use = يشير { $by } إلى { $name }. احذف ذلك الحقل أولًا.

## قاعدة البيانات والنسخ الاحتياطي
database-bad-address = عنوان قاعدة البيانات غير مفهوم. اكتبه هكذا: sqlite://PATH أو postgres://user:password@host/name
database-not-empty = قاعدة البيانات الهدف ليست فارغة (الجدول { $name }). اختر قاعدة فارغة.
not-a-backup = هذا الملف ليس نسخة احتياطية من صلة.
