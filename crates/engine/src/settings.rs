//! What the company says of itself: name, currency, country, zone, language.

use crate::{Actor, Company, Cx};
use kernel::{Cell, ColumnType, Outcome};
use serde::{Deserialize, Serialize};
use text::locale::{Lang, Locale};

/// Company-wide settings, kept as one row per key in `sila_setting` with owner `company`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub name: kernel::Name,
    /// ISO 4217; money roll-ups and bare numbers in filters are in it.
    pub currency: String,
    /// ISO 3166-1 alpha-2; phone numbers without a prefix are read as this country's.
    pub country: String,
    /// IANA zone.
    pub zone: String,
    /// `ar` or `en` for people who have not chosen.
    pub lang: String,
    /// A notice shown on every page (the demo says that identities are made up).
    pub notice: kernel::Label,
    /// The public address, for links in mail.
    pub url: String,
    /// Months for which it is kept who looked at personal data. Who changed what is kept for good.
    pub reads_kept: i64,
    pub sign_in: SignIn,
    /// The working week, where it is not the country's.
    pub week: Week,
}

/// Who has to show more than a password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Second {
    /// Each person decides for himself.
    #[default]
    Nobody,
    Administrators,
    Everybody,
}

/// What the company asks of those who sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignIn {
    pub second: Second,
    /// Fewest characters of a new password.
    pub shortest: usize,
    /// Blocks of addresses (`203.0.113.0/24`) from which people and programs may work; empty: from anywhere.
    pub from: Vec<String>,
    /// Days until a session ends that nobody uses.
    pub idle_days: i64,
    /// Days until every session ends.
    pub longest_days: i64,
    /// Passwords, passkeys and reset letters of Sila's own open nothing: people come from a provider.
    pub only_sso: bool,
}

impl Default for SignIn {
    fn default() -> Self {
        SignIn { second: Second::Nobody, shortest: 10, from: Vec::new(), idle_days: 14, longest_days: 90, only_sso: false }
    }
}

/// When people work. Days: 0 = Monday … 6 = Sunday; times in minutes after midnight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Week {
    /// Days off; none: the country's.
    pub weekend: Option<Vec<u8>>,
    /// The day a week begins with; none: the country's.
    pub first: Option<u8>,
    pub opens: i64,
    pub closes: i64,
}

impl Default for Week {
    fn default() -> Self {
        Week { weekend: None, first: None, opens: 8 * 60, closes: 17 * 60 }
    }
}

impl Week {
    /// The locale with this week where it says something.
    #[must_use]
    pub fn on(&self, mut locale: Locale) -> Locale {
        if let Some(days) = &self.weekend {
            locale.weekend = days.iter().filter(|d| **d < 7).fold(0, |mask, d| mask | 1 << d);
        }
        if let Some(first) = self.first.filter(|d| *d < 7) {
            locale.first_weekday = first;
        }
        locale
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            name: kernel::Name::default(),
            currency: "SAR".into(),
            country: "SA".into(),
            zone: "Asia/Riyadh".into(),
            lang: "ar".into(),
            notice: kernel::Label::default(),
            url: String::new(),
            reads_kept: 12,
            sign_in: SignIn::default(),
            week: Week::default(),
        }
    }
}

impl Settings {
    /// The locale of somebody who has set nothing himself.
    pub fn locale(&self) -> Locale {
        let mut l = Locale::new(Lang::parse(&self.lang).unwrap_or(Lang::Ar), &self.country);
        l.tz.clone_from(&self.zone);
        l.currency.clone_from(&self.currency);
        self.week.on(l)
    }
    /// What is wrong with such a number of months; nothing from one month to ten years.
    pub fn misfit_reads_kept(months: i64) -> Option<kernel::Issue> {
        let issue = || kernel::Issue::new("reads_kept", "audit-reads-kept-range").arg("least", 1).arg("most", 120);
        (!(1..=120).contains(&months)).then(issue)
    }
    pub fn lang(&self) -> Lang {
        self.locale().lang
    }

