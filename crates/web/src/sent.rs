//! What a form sent: its parts in order, and its files. Reads both form encodings.

use crate::refusal::Refusal;
use crate::site::Site;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use engine::{Form, Upload};
use kernel::{Fault, FaultKind};

/// The parts of a form.
#[derive(Clone, Debug, Default)]
pub struct Sent(pub Form);

impl std::ops::Deref for Sent {
    type Target = Form;
    fn deref(&self) -> &Form {
        &self.0
    }
}
impl std::ops::DerefMut for Sent {
    fn deref_mut(&mut self) -> &mut Form {
        &mut self.0
    }
}

/// Pairs of a query string or of a form, decoded.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

fn bad(kind: FaultKind) -> Refusal {
    Refusal(Fault::new(kind))
}

impl FromRequest<Site> for Sent {
    type Rejection = Refusal;

    async fn from_request(req: Request, site: &Site) -> Result<Self, Refusal> {
        let media = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        if media.starts_with("multipart/form-data") {
            return multipart(req, site).await;
        }
        // A button without a form around it sends no body and so no type.
        if !media.starts_with("application/x-www-form-urlencoded") && !media.is_empty() {
            return Err(bad(FaultKind::BadRequest));
        }
        let limit = site.options().form_limit;
        let body = axum::body::to_bytes(req.into_body(), limit).await.map_err(|_| bad(FaultKind::TooLarge))?;
        let text = std::str::from_utf8(&body).map_err(|_| bad(FaultKind::BadRequest))?;
        Ok(Sent(Form { pairs: pairs(text), files: Vec::new() }))
    }
}

async fn multipart(req: Request, site: &Site) -> Result<Sent, Refusal> {
    let mut sent = Sent::default();
    let mut room = site.options().upload_limit;
    let too_large_or_bad = |e: axum::extract::multipart::MultipartError| {
        bad(if e.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE { FaultKind::TooLarge } else { FaultKind::BadRequest })
    };
    let mut parts = Multipart::from_request(req, site).await.map_err(|_| bad(FaultKind::BadRequest))?;
    while let Some(mut part) = parts.next_field().await.map_err(too_large_or_bad)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(too_large_or_bad)? {
            room = room.checked_sub(chunk.len()).ok_or_else(|| bad(FaultKind::TooLarge))?;
            bytes.extend_from_slice(&chunk);
        }
        match file {
            // A file box that was left empty sends a part without name and content.
            Some(f) if f.is_empty() && bytes.is_empty() => {}
            Some(f) => sent.files.push(Upload { part: name, name: f, bytes }),
            None => sent.pairs.push((name, String::from_utf8(bytes).map_err(|_| bad(FaultKind::BadRequest))?)),
        }
    }
    Ok(sent)
}
