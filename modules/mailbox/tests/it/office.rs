//! A company with a shared mailbox, two sellers, and customers with addresses of their own.

use crate::servers::servers;
use engine::{Actor, Company, Draft, Query};
use kernel::expr::Expr;
use kernel::{Name, Record, Value};
use sila_mailbox as mailbox;
use uuid::Uuid;

pub struct Office {
    pub company: Company,
    pub sara: Actor,
    pub omar: Actor,
    /// The mailbox's user on the server: fresh in each test.
    pub user: String,
    pub mailbox: Uuid,
    _folder: testdb::TempFolder,
}

async fn person(company: &Company, name: &str, role: &str) -> Actor {
    let mut cx = company.write(&company.system()).await.unwrap();
    let user = cx.save("user", Draft::new().set("name", Name::new(name, name)).set("email", format!("{name}@staff.example"))).await.unwrap().record().id;
    cx.set_roles(user, &[role]).await.unwrap();
    cx.commit().await.unwrap();
    company.load_actor(user).await.unwrap().unwrap()
}

pub async fn office(url: &str, address: Option<&str>) -> Office {
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let folder = testdb::TempFolder::new();
    let company = Company::open(db, folder.path(), vec![base::module(), mailbox::module()]).await.unwrap().0;
    company.reach_inside(true).await.unwrap();
    let (sara, omar) = (person(&company, "sara", "seller").await, person(&company, "omar", "seller").await);
    let user = address.map_or_else(|| format!("u{}@nakheel.example", Uuid::new_v4().simple()), str::to_owned);
    servers().deliver(&user, "INBOX", &[]);
    let mut o = Office { company, sara, omar, user: user.clone(), mailbox: Uuid::nil(), _folder: folder };
    o.mailbox = o.add(&user, "shared", "shared").await;
    o
}

impl Office {
    /// A mailbox of Sara's.
    pub async fn add(&self, user: &str, kind: &str, privacy: &str) -> Uuid {
        let s = servers();
        let mut cx = self.company.write(&self.company.system()).await.unwrap();
        let draft = Draft::new()
            .set("name", "شركة النخيل")
            .set("address", user)
            .set("kind", kind)
            .set("privacy", privacy)
            .set("owner", self.sara.id)
            .set("imap_host", "127.0.0.1")
            .set("imap_port", i64::from(s.imap))
            .set("imap_security", "none")
            .set("smtp_host", "127.0.0.1")
            .set("smtp_port", i64::from(s.smtp))
            .set("smtp_security", "none")
            .set("smtp_login", false)
            .set("undo_seconds", 5);
        let id = cx.save("mailbox", draft).await.unwrap().record().id;
        mailbox::access::keep_secret(&mut cx, id, "password", "secret").await.unwrap();
        cx.commit().await.unwrap();
        id
    }

    pub async fn set(&self, object: &str, id: Uuid, field: &str, value: impl Into<Value>) {
        let mut cx = self.company.write(&self.company.system()).await.unwrap();
        cx.save(object, Draft::of(id).trusted().set(field, value)).await.unwrap();
        cx.commit().await.unwrap();
    }

    /// Points the mailbox to another port of this machine; its password is typed again.
    pub async fn at(&self, field: &str, port: u16) {
        self.set("mailbox", self.mailbox, field, i64::from(port)).await;
        self.secret("secret").await;
    }

    pub async fn secret(&self, password: &str) {
        let mut cx = self.company.write(&self.company.system()).await.unwrap();
        mailbox::access::keep_secret(&mut cx, self.mailbox, "password", password).await.unwrap();
        cx.commit().await.unwrap();
    }

    pub async fn party(&self, name: &str, email: &str, owner: &Actor) -> Uuid {
        let mut cx = self.company.write(&self.company.system()).await.unwrap();
        let id = cx.save("party", Draft::new().set("name", Name::new(name, "")).set("email", email).set("owner", owner.id)).await.unwrap().record().id;
        cx.commit().await.unwrap();
        id
    }

    pub async fn sync(&self) -> kernel::Outcome<mailbox::sync::Report> {
        mailbox::sync::mailbox(&self.company, self.mailbox, &|| false).await
    }

    /// All records for which a condition holds, for an actor.
    pub async fn all(&self, actor: &Actor, object: &str, filter: &str) -> Vec<Record> {
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = self.company.list(actor, &Query { after, count: engine::Count::None, ..Query::new(object).filter(Expr::parse(filter).unwrap()).sort("created_at").limit(500) }).await.unwrap();
            found.extend(page.records);
            match page.next {
                Some(next) => after = Some(next),
                None => return found,
            }
        }
    }

    pub async fn mails(&self) -> Vec<Record> {
        self.all(&self.company.system(), "mail", "id != null").await
    }

    /// How often Sara was told something of this kind.
    pub async fn told(&self, kind: &str) -> usize {
        let wanted = engine::notify::Wanted { kinds: vec![kind.to_owned()], ..engine::notify::Wanted::default() };
        self.company.notices(&self.sara, &wanted, 20).await.unwrap().items.len()
    }

    /// Proves the mailbox as the nightly job does.
    pub async fn proven(&self) -> bool {
        let record = self.company.get(&self.company.system(), "mailbox", self.mailbox).await.unwrap();
        mailbox::proof::prove(&self.company, &record).await.unwrap()
    }
}
