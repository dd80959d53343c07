//! A fault on its way to the person: the handler returns it, the frame around all routes turns it into a page.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::Fault;

/// What handlers return.
pub type Reply = Result<Response, Refusal>;

/// A fault that leaves a handler. [`crate::frame`] knows reader and language and writes the page.
#[derive(Clone, Debug)]
pub struct Refusal(pub Fault);

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Refusal(fault)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The answer for whatever does not exist or may not be known.
pub fn not_found() -> Refusal {
    Refusal(Fault::not_found())
}
