//! `sila user …`

use super::{no_such_user, say};
use crate::cli::UserCommand;
use engine::{Company, Draft};
use kernel::{Cell, ColumnType, Name, Outcome};
use uuid::Uuid;

pub async fn run(command: UserCommand) -> Outcome<()> {
    match command {
        UserCommand::Add { place, email, password, roles, name_ar, name, lang } => {
            let (_, company, _) = place.open().await?;
            let made = password.is_none();
            let password = password.unwrap_or_else(invented);
            let new = New { email: &email, password: &password, roles: &roles, name: Name::new(name_ar, name), lang: &lang };
            add(&company, &new).await?;
            if made {
                println!("{password}");
            }
            eprintln!("{}: {email}", say("جاهز للدخول", "ready to sign in"));
            company.db().close().await;
            Ok(())
        }
        UserCommand::List { place } => {
            let (_, company, _) = place.open().await?;
            list(&company).await
        }
        UserCommand::Disable { place, email } => {
            let (_, company, _) = place.open().await?;
            activate(&company, &email, false).await
        }
        UserCommand::Door { place, email } => {
            let (_, company, _) = place.open().await?;
            let user = by_email(&company, &email).await?;
            let token = auth::sso::door::open(&company, &company.system(), user).await?;
            let settings = company.settings();
            let home = if settings.url.is_empty() { "http://127.0.0.1:8080" } else { settings.url.trim_end_matches('/') };
            println!("{home}/sign-in/door?token={}", token.reveal());
            company.db().close().await;
            Ok(())
        }
        UserCommand::Enable { place, email } => {
            let (_, company, _) = place.open().await?;
            activate(&company, &email, true).await
        }
    }
}

/// A user as the command line knows him.
pub struct New<'a> {
    pub email: &'a str,
    pub password: &'a str,
    pub roles: &'a [String],
    pub name: Name,
    pub lang: &'a str,
}

/// Makes the user, or gives the existing one this password and these roles.
///
/// # Errors
/// Invalid: e-mail, password, roles.
pub async fn add(company: &Company, new: &New<'_>) -> Outcome<Uuid> {
    let system = company.system();
    let secret = auth::Secret::new(new.password);
    if let Some(id) = company.user_by_email(new.email).await? {
        let mut cx = company.write(&system).await?;
        cx.save("user", Draft::of(id).set("active", true)).await?;
        let roles: Vec<&str> = new.roles.iter().map(String::as_str).collect();
        cx.set_roles(id, &roles).await?;
        cx.commit().await?;
        auth::set_password(company, &system, id, &secret).await?;
        return Ok(id);
    }
    let local = new.email.split('@').next().unwrap_or_default();
    let name = if new.name.is_empty() { Name::new("", local) } else { new.name.clone() };
    let user = auth::NewUser {
        email: new.email.to_owned(),
        name,
        password: Some(secret),
        roles: new.roles.to_vec(),
        lang: new.lang.to_owned(),
    };
    auth::create_user(company, &system, &user).await
}

/// Sixteen letters and digits that cannot be mistaken for each other.
pub fn invented() -> String {
    use rand::seq::IndexedRandom;
    const SIGNS: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut rng = rand::rng();
    (0..16).filter_map(|_| SIGNS.choose(&mut rng).map(|b| char::from(*b))).collect()
}

async fn list(company: &Company) -> Outcome<()> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT id, email, name, name_lat, active FROM \"user\" WHERE deleted_at IS NULL ORDER BY email");
    let types = [ColumnType::Id, ColumnType::Text, ColumnType::Text, ColumnType::Text, ColumnType::Int];
    let rows = conn.rows(&sql, &types).await?;
    drop(conn);
    for row in rows {
        let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
        let Some(id) = row.first().and_then(Cell::id) else { continue };
        let roles = company.roles_of(id).await?.join(",");
        let active = row.get(4).and_then(Cell::int) == Some(1);
        println!("{}\t{}\t{roles}\t{}", text(1), if text(3).is_empty() { text(2) } else { text(3) }, if active { "active" } else { "disabled" });
    }
    Ok(())
}

async fn activate(company: &Company, email: &str, active: bool) -> Outcome<()> {
    let id = by_email(company, email).await?;
    let system = company.system();
    let mut cx = company.write(&system).await?;
    cx.save("user", Draft::of(id).set("active", active)).await?;
    cx.commit().await?;
    if !active {
        auth::session::revoke_others(company, &system, id, None).await?;
    }
    eprintln!("{}", if active { say("أُعيد تفعيله", "enabled") } else { say("أُوقف", "disabled") });
    Ok(())
}

pub(crate) async fn by_email(company: &Company, email: &str) -> Outcome<Uuid> {
    company.user_by_email(email).await?.ok_or_else(|| no_such_user(email))
}
