//! How a person wants to be told: on which ways of which kind, and when not.

use crate::{Actor, Company, NoticeKind, settings};
use kernel::{Fault, Outcome};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use text::locale::Locale;
use uuid::Uuid;

/// Whether and when a kind goes out by e-mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mail {
    #[default]
    Off,
    Now,
    Digest,
}

impl Mail {
    pub const ALL: [Mail; 3] = [Mail::Off, Mail::Digest, Mail::Now];
    pub const fn key(self) -> &'static str {
        match self {
            Mail::Off => "off",
            Mail::Now => "now",
            Mail::Digest => "digest",
        }
    }
    pub fn parse(key: &str) -> Option<Mail> {
        Mail::ALL.into_iter().find(|m| m.key() == key)
    }
}

/// The channels of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channels {
    pub app: bool,
    pub mail: Mail,
    pub push: bool,
}

/// How often the letter with what has gathered comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Digest {
    #[default]
    Daily,
    Hourly,
}

/// How a person wants to be told; setting `notices` of the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoticePrefs {
    /// Kinds with a choice of their own.
    pub kinds: BTreeMap<String, Channels>,
    pub digest: Digest,
    /// Hour of the daily letter where the person is, 0 to 23.
    pub hour: i8,
    /// No letters and no push in between, as minutes of the day; equal: never quiet.
    pub quiet_from: i16,
    pub quiet_until: i16,
    /// Nor on the days of rest.
    pub quiet_weekend: bool,
}

impl Default for NoticePrefs {
    fn default() -> Self {
        NoticePrefs { kinds: BTreeMap::new(), digest: Digest::Daily, hour: 8, quiet_from: 21 * 60, quiet_until: 7 * 60, quiet_weekend: true }
    }
}

impl NoticePrefs {
    pub async fn load(conn: &mut store::Conn, user: Uuid) -> Outcome<NoticePrefs> {
        let saved = settings::get(conn, &user.to_string(), "notices").await?;
        Ok(saved.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default())
    }

    /// The channels of a kind: the person's choice, else what the kind comes with.
    pub fn channels(&self, kind: &str, kinds: &[NoticeKind]) -> Channels {
        let usual = kinds.iter().find(|k| k.key == kind);
        let usual = usual.map_or(Channels { app: true, mail: Mail::Off, push: false }, |k| Channels { app: true, mail: k.mail, push: k.push });
        self.kinds.get(kind).copied().unwrap_or(usual)
    }

    /// The first moment from `at` on at which the person may be disturbed.
    pub fn awake(&self, at: jiff::Timestamp, locale: &Locale) -> jiff::Timestamp {
        let mut now = at.to_zoned(text::calendar::time_zone(locale));
        let (from, until) = (self.quiet_from, self.quiet_until);
        // A weekend and a night at most follow each other.
        for _ in 0..6 {
            let minute = i16::from(now.hour()) * 60 + i16::from(now.minute());
            let night = if from <= until { (from..until).contains(&minute) } else { minute >= from || minute < until };
            let rest = self.quiet_weekend && locale.is_weekend(now.weekday());
            let later = if rest {
                now.tomorrow().and_then(|t| t.start_of_day())
            } else if night {
                let day = if from > until && minute >= from { now.tomorrow() } else { Ok(now.clone()) };
                let (hour, minute) = (i8::try_from(until / 60).unwrap_or(0), i8::try_from(until % 60).unwrap_or(0));
                day.and_then(|d| d.with().hour(hour).minute(minute).second(0).subsec_nanosecond(0).build())
            } else {
                return now.timestamp();
            };
            match later {
                Ok(later) => now = later,
                Err(_) => break,
            }
        }
        now.timestamp()
    }
}

impl Company {
    /// How the actor is told.
    ///
    /// # Errors
    /// The database.
    pub async fn notice_prefs(&self, actor: &Actor) -> Outcome<NoticePrefs> {
        let mut conn = self.db().read().await?;
        NoticePrefs::load(&mut conn, actor.id).await
    }

    /// # Errors
    /// The database.
    pub async fn save_notice_prefs(&self, actor: &Actor, prefs: &NoticePrefs) -> Outcome<()> {
        let json = serde_json::to_string(prefs).map_err(Fault::internal)?;
        let mut cx = self.write(actor).await?;
        settings::put(&mut cx.tx, &actor.id.to_string(), "notices", &json).await?;
        cx.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::label;

    #[test]
    fn nights_and_days_of_rest_are_quiet() {
        let locale = Locale::ar("SA");
        let prefs = NoticePrefs::default();
        let awake = |at: &str| prefs.awake(at.parse().unwrap(), &locale).to_string();
        // Sunday noon in Riyadh.
        assert_eq!(awake("2026-11-29T09:00:00Z"), "2026-11-29T09:00:00Z");
        // Sunday, ten in the evening: Monday at seven.
        assert_eq!(awake("2026-11-29T19:00:00Z"), "2026-11-30T04:00:00Z");
        // Thursday evening: over Friday and Saturday to Sunday at seven.
        assert_eq!(awake("2026-11-26T19:00:00Z"), "2026-11-29T04:00:00Z");
        let never = NoticePrefs { quiet_from: 0, quiet_until: 0, quiet_weekend: false, ..NoticePrefs::default() };
        assert_eq!(never.awake("2026-11-27T23:00:00Z".parse().unwrap(), &locale).to_string(), "2026-11-27T23:00:00Z");
        let siesta = NoticePrefs { quiet_from: 13 * 60, quiet_until: 15 * 60, quiet_weekend: false, ..NoticePrefs::default() };
        assert_eq!(siesta.awake("2026-11-27T11:30:00Z".parse().unwrap(), &locale).to_string(), "2026-11-27T12:00:00Z");
    }

    #[test]
    fn a_choice_of_the_person_goes_before_the_usual() {
        let kinds = vec![NoticeKind { key: "mention", label: label("أ", "a"), icon: "bell", mail: Mail::Now, push: true }];
        let mut prefs = NoticePrefs::default();
        assert_eq!(prefs.channels("mention", &kinds), Channels { app: true, mail: Mail::Now, push: true });
        assert_eq!(prefs.channels("other", &kinds), Channels { app: true, mail: Mail::Off, push: false });
        prefs.kinds.insert("mention".into(), Channels { app: false, mail: Mail::Digest, push: false });
        assert_eq!(prefs.channels("mention", &kinds).mail, Mail::Digest);
    }
}
