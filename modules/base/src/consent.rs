//! The ledger of consents: what a person has allowed, refused or withdrawn, for which purpose, on which channel, with proof.
//!
//! A `consent` is a fact and never changes. What holds now is derived from the facts into one `permission` for each
//! party × purpose × channel, in the same transaction. Whoever sends marketing asks [`may_contact`] (or the expression
//! `may_contact("email", "newsletter")`): nothing on record means no.

use engine::{Company, Cx, Draft, JobCx};
use futures::future::BoxFuture;
use kernel::jiff::{Timestamp, ToSpan, tz::TimeZone};
use kernel::uuid::Uuid;
use kernel::{Capability, Cell, Choice, ColumnType, Fault, Field, Issue, Kind, Object, Outcome, Record, Tone, Value, label};
use std::collections::BTreeSet;
use store::Conn;

/// The job that ends consents whose time is over.
pub const EXPIRE: &str = "base.consents-expire";

fn states() -> Vec<Choice> {
    [
        ("given", label("موافق", "Given"), Tone::Good),
        ("refused", label("مرفوضة", "Refused"), Tone::Bad),
        ("withdrawn", label("مسحوبة", "Withdrawn"), Tone::Bad),
        ("pending", label("بانتظار التأكيد", "Waits for confirmation"), Tone::Warn),
        ("expired", label("منتهية", "Expired"), Tone::Neutral),
    ]
    .into_iter()
    .map(|(key, l, tone)| Choice::new(key, l, tone))
    .collect()
}

fn sources() -> Vec<Choice> {
    crate::purpose::neutral(&[
        ("form", label("نموذج", "Form")),
        ("preferences", label("صفحة التفضيلات", "Preference page")),
        ("one_click", label("إلغاء بنقرة", "One-click unsubscribe")),
        ("import", label("استيراد", "Import")),
        ("call", label("مكالمة", "Call")),
        ("mail", label("بريد", "Mail")),
        ("visit", label("حضوريًا", "In person")),
        ("api", label("برنامج", "Program")),
        ("system", label("النظام", "System")),
    ])
}

/// The facts.
pub fn object() -> Object {
    // Facts are added, never changed.
    let fact = |key: &str, kind, l| Field::new(key, kind, l).lock("rev > 0");
    let proof = label("الإثبات", "Proof");
    Object::new("consent", "base", label("موافقة", "Consent"), label("سجل الموافقات", "Consents"))
        .icon("shield")
        .title("number")
        .happened("at")
        .owner("party.owner")
        .sort("-at")
        .without(&[Capability::Menu, Capability::Comments, Capability::Search])
        .field(Field::new("number", Kind::Sequence { prefix: "CN-".into(), pad: 6, gap_free: true }, label("الرقم", "Number")))
        .field(
            fact("party", Kind::to("party"), label("العميل", "Customer"))
                .timeline()
                .cascade()
                .reverse("consents", label("سجل الموافقات", "Consents"))
                .list(),
        )
        .field(fact("purpose", Kind::to("purpose"), label("الغرض", "Purpose")).required().reverse("consents", label("سجل الموافقات", "Consents")).list())
        .field(fact("channel", Kind::Choice { options: crate::purpose::channels() }, label("القناة", "Channel")).required().list())
        .field(fact("state", Kind::Choice { options: states() }, label("القرار", "Decision")).required().default_expr("\"given\"").list())
        .field(fact("at", Kind::DateTime, label("الوقت", "When")).required().default_expr("now()").list())
        .field(fact("until", Kind::DateTime, label("تسري حتى", "In force until")))
        .field(fact("basis", Kind::Choice { options: crate::purpose::bases() }, label("الأساس النظامي", "Legal basis")).required().default_expr("\"consent\""))
        .field(fact("source", Kind::Choice { options: sources() }, label("المصدر", "Source")).required().default_expr("\"form\"").list())
        .field(fact("address", Kind::Text { max: 254 }, label("العنوان أو الرقم", "Address or number")).section(proof.clone()).personal())
        .field(fact("text_shown", Kind::LongText, label("النص الذي عُرض", "Text that was shown")).section(proof.clone()))
        .field(fact("text_version", Kind::Code { max: 40 }, label("إصدار النص", "Version of the text")).section(proof.clone()))
        .field(fact("ip", Kind::Code { max: 64 }, label("عنوان الجهاز", "Address of the device")).section(proof.clone()).personal())
        .field(fact("agent", Kind::Text { max: 300 }, label("المتصفح", "Browser")).section(proof.clone()).personal())
        .field(fact("evidence", Kind::File, label("مستند", "Document")).section(proof.clone()))
        .field(fact("note", Kind::LongText, label("ملاحظات", "Notes")).section(proof))
}

