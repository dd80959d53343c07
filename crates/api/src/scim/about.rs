//! What the server says of itself (RFC 7644, section 4).

use super::{MOUNT, Provider, answer};
use crate::problem::Answer;
use serde_json::{Value as Json, json};

/// `GET /ServiceProviderConfig`
pub(crate) async fn config(_: Provider) -> Answer {
    Ok(answer(200, &json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": true},
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": true, "maxResults": super::MOST},
        "changePassword": {"supported": false},
        "sort": {"supported": false},
        "etag": {"supported": false},
        "authenticationSchemes": [{"type": "oauthbearertoken", "name": "Bearer", "description": "A token with the scope scim", "primary": true}],
        "meta": {"resourceType": "ServiceProviderConfig", "location": format!("{MOUNT}/ServiceProviderConfig")},
    })))
}

fn of(resources: &[Json]) -> Json {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": resources.len(), "startIndex": 1, "itemsPerPage": resources.len(), "Resources": resources})
}

/// `GET /ResourceTypes`
pub(crate) async fn types(_: Provider) -> Answer {
    let one = |name: &str, path: &str| {
        json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "id": name, "name": name, "endpoint": path, "schema": format!("urn:ietf:params:scim:schemas:core:2.0:{name}")})
    };
    Ok(answer(200, &of(&[one("User", "/Users"), one("Group", "/Groups")])))
}

/// `GET /Schemas`: the attributes that are kept; others are ignored.
pub(crate) async fn schemas(_: Provider) -> Answer {
    let text = |name: &str, required: bool, unique: &str| json!({"name": name, "type": "string", "multiValued": false, "required": required, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": unique});
    let many = |name: &str, change: &str, subs: &[&str]| json!({"name": name, "type": "complex", "multiValued": true, "required": false, "mutability": change, "returned": "default", "subAttributes": subs.iter().map(|s| text(s, false, "none")).collect::<Vec<_>>()});
    let name = json!({"name": "name", "type": "complex", "multiValued": false, "required": false, "mutability": "readWrite", "returned": "default", "subAttributes": (["formatted", "givenName", "familyName"].map(|s| text(s, false, "none")))});
    let active = json!({"name": "active", "type": "boolean", "multiValued": false, "required": false, "mutability": "readWrite", "returned": "default"});
    let user = json!({
        "id": "urn:ietf:params:scim:schemas:core:2.0:User", "name": "User", "description": "Who may sign in",
        "attributes": [text("userName", true, "server"), name, text("displayName", false, "none"), text("title", false, "none"), active, many("emails", "readWrite", &["value", "type"]), many("roles", "readWrite", &["value"]), many("groups", "readOnly", &["value", "$ref"])],
    });
    let group = json!({
        "id": "urn:ietf:params:scim:schemas:core:2.0:Group", "name": "Group", "description": "A team",
        "attributes": [text("displayName", true, "none"), many("members", "readWrite", &["value", "$ref", "type"])],
    });
    Ok(answer(200, &of(&[user, group])))
}
