//! People, their roles and teams, and the actor made of them.
//!
//! The person is a record of the object `user` (module `base`); what gives him rights lies in tables of its own,
//! which no form or import of records can reach.

use crate::{Actor, Company, Cx, settings};
use kernel::policy::Shares;
use kernel::{Cell, ColumnType, Fault, Name, Outcome, Policy, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use text::locale::{Calendar, Digits, Lang, Locale, MonthNames};
use uuid::Uuid;

/// How a person wants to see things; kept as setting `prefs` of the user. Empty: as the company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Prefs {
    /// `ar` | `en`
    pub lang: String,
    /// `latn` | `arab`
    pub digits: String,
    /// `gregorian` | `hijri`
    pub calendar: String,
    /// `gulf` | `levant` | `maghreb` | `morocco`
    pub months: String,
    /// `light` | `dark` | `auto`
    pub theme: String,
    /// `comfortable` | `compact`
    pub density: String,
    pub zone: String,
    /// The person's own days off and first day; his hours are the company's where this is none.
    pub week: Option<settings::Week>,
}

impl Prefs {
    /// The company's locale with what the person has chosen.
    pub fn locale(&self, company: &Locale) -> Locale {
        let mut l = match self.lang.as_str() {
            "ar" => Locale { lang: Lang::Ar, ..company.clone() },
            "en" => Locale { lang: Lang::En, ..company.clone() },
            _ => company.clone(),
        };
        if let Some(week) = &self.week {
            l = week.on(l);
        }
        if !self.zone.is_empty() {
            l.tz.clone_from(&self.zone);
        }
        match self.digits.as_str() {
            "arab" => l.digits = Digits::Arab,
            "latn" => l.digits = Digits::Latn,
            _ => {}
        }
        match self.calendar.as_str() {
            "hijri" => l.calendar = Calendar::Hijri,
            "gregorian" => l.calendar = Calendar::Gregorian,
            _ => {}
        }
        match self.months.as_str() {
            "levant" => l.months = MonthNames::Levant,
            "maghreb" => l.months = MonthNames::Maghreb,
            "gulf" => l.months = MonthNames::Gulf,
            "morocco" => l.months = MonthNames::Morocco,
            _ => {}
        }
        l
    }
    pub fn lang(&self) -> Option<Lang> {
        match self.lang.as_str() {
            "ar" => Some(Lang::Ar),
            "en" => Some(Lang::En),
            _ => None,
        }
    }
}

/// Everyone who is in a team with `user`.
async fn teammates(conn: &mut store::Conn, user: Uuid) -> Outcome<Arc<[Uuid]>> {
    let mut sql = conn.sql();
    sql.push("SELECT DISTINCT mate.user_id FROM sila_team_member mine JOIN sila_team_member mate ON mate.team_id = mine.team_id");
    sql.push(" WHERE mine.user_id = ").bind(user);
    let rows = conn.rows(&sql, &[ColumnType::Id]).await?;
    Ok(rows.iter().filter_map(|r| r.first().and_then(Cell::id)).collect())
}

impl Company {
    /// The actor of a user; none when there is no such active user.
    ///
    /// # Errors
    /// The database.
    pub async fn load_actor(&self, user: Uuid) -> Outcome<Option<Actor>> {
        let mut conn = self.db().read().await?;
        self.load_actor_in(&mut conn, user).await
    }

    pub async fn load_actor_in(&self, conn: &mut store::Conn, user: Uuid) -> Outcome<Option<Actor>> {
        let mut sql = conn.sql();
        sql.push("SELECT u.name, u.name_lat, u.email, r.role, s.value FROM \"user\" u");
        sql.push(" LEFT JOIN sila_user_role r ON r.user_id = u.id");
        sql.push(" LEFT JOIN sila_setting s ON s.key = 'prefs' AND s.owner = ").bind(user.to_string());
        sql.push(" WHERE u.deleted_at IS NULL AND u.active = 1 AND u.id = ").bind(user);
        let rows = conn.rows(&sql, &[ColumnType::Text; 5]).await?;
        let Some(first) = rows.first() else { return Ok(None) };
        let text = |i: usize| first.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
        let prefs: Prefs = serde_json::from_str(&text(4)).unwrap_or_default();
        let roles: Vec<String> = rows.iter().filter_map(|r| r.get(3).and_then(Cell::text).map(str::to_owned)).collect();
        let registry = self.registry();
        let known: Vec<&Role> = roles.iter().filter_map(|k| registry.role(k)).collect();
        // Administrators see all rows: nobody asks for their teams before a page does.
        let teammates = if known.iter().any(|r| r.admin) { None } else { Some(teammates(conn, user).await?) };
        let policy = self.widened(conn, user, Policy::of(known)).await?;
        Ok(Some(Actor {
            id: user,
            name: Name::new(text(0), text(1)),
            email: text(2),
            policy: Arc::new(policy),
            roles,
            locale: prefs.locale(&self.settings().locale()),
            theme: if prefs.theme.is_empty() { "auto".into() } else { prefs.theme },
            scopes: None,
            token: None,
            teammates,
            viewer: None,
            request: String::new(),
        }))
    }