/// A consent is somebody's: a customer's, or that of whoever a module after this one adds a reference to on whose time
/// line it stands (a lead).
pub fn prepare<'a>(cx: &'a mut Cx, _: Option<&'a Record>, fact: &'a mut Record) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let object = cx.object("consent")?;
        let somebodys = object.fields.iter().any(|f| f.timeline && !fact.get(&f.key).is_null());
        if somebodys { Ok(()) } else { Err(Fault::invalid("party", "value-required")) }
    })
}

/// What holds now.
pub fn permission() -> Object {
    Object::new("permission", "base", label("إذن تواصل", "Permission"), label("أذونات التواصل", "Permissions"))
        .icon("shield")
        .title("label")
        .owner("party.owner")
        .sort("-since")
        .without(&[
            Capability::Menu,
            Capability::Audit,
            Capability::Search,
            Capability::Import,
            Capability::Timeline,
            Capability::Comments,
            Capability::Files,
            Capability::Trash,
            Capability::Events,
        ])
        .unique_together(&["party", "purpose", "channel"])
        .field(Field::new("label", Kind::Code { max: 120 }, label("الإذن", "Permission")).readonly())
        .field(
            Field::new("party", Kind::to("party"), label("العميل", "Customer"))
                .readonly()
                .cascade()
                .reverse("permissions", label("أذونات التواصل", "Permissions"))
                .list(),
        )
        .field(Field::new("purpose", Kind::to("purpose"), label("الغرض", "Purpose")).readonly().reverse("permissions", label("أذونات التواصل", "Permissions")).list())
        .field(Field::new("channel", Kind::Choice { options: crate::purpose::channels() }, label("القناة", "Channel")).readonly().list())
        .field(Field::new("state", Kind::Choice { options: states() }, label("القرار", "Decision")).readonly().list())
        .field(Field::new("since", Kind::DateTime, label("منذ", "Since")).readonly().list())
        .field(Field::new("until", Kind::DateTime, label("حتى", "Until")).readonly().indexed().list())
        .field(Field::new("fact", Kind::to("consent"), label("السند", "Fact")).readonly().cascade().reverse("permissions", label("أذونات التواصل", "Permissions")))
}

/// Whether the party may be contacted on the channel for the purpose (its code), now. Nothing on record: no.
///
/// # Errors
/// The database.
pub async fn may_contact(conn: &mut Conn, now: Timestamp, party: Uuid, channel: &str, purpose: &str) -> Outcome<bool> {
    let mut sql = conn.sql();
    sql.push("SELECT 1 FROM permission s JOIN purpose p ON p.id = s.purpose WHERE s.deleted_at IS NULL AND p.deleted_at IS NULL");
    sql.push(" AND s.state = 'given' AND (s.until IS NULL OR s.until > ").bind(now).push(") AND s.channel = ").bind(channel);
    sql.push(" AND p.code = ").bind(purpose).push(" AND s.party = ").bind(party).push(" LIMIT 1");
    Ok(conn.int(&sql).await?.is_some())
}

/// Keeps the permissions true to the facts.
pub fn derive<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let mut touched = BTreeSet::new();
        for (_, after) in changes {
            let Some(fact) = after else {
                return Err(Fault::issue(Issue::new("", "base-consent-stays")));
            };
            if let (Some(party), Some(purpose), Some(channel)) = (fact.get("party").id(), fact.get("purpose").id(), fact.get("channel").text()) {
                touched.insert((party, purpose, channel.to_owned()));
            }
        }
        // The permissions are the company's own bookkeeping: whoever may add a fact need not have rights on them.
        let system = cx.company.system();
        let me = std::mem::replace(&mut cx.actor, system);
        let done = renew(cx, touched).await;
        cx.actor = me;
        done
    })
}

