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
