//! Paths: what can be asked of each object, and the general and administrative routes.

use super::{camel, reference, schemas, writable};
use crate::about;
use crate::request::Ctx;
use kernel::{Capability, Object, Verb};
use serde_json::{Map, Value as Json, json};
use text::i18n::{Arg, t, t_plain};
use text::locale::Lang;

/// The refusals every operation may answer with.
const REFUSALS: &[(&str, &str)] = &[
    ("400", "BadRequest"),
    ("401", "Unauthenticated"),
    ("403", "Forbidden"),
    ("404", "NotFound"),
    ("422", "Invalid"),
    ("429", "Throttled"),
];

pub(super) fn responses(lang: Lang) -> Json {
    let names = [
        ("BadRequest", "fault-bad-request"),
        ("Unauthenticated", "fault-unauthenticated"),
        ("Forbidden", "fault-forbidden"),
        ("NotFound", "fault-not-found"),
        ("Conflict", "fault-conflict"),
        ("PreconditionFailed", "api-precondition-failed"),
        ("TooLarge", "fault-too-large"),
        ("Invalid", "fault-invalid"),
        ("Throttled", "fault-throttled"),
    ];
    let one = |key: &str| json!({"description": t(lang, key), "content": {"application/problem+json": {"schema": reference("schemas", "Problem")}}});
    Json::Object(names.iter().map(|(name, key)| ((*name).to_owned(), one(key))).collect())
}