async fn renew(cx: &mut Cx, touched: BTreeSet<(Uuid, Uuid, String)>) -> Outcome<()> {
    for (party, purpose, channel) in touched {
        let mut sql = cx.tx.sql();
        sql.push("SELECT c.id, c.state, c.at, c.until, p.months, p.code FROM consent c JOIN purpose p ON p.id = c.purpose");
        sql.push(" WHERE c.deleted_at IS NULL AND c.party = ").bind(party).push(" AND c.purpose = ").bind(purpose);
        sql.push(" AND c.channel = ").bind(channel.as_str()).push(" ORDER BY c.at DESC, c.id DESC LIMIT 1");
        let types = [ColumnType::Id, ColumnType::Text, ColumnType::Int, ColumnType::Int, ColumnType::Int, ColumnType::Text];
        let Some(row) = cx.tx.row(&sql, &types).await? else { continue };
        let moment = |i: usize| row.get(i).and_then(Cell::int).and_then(|t| Timestamp::from_microsecond(t).ok());
        let since = moment(2).unwrap_or(cx.now);
        let until = moment(3).or_else(|| after_months(since, row.get(4)?.int()?));
        let code = row.get(5).and_then(Cell::text).unwrap_or_default();
        let mut sql = cx.tx.sql();
        sql.push("SELECT id FROM permission WHERE deleted_at IS NULL AND party = ").bind(party).push(" AND purpose = ").bind(purpose);
        sql.push(" AND channel = ").bind(channel.as_str());
        let known = cx.tx.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id));
        let draft = Draft { id: known, ..Draft::new() }
            .trusted()
            .set("label", format!("{code} · {channel}"))
            .set("party", party)
            .set("purpose", purpose)
            .set("channel", channel.as_str())
            .set("state", row.get(1).and_then(Cell::text).unwrap_or("refused"))
            .set("since", since)
            .set("until", until)
            .set("fact", row.first().and_then(Cell::id));
        cx.save("permission", draft).await?;
    }
    Ok(())
}

fn after_months(since: Timestamp, months: i64) -> Option<Timestamp> {
    (months > 0).then(|| since.to_zoned(TimeZone::UTC).checked_add(months.months()).ok()).flatten().map(|z| z.timestamp())
}

/// One decision of a person.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    pub party: Uuid,
    /// The purpose's id.
    pub purpose: Uuid,
    pub channel: String,
    /// `given`, `refused`, `withdrawn`, `pending`
    pub state: String,
    pub source: String,
    pub address: String,
    pub text_shown: String,
    pub text_version: String,
    pub ip: String,
    pub agent: String,
}

/// Writes a decision down, unless the same one holds already. The actor needs the right to add consents.
///
/// # Errors
/// Those of saving.
pub async fn record(cx: &mut Cx, d: Decision) -> Outcome<bool> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT state FROM permission WHERE deleted_at IS NULL AND party = ").bind(d.party).push(" AND purpose = ").bind(d.purpose);
    sql.push(" AND channel = ").bind(d.channel.as_str()).push(" AND (until IS NULL OR until > ").bind(cx.now).push(")");
    if cx.tx.text(&sql).await?.as_deref() == Some(d.state.as_str()) {
        return Ok(false);
    }
    let cut = |t: String, most: usize| -> Value { if t.is_empty() { Value::Null } else { t.chars().take(most).collect::<String>().into() } };
    let draft = Draft::new()
        .set("party", d.party)
        .set("purpose", d.purpose)
        .set("channel", d.channel)
        .set("state", d.state)
        .set("source", d.source)
        .set("at", cx.now)
        .set("address", cut(d.address, 254))
        .set("text_shown", cut(d.text_shown, 20_000))
        .set("text_version", cut(d.text_version, 40))
        .set("ip", cut(d.ip, 64))
        .set("agent", cut(d.agent, 300));
    cx.save("consent", draft).await?;
    Ok(true)
}

/// Ends the consents whose time is over, with a fact that says so; how many.
///
/// # Errors
/// The database.
pub async fn expire(company: &Company) -> Outcome<usize> {
    let mut ended = 0;
    loop {
        let mut cx = company.write(&company.system()).await?;
        let mut sql = cx.tx.sql();
        sql.push("SELECT party, purpose, channel FROM permission WHERE deleted_at IS NULL AND state = 'given' AND until <= ").bind(cx.now);
        sql.push(" ORDER BY until LIMIT 200");
        let rows = cx.tx.rows(&sql, &[ColumnType::Id, ColumnType::Id, ColumnType::Text]).await?;
        let n = rows.len();
        let now = cx.now;
        let drafts = rows.iter().filter_map(|r| {
            let draft = Draft::new().set("party", r.first()?.id()?).set("purpose", r.get(1)?.id()?).set("channel", r.get(2)?.text()?);
            Some(draft.set("state", "expired").set("source", "system").set("at", now))
        });
        cx.save_many("consent", drafts.collect()).await?;
        cx.commit().await?;
        ended += n;
        if n < 200 {
            return Ok(ended);
        }
    }
}

pub(crate) fn expire_job(job: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let ended = expire(&job.company).await?;
        job.result(ended.to_string());
        Ok(())
    })
}
