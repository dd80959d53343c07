//! Planned work: a task, a call, a meeting, a visit; with people, places, reminders, and what came of it.

use kernel::jiff::Timestamp;
use kernel::jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{FileRef, Object};

#[derive(Debug, Object)]
#[object(
    key = "activity",
    module = "activity",
    ar = "نشاط",
    en = "Activity",
    ar_plural = "الأنشطة والمواعيد",
    en_plural = "Activities",
    icon = "calendar-days",
    title = "subject",
    stage = "status",
    calendar = "at",
    owner = "owner",
    sort = "-at",
    without(Import),
    visible = "privacy != \"private\" || owner == me() || has(colleagues, me())"
)]
pub struct Activity {
    pub id: Uuid,
    pub rev: i64,
    #[field(ar = "الموضوع", en = "Subject", search = "title", max = 300)]
    pub subject: String,
    #[field(
        ar = "النوع",
        en = "Kind",
        choices(
            ("task", "مهمة", "Task"),
            ("call", "مكالمة", "Call", "info"),
            ("meeting", "اجتماع", "Meeting", "accent"),
            ("visit", "زيارة", "Visit", "good"),
            ("event", "موعد آخر", "Other appointment")
        ),
        default = "\"task\"",
        indexed,
        list
    )]
    pub kind: String,
    #[field(
        ar = "الحالة",
        en = "Status",
        choices(("planned", "مخطط", "Planned", "info"), ("done", "منجز", "Done", "good"), ("cancelled", "ملغى", "Cancelled", "bad")),
        default = "\"planned\"",
        list
    )]
    pub status: String,
    #[field(
        ar = "الأولوية",
        en = "Priority",
        choices(("high", "عالية", "High", "bad"), ("normal", "عادية", "Normal"), ("low", "منخفضة", "Low")),
        default = "\"normal\""
    )]
    pub priority: String,
    #[field(
        ar = "العميل",
        en = "Customer",
        to = "party",
        timeline,
        reverse(key = "activities", ar = "الأنشطة والمواعيد", en = "Activities"),
        list
    )]
    pub party: Option<Uuid>,
    /// `order/0198…`: the record it is about, of any object.
    #[field(
        ar = "بخصوص",
        en = "Regarding",
        kind = code,
        indexed,
        help(ar = "عنوان السجل كما يظهر في المتصفح، مثل order/… أو رابطه كاملًا.", en = "The address of a record as the browser shows it, such as order/…, or its whole link.")
    )]
    pub regarding: Option<String>,
    #[field(
        ar = "المسؤول",
        en = "Owner",
        to = "user",
        reverse(key = "activities", ar = "الأنشطة والمواعيد", en = "Activities"),
        default = "me()",
        list
    )]
    pub owner: Option<Uuid>,
    #[field(ar = "ملاحظات", en = "Notes", kind = long_text, search = "body")]
    pub notes: Option<String>,

    #[field(
        ar = "البداية",
        en = "Begins",
        section(ar = "الوقت", en = "Time"),
        indexed,
        list,
        help(ar = "للمهمة: موعد استحقاقها.", en = "For a task: when it is due.")
    )]
    pub at: Option<Timestamp>,
    #[field(
        ar = "النهاية",
        en = "Ends",
        section(ar = "الوقت", en = "Time"),
        help(ar = "إن تُركت فارغة: ساعة للاجتماع والزيارة، ونصف ساعة للمكالمة.", en = "If left empty: an hour for meetings and visits, half an hour for calls.")
    )]
    pub ends: Option<Timestamp>,
    #[field(ar = "طوال اليوم", en = "All day", section(ar = "الوقت", en = "Time"))]
    pub all_day: bool,
    #[field(
        ar = "المنطقة الزمنية",
        en = "Time zone",
        kind = code,
        section(ar = "الوقت", en = "Time"),
        help(ar = "مثل Africa/Cairo؛ إن تُركت فارغة فمنطقتك الزمنية. يثبت الوقت المحلي عند تغيير الساعة.", en = "Such as Africa/Cairo; yours if left empty. Local time stays when the clocks change.")
    )]
    pub zone: Option<String>,
    #[field(
        ar = "التكرار",
        en = "Repeats",
        section(ar = "الوقت", en = "Time"),
        choices(
            ("daily", "كل يوم", "Every day"),
            ("workdays", "كل يوم عمل", "Every working day"),
            ("weekly", "كل أسبوع", "Every week"),
            ("fortnightly", "كل أسبوعين", "Every two weeks"),
            ("monthly", "كل شهر ميلادي", "Every month"),
            ("yearly", "كل سنة ميلادية", "Every year"),
            ("hijri_monthly", "كل شهر هجري", "Every Hijri month"),
            ("hijri_yearly", "كل سنة هجرية", "Every Hijri year"),
            ("custom", "قاعدة أخرى", "Another rule")
        )
    )]
    pub repeat: Option<String>,
    #[field(ar = "يتكرر حتى", en = "Repeats until", section(ar = "الوقت", en = "Time"), when = "repeat != null && repeat != \"custom\"")]
    pub repeat_until: Option<Date>,
    #[field(
        ar = "قاعدة التكرار",
        en = "Rule of repetition",
        kind = code,
        max = 500,
        section(ar = "الوقت", en = "Time"),
        when = "repeat == \"custom\"",
        help(ar = "بصيغة RFC 5545، مثل FREQ=MONTHLY;BYDAY=-1TH", en = "As in RFC 5545, such as FREQ=MONTHLY;BYDAY=-1TH")
    )]
    pub rule: Option<String>,
    #[field(
        ar = "التذكير قبل الموعد",
        en = "Remind before",
        section(ar = "الوقت", en = "Time"),
        choices(
            ("0", "عند الموعد", "At the time"),
            ("5", "٥ دقائق", "5 minutes"),
            ("15", "ربع ساعة", "15 minutes"),
            ("30", "نصف ساعة", "30 minutes"),
            ("60", "ساعة", "1 hour"),
            ("120", "ساعتان", "2 hours"),
            ("1440", "يوم", "1 day"),
            ("2880", "يومان", "2 days"),
            ("10080", "أسبوع", "1 week")
        )
    )]
    pub reminders: Vec<String>,

    #[field(ar = "المكان", en = "Place", section(ar = "المكان والمشاركون", en = "Place and people"), max = 300, search = "body")]
    pub place: Option<String>,
    #[field(ar = "رابط الاجتماع المرئي", en = "Video link", kind = url, section(ar = "المكان والمشاركون", en = "Place and people"))]
    pub link: Option<String>,
    #[field(ar = "الزملاء", en = "Colleagues", to = "user", section(ar = "المكان والمشاركون", en = "Place and people"))]
    pub colleagues: Vec<Uuid>,
    #[field(ar = "من طرف العملاء", en = "Contacts", to = "party", section(ar = "المكان والمشاركون", en = "Place and people"))]
    pub contacts: Vec<Uuid>,
    #[field(
        ar = "ضيوف بالبريد الإلكتروني",
        en = "Guests by e-mail",
        kind = long_text,
        section(ar = "المكان والمشاركون", en = "Place and people"),
        help(ar = "عنوان في كل سطر.", en = "One address on each line.")
    )]
    pub guests: Option<String>,
    #[field(
        ar = "القاعات والموارد",
        en = "Rooms and resources",
        to = "resource",
        section(ar = "المكان والمشاركون", en = "Place and people"),
        help(ar = "لا يُحجز المورد مرتين في وقت واحد.", en = "Nothing is booked twice for the same time.")
    )]
    pub resources: Vec<Uuid>,
    #[field(
        ar = "الخصوصية",
        en = "Privacy",
        section(ar = "المكان والمشاركون", en = "Place and people"),
        choices(("shared", "مشترك", "Shared"), ("private", "خاص", "Private", "warn")),
        default = "\"shared\"",
        help(
            ar = "الخاص لا يراه سوى المسؤول والزملاء المشاركين؛ ويظهر لغيرهم «مشغول» دون تفاصيل.",
            en = "What is private only the owner and the colleagues taking part see; to others it says busy and nothing else."
        )
    )]
    pub privacy: String,

    #[field(
        ar = "النتيجة",
        en = "Outcome",
        section(ar = "ما تم", en = "What came of it"),
        choices(
            ("reached", "تم التواصل", "Reached", "good")
        ),
        readonly
    )]
    pub outcome: Option<String>,
    #[field(ar = "أُنجز في", en = "Done at", section(ar = "ما تم", en = "What came of it"), readonly)]
    pub done_at: Option<Timestamp>,
    #[field(
        ar = "في سجل التواصل",
        en = "In the log",
        to = "interaction",
        section(ar = "ما تم", en = "What came of it"),
        reverse(key = "planned_as", ar = "خُطط له في", en = "Planned as"),
        readonly
    )]
    pub interaction: Option<Uuid>,
    /// The series of which this is one changed, done or cancelled occurrence.
    #[field(
        ar = "من سلسلة",
        en = "Of the series",
        to = "activity",
        section(ar = "ما تم", en = "What came of it"),
        reverse(key = "exceptions", ar = "مواعيد تختلف عن السلسلة", en = "Occurrences that differ"),
        readonly,
        cascade
    )]
    pub series: Option<Uuid>,
    #[field(ar = "بدل موعد", en = "Instead of", section(ar = "ما تم", en = "What came of it"), readonly)]
    pub occurrence: Option<Timestamp>,
    /// The end of the last occurrence, far away where there is always another one: what a window is searched by.
    #[field(ar = "ينتهي آخر موعد", en = "Last one ends", section(ar = "ما تم", en = "What came of it"), readonly)]
    pub last: Option<Timestamp>,
    /// The same, where it recurs or lasts long ([`crate::window::SHORT`]); a short one is found by where it begins.
    #[field(ar = "يمتد إلى", en = "Reaches to", section(ar = "ما تم", en = "What came of it"), readonly, indexed)]
    pub far: Option<Timestamp>,
}