    /// Reads the settings of a database; defaults where nothing was saved.
    pub async fn load(conn: &mut store::Conn) -> Outcome<Settings> {
        let mut sql = conn.sql();
        sql.push("SELECT value FROM sila_setting WHERE owner = 'company' AND key = 'settings'");
        let row = conn.row(&sql, &[ColumnType::Text]).await?;
        Ok(row
            .and_then(|r| r.first().and_then(Cell::text).and_then(|t| serde_json::from_str(t).ok()))
            .unwrap_or_default())
    }
}

/// One saved preference of a user or the company; `None` when nothing was saved.
pub async fn get(conn: &mut store::Conn, owner: &str, key: &str) -> Outcome<Option<String>> {
    let mut sql = conn.sql();
    sql.push("SELECT value FROM sila_setting WHERE owner = ").bind(owner).push(" AND key = ").bind(key);
    let row = conn.row(&sql, &[ColumnType::Text]).await?;
    Ok(row.and_then(|r| r.into_iter().next()).and_then(|c| c.text().map(str::to_owned)))
}

/// Saves one preference; an empty value removes it.
pub async fn put(tx: &mut store::Tx, owner: &str, key: &str, value: &str) -> Outcome<()> {
    let mut sql = tx.sql();
    if value.is_empty() {
        sql.push("DELETE FROM sila_setting WHERE owner = ").bind(owner).push(" AND key = ").bind(key);
    } else {
        sql.push("INSERT INTO sila_setting (owner, key, value) VALUES (")
            .bind(owner)
            .push(", ")
            .bind(key)
            .push(", ")
            .bind(value)
            .push(") ON CONFLICT (owner, key) DO UPDATE SET value = excluded.value");
    }
    tx.exec(&sql).await?;
    Ok(())
}

/// Key → [before, after]; null where nothing differs.
fn differences(before: &Settings, after: &Settings) -> Outcome<serde_json::Value> {
    let json = |s: &Settings| serde_json::to_value(s).map_err(kernel::Fault::internal);
    let (before, after) = (json(before)?, json(after)?);
    let keys = after.as_object().into_iter().flatten().filter(|(k, v)| before.get(k) != Some(v));
    let map: serde_json::Map<_, _> = keys.map(|(k, v)| (k.clone(), serde_json::json!([before.get(k), v]))).collect();
    Ok(if map.is_empty() { serde_json::Value::Null } else { map.into() })
}

impl Company {
    /// Whether outgoing calls may reach addresses inside our own network (an ERP, a mail server beside us).
    ///
    /// # Errors
    /// The database.
    pub async fn reaches_inside(&self) -> Outcome<bool> {
        let mut conn = self.db().read().await?;
        Ok(get(&mut conn, "operator", "reach_inside").await?.as_deref() == Some("1"))
    }

    /// Said by the operator's configuration, never by the API or a page.
    ///
    /// # Errors
    /// The database.
    pub async fn reach_inside(&self, allow: bool) -> Outcome<()> {
        let mut cx = self.write(&self.system()).await?;
        put(&mut cx.tx, "operator", "reach_inside", if allow { "1" } else { "" }).await?;
        cx.commit().await
    }

    /// Changes the company's settings; administrators only.
    pub async fn save_settings(&self, actor: &Actor, settings: Settings) -> Outcome<()> {
        actor.must_administer()?;
        let mut cx: Cx = self.write(actor).await?;
        let json = serde_json::to_string(&settings).map_err(kernel::Fault::internal)?;
        put(&mut cx.tx, "company", "settings", &json).await?;
        let changes = differences(&self.settings(), &settings)?;
        if !changes.is_null() {
            cx.audit("settings", uuid::Uuid::nil(), "settings", changes).await?;
        }
        if settings.currency != self.settings().currency {
            let job = store::queue::NewJob::new(crate::rollup::JOB, serde_json::Value::Null).key(crate::rollup::JOB);
            store::queue::enqueue(&mut cx.tx, &job).await?;
        }
        // Other nodes take them over as they do declarations.
        cx.tx.notify("schema".to_owned());
        cx.commit().await?;
        self.set_settings(settings);
        Ok(())
    }
}
