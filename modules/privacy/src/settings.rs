//! Who answers for the data, under which law, and how careful erasures are.

use crate::law::{self, Law};
use engine::{Actor, Company, settings};
use kernel::{Fault, Label, Outcome, Verb};
use serde::{Deserialize, Serialize};

/// Setting `privacy` of the company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Privacy {
    /// Key of a law profile; empty: that of the company's country.
    pub law: String,
    /// Registered name and address of the controller; empty: the company's name.
    pub controller: Label,
    pub address: Label,
    pub email: String,
    pub phone: String,
    /// The data protection officer, where there is one.
    pub dpo: Label,
    pub dpo_email: String,
    /// Sections of the statement that people write themselves.
    pub intro: Label,
    pub security: Label,
    pub transfer: Label,
    /// A second person must approve an erasure.
    pub four_eyes: bool,
    /// Confirmed requests for a copy are answered at once, without a colleague.
    pub at_once: bool,
}

impl Default for Privacy {
    fn default() -> Self {
        let own = |ar: &str, en: &str| Label::owned(ar, en);
        Privacy {
            law: String::new(),
            controller: Label::default(),
            address: Label::default(),
            email: String::new(),
            phone: String::new(),
            dpo: Label::default(),
            dpo_email: String::new(),
            intro: own(
                "نجمع من بياناتك ما نحتاجه لخدمتك، ونبيّن هنا ما هو، ولماذا، وكم نحتفظ به، وما حقوقك.",
                "We collect the data we need to serve you. Here we say which, what for, for how long, and what your rights are.",
            ),
            security: own(
                "لا يطّلع على بياناتك إلا من يحتاجها في عمله، ويُسجَّل كل تعديل عليها.",
                "Only people who need your data for their work can see it, and every change is recorded.",
            ),
            transfer: own("لا ننقل بياناتك إلى خارج البلد.", "We do not transfer your data to another country."),
            four_eyes: false,
            at_once: true,
        }
    }
}

impl Privacy {
    /// # Errors
    /// The database.
    pub async fn load(company: &Company) -> Outcome<Privacy> {
        let mut conn = company.db().read().await?;
        let saved = settings::get(&mut conn, "company", "privacy").await?;
        Ok(saved.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default())
    }

    /// # Errors
    /// Forbidden to everybody who may not work on privacy requests.
    pub async fn save(&self, company: &Company, actor: &Actor) -> Outcome<()> {
        let registry = company.registry();
        actor.rule(registry.object("privacy_request")?, &Verb::Update)?;
        let json = serde_json::to_string(self).map_err(Fault::internal)?;
        let mut cx = company.write(actor).await?;
        settings::put(&mut cx.tx, "company", "privacy", &json).await?;
        cx.commit().await
    }

    pub fn law(&self, company: &Company) -> &'static Law {
        law::find(&self.law, &company.settings().country)
    }

    /// The controller's name for a reader of `lang`.
    pub fn controller_name(&self, company: &Company, lang: &str) -> String {
        let own = self.controller.get(lang);
        if own.is_empty() { company.settings().name.get(lang).to_owned() } else { own.to_owned() }
    }
}
