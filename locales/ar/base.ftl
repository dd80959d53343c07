### عبارات الوحدة الأساسية: العملاء والجهات، المستخدمون، الفرق.

base-party-assigned = أُسند إلى المسؤول الجديد.
base-consent-stays = الموافقة المسجلة لا تُحذف ولا تُعدَّل. أضف قرارًا جديدًا بدلًا من ذلك.


## Contacts and relationships
base-ends-before = تاريخ النهاية قبل تاريخ البداية. صحّح أحدهما.
base-related-to-itself = لا تُسجَّل علاقة بين العميل ونفسه. اختر طرفًا آخر.
base-related-already = هذه العلاقة مسجلة من الطرف الآخر، ولا حاجة إلى تكرارها.
base-related-loop = هذه العلاقة تغلق حلقة: الطرف الآخر يأتي قبل هذا العميل في السلسلة نفسها.

## Life cycle
base-stage-decided = حُددت المرحلة وسُجل السبب.
base-stage-released = عادت المرحلة إلى القاعدة.
base-stage-until-past = هذا التاريخ مضى. اختر اليوم أو يومًا بعده.
base-rule-saved = حُفظت القاعدة، وتُحسب المراحل من جديد.
base-rule-about = تُحسب مرحلة كل عميل من طلباته وتواصلكم معه، عند كل طلب وكل ليلة. أما ما يقرره موظف بسبب مسجل فيبقى حتى تاريخه.
base-rule-dormant = أيام بلا طلب حتى يُعد خاملًا
base-rule-lost = أيام بلا طلب حتى يُعد مفقودًا
base-rule-loyal = عدد الطلبات ليُعد وفيًّا
base-rule-hold = أيام سريان القرار اليدوي
base-rule-as-of = تُحسب أيام الانقطاع حتى
base-rule-now = اليوم
base-rule-last-order = آخر طلب في المنشأة (لأرشيف لا يُضاف إليه)
base-rule-days = اكتب عدد أيام بين 1 و3650.
base-rule-orders = اكتب عددًا بين 1 و1000.
base-rule-lost-first = يجب أن تزيد أيام الفقد على أيام الخمول.

## Relationships at a glance
base-network-of = علاقات { $name }
base-primary-contact = جهة الاتصال الأولى
base-tree-own = مبيعاتها وحدها
base-tree-all = مبيعاتها مع كل ما يتبعها
base-took-part = المشاركون:
base-next-step = الخطوة التالية:
