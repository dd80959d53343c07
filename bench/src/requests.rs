//! What is asked: the requests that `docs/benchmarks.md` reports.

use crate::seed::Reader;
use uuid::Uuid;

pub enum Call {
    Api(String),
    Post(String, serde_json::Value),
    Page(String),
}

/// One kind of request; `make(n)` makes each a little different.
pub struct Case {
    pub make: Box<dyn Fn(usize) -> Call + Send + Sync>,
}

pub const NAMES: &[&str] = &[
    "list 50 parties, filter + sort + total",
    "list 50 parties, all fields",
    "list 50 orders by total",
    "list 50 orders, newest first, total",
    "search by name",
    "open a party",
    "its time line",
    "time line of the busiest party",
    "open an order",
    "create a party, number checked for doubles",
    "create an order",
    "page: list of parties, filter + sort",
    "page: list of orders",
    "page: a party",
    "page: the busiest party",
    "page: month of fifty people",
    "page: home",
];

/// The request of this name as `who` makes it; none where he may not.
pub fn case(name: &str, who: &Reader) -> Option<Case> {
    if name.contains("busiest") && who.busiest.is_none() {
        return None;
    }
    let parties = who.parties.clone();
    let orders = who.orders.clone();
    let busiest = who.busiest.unwrap_or_default();
    let stage = |n: usize| ["customer", "loyal", "dormant"].get(n % 3).copied().unwrap_or("loyal");
    let names = ["محمد العتيبي", "Khalid Najjar", "نوره الشمرى", "سارة خوري", "Omar Tazi"];
    let api = |make: Box<dyn Fn(usize) -> String + Send + Sync>| -> Box<dyn Fn(usize) -> Call + Send + Sync> {
        Box::new(move |n| Call::Api(format!("/api/v1/{}", make(n))))
    };
    let page = |make: Box<dyn Fn(usize) -> String + Send + Sync>| -> Box<dyn Fn(usize) -> Call + Send + Sync> {
        Box::new(move |n| Call::Page(make(n)))
    };
    let filter = move |n: usize| format!("stage%20%3D%3D%20%22{}%22", stage(n));
    let make = match name {
        // The fields that a list shows.
        "list 50 parties, filter + sort + total" => {
            api(Box::new(move |n| format!("party?filter={}&sort=name&limit=50&count=estimate&fields=name,code,stage,email,owner", filter(n))))
        }
        "list 50 parties, all fields" => api(Box::new(move |n| format!("party?filter={}&sort=name&limit=50&count=estimate", filter(n)))),
        "list 50 orders by total" => api(Box::new(|_| "order?sort=-total&limit=50&count=none".into())),
        "list 50 orders, newest first, total" => api(Box::new(|_| "order?limit=50".into())),
        "search by name" => {
            api(Box::new(move |n| format!("search?q={}&object=party", names.get(n % names.len()).copied().unwrap_or_default().replace(' ', "%20"))))
        }
        "open a party" => api(Box::new(move |n| format!("party/{}", of(&parties, n)))),
        "its time line" => api(Box::new(move |n| format!("party/{}/timeline", of(&parties, n)))),
        "time line of the busiest party" => api(Box::new(move |_| format!("party/{busiest}/timeline"))),
        "open an order" => api(Box::new(move |n| format!("order/{}", of(&orders, n)))),
        "create a party, number checked for doubles" => Box::new(|n| {
            let body = serde_json::json!({
                "name": {"ar": "عميل جديد", "latin": "New Customer"},
                "code": format!("N{n}-{}", Uuid::now_v7().simple()),
                "phone": "+966501112222"
            });
            Call::Post("/api/v1/party".into(), body)
        }),
        "create an order" => Box::new(move |n| Call::Post("/api/v1/order".into(), serde_json::json!({"party": of(&parties, n)}))),
        "page: list of parties, filter + sort" => page(Box::new(move |n| format!("/party?q={}&sort=name", filter(n)))),
        "page: list of orders" => page(Box::new(|_| "/order".into())),
        "page: a party" => page(Box::new(move |n| format!("/party/{}", of(&parties, n)))),
        "page: month of fifty people" => {
            let all = who.colleagues.iter().map(|u| format!("&user={u}")).collect::<String>();
            page(Box::new(move |_| format!("/activity/calendar?show=month{all}")))
        }
        "page: the busiest party" => page(Box::new(move |_| format!("/party/{busiest}"))),
        _ => page(Box::new(|_| "/".into())),
    };
    Some(Case { make })
}

fn of(list: &[Uuid], n: usize) -> Uuid {
    list.get(n % list.len().max(1)).copied().unwrap_or_default()
}
