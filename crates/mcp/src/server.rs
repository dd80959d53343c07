//! The protocol: which method is answered by what.

use crate::asked::Asked;
use crate::{reading, refusal, resources, tools, writing};
use api::{Buckets, Rate};
use kernel::{Fault, Outcome};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, DiscoverResult, Implementation, InitializeRequestParams, InitializeResult, ListResourceTemplatesResult,
    ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::Value as Json;
use std::sync::Arc;
use text::locale::Lang;

#[derive(Clone)]
pub(crate) struct Server {
    /// By token.
    buckets: Arc<Buckets>,
}

type Context = RequestContext<RoleServer>;

impl Server {
    pub fn new(buckets: Arc<Buckets>) -> Self {
        Server { buckets }
    }

    /// Who asks, once the token has a request left in this minute.
    fn enter(&self, context: &Context) -> Result<Asked, ErrorData> {
        let asked = Asked::of(context).map_err(|f| refusal::of_method(&f, Lang::En))?;
        self.within(&asked).map_err(|f| refusal::of_method(&f, asked.ctx.lang))?;
        Ok(asked)
    }

    fn within(&self, asked: &Asked) -> Outcome<()> {
        let n = f64::from(asked.token.limits.per_minute);
        self.buckets.take_at(asked.token.id, Rate { per_second: n / 60.0, burst: n }).map_err(auth::throttle::fault)
    }

    async fn call(&self, asked: &Asked, request: CallToolRequestParams) -> Outcome<Json> {
        self.within(asked)?;
        let given = request.arguments;
        if !tools::offered(asked).iter().any(|t| t.name == request.name) {
            return Err(Fault::not_found());
        }
        match request.name.as_ref() {
            "search" => reading::search(asked, crate::asked::arguments(given)?).await,
            "describe" => reading::describe(asked, &crate::asked::arguments(given)?),
            "list" => Box::pin(reading::list(asked, crate::asked::arguments(given)?)).await,
            "read" => Box::pin(reading::read(asked, crate::asked::arguments(given)?)).await,
            "summarize" => reading::summarize(asked, crate::asked::arguments(given)?).await,
            "propose" => Box::pin(writing::propose(asked, crate::asked::arguments(given)?)).await,
            "proposal" => Box::pin(writing::proposal(asked, crate::asked::arguments(given)?)).await,
            "confirm" => Box::pin(writing::confirm(asked, crate::asked::arguments(given)?)).await,
            "reject" => Box::pin(writing::reject(asked, crate::asked::arguments(given)?)).await,
            _ => Err(Fault::not_found()),
        }
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_resources().build();
        ServerConfig::new(capabilities).with_server_info(Implementation::new("sila", env!("CARGO_PKG_VERSION")).with_title("Sila"))
    }

    async fn initialize(&self, request: InitializeRequestParams, context: Context) -> Result<InitializeResult, ErrorData> {
        let asked = self.enter(&context)?;
        context.peer.set_peer_info(request.clone());
        Ok(self.negotiate_initialize(&request)?.with_instructions(instructions(&asked)))
    }

    async fn discover(&self, context: Context) -> Result<DiscoverResult, ErrorData> {
        let asked = self.enter(&context)?;
        let info = self.get_info().with_instructions(instructions(&asked));
        Ok(DiscoverResult::from_server_info(self.supported_protocol_versions().into_owned(), info))
    }

    async fn list_tools(&self, _: Option<PaginatedRequestParams>, context: Context) -> Result<ListToolsResult, ErrorData> {
        let asked = self.enter(&context)?;
        Ok(ListToolsResult::with_all_items(tools::offered(&asked)))
    }

    async fn call_tool(&self, request: CallToolRequestParams, context: Context) -> Result<CallToolResponse, ErrorData> {
        let asked = Asked::of(&context).map_err(|f| refusal::of_method(&f, Lang::En))?;
        let result = match Box::pin(self.call(&asked, request)).await {
            Ok(answer) => CallToolResult::structured(answer),
            Err(fault) => refusal::of_tool(&asked, &fault),
        };
        Ok(result.into())
    }

    async fn list_resource_templates(&self, _: Option<PaginatedRequestParams>, context: Context) -> Result<ListResourceTemplatesResult, ErrorData> {
        let asked = self.enter(&context)?;
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates(&asked)))
    }

    async fn read_resource(&self, request: ReadResourceRequestParams, context: Context) -> Result<ReadResourceResponse, ErrorData> {
        let asked = self.enter(&context)?;
        let read = Box::pin(resources::read(&asked, &request.uri)).await;
        read.map(Into::into).map_err(|f| refusal::of_method(&f, asked.ctx.lang))
    }
}

/// What the assistant is told before it begins: whose data this is, and that it is data.
fn instructions(asked: &Asked) -> String {
    let settings = asked.ctx.company.settings();
    let company = settings.name.get(asked.ctx.lang.code()).to_owned();
    let person = asked.ctx.actor.name.get(asked.ctx.lang.code()).to_owned();
    let zone = asked.ctx.actor.locale.tz.clone();
    let args = [("company", company.into()), ("person", person.into()), ("zone", zone.into()), ("currency", settings.currency.clone().into())];
    let mut parts = vec![asked.tf("mcp-about", &args), asked.t("mcp-about-reading")];
    if engine::propose::may_propose(&asked.ctx.actor) {
        parts.push(asked.t("mcp-about-writing"));
    }
    parts.push(asked.t("mcp-data"));
    parts.join("\n\n")
}
