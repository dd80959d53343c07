### عبارات المحرك: التحقق والاستيراد والمهام والأتمتة.

## الحفظ والحذف
value-locked = هذا الحقل مقفل في حالة السجل الحالية.
value-read-only = هذا الحقل يُحسب تلقائيًا أو لا تملك صلاحية تعديله.
value-by-action = لا تُختار هذه القيمة يدويًا، بل يعطيها إجراء «{ $action }». افتح السجل ونفّذ الإجراء.
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

## الاستيراد والتصدير
export-too-many-rows = ورقة إكسل تتسع لـ { $max } صف. ضيّق القائمة بتصفية، أو صدّر بصيغة CSV.
import-ambiguous = أكثر من سجل يطابق «{ $name }»، فلا يُعرف أيّها المقصود.
import-bad-delimiter = الفاصل بين الخانات حرف واحد، مثل الفاصلة أو الفاصلة المنقوطة.
import-bad-mapping = هذا الجزء من المطابقة غير مفهوم. راجع الدليل ثم صحّحه.
import-column-name = اكتب اسم العمود بين علامتي اقتباس، مثل { $name }("Invoice").
import-date-form = «{ $found }» ليس تاريخًا بالصيغة { $format }.
import-empty = لا بيانات في الملف. يلزم سطر للعناوين وتحته سطر واحد على الأقل.
import-error-line = السطر في الملف
import-error-reason = السبب
import-exists = السجل «{ $name }» موجود، وهذا الاستيراد يضيف سجلات جديدة فقط.
import-file-too-large = حجم الملف { $size } ميغابايت، والحد الأعلى { $max }. قسّمه إلى ملفات أصغر.
import-key-blank = الخانة التي يُعرف بها السجل فارغة.
import-key-is-part = لا يُعرف السجل بجزء من { $name }. اختر حقلًا كاملًا.
import-key-needs-column = اختر العمود الذي يُعرف به السجل.
import-key-not-mapped = لا عمود يقابل { $name }، وهو الحقل الذي تُعرف به السجلات.
import-needs-key = اختر ما يُعرف به السجل: { $name }.
import-no-field-here = { $name } ليس عمودًا. اقرأ الأعمدة هكذا: col("الاسم") أو num("المبلغ") أو moment("التاريخ").
import-not-a-table = الملف ليس جدولًا نصيًا. احفظه بصيغة CSV أو Excel ثم أعد رفعه.
import-not-a-workbook = تعذّرت قراءة المصنّف. افتحه في إكسل واحفظه من جديد، أو احفظه بصيغة CSV.
import-not-found = لا يوجد سجل باسم «{ $name }»، أو ليس لك أن تراه.
import-not-now = لا يمكن ذلك في الحالة الحالية للاستيراد.
import-not-possible = لا تُستورد هذه السجلات من الملفات.
import-not-writable = الحقل { $name } يُحسب تلقائيًا، أو ليس لك أن تغيّره.
import-nothing-mapped = اختر حقلًا لعمود واحد على الأقل.
import-one-source = لكل حقل مصدر واحد: عمود أو معادلة أو قيمة ثابتة.
import-open-quote = علامة اقتباس مفتوحة لا تُغلق، فابتلعت ما بعدها من أسطر.
import-other-object = المطابقة كُتبت لنوع آخر من السجلات.
import-ragged = في هذا السطر { $found } من الخانات، والعناوين { $expected }.
import-right-lost = من بدأ هذا الاستيراد لم يعد له حق الاستيراد.
import-target-twice = أكثر من عمود يذهب إلى { $name }. اختر واحدًا.
import-workbook-too-large = المصنّف أكبر من أن يُقرأ دفعة واحدة. احذف الصفوف والأعمدة البعيدة الفارغة، أو احفظه بصيغة CSV، أو قسّمه إلى ملفات.
import-too-many-columns = في الملف أعمدة أكثر مما يُقبل (الحد الأعلى { $max }).
import-undo-changed = غُيّر السجل بعد الاستيراد، فبقي كما هو.
import-undo-gone = السجل لم يعد موجودًا، أو ليس لك أن تراه.
import-undo-refused = ليس لك أن تتراجع عن هذا التغيير.
import-unknown-column = لا عمود باسم «{ $name }» في الملف.
import-unknown-encoding = الترميز «{ $name }» غير معروف. جرّب utf-8 أو windows-1256.
import-unknown-sheet = لا ورقة باسم «{ $name }» في المصنّف.
import-unknown-target = لا حقل باسم { $name }، أو ليس لك أن تراه.
import-unknown-zone = المنطقة الزمنية «{ $name }» غير معروفة. اكتبها مثل Asia/Riyadh.
import-unused-reference = لا عمود يذهب إلى سجل عبر { $name }.
import-value-does-not-fit = نتيجة المعادلة لا تناسب حقلًا من نوع { $type }.

## الأدوار
role-of-module = الدور «{ $name }» من أدوار البرنامج ولا يُعدَّل. أنشئ دورًا جديدًا.
role-in-use = ما زال مستخدمون يحملون هذا الدور (عددهم: { $count }). اسحبه منهم أولًا.
role-all-objects-plain = المنحة على كل الكائنات (*) لا تقبل تعبيرًا للسجلات ولا حجبًا للحقول. اذكر الكائن باسمه.
role-no-such-scope = ليس للكائن { $object } نطاق باسم { $name }.
role-without-owner = الكائن { $name } ليس له مسؤول، فلا يصلح له «سجلاتي» ولا «فريقي».

tree-own-parent = لا يكون السجل فوق نفسه. اختر سجلًا آخر.
tree-loop = هذا الاختيار يجعل السجل تابعًا لما هو تابع له. اختر سجلًا ليس من فروعه.
part-two-primary = اخترت أكثر من واحد أساسيًا. اترك واحدًا فقط.