pub(super) fn parameters(lang: Lang) -> Json {
    let query = |name: &str, key: &str, schema: Json| json!({"name": name, "in": "query", "description": t(lang, key), "schema": schema});
    let text = || json!({"type": "string"});
    let header = |name: &str, key: &str, schema: Json| json!({"name": name, "in": "header", "description": t(lang, key), "schema": schema});
    json!({
        "Id": {"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}},
        "Filter": query("filter", "api-doc-filter", json!({"type": "string", "examples": ["city == \"الرياض\" && total > 500"]})),
        "Sort": query("sort", "api-doc-sort", json!({"type": "string", "examples": ["-created_at"]})),
        "Fields": query("fields", "api-doc-fields", text()),
        "Limit": query("limit", "api-doc-limit", json!({"type": "integer", "minimum": 1, "maximum": 500, "default": 50})),
        "After": query("after", "api-doc-after", text()),
        "Before": query("before", "api-doc-before", text()),
        "Count": query("count", "api-doc-count", json!({"type": "string", "enum": ["exact", "estimate", "none"], "default": "estimate"})),
        "Search": query("search", "api-doc-search", json!({"type": "string", "examples": ["احمد"]})),
        "Expand": query("expand", "api-doc-expand", text()),
        "Trash": query("trash", "api-doc-trash", json!({"type": "string", "enum": ["0", "1"]})),
        "IfMatch": header("If-Match", "api-doc-if-match", json!({"type": "string", "examples": ["\"7\""]})),
        "IdempotencyKey": header("Idempotency-Key", "api-doc-idempotency", json!({"type": "string", "maxLength": 200})),
        "AcceptLanguage": header("Accept-Language", "api-doc-language", json!({"type": "string", "examples": ["ar"]})),
    })
}

pub(super) struct Op {
    id: String,
    tag: String,
    summary: String,
    parameters: Vec<Json>,
    body: Option<Json>,
    answers: Vec<(&'static str, Json)>,
    refusals: Vec<(&'static str, &'static str)>,
}

impl Op {
    pub(super) fn new(id: impl Into<String>, tag: &str, summary: impl Into<String>) -> Self {
        Op {
            id: id.into(),
            tag: tag.to_owned(),
            summary: summary.into(),
            parameters: vec![reference("parameters", "AcceptLanguage")],
            body: None,
            answers: Vec::new(),
            refusals: REFUSALS.to_vec(),
        }
    }
    pub(super) fn params(mut self, names: &[&str]) -> Self {
        self.parameters.extend(names.iter().map(|n| reference("parameters", n)));
        self
    }
    pub(super) fn path(mut self, names: &[&str]) -> Self {
        let one = |n: &&str| json!({"name": n, "in": "path", "required": true, "schema": {"type": "string"}});
        self.parameters.extend(names.iter().map(one));
        self
    }
    pub(super) fn query(mut self, name: &str, schema: Json, required: bool) -> Self {
        self.parameters.push(json!({"name": name, "in": "query", "required": required, "schema": schema}));
        self
    }
    pub(super) fn body(mut self, schema: Json) -> Self {
        self.body = Some(json!({"required": true, "content": {"application/json": {"schema": schema}}}));
        self.refusals.push(("413", "TooLarge"));
        self
    }
    pub(super) fn answer(mut self, status: &'static str, schema: Json) -> Self {
        let mut answer = json!({"description": status});
        if !schema.is_null() {
            schemas::set(&mut answer, "content", json!({"application/json": {"schema": schema}}));
        }
        self.answers.push((status, answer));
        self
    }
    fn conflicts(mut self) -> Self {
        self.refusals.extend([("409", "Conflict"), ("412", "PreconditionFailed")]);
        self
    }
    pub(super) fn write(self, paths: &mut Map<String, Json>, path: &str, method: &str) {
        let mut answers = Map::new();
        for (status, answer) in self.answers {
            answers.insert(status.into(), answer);
        }
        for (status, name) in self.refusals {
            answers.insert(status.into(), reference("responses", name));
        }
        let mut op = json!({
            "operationId": self.id, "tags": [self.tag], "summary": self.summary, "parameters": self.parameters, "responses": answers,
        });
        if let Some(body) = self.body {
            schemas::set(&mut op, "requestBody", body);
        }
        if let Json::Object(item) = paths.entry(path.to_owned()).or_insert_with(|| json!({})) {
            item.insert(method.to_owned(), op);
        }
    }
}

pub(super) fn list_of(schema: Json) -> Json {
    json!({"type": "object", "required": ["data"], "properties": {"data": {"type": "array", "items": schema}}})
}

pub(super) fn object_schema(required: &[&str], properties: Json) -> Json {
    json!({"type": "object", "required": required, "properties": properties})
}

pub(super) fn general(ctx: &Ctx, paths: &mut Map<String, Json>) {
    let lang = ctx.lang;
    let op = |id: &str, key: &str| Op::new(id, "sila", t(lang, key));
    op("me", "api-doc-me").answer("200", json!({"type": "object"})).write(paths, "/me", "get");
    op("objects", "api-doc-objects").answer("200", list_of(json!({"type": "object"}))).write(paths, "/objects", "get");
    op("object", "api-doc-object").path(&["object"]).answer("200", json!({"type": "object"})).write(paths, "/objects/{object}", "get");
    op("search", "api-doc-search-all")
        .query("q", json!({"type": "string", "examples": ["مكتبه"]}), true)
        .query("object", json!({"type": "string"}), false)
        .query("limit", json!({"type": "integer", "minimum": 1, "maximum": 100}), false)
        .answer("200", list_of(reference("schemas", "Hit")))
        .write(paths, "/search", "get");
    op("notifications", "api-doc-notices")
        .query("unread", json!({"type": "string", "enum": ["0", "1"]}), false)
        .query("kinds", json!({"type": "string", "examples": ["mention,assigned"]}), false)
        .query("before", json!({"type": "string"}), false)
        .query("limit", json!({"type": "integer", "minimum": 1, "maximum": 200}), false)
        .answer("200", list_of(json!({"type": "object"})))
        .write(paths, "/notifications", "get");
    let read = json!({"ids": {"type": "array", "items": {"type": "string", "format": "uuid"}}, "all": {"type": "boolean"}, "read": {"type": "boolean", "default": true}});
    op("readNotifications", "api-doc-notices-read").body(object_schema(&[], read)).answer("200", json!({"type": "object"})).write(paths, "/notifications/read", "post");
    let flag = || json!({"type": "string", "enum": ["0", "1"]});
    let some = || json!({"type": "integer", "minimum": 1, "maximum": 500});
    op("proposals", "api-doc-proposals").query("open", flag(), false).query("limit", some(), false).answer("200", list_of(json!({"type": "object"}))).write(paths, "/proposals", "get");
    op("proposal", "api-doc-proposal").path(&["id"]).answer("200", json!({"type": "object"})).write(paths, "/proposals/{id}", "get");
    op("decideProposal", "api-doc-decide").path(&["id", "verb"]).answer("200", json!({"type": "object"})).write(paths, "/proposals/{id}/{verb}", "post");
    op("runs", "api-doc-runs").query("all", flag(), false).query("limit", some(), false).answer("200", list_of(json!({"type": "object"}))).write(paths, "/runs", "get");
    op("undoRun", "api-doc-run-undo").path(&["id"]).answer("200", json!({"type": "object"})).write(paths, "/runs/{id}/undo", "post");
    op("openapi", "api-doc-openapi").answer("200", json!({"type": "object"})).write(paths, "/openapi.json", "get");
}

pub(super) fn object(ctx: &Ctx, object: &Object, paths: &mut Map<String, Json>) {
    let lang = ctx.lang;
    let key = &object.key;
    let name = camel(key);
    let read = || reference("schemas", &name);
    let one = object.label.get(lang.code());
    let many = object.plural.get(lang.code());
    let says = |key: &str, what: &str| t_plain(lang, key, &[("name", Arg::from(what))]);
    let op = |verb: &str, key_: &str, what: &str| Op::new(format!("{verb}{name}"), key, says(key_, what));
    let may = |verb: &Verb| ctx.actor.may(object, verb);
    let (at, place) = (format!("/{key}"), format!("/{key}/{{id}}"));

    let page = json!({
        "type": "object", "required": ["data", "next", "prev", "count"],
        "properties": {
            "data": {"type": "array", "items": read()}, "next": {"type": ["string", "null"]}, "prev": {"type": ["string", "null"]},
            "count": reference("schemas", "Count"),
        },
    });
    op("list", "api-doc-list", many)
        .params(&["Filter", "Sort", "Fields", "Limit", "After", "Before", "Count", "Search", "Expand", "Trash"])
        .answer("200", page)
        .write(paths, &at, "get");
    op("get", "api-doc-get", one).params(&["Id", "Expand"]).answer("200", read()).write(paths, &place, "get");
    let writes = writable(ctx, object).next().is_some();
    if writes && may(&Verb::Create) {
        op("create", "api-doc-create", one)
            .params(&["IdempotencyKey"])
            .body(reference("schemas", &format!("{name}Input")))
            .answer("201", read())
            .write(paths, &at, "post");
    }
    if writes && may(&Verb::Update) {
        op("update", "api-doc-update", one)
            .params(&["Id", "IfMatch"])
            .body(reference("schemas", &format!("{name}Change")))
            .answer("200", read())
            .conflicts()
            .write(paths, &place, "patch");
    }
    if writes && (may(&Verb::Create) || may(&Verb::Update)) {
        let records = object_schema(&["key", "values"], json!({"key": {"type": "string", "maxLength": 200}, "values": reference("schemas", &format!("{name}Change"))}));
        let body = object_schema(
            &["system", "records"],
            json!({
                "system": {"type": "string", "examples": ["erp"]},
                "mode": {"type": "string", "enum": ["all_or_nothing", "each"], "default": "all_or_nothing"},
                "records": {"type": "array", "minItems": 1, "maxItems": crate::bulk::MOST, "items": records},
            }),
        );
        op("upsert", "api-doc-bulk", many)
            .params(&["IdempotencyKey"])
            .body(body)
            .answer("200", reference("schemas", "BulkResult"))
            .write(paths, &format!("{at}/bulk"), "post");
    }
    if may(&Verb::Delete) {
        op("delete", "api-doc-delete", one).params(&["Id", "IfMatch"]).answer("204", Json::Null).conflicts().write(paths, &place, "delete");
        if object.can(Capability::Trash) {
            op("restore", "api-doc-restore", one).params(&["Id", "IdempotencyKey"]).answer("200", read()).write(paths, &format!("{place}/restore"), "post");
            op("purge", "api-doc-purge", one).params(&["Id", "IdempotencyKey"]).answer("204", Json::Null).write(paths, &format!("{place}/purge"), "post");
        }
    }
    keys(ctx, object, paths);
    if object.can(Capability::Duplicates) {
        duplicates(ctx, object, paths);
    }
    for action in about::actions(ctx, object) {
        let properties: Map<String, Json> = action.input.iter().map(|f| (f.key.clone(), schemas::property(f, lang.code()))).collect();
        let required: Vec<&str> = action.input.iter().filter(|f| f.required).map(|f| f.key.as_str()).collect();
        let done = object_schema(&["message", "record"], json!({"message": {"type": "string"}, "goto": {"type": ["object", "null"]}, "data": {}, "record": read()}));
        Op::new(format!("{}{name}", action.key), key, action.label.get(lang.code()))
            .params(&["Id", "IfMatch", "IdempotencyKey"])
            .body(json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false}))
            .answer("200", done)
            .conflicts()
            .write(paths, &format!("{place}/{}", action.key), "post");
    }
    parts(ctx, object, paths);
}

