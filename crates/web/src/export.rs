//! A list as a file: the rows of the query that is seen, or those that are ticked. CSV leaves while it is written.

use crate::files::disposition;
use crate::list::Asked;
use crate::refusal::Reply;
use crate::visit::Visit;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use engine::Query;
use engine::export::{ExportOptions, FileFormat};
use futures::StreamExt;
use futures::stream;
use kernel::{Expr, Fault, Object, Outcome, Verb};
use std::io::{Error, Write};
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use uuid::Uuid;

/// `GET /{object}/export?format=csv|xlsx` with the conditions of a list.
pub async fn download(visit: Visit, Path(key): Path<String>) -> Reply {
    let object = visit.object(&key)?;
    visit.actor.rule(&object, &Verb::Export)?;
    let asked = Asked::read(&visit, object.clone()).await?;
    if let Some(fault) = asked.fault {
        return Err(fault.into());
    }
    let mut query = asked.query();
    // The columns of the list, or whole records with their keys in other systems and all their telephones and addresses.
    if visit.param("all") != "1" {
        query.fields = asked.fields(&visit, &object).iter().map(|f| f.key.clone()).collect();
    }
    Ok(file(&visit, &object, query).await?)
}

/// The ticked records of a list, with all fields.
pub async fn of_ids(visit: &Visit, object: &Object, ids: &[Uuid]) -> Reply {
    let members = ids.iter().map(|id| Expr::lit(*id)).collect();
    let query = Query::new(object.key.clone()).filter(Expr::In(Box::new(Expr::path("id")), members));
    Ok(file(visit, object, query).await?)
}

enum Piece {
    Bytes(Bytes),
    End(Outcome<i64>),
}

/// Hands what is written to the response.
struct Pipe(mpsc::UnboundedSender<Bytes>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // Nobody reads any more: the export ends.
        self.0.send(Bytes::copy_from_slice(bytes)).map_err(|_| Error::from(std::io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn file(visit: &Visit, object: &Object, query: Query) -> Outcome<Response> {
    let format = if visit.param("format") == "xlsx" { FileFormat::Xlsx } else { FileFormat::Csv };
    let options = ExportOptions { format, ..ExportOptions::default() };
    let (company, actor) = (visit.company.clone(), visit.actor.clone());
    let (sender, receiver) = mpsc::unbounded_channel();
    let work = async move {
        let mut pipe = Pipe(sender);
        company.export(&actor, &query, &options, &mut pipe).await
    };
    let bytes = UnboundedReceiverStream::new(receiver).map(Piece::Bytes);
    let mut pieces = Box::pin(stream::select(bytes, stream::once(work).map(Piece::End)));
    // What is refused is refused before the first byte, as a page.
    let mut first = Bytes::new();
    while let Some(piece) = pieces.next().await {
        match piece {
            Piece::Bytes(b) => {
                first = b;
                break;
            }
            Piece::End(Err(fault)) => return Err(fault),
            Piece::End(Ok(_)) => {}
        }
    }
    let rest = pieces.filter_map(|piece| {
        futures::future::ready(match piece {
            Piece::Bytes(b) => Some(Ok(b)),
            Piece::End(Ok(_)) => None,
            Piece::End(Err(fault)) => {
                tracing::error!(%fault, "export broke off");
                Some(Err(Error::other("export broke off")))
            }
        })
    });
    let body = Body::from_stream(stream::once(async move { Ok::<_, Error>(first) }).chain(rest));
    let day = visit.company.env(&visit.actor).today;
    let name = format!("{} {day}.{}", object.plural.get(visit.actor.lang()), format.extension());
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media()));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition(&name, false));
    Ok(response)
}

/// Bytes of a file that was made in memory.
pub fn attachment(bytes: Vec<u8>, media: &str, name: &str) -> Result<Response, Fault> {
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_str(media).unwrap_or(HeaderValue::from_static("application/octet-stream")));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition(name, false));
    Ok(response)
}