/// Something that can be booked: a room, a car, a projector.
#[derive(Debug, Object)]
#[object(
    key = "resource",
    module = "activity",
    ar = "قاعة أو مورد",
    en = "Resource",
    ar_plural = "القاعات والموارد",
    en_plural = "Rooms and resources",
    icon = "store",
    sort = "name",
    without(Menu, Comments)
)]
pub struct Resource {
    pub id: Uuid,
    pub rev: i64,
    #[field(ar = "الاسم", en = "Name", search = "title")]
    pub name: kernel::Name,
    #[field(
        ar = "النوع",
        en = "Kind",
        choices(("room", "قاعة", "Room", "info"), ("car", "سيارة", "Car", "accent"), ("equipment", "جهاز", "Equipment"), ("other", "غير ذلك", "Other")),
        default = "\"room\"",
        list
    )]
    pub kind: String,
    #[field(ar = "السعة", en = "Seats", list)]
    pub capacity: Option<i64>,
    #[field(ar = "المكان", en = "Place", list)]
    pub place: Option<String>,
    #[field(ar = "متاح للحجز", en = "Can be booked", default = "true", list)]
    pub active: bool,
    #[field(ar = "ملاحظات", en = "Notes", kind = long_text)]
    pub note: Option<String>,
    #[field(ar = "الصورة", en = "Picture", kind = image)]
    pub photo: Option<FileRef>,
}