/// Keys in other systems, and reaching a record by one.
fn keys(ctx: &Ctx, object: &Object, paths: &mut Map<String, Json>) {
    let name = camel(&object.key);
    let (lang, at, place) = (ctx.lang, format!("/{}", object.key), format!("/{}/{{id}}/keys", object.key));
    let op = |verb: &str, key: &str| Op::new(format!("{verb}{name}"), &object.key, t_plain(lang, key, &[("name", Arg::from(object.label.get(lang.code())))]));
    let read = || reference("schemas", &name);
    let text = || json!({"type": "string"});
    let one = || object_schema(&["system", "key"], json!({"system": {"type": "string", "examples": ["erp"]}, "key": {"type": "string", "maxLength": 200}}));
    let by = format!("{at}/by/{{system}}/{{key}}");
    op("getByKey", "api-doc-key-get").path(&["system", "key"]).answer("200", read()).write(paths, &by, "get");
    op("keysOf", "api-doc-keys").params(&["Id"]).answer("200", object_schema(&["data"], json!({"data": {"type": "array", "items": one()}}))).write(paths, &place, "get");
    if !ctx.actor.may(object, &Verb::Update) {
        return;
    }
    op("putByKey", "api-doc-key-put")
        .path(&["system", "key"])
        .params(&["IfMatch", "IdempotencyKey"])
        .body(reference("schemas", &format!("{name}Change")))
        .answer("200", read())
        .answer("201", read())
        .conflicts()
        .write(paths, &by, "put");
    op("addKeyTo", "api-doc-key-add").params(&["Id", "IdempotencyKey"]).body(object_schema(&["system", "key"], json!({"system": text(), "key": text()}))).answer("201", one()).write(paths, &place, "post");
    op("removeKeyFrom", "api-doc-key-remove").params(&["Id"]).path(&["system", "key"]).answer("204", Json::Null).write(paths, &format!("{place}/{{system}}/{{key}}"), "delete");
}

