//! Who may do what and why: shares, readers, delegations, the audit. SCIM has documents of its own
//! (`/scim/v2/ResourceTypes`, `/Schemas`), as its standard wants; looking as a colleague belongs to pages alone.

use super::paths::{Op, list_of, object_schema};
use super::{camel, reference};
use crate::request::Ctx;
use kernel::{Capability, Object, Verb};
use serde_json::{Map, Value as Json, json};
use text::i18n::{Arg, t, t_plain};

fn id() -> Json {
    json!({"type": "string", "format": "uuid"})
}

fn moment() -> Json {
    json!({"type": "string", "format": "date-time"})
}

fn maybe(mut schema: Json) -> Json {
    let kind = schema["type"].clone();
    super::schemas::set(&mut schema, "type", json!([kind, "null"]));
    schema
}

pub(super) fn schemas(all: &mut Map<String, Json>) {
    let reason = json!({"key": {"type": "string"}, "sentence": {"type": "string"}, "holds": {"type": "boolean"}, "under": {"type": "array", "items": reference("schemas", "Reason")}});
    all.insert("Reason".into(), object_schema(&["key", "sentence", "holds", "under"], reason));
    let share = json!({
        "id": id(), "with": id(), "team": {"type": "boolean"}, "level": {"type": "string", "enum": ["read", "comment", "edit"]}, "until": maybe(moment()),
        "note": {"type": "string"}, "at": moment(), "by": maybe(id()),
    });
    all.insert("Share".into(), object_schema(&["id", "with", "team", "level", "at"], share));
    let delegation = json!({
        "id": id(), "from": id(), "to": id(), "objects": {"type": "array", "items": {"type": "string"}}, "from_at": moment(), "until_at": moment(),
        "reason": {"type": "string"}, "active": {"type": "boolean"}, "ended_at": maybe(moment()),
    });
    all.insert("Delegation".into(), object_schema(&["id", "from", "to", "objects", "from_at", "until_at", "reason", "active"], delegation));
    let entry = json!({
        "id": id(), "at": moment(), "actor": maybe(id()), "on_behalf_of": maybe(id()), "viewed_as": maybe(id()), "object": {"type": "string"}, "record": maybe(id()),
        "verb": {"type": "string"}, "changes": {}, "cause": {"type": "string"}, "request": {"type": "string"}, "class": {"type": "string", "enum": ["change", "read"]},
    });
    all.insert("AuditEntry".into(), object_schema(&["id", "at", "object", "verb", "class"], entry));
}

pub(super) fn general(ctx: &Ctx, paths: &mut Map<String, Json>) {
    let op = |id: &str, key: &str| Op::new(id, "sila", t(ctx.lang, key));
    let told = json!({
        "allowed": {"type": "boolean"}, "user": id(), "object": {"type": "string"}, "id": maybe(id()), "verb": {"type": "string"}, "sentence": {"type": "string"},
        "reasons": {"type": "array", "items": reference("schemas", "Reason")},
    });
    op("explainAccess", "api-doc-explain")
        .query("object", json!({"type": "string", "examples": ["party"]}), true)
        .query("id", id(), false)
        .query("user", id(), false)
        .query("verb", json!({"type": "string", "default": "read"}), false)
        .answer("200", object_schema(&["allowed", "user", "object", "verb", "sentence", "reasons"], told))
        .write(paths, "/access/explain", "get");
    op("delegations", "api-doc-delegations")
        .query("all", json!({"type": "string", "enum": ["0", "1"]}), false)
        .answer("200", list_of(reference("schemas", "Delegation")))
        .write(paths, "/access/delegations", "get");
    op("endDelegation", "api-doc-delegation-end").params(&["Id"]).answer("204", Json::Null).write(paths, "/access/delegations/{id}", "delete");
}

pub(super) fn object(ctx: &Ctx, object: &Object, paths: &mut Map<String, Json>) {
    let (key, name) = (&object.key, camel(&object.key));
    let place = format!("/{key}/{{id}}");
    let one = object.label.get(ctx.lang.code());
    let op = |verb: &str, key_: &str| Op::new(format!("{verb}{name}"), key, t_plain(ctx.lang, key_, &[("name", Arg::from(one))])).params(&["Id"]);
    op("sharesOf", "api-doc-shares").answer("200", list_of(reference("schemas", "Share"))).write(paths, &format!("{place}/shares"), "get");
    if ctx.actor.may(object, &Verb::Share) {
        let share = json!({"with": id(), "level": {"type": "string", "enum": ["read", "comment", "edit"], "default": "read"}, "until": moment(), "note": {"type": "string", "maxLength": 500}});
        op("share", "api-doc-share")
            .body(object_schema(&["with"], share))
            .answer("201", object_schema(&["id"], json!({"id": id()})))
            .write(paths, &format!("{place}/shares"), "post");
        op("unshare", "api-doc-unshare").path(&["share"]).answer("204", Json::Null).write(paths, &format!("{place}/shares/{{share}}"), "delete");
    }
    if object.can(Capability::Audit) && (ctx.actor.may(object, &Verb::Share) || ctx.actor.must_administer().is_ok()) {
        op("readersOf", "api-doc-readers")
            .query("limit", json!({"type": "integer", "minimum": 1, "maximum": 500, "default": 100}), false)
            .answer("200", list_of(reference("schemas", "AuditEntry")))
            .write(paths, &format!("{place}/readers"), "get");
    }
}

pub(super) fn admin(ctx: &Ctx, paths: &mut Map<String, Json>) {
    let op = |id: &str, key: &str| Op::new(id, "admin", t(ctx.lang, key));
    let wanted = json!({
        "from": id(), "to": id(), "objects": {"type": "array", "items": {"type": "string"}}, "from_at": moment(), "until_at": moment(),
        "reason": {"type": "string", "examples": ["إجازة سنوية"]},
    });
    op("adminDelegate", "api-doc-delegate")
        .body(object_schema(&["to", "until_at", "reason"], wanted))
        .answer("201", object_schema(&["id"], json!({"id": id()})))
        .write(paths, "/access/delegations", "post");
    let mut audit = op("adminAudit", "api-doc-audit");
    for (name, schema) in [
        ("actor", id()), ("object", json!({"type": "string"})), ("record", id()), ("verb", json!({"type": "string"})), ("from", moment()), ("until", moment()),
        ("class", json!({"type": "string", "enum": ["change", "read"]})), ("before", json!({"type": "string"})),
        ("limit", json!({"type": "integer", "minimum": 1, "maximum": 1_000, "default": 100})),
    ] {
        audit = audit.query(name, schema, false);
    }
    let page = json!({"data": {"type": "array", "items": reference("schemas", "AuditEntry")}, "next": {"type": ["string", "null"]}});
    audit.answer("200", object_schema(&["data", "next"], page)).write(paths, "/admin/audit", "get");
    let finding = json!({"what": {"type": "string"}, "seq": {"type": ["integer", "null"]}, "row": {"type": ["string", "null"]}, "at": {"type": ["string", "null"]}, "about": {"type": "string"}});
    let count = || json!({"type": "integer"});
    let report = json!({
        "sound": {"type": "boolean"}, "sealed": count(), "open": count(), "retired": count(), "forgotten": count(),
        "head": {"type": ["object", "null"], "properties": {"seq": count(), "hash": {"type": "string"}}}, "findings": {"type": "array", "items": {"type": "object", "properties": finding}},
    });
    op("adminVerifyAudit", "api-doc-audit-verify")
        .answer("200", object_schema(&["sound", "sealed", "open", "head", "findings"], report))
        .write(paths, "/admin/audit/verify", "get");
}