/// Somebody who is to take part, and what he has said to it. Kept up from the activity; only the answer is changed.
#[derive(Debug, Object)]
#[object(
    key = "attendee",
    module = "activity",
    ar = "مدعو",
    en = "Attendee",
    ar_plural = "المدعوون",
    en_plural = "Attendees",
    icon = "users",
    owner = "activity.owner",
    title = "name",
    sort = "name",
    without(Menu, Import, Export, Comments, Files, Timeline, Search, Trash),
    visible = "activity.privacy != \"private\" || activity.owner == me() || has(activity.colleagues, me())"
)]
pub struct Attendee {
    pub id: Uuid,
    pub rev: i64,
    #[field(
        ar = "النشاط",
        en = "Activity",
        to = "activity",
        cascade,
        required,
        readonly,
        reverse(key = "attendees", ar = "المدعوون", en = "Attendees"),
        list
    )]
    pub activity: Option<Uuid>,
    #[field(ar = "الاسم", en = "Name", readonly)]
    pub name: String,
    #[field(ar = "البريد الإلكتروني", en = "E-mail", kind = email, personal, readonly, indexed, list)]
    pub email: Option<String>,
    #[field(ar = "زميل", en = "Colleague", to = "user", readonly, reverse(key = "invitations", ar = "الدعوات", en = "Invitations"))]
    pub user: Option<Uuid>,
    #[field(ar = "من العملاء", en = "Contact", to = "party", readonly, reverse(key = "invitations", ar = "الدعوات", en = "Invitations"))]
    pub party: Option<Uuid>,
    #[field(
        ar = "الرد",
        en = "Answer",
        choices(
            ("waiting", "لم يرد بعد", "No answer yet"),
            ("accepted", "قَبِل", "Accepted", "good"),
            ("tentative", "مبدئيًا", "Tentative", "warn"),
            ("declined", "اعتذر", "Declined", "bad")
        ),
        default = "\"waiting\"",
        readonly,
        list
    )]
    pub state: String,
    #[field(ar = "ردّ في", en = "Answered", readonly, list)]
    pub answered_at: Option<Timestamp>,
    #[field(ar = "دُعي في", en = "Invited", readonly, list)]
    pub invited_at: Option<Timestamp>,
    #[field(ar = "كلمة مع الرد", en = "Word with the answer", readonly, max = 500)]
    pub comment: Option<String>,
}