/// Likely duplicates, decisions, merging.
fn duplicates(ctx: &Ctx, object: &Object, paths: &mut Map<String, Json>) {
    let name = camel(&object.key);
    let (lang, at, place) = (ctx.lang, format!("/{}", object.key), format!("/{}/{{id}}", object.key));
    let says = |key: &str, what: &kernel::Label| t_plain(lang, key, &[("name", Arg::from(what.get(lang.code())))]);
    let op = |verb: &str, key: &str, what: &kernel::Label| Op::new(format!("{verb}{name}"), &object.key, says(key, what));
    let id = || json!({"type": "string", "format": "uuid"});
    let evidence = json!({"type": "array", "items": {"type": "object", "properties": {"clue": {"type": "string"}, "points": {"type": "integer"}, "says": {"type": "string"}}}});
    let verdict = json!({"type": "string", "enum": ["same", "maybe", "no"]});
    let score = json!({"type": "integer", "minimum": 0, "maximum": 100});
    let candidate = json!({"type": "object", "properties": {"id": id(), "title": {}, "score": score, "verdict": verdict, "evidence": evidence}});
    let found = object_schema(&["candidates", "elsewhere"], json!({"candidates": {"type": "array", "items": candidate}, "elsewhere": {"type": "boolean"}}));
    op("findDuplicatesOf", "api-doc-duplicates-of", &object.label).params(&["Id"]).answer("200", found.clone()).write(paths, &format!("{place}/duplicates"), "get");
    if ctx.actor.may(object, &Verb::Create) || ctx.actor.may(object, &Verb::Update) {
        op("findDuplicates", "api-doc-duplicates-draft", &object.label)
            .body(reference("schemas", &format!("{name}Change")))
            .answer("200", found)
            .write(paths, &format!("{at}/duplicates"), "post");
    }
    if !ctx.actor.may(object, &Verb::Update) {
        return;
    }
    let read = || reference("schemas", &name);
    let pair = json!({"type": "object", "properties": {"a": read(), "b": read(), "score": score, "verdict": verdict, "evidence": evidence}});
    op("listDuplicates", "api-doc-duplicates", &object.plural)
        .query("state", json!({"type": "string", "enum": ["open", "later", "distinct"]}), false)
        .query("score", score.clone(), false)
        .query("same", json!({"type": "string", "examples": ["phone,birthday"]}), false)
        .query("skip", json!({"type": "integer", "minimum": 0}), false)
        .params(&["Limit"])
        .answer("200", object_schema(&["data", "count"], json!({"data": {"type": "array", "items": pair}, "count": {"type": "integer"}})))
        .write(paths, &format!("{at}/duplicates"), "get");
    let decision = json!({"type": "string", "enum": ["distinct", "later", "open"]});
    let decided = object_schema(&["a", "b", "decision"], json!({"a": id(), "b": id(), "decision": decision}));
    op("decideDuplicates", "api-doc-duplicates-decide", &object.plural)
        .params(&["IdempotencyKey"])
        .body(decided.clone())
        .answer("200", decided)
        .write(paths, &format!("{at}/duplicates/decide"), "post");
    op("sweepDuplicates", "api-doc-duplicates-sweep", &object.plural)
        .answer("202", object_schema(&["job"], json!({"job": id()})))
        .write(paths, &format!("{at}/duplicates/sweep"), "post");
    if !ctx.actor.may(object, &Verb::Delete) {
        return;
    }
    let rule = json!({"score": score, "same": {"type": "array", "items": {"type": "string"}}, "dry_run": {"type": "boolean", "default": false}});
    op("mergeDuplicates", "api-doc-duplicates-merge", &object.plural)
        .body(object_schema(&["score"], rule))
        .answer("200", object_schema(&["count"], json!({"count": {"type": "integer"}})))
        .answer("202", object_schema(&["job"], json!({"job": id()})))
        .write(paths, &format!("{at}/duplicates/merge"), "post");
    let number = || json!({"type": "integer"});
    let state = json!({"type": "string", "enum": ["waiting", "running", "done", "stopped", "dead"]});
    let far = json!({"job": id(), "state": state, "merged": number(), "refused": number(), "total": number(), "score": score, "same": {"type": "array", "items": {"type": "string"}}, "by": {}});
    op("mergeDuplicatesProgress", "api-doc-duplicates-merge-progress", &object.plural)
        .answer("200", object_schema(&["job", "state", "merged", "refused", "total"], far))
        .write(paths, &format!("{at}/duplicates/merge"), "get");
    op("stopMergingDuplicates", "api-doc-duplicates-merge-stop", &object.plural)
        .answer("202", object_schema(&["stopped"], json!({"stopped": {"type": "boolean"}})))
        .write(paths, &format!("{at}/duplicates/stop"), "post");
    let side = json!({"type": "string", "enum": ["survivor", "loser", "both"]});
    let wanted = json!({"with": id(), "with_rev": {"type": "integer"}, "choices": {"type": "object", "additionalProperties": side}});
    op("merge", "api-doc-merge", &object.label)
        .params(&["Id", "IfMatch", "IdempotencyKey"])
        .body(object_schema(&["with"], wanted))
        .answer("200", object_schema(&["merge", "merged", "record"], json!({"merge": id(), "merged": id(), "record": read()})))
        .conflicts()
        .write(paths, &format!("{place}/merge"), "post");
    op("unmerge", "api-doc-unmerge", &object.label)
        .params(&["Id", "IdempotencyKey"])
        .body(object_schema(&["merge"], json!({"merge": id()})))
        .answer("200", object_schema(&["merge", "restored", "record"], json!({"merge": id(), "restored": read(), "record": read()})))
        .write(paths, &format!("{place}/unmerge"), "post");
    let past = json!({"type": "object", "properties": {"id": id(), "merged": id(), "at": {"type": "string", "format": "date-time"}, "by": {"type": ["string", "null"]}, "undone_at": {"type": ["string", "null"]}}});
    op("listMerges", "api-doc-merges", &object.label)
        .params(&["Id"])
        .answer("200", object_schema(&["data"], json!({"data": {"type": "array", "items": past}})))
        .write(paths, &format!("{place}/merges"), "get");
}