    /// With what is shared with the user or a team of his, and what colleagues who are away have handed to him.
    async fn widened(&self, conn: &mut store::Conn, user: Uuid, mut policy: Policy) -> Outcome<Policy> {
        let now: Cell = self.now().into();
        let mut sql = conn.sql();
        sql.push("SELECT 'd', d.id, d.from_id, d.objects, r.role, 0 FROM sila_delegation d");
        sql.push(" JOIN \"user\" u ON u.id = d.from_id AND u.active = 1 AND u.deleted_at IS NULL");
        sql.push(" JOIN sila_user_role r ON r.user_id = d.from_id");
        sql.push(" WHERE d.ended_at IS NULL AND d.to_id = ").bind(user).push(" AND d.until_at > ").bind(now.clone());
        sql.push(" AND d.from_at <= ").bind(now.clone());
        sql.push(" UNION ALL SELECT 's', s.with_id, s.with_id, s.object, '', MAX(s.level) FROM sila_share s WHERE s.revoked_at IS NULL");
        sql.push(" AND (s.until_at IS NULL OR s.until_at > ").bind(now).push(") AND s.with_id IN (SELECT m.team_id FROM sila_team_member m");
        sql.push(" WHERE m.user_id = ").bind(user).push(" UNION ALL SELECT ").bind(user).push(") GROUP BY s.object, s.with_id");
        let types = [ColumnType::Text, ColumnType::Id, ColumnType::Id, ColumnType::Text, ColumnType::Text, ColumnType::Int];
        let mut shares = Shares::new();
        let mut handed: BTreeMap<(Uuid, Uuid), (String, Vec<String>)> = BTreeMap::new();
        for row in conn.rows(&sql, &types).await? {
            let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
            let id = |i: usize| row.get(i).and_then(Cell::id).unwrap_or_default();
            if text(0) == "d" {
                handed.entry((id(1), id(2))).or_insert_with(|| (text(3), Vec::new())).1.push(text(4));
            } else {
                let level = shares.entry(text(3)).or_default();
                *level = row.get(5).and_then(Cell::int).unwrap_or_default().max(*level);
            }
        }
        policy = policy.sharing(shares);
        let registry = self.registry();
        for ((id, from), (objects, roles)) in handed {
            let objects = Some(objects.split_whitespace().map(str::to_owned).collect()).filter(|o: &std::collections::BTreeSet<String>| !o.is_empty());
            policy = policy.standing_in(id, from, objects, roles.iter().filter_map(|r| registry.role(r)));
        }
        Ok(policy)
    }

    /// The user with this e-mail (lower case), active or not.
    pub async fn user_by_email(&self, email: &str) -> Outcome<Option<Uuid>> {
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT id FROM \"user\" WHERE deleted_at IS NULL AND email = ").bind(email.trim().to_lowercase());
        Ok(conn.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id)))
    }

    /// Whether anybody can sign in yet.
    pub async fn has_users(&self) -> Outcome<bool> {
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*) FROM sila_credential");
        Ok(conn.int(&sql).await?.unwrap_or_default() > 0)
    }

    pub async fn prefs(&self, user: Uuid) -> Outcome<Prefs> {
        let mut conn = self.db().read().await?;
        let saved = settings::get(&mut conn, &user.to_string(), "prefs").await?;
        Ok(saved.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default())
    }

    /// Saves the actor's own preferences.
    pub async fn save_prefs(&self, actor: &Actor, prefs: &Prefs) -> Outcome<()> {
        let mut cx = self.write(actor).await?;
        let json = serde_json::to_string(prefs).map_err(Fault::internal)?;
        settings::put(&mut cx.tx, &actor.id.to_string(), "prefs", &json).await?;
        cx.commit().await
    }

    pub async fn roles_of(&self, user: Uuid) -> Outcome<Vec<String>> {
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT role FROM sila_user_role WHERE user_id = ").bind(user).push(" ORDER BY role");
        let rows = conn.rows(&sql, &[ColumnType::Text]).await?;
        Ok(rows.iter().filter_map(|r| r.first().and_then(Cell::text).map(str::to_owned)).collect())
    }
}

