//! Roles made at run time, beside those of the modules.

use crate::{Actor, Company};
use kernel::{Fault, Issue, Outcome, Registry, Role, RowRule, expr};

impl Company {
    /// Makes or replaces a role. Who has it works under it from his next request on.
    ///
    /// # Errors
    /// Forbidden; invalid: a key that a module uses or that is none, no name, grants for unknown objects, fields, rules;
    /// nobody would administer any more.
    pub async fn put_role(&self, actor: &Actor, role: &Role) -> Outcome<()> {
        actor.must_administer()?;
        let mut registry = Registry::clone(&self.registry());
        Fault::check(self.misfits(&registry, role))?;
        let definition = serde_json::to_string(role).map_err(Fault::internal)?;
        let mut cx = self.write(actor).await?;
        let before = cx.administrators_alone(&cx.registry.clone()).await?;
        registry.add_role(role.clone());
        if before > 0 && cx.administrators(&registry).await? == 0 {
            return Err(Fault::invalid("admin", "user-last-administrator"));
        }
        let mut sql = cx.tx.sql();
        sql.push("INSERT INTO sila_role (key, definition) VALUES (").bind(role.key.as_str()).push(", ").bind(definition);
        sql.push(") ON CONFLICT (key) DO UPDATE SET definition = excluded.definition");
        cx.tx.exec(&sql).await?;
        noted(&mut cx, serde_json::json!({"put_role": role.key})).await?;
        cx.commit().await?;
        self.set_registry(registry);
        Ok(())
    }

    /// Removes a role that was made at run time.
    ///
    /// # Errors
    /// Forbidden; not found; invalid: a module's role, or somebody still has it.
    pub async fn remove_role(&self, actor: &Actor, key: &str) -> Outcome<()> {
        actor.must_administer()?;
        if self.role_of_module(key) {
            return Err(Fault::issue(Issue::new("key", "role-of-module").arg("name", key)));
        }
        let mut cx = self.write(actor).await?;
        let mut sql = cx.tx.sql();
        sql.push("SELECT COUNT(*) FROM sila_user_role WHERE role = ").bind(key);
        let holders = cx.tx.int(&sql).await?.unwrap_or_default();
        if holders > 0 {
            return Err(Fault::issue(Issue::new("key", "role-in-use").arg("count", holders)));
        }
        let mut sql = cx.tx.sql();
        sql.push("DELETE FROM sila_role WHERE key = ").bind(key);
        if cx.tx.exec(&sql).await? == 0 {
            return Err(Fault::not_found());
        }
        noted(&mut cx, serde_json::json!({"remove_role": key})).await?;
        cx.commit().await?;
        let mut registry = Registry::clone(&self.registry());
        registry.remove_role(key);
        self.set_registry(registry);
        Ok(())
    }

    fn role_of_module(&self, key: &str) -> bool {
        self.modules().iter().flat_map(|m| &m.roles).any(|r| r.key == key)
    }

    fn misfits(&self, registry: &Registry, role: &Role) -> Vec<Issue> {
        let mut issues = Vec::new();
        if !kernel::registry::valid_key(&role.key) {
            issues.push(Issue::new("key", "schema-bad-key").arg("name", &role.key));
        }
        if self.role_of_module(&role.key) {
            issues.push(Issue::new("key", "role-of-module").arg("name", &role.key));
        }
        if role.label.is_empty() {
            issues.push(Issue::new("label", "value-required"));
        }
        for (i, grant) in role.grants.iter().enumerate() {
            let at = format!("grants[{i}]");
            if grant.object == "*" {
                if matches!(grant.rows, RowRule::Where(_)) || !grant.masks.is_empty() {
                    issues.push(Issue::new(at, "role-all-objects-plain"));
                }
                continue;
            }
            let Some(object) = registry.find(&grant.object) else {
                issues.push(Issue::new(format!("{at}.object"), "schema-unknown-target").arg("name", &grant.object));
                continue;
            };
            if let RowRule::Scope(scope) = &grant.rows
                && object.scopes.iter().all(|s| s.key != *scope)
            {
                issues.push(Issue::new(format!("{at}.rows"), "role-no-such-scope").arg("name", scope).arg("object", &object.key));
            }
            if matches!(grant.rows, RowRule::Own | RowRule::Team | RowRule::TeamBelow) && object.owner.is_none() {
                issues.push(Issue::new(format!("{at}.rows"), "role-without-owner").arg("name", &grant.object));
            }
            if let RowRule::Where(text) = &grant.rows
                && let Err(fault) = expr::check(registry, object, text, expr::Wanted::Condition)
            {
                issues.extend(fault.issues.into_iter().map(|i| Issue { field: format!("{at}.rows"), ..i }));
            }
            for field in grant.masks.keys().filter(|f| object.get(f).is_none()) {
                let unknown = Issue::new(format!("{at}.masks"), "expr-unknown-field").arg("name", field);
                issues.push(unknown.arg("object", &object.key).arg("suggestion", "none"));
            }
        }
        issues
    }
}

async fn noted(cx: &mut crate::Cx, changes: serde_json::Value) -> Outcome<()> {
    let audit = crate::side::Audit { object: "role".into(), record: uuid::Uuid::nil(), rev: 0, verb: "roles".into(), changes };
    crate::side::audit(cx, vec![audit]).await?;
    cx.tx.notify("schema".to_owned());
    Ok(())
}