fn parts(ctx: &Ctx, object: &Object, paths: &mut Map<String, Json>) {
    let lang = ctx.lang;
    let (key, name) = (&object.key, camel(&object.key));
    let place = format!("/{key}/{{id}}");
    let one = object.label.get(lang.code());
    let op = |verb: &str, key_: &str| Op::new(format!("{verb}{name}"), key, t_plain(lang, key_, &[("name", Arg::from(one))])).params(&["Id"]);
    let number = |max: u32| json!({"type": "integer", "minimum": 1, "maximum": max});
    if object.can(Capability::Timeline) {
        op("timelineOf", "api-doc-timeline")
            .query("kinds", json!({"type": "string"}), false)
            .query("before", json!({"type": "string"}), false)
            .query("limit", number(200), false)
            .answer("200", list_of(reference("schemas", "Entry")))
            .write(paths, &format!("{place}/timeline"), "get");
    }
    if object.can(Capability::Audit) {
        op("historyOf", "api-doc-history")
            .query("limit", number(500), false)
            .answer("200", list_of(reference("schemas", "Entry")))
            .write(paths, &format!("{place}/history"), "get");
    }
    if object.can(Capability::Comments) {
        let comments = format!("{place}/comments");
        op("commentsOf", "api-doc-comments").answer("200", list_of(reference("schemas", "Comment"))).write(paths, &comments, "get");
        op("commentOn", "api-doc-comment")
            .params(&["IdempotencyKey"])
            .body(object_schema(&["body"], json!({"body": {"type": "string", "maxLength": 10_000, "examples": ["شكرًا، تم التواصل مع العميل."]}, "parent": {"type": ["string", "null"], "format": "uuid"}})))
            .answer("201", reference("schemas", "Comment"))
            .write(paths, &comments, "post");
        op("uncommentOn", "api-doc-uncomment").path(&["comment"]).answer("204", Json::Null).write(paths, &format!("{comments}/{{comment}}"), "delete");
    }
    if object.can(Capability::Files) {
        let files = format!("{place}/files");
        op("filesOf", "api-doc-files").answer("200", list_of(reference("schemas", "File"))).write(paths, &files, "get");
        let mut attach = op("attachTo", "api-doc-attach").params(&["IdempotencyKey"]).query("name", json!({"type": "string"}), false);
        attach.body = Some(json!({"required": true, "content": {
            "multipart/form-data": {"schema": {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}}}},
            "application/octet-stream": {},
        }}));
        attach.refusals.push(("413", "TooLarge"));
        attach.answer("201", reference("schemas", "File")).write(paths, &files, "post");
        let mut content = op("fileOf", "api-doc-file").path(&["file"]);
        content.answers.push(("200", json!({"description": "200", "content": {"application/octet-stream": {}}})));
        content.write(paths, &format!("{files}/{{file}}"), "get");
        let versions = format!("{files}/{{file}}/versions");
        op("versionsOf", "api-doc-versions").path(&["file"]).answer("200", list_of(reference("schemas", "File"))).write(paths, &versions, "get");
        let mut revise = op("reviseOn", "api-doc-revise").path(&["file"]).query("name", json!({"type": "string"}), false).query("note", json!({"type": "string"}), false);
        revise.body = Some(json!({"required": true, "content": {"application/octet-stream": {}}}));
        revise.refusals.push(("413", "TooLarge"));
        revise.answer("201", reference("schemas", "File")).write(paths, &versions, "post");
        op("bringBackOn", "api-doc-bring-back").path(&["file"]).query("note", json!({"type": "string"}), false).answer("201", reference("schemas", "File")).write(paths, &format!("{files}/{{file}}/restore"), "post");
        op("detachFrom", "api-doc-detach").path(&["file"]).answer("204", Json::Null).write(paths, &format!("{files}/{{file}}"), "delete");
    }
}