/// One line of a task's list.
#[derive(Debug, Object)]
#[object(
    key = "step",
    module = "activity",
    ar = "خطوة",
    en = "Step",
    ar_plural = "قائمة الخطوات",
    en_plural = "Checklist",
    icon = "square-check",
    owner = "activity.owner",
    title = "name",
    sort = "position",
    without(Menu, Import, Export, Comments, Files, Timeline, Search, Trash),
    visible = "activity.privacy != \"private\" || activity.owner == me() || has(activity.colleagues, me())"
)]
pub struct Step {
    pub id: Uuid,
    pub rev: i64,
    #[field(ar = "النشاط", en = "Activity", to = "activity", cascade, required, reverse(key = "steps", ar = "قائمة الخطوات", en = "Checklist"))]
    pub activity: Option<Uuid>,
    #[field(ar = "الخطوة", en = "Step", max = 300)]
    pub name: String,
    #[field(ar = "تمت", en = "Done", list)]
    pub done: bool,
    #[field(ar = "الترتيب", en = "Position")]
    pub position: Option<i64>,
}

/// A day on which offices are closed.
#[derive(Debug, Object)]
#[object(
    key = "holiday",
    module = "activity",
    ar = "عطلة رسمية",
    en = "Public holiday",
    ar_plural = "العطل الرسمية",
    en_plural = "Public holidays",
    icon = "sun",
    calendar = "day",
    title = "name",
    sort = "day",
    without(Menu, Comments, Files, Timeline)
)]
pub struct Holiday {
    pub id: Uuid,
    pub rev: i64,
    #[field(ar = "الاسم", en = "Name", search = "title")]
    pub name: kernel::Name,
    #[field(ar = "اليوم", en = "Day", list, indexed)]
    pub day: Date,
    #[field(ar = "عدد الأيام", en = "Days", default = "1", list)]
    pub days: i64,
    /// ISO 3166-1 alpha-2, or empty for everybody.
    #[field(ar = "الدولة", en = "Country", kind = code, list, indexed, help(ar = "رمز من حرفين مثل SA؛ فارغ: للجميع.", en = "Two letters such as SA; empty: for everybody."))]
    pub country: Option<String>,
    #[field(
        ar = "بحسب رؤية الهلال",
        en = "By sight of the moon",
        list,
        help(ar = "قد يتقدم يومًا أو يتأخر؛ صحّحه هنا متى أُعلن.", en = "May move by a day; put it right here once it is announced.")
    )]
    pub moon: bool,
}

/// An address from which a calendar can be read without signing in, as long as it is not revoked.
#[derive(Debug, Object)]
#[object(
    key = "feed",
    module = "activity",
    ar = "رابط تقويم",
    en = "Calendar feed",
    ar_plural = "روابط التقويم",
    en_plural = "Calendar feeds",
    icon = "link",
    owner = "owner",
    title = "name",
    sort = "-created_at",
    without(Menu, Import, Export, Comments, Files, Timeline, Search, Events),
    visible = "owner == me()"
)]
pub struct Feed {
    pub id: Uuid,
    pub rev: i64,
    #[field(ar = "الاسم", en = "Name")]
    pub name: String,
    #[field(ar = "صاحبه", en = "Owner", to = "user", readonly, required)]
    pub owner: Option<Uuid>,
    /// None: the owner's own calendar.
    #[field(ar = "تقويم الفريق", en = "Team", to = "team", readonly)]
    pub team: Option<Uuid>,
    /// SHA-256 of the secret in the address.
    #[field(ar = "بصمة السر", en = "Fingerprint", kind = code, readonly, indexed)]
    pub fingerprint: String,
    #[field(ar = "آخر قراءة", en = "Last read", readonly)]
    pub used_at: Option<Timestamp>,
}

/// The objects of the module. Outcomes are those of the log of contacts.
pub fn objects() -> Vec<Object> {
    use kernel::object::Declared;
    let mut activity = Activity::object();
    if let Some(f) = activity.fields.iter_mut().find(|f| f.key == "outcome") {
        f.kind = kernel::Kind::Choice { options: base::outcomes() };
    }
    vec![activity, Attendee::object(), Step::object(), Resource::object(), Holiday::object(), Feed::object()]
}
