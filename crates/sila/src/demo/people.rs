//! The staff of the demo company: an administrator, a manager, two teams of sellers by territory, customer service, a viewer.

use super::LOGIN;
use crate::commands::user::{self, New};
use engine::{Company, Draft};
use kernel::{Fault, Name, Outcome};
use std::path::Path;
use uuid::Uuid;

/// One colleague.
pub struct Person {
    pub email: &'static str,
    pub name: (&'static str, &'static str),
    pub title: &'static str,
    pub role: &'static str,
    /// Index into [`TEAMS`].
    pub team: Option<usize>,
    /// Countries whose customers are his.
    pub territory: &'static [&'static str],
}

const TEAMS: [(&str, &str); 2] = [("فريق فرنسا والبنلوكس", "France and Benelux"), ("فريق المتوسط", "Mediterranean")];

pub const STAFF: [Person; 8] = [
    Person { email: "admin@example.com", name: ("هدى السالم", "Huda Alsalem"), title: "مديرة النظام", role: "admin", team: None, territory: &[] },
    Person { email: "manager@example.com", name: ("سامي الخطيب", "Sami Alkhatib"), title: "مدير المبيعات", role: "manager", team: None, territory: &[] },
    Person { email: "nora@example.com", name: ("نورة العتيبي", "Nora Alotaibi"), title: "قائدة فريق", role: "seller", team: Some(0), territory: &["France"] },
    Person { email: "youssef@example.com", name: ("يوسف بن جلون", "Youssef Benjelloun"), title: "مندوب مبيعات", role: "seller", team: Some(0), territory: &["Netherlands", "Belgium"] },
    Person { email: "layla@example.com", name: ("ليلى حداد", "Layla Haddad"), title: "قائدة فريق", role: "seller", team: Some(1), territory: &["Spain", "Portugal"] },
    Person { email: "karim@example.com", name: ("كريم المصري", "Karim Almasri"), title: "مندوب مبيعات", role: "seller", team: Some(1), territory: &["Switzerland", "Italy", "Lebanon", "Canada", "Unspecified"] },
    Person { email: "mariam@example.com", name: ("مريم الزهراني", "Mariam Alzahrani"), title: "خدمة العملاء", role: "agent", team: None, territory: &[] },
    Person { email: "viewer@example.com", name: ("طارق منصور", "Tariq Mansour"), title: "محلل بيانات", role: "viewer", team: None, territory: &[] },
];

/// A colleague with his id.
pub type Staff = Vec<(&'static Person, Uuid)>;

/// Makes users and teams that are not there yet. They get their passwords in the end.
pub async fn make(company: &Company) -> Outcome<Staff> {
    let system = company.system();
    let mut staff = Staff::new();
    for person in &STAFF {
        let id = match company.user_by_email(person.email).await? {
            Some(id) => id,
            None => {
                let new = auth::NewUser {
                    email: person.email.into(),
                    name: Name::new(person.name.0, person.name.1),
                    password: None,
                    roles: vec![person.role.into()],
                    lang: String::new(),
                };
                auth::create_user(company, &system, &new).await?
            }
        };
        staff.push((person, id));
    }
    let mut cx = company.write(&system).await?;
    for (person, id) in &staff {
        cx.save("user", Draft::of(*id).set("job_title", person.title)).await?;
    }
    for (i, (ar, latin)) in TEAMS.iter().enumerate() {
        let members: Vec<Uuid> = staff.iter().filter(|(p, _)| p.team == Some(i)).map(|(_, id)| *id).collect();
        let draft = Draft::new().external("demo", &format!("team {i}")).set("name", Name::new(*ar, *latin)).set("lead", members.first().copied());
        let team = cx.save("team", draft).await?.record().id;
        cx.set_team(team, &members).await?;
    }
    cx.commit().await?;
    Ok(staff)
}

/// Gives everybody one new password and writes the sign-in into the folder.
pub async fn sign_in(company: &Company, dir: &Path) -> Outcome<()> {
    let password = user::invented();
    for person in &STAFF {
        let new = New { email: person.email, password: &password, roles: &[person.role.to_owned()], name: Name::default(), lang: "" };
        user::add(company, &new).await?;
    }
    let mut text = format!("email: {}\npassword: {password}\n\n", STAFF[0].email);
    text.push_str("# كلمة المرور نفسها لبقية المستخدمين — the same password for the other users:\n");
    for p in &STAFF {
        text.push_str(&format!("# {:<22} {:<8} {} / {}\n", p.email, p.role, p.name.0, p.name.1));
    }
    let file = dir.join(LOGIN);
    std::fs::write(&file, text).map_err(|e| Fault::unavailable(format!("{}: {e}", file.display())))?;
    private(&file)
}

/// Only the owner of the folder reads it.
fn private(file: &Path) -> Outcome<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).map_err(Fault::unavailable)
}