impl Cx {
    /// Gives a user exactly these roles.
    ///
    /// # Errors
    /// Forbidden for non-administrators; invalid: a role that does not exist, or the last administrator losing his.
    pub async fn set_roles(&mut self, user: Uuid, roles: &[&str]) -> Outcome<()> {
        self.actor.must_administer()?;
        for r in roles {
            if self.registry.role(r).is_none() {
                return Err(Fault::issue(kernel::Issue::new("role", "user-no-such-role").arg("name", r)));
            }
        }
        let before = self.administrators_alone(&self.registry.clone()).await?;
        let mut sql = self.tx.sql();
        sql.push("SELECT role FROM sila_user_role WHERE user_id = ").bind(user).push(" ORDER BY role");
        let had = self.tx.rows(&sql, &[ColumnType::Text]).await?;
        let had: Vec<String> = had.iter().filter_map(|r| r.first().and_then(Cell::text).map(str::to_owned)).collect();
        let mut sql = self.tx.sql();
        sql.push("DELETE FROM sila_user_role WHERE user_id = ").bind(user);
        self.tx.exec(&sql).await?;
        let rows: Vec<Vec<Cell>> = roles.iter().map(|r| vec![user.into(), (*r).into()]).collect();
        store::insert_many(&mut self.tx, "sila_user_role", &["user_id", "role"], rows).await?;
        if before > 0 && self.administrators(&self.registry.clone()).await? == 0 {
            return Err(Fault::invalid("role", "user-last-administrator"));
        }
        let same = had.len() == roles.len() && roles.iter().all(|r| had.iter().any(|h| h == r));
        if same {
            return Ok(());
        }
        crate::side::audit(
            self,
            vec![crate::side::Audit {
                object: "user".into(),
                record: user,
                rev: 0,
                verb: "roles".into(),
                changes: serde_json::json!({"roles": [had, roles]}),
            }],
        )
        .await
    }

    /// Changed or deleted users left an administrator who can sign in.
    ///
    /// # Errors
    /// Invalid: the last one would be gone.
    pub(crate) async fn still_administered(&mut self, object: &kernel::Object, changed: &[Uuid]) -> Outcome<()> {
        if object.key != "user" || changed.is_empty() || self.administrators_alone(&self.registry.clone()).await? > 0 {
            return Ok(());
        }
        let admin: Vec<Cell> = self.registry.roles().filter(|r| r.admin).map(|r| r.key.as_str().into()).collect();
        let mut sql = self.tx.sql();
        sql.push("SELECT COUNT(*) FROM sila_user_role WHERE role IN ").bind_list(admin);
        sql.push(" AND user_id IN ").bind_list(changed.iter().map(|id| Cell::Id(*id)));
        // Nobody administers yet: a company in the making.
        if self.tx.int(&sql).await?.unwrap_or_default() == 0 {
            return Ok(());
        }
        Err(Fault::invalid("active", "user-last-administrator"))
    }

    /// How many administer by the roles of `registry`. Whoever asks goes on alone: two transactions that each leave the other's
    /// administrator as the last one would together leave none.
    pub(crate) async fn administrators_alone(&mut self, registry: &kernel::Registry) -> Outcome<i64> {
        let admin: Vec<Cell> = registry.roles().filter(|r| r.admin).map(|r| r.key.as_str().into()).collect();
        if !admin.is_empty() {
            let mut sql = self.tx.sql();
            sql.push("UPDATE sila_user_role SET role = role WHERE role IN ").bind_list(admin);
            self.tx.exec(&sql).await?;
        }
        self.administrators(registry).await
    }

    pub(crate) async fn administrators(&mut self, registry: &kernel::Registry) -> Outcome<i64> {
        let admin: Vec<Cell> = registry.roles().filter(|r| r.admin).map(|r| r.key.as_str().into()).collect();
        if admin.is_empty() {
            return Ok(0);
        }
        let mut sql = self.tx.sql();
        sql.push("SELECT COUNT(*) FROM sila_user_role r JOIN \"user\" u ON u.id = r.user_id");
        sql.push(" WHERE u.active = 1 AND u.deleted_at IS NULL AND r.role IN ").bind_list(admin);
        Ok(self.tx.int(&sql).await?.unwrap_or_default())
    }

    /// Makes these users the members of a team.
    ///
    /// # Errors
    /// Forbidden for non-administrators.
    pub async fn set_team(&mut self, team: Uuid, members: &[Uuid]) -> Outcome<()> {
        self.actor.must_administer()?;
        let mut sql = self.tx.sql();
        sql.push("SELECT user_id FROM sila_team_member WHERE team_id = ").bind(team).push(" ORDER BY user_id");
        let rows = self.tx.rows(&sql, &[ColumnType::Id]).await?;
        let before: Vec<Uuid> = rows.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
        let mut sql = self.tx.sql();
        sql.push("DELETE FROM sila_team_member WHERE team_id = ").bind(team);
        self.tx.exec(&sql).await?;
        let rows: Vec<Vec<Cell>> = members.iter().map(|m| vec![team.into(), (*m).into()]).collect();
        store::insert_many(&mut self.tx, "sila_team_member", &["team_id", "user_id"], rows).await?;
        let changes = serde_json::json!({"members": [before, members]});
        crate::side::audit(self, vec![crate::side::Audit { object: "team".into(), record: team, rev: 0, verb: "members".into(), changes }]).await
    }
}