pub(super) fn admin(ctx: &Ctx, paths: &mut Map<String, Json>) {
    let lang = ctx.lang;
    let any = || json!({"type": "object"});
    let op = |id: &str, key: &str| Op::new(format!("admin{}{}", id.get(..1).unwrap_or_default().to_uppercase(), id.get(1..).unwrap_or_default()), "admin", t(lang, key));
    let label = || reference("schemas", "Label");
    let strings = || json!({"type": "array", "items": {"type": "string"}});
    let changes = || {
        object_schema(
            &["changes"],
            json!({"changes": {"type": "array", "items": {
                "type": "object", "required": ["change"],
                "properties": {"change": {"type": "string", "enum": ["put_object", "put_field", "remove_object", "remove_field"]}, "object": {}, "field": {}},
                "examples": [{"change": "put_field", "object": "party", "field": {"key": "x_mood", "kind": "text", "label": {"ar": "المزاج", "en": "Mood"}}}],
            }}}),
        )
    };
    let loss = || json!({"type": "string", "enum": ["0", "1"]});
    op("customObjects", "api-doc-custom").answer("200", any()).write(paths, "/admin/objects", "get");
    op("planObjects", "api-doc-plan").body(changes()).answer("200", any()).write(paths, "/admin/objects/plan", "post");
    op("applyObjects", "api-doc-apply").query("allow_loss", loss(), false).body(changes()).answer("200", any()).write(paths, "/admin/objects/apply", "post");
    op("removeObject", "api-doc-remove-object").path(&["object"]).query("allow_loss", loss(), false).answer("200", any()).write(paths, "/admin/objects/{object}", "delete");
    op("removeField", "api-doc-remove-field")
        .path(&["object", "field"])
        .query("allow_loss", loss(), false)
        .answer("200", any())
        .write(paths, "/admin/objects/{object}/fields/{field}", "delete");

    let user = || {
        json!({
            "email": {"type": "string", "format": "email"}, "name": reference("schemas", "Name"), "password": {"type": "string", "writeOnly": true, "minLength": 10},
            "roles": strings(), "lang": {"type": "string", "enum": ["ar", "en"]},
        })
    };
    op("users", "api-doc-users").answer("200", list_of(any())).write(paths, "/admin/users", "get");
    op("createUser", "api-doc-create-user").body(object_schema(&["email", "name"], user())).answer("201", any()).write(paths, "/admin/users", "post");
    op("user", "api-doc-user").params(&["Id"]).answer("200", any()).write(paths, "/admin/users/{id}", "get");
    let change = json!({"active": {"type": "boolean"}, "roles": strings(), "password": {"type": "string", "writeOnly": true}});
    op("updateUser", "api-doc-update-user").params(&["Id"]).body(object_schema(&[], change)).answer("200", any()).write(paths, "/admin/users/{id}", "patch");
    op("sessions", "api-doc-sessions").params(&["Id"]).answer("200", list_of(any())).write(paths, "/admin/users/{id}/sessions", "get");
    op("factors", "api-doc-factors").params(&["Id"]).answer("200", list_of(any())).write(paths, "/admin/users/{id}/factors", "get");
    op("resetFactors", "api-doc-reset-factors").params(&["Id"]).answer("204", Json::Null).write(paths, "/admin/users/{id}/factors", "delete");
    op("accounts", "api-doc-accounts").params(&["Id"]).answer("200", list_of(any())).write(paths, "/admin/users/{id}/accounts", "get");
    op("disconnect", "api-doc-disconnect").params(&["Id"]).query("realm", json!({"type": "string"}), true).answer("204", Json::Null).write(paths, "/admin/users/{id}/accounts", "delete");
    op("endSessions", "api-doc-end-sessions").params(&["Id"]).answer("200", any()).write(paths, "/admin/users/{id}/sessions", "delete");
    op("endSession", "api-doc-end-session").params(&["Id"]).path(&["session"]).answer("204", Json::Null).write(paths, "/admin/users/{id}/sessions/{session}", "delete");
    op("tokens", "api-doc-tokens").params(&["Id"]).answer("200", list_of(any())).write(paths, "/admin/users/{id}/tokens", "get");
    let token = json!({"name": {"type": "string", "examples": ["مزامنة المخزون"]}, "scopes": strings(), "expires_at": {"type": "string", "format": "date-time"}});
    op("createToken", "api-doc-create-token").params(&["Id"]).body(object_schema(&["name", "scopes"], token)).answer("201", any()).write(paths, "/admin/users/{id}/tokens", "post");
    op("revokeToken", "api-doc-revoke-token").params(&["Id"]).path(&["token"]).answer("204", Json::Null).write(paths, "/admin/users/{id}/tokens/{token}", "delete");

    op("roles", "api-doc-roles").answer("200", list_of(any())).write(paths, "/admin/roles", "get");
    let role = json!({"label": label(), "grants": {"type": "array", "items": {"type": "object"}}, "admin": {"type": "boolean"}});
    op("putRole", "api-doc-put-role").path(&["key"]).body(object_schema(&["label", "grants"], role)).answer("200", any()).write(paths, "/admin/roles/{key}", "put");
    op("removeRole", "api-doc-remove-role").path(&["key"]).answer("204", Json::Null).write(paths, "/admin/roles/{key}", "delete");
    op("settings", "api-doc-settings").answer("200", any()).write(paths, "/admin/settings", "get");
    op("updateSettings", "api-doc-update-settings").body(any()).answer("200", any()).write(paths, "/admin/settings", "patch");

    let provider = json!({
        "label": label(), "active": {"type": "boolean"}, "people": {"type": "object"}, "way": {"type": "object"},
        "secret": {"type": "string", "writeOnly": true},
    });
    let mut new_provider = provider.clone();
    new_provider["key"] = json!({"type": "string", "pattern": "^[a-z0-9-]{1,40}$"});
    op("providers", "api-doc-providers").answer("200", list_of(any())).write(paths, "/admin/sign-in/providers", "get");
    op("createProvider", "api-doc-create-provider").body(object_schema(&["key", "label", "way"], new_provider)).answer("201", any()).write(paths, "/admin/sign-in/providers", "post");
    op("provider", "api-doc-provider").path(&["key"]).answer("200", any()).write(paths, "/admin/sign-in/providers/{key}", "get");
    op("updateProvider", "api-doc-update-provider").path(&["key"]).body(object_schema(&[], provider)).answer("200", any()).write(paths, "/admin/sign-in/providers/{key}", "patch");
    op("removeProvider", "api-doc-remove-provider").path(&["key"]).answer("204", Json::Null).write(paths, "/admin/sign-in/providers/{key}", "delete");

    let hook = json!({"url": {"type": "string", "format": "uri"}, "events": strings(), "active": {"type": "boolean"}});
    op("webhooks", "api-doc-webhooks").answer("200", list_of(any())).write(paths, "/admin/webhooks", "get");
    op("createWebhook", "api-doc-create-webhook").body(object_schema(&["url", "events"], hook.clone())).answer("201", any()).write(paths, "/admin/webhooks", "post");
    op("webhook", "api-doc-webhook").params(&["Id"]).answer("200", any()).write(paths, "/admin/webhooks/{id}", "get");
    op("updateWebhook", "api-doc-update-webhook").params(&["Id"]).body(object_schema(&[], hook)).answer("200", any()).write(paths, "/admin/webhooks/{id}", "patch");
    op("removeWebhook", "api-doc-remove-webhook").params(&["Id"]).answer("204", Json::Null).write(paths, "/admin/webhooks/{id}", "delete");
    op("deliveries", "api-doc-deliveries").params(&["Id"]).answer("200", list_of(any())).write(paths, "/admin/webhooks/{id}/deliveries", "get");
    op("redeliver", "api-doc-redeliver").params(&["Id"]).path(&["delivery"]).answer("202", any()).write(paths, "/admin/webhooks/{id}/deliveries/{delivery}/redeliver", "post");

    op("jobs", "api-doc-jobs")
        .query("kind", json!({"type": "string"}), false)
        .query("state", json!({"type": "string", "enum": ["waiting", "running", "done", "stopped", "dead"]}), false)
        .answer("200", list_of(any()))
        .write(paths, "/admin/jobs", "get");
    op("job", "api-doc-job").params(&["Id"]).answer("200", any()).write(paths, "/admin/jobs/{id}", "get");
    op("retryJob", "api-doc-retry-job").params(&["Id"]).answer("200", any()).write(paths, "/admin/jobs/{id}/retry", "post");
    op("stopJob", "api-doc-stop-job").params(&["Id"]).answer("200", any()).write(paths, "/admin/jobs/{id}/stop", "post");
    op("imports", "api-doc-imports").query("object", json!({"type": "string"}), false).answer("200", list_of(any())).write(paths, "/admin/imports", "get");
    let mut import = op("createImport", "api-doc-create-import")
        .query("object", json!({"type": "string"}), true)
        .query("name", json!({"type": "string", "examples": ["عملاء.csv"]}), true);
    import.body = Some(json!({"required": true, "content": {"application/octet-stream": {}}}));
    import.refusals.push(("413", "TooLarge"));
    import.answer("201", any()).write(paths, "/admin/imports", "post");
    op("import", "api-doc-import").params(&["Id"]).answer("200", any()).write(paths, "/admin/imports/{id}", "get");
    let mapping = object_schema(&["mapping"], json!({"mapping": {"type": "object"}}));
    op("mapImport", "api-doc-map-import").params(&["Id"]).body(mapping).answer("200", any()).write(paths, "/admin/imports/{id}", "patch");
    op("forgetImport", "api-doc-forget-import").params(&["Id"]).answer("204", Json::Null).write(paths, "/admin/imports/{id}", "delete");
    let mut errors = op("importErrors", "api-doc-import-errors").params(&["Id"]);
    errors.answers.push(("200", json!({"description": "200", "content": {"text/csv": {}}})));
    errors.write(paths, "/admin/imports/{id}/errors", "get");
    for verb in ["check", "start", "stop", "undo"] {
        op(&format!("{verb}Import"), &format!("api-doc-import-{verb}")).params(&["Id"]).answer("202", any()).write(paths, &format!("/admin/imports/{{id}}/{verb}"), "post");
    }
}
