//! What is sent to the service is not as it must be: it says what is wrong in the one form of
//! error, with the status that is documented.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::served::{Answer, Caller, Served, made_up_day, wishes};
use crate::support::place::{Place, run};
use crate::support::program::{expect, rond};

async fn posted(caller: &Caller, kind: Option<&str>, body: impl Into<reqwest::Body>) -> Answer {
    let mut call = caller.call(Method::POST, "/v1/requests").body(body);
    if let Some(kind) = kind {
        call = call.header("Content-Type", kind);
    }
    caller.send(call).await.expect("the service answers")
}

fn on_a_service(name: &str, test: impl AsyncFn(&Caller, &[Value])) {
    let day = made_up_day(name);
    let wishes = wishes(&day);
    let place = Place::sqlite();
    run(async {
        let served = Served::start(&day, &place.address(), &[]);
        let caller = Caller::of(&served.address);
        test(&caller, &wishes).await;
        assert_eq!(caller.get("/readyz").await.status, 200, "it serves as before");
        assert!(served.stop().success());
    });
    expect(&rond(&["replay", &place.address()]), 0);
}

fn asked(wish: &Value, id: &str) -> String {
    let mut visit = wish.clone();
    visit["id"] = id.into();
    json!({ "visit": visit }).to_string()
}

#[test]
fn a_body_that_is_none_is_refused_with_every_problem_named() {
    on_a_service("bodies", async |caller, wishes| {
        let good = asked(&wishes[0], "good");
        for kind in [None, Some("text/plain"), Some("application/xml"), Some("application/jsonx")] {
            posted(caller, kind, good.clone()).await.assert_problem(415, "L0306");
        }
        let json = Some("application/json; charset=utf-8");
        posted(caller, json, "").await.assert_problem(400, "E0101");
        posted(caller, json, "{").await.assert_problem(400, "E0103");
        posted(caller, json, "[]").await.assert_problem(400, "E0201");
        posted(caller, json, b"\xff\xfe{}".to_vec()).await.assert_problem(400, "E0102");
        let large = format!("{{\"visit\": \"{}\"}}", "x".repeat(300_000));
        posted(caller, json, large).await.assert_problem(413, "L0307");
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let deep = posted(caller, json, deep).await;
        assert_eq!((deep.status, deep.kind.as_str()), (400, "application/problem+json"));
        let several = json!({ "visit": { "parts": [], "priority": 77 }, "surprise": 1 });
        let several = posted(caller, json, several.to_string()).await;
        assert_eq!((several.status, several.kind.as_str()), (400, "application/problem+json"));
        let problems = several.json()["problems"].as_array().map_or(0, Vec::len);
        assert!(problems >= 3, "{several:?}");
        let stamped = json!({ "id": "e", "visit": {} });
        let stamped = posted(caller, json, stamped.to_string()).await;
        assert!(stamped.body.contains("E0203"), "{stamped:?}");
        let tick = caller.post("/v1/events", None, r#"{"kind":"tick"}"#).await.expect("answers");
        tick.assert_problem(400, "E0204");
        posted(caller, json, good.clone()).await;
        posted(caller, json, good).await.assert_problem(409, "L0102");
    });
}

#[test]
fn what_is_not_there_is_not_found_and_no_method_is_taken_for_another() {
    on_a_service("routes", async |caller, _| {
        for path in ["/", "/v1", "/v1/nothing", "/v1/plan/", "/v2/plan", "/v1/visits/a/b"] {
            caller.get(path).await.assert_problem(404, "L0302");
        }
        let call = |method: Method, path: &str| caller.call(method, path);
        for (method, path) in [
            (Method::DELETE, "/v1/plan"),
            (Method::PUT, "/v1/requests"),
            (Method::GET, "/v1/requests"),
            (Method::PATCH, "/v1/visits/b-0001"),
            (Method::OPTIONS, "/v1/plan"),
            (Method::POST, "/healthz"),
        ] {
            let answer = caller.send(call(method, path)).await.expect("it answers");
            answer.assert_problem(405, "L0303");
        }
        caller.get("/v1/visits/nobody").await.assert_problem(404, "L0101");
        caller.get("/v1/shifts/none/stops").await.assert_problem(404, "L0101");
        caller.get("/v1/visits?after=nobody").await.assert_problem(404, "L0101");
        for path in ["/v1/suggestions/7/accept", "/v1/suggestions/x/reject"] {
            let answer = caller.send(call(Method::POST, path)).await.expect("it answers");
            answer.assert_problem(404, "L0101");
        }
        let gone = r#"{"kind":"confirmed","visit":"nobody"}"#;
        let gone = caller.post("/v1/events", None, gone).await.expect("it answers");
        gone.assert_problem(422, "L0101");
        for path in ["/v1/visits/%ff", "/v1/visits/%ff/explain", "/v1/shifts/%C3%28/stops"] {
            let answer = caller.get(path).await;
            assert_eq!(answer.kind, "application/problem+json", "{path}: {answer:?}");
            assert!([400, 404].contains(&answer.status), "{path}: {answer:?}");
        }
    });
}

#[test]
fn a_query_or_a_header_that_is_wrong_is_named() {
    on_a_service("queries", async |caller, wishes| {
        for path in [
            "/v1/plan?x=1",
            "/v1/plan/changes?since=-1",
            "/v1/plan/changes?since=99999999999999999999",
            "/v1/visits?limit=0",
            "/v1/visits?limit=1001",
            "/v1/visits?limit=ten",
            "/v1/visits?limit=1&limit=2",
            "/v1/stream?after=x",
        ] {
            caller.get(path).await.assert_problem(400, "L0301");
        }
        for query in ["dry_run=yes", "hold_minutes=0", "hold_minutes=61", "unknown=1"] {
            let path = format!("/v1/requests?{query}");
            let body = asked(&wishes[1], "queried");
            let answer = caller.post(&path, None, &body).await.expect("it answers");
            answer.assert_problem(400, "L0301");
        }
        let long = "k".repeat(101);
        for key in ["", "two words", "åäö", "tab\there", long.as_str()] {
            let value = reqwest::header::HeaderValue::from_bytes(key.as_bytes());
            let value = value.expect("a header may hold it");
            for name in ["Idempotency-Key", "X-Rond-User"] {
                let call = caller.call(Method::POST, "/v1/requests");
                let call = call.header("Content-Type", "application/json");
                let call = call.header(name, value.clone()).body(asked(&wishes[2], "headed"));
                let answer = caller.send(call).await.expect("it answers");
                answer.assert_problem(400, "L0301");
            }
        }
        caller.get("/v1/visits/queried").await.assert_problem(404, "L0101");
        caller.get("/v1/visits/headed").await.assert_problem(404, "L0101");
    });
}

fn from(call: RequestBuilder, name: &str, value: &str) -> RequestBuilder {
    call.header(name, value)
}

#[test]
fn a_page_from_elsewhere_reaches_nothing() {
    on_a_service("elsewhere", async |caller, wishes| {
        for host in ["rond.example", "127.0.0.1.evil.example", "evil:80"] {
            for path in ["/v1/plan", "/healthz", "/nothing"] {
                let call = from(caller.call(Method::GET, path), "Host", host);
                let answer = caller.send(call).await.expect("it answers");
                answer.assert_problem(403, "L0305");
            }
        }
        let post = || {
            let call = caller.call(Method::POST, "/v1/requests").body(asked(&wishes[3], "foreign"));
            call.header("Content-Type", "application/json")
        };
        for origin in ["https://evil.example", "null", "http://localhost.evil", "file://"] {
            let answer = caller.send(from(post(), "Origin", origin)).await.expect("it answers");
            answer.assert_problem(403, "L0305");
        }
        caller.get("/v1/visits/foreign").await.assert_problem(404, "L0101");
        let own = caller.send(from(post(), "Origin", "http://localhost:5173")).await;
        assert_eq!(own.expect("it answers").status, 201);
    });
}

#[test]
fn a_key_is_of_one_request_and_no_key_breaks_into_anothers_event() {
    on_a_service("keys", async |caller, wishes| {
        let one = asked(&wishes[4], "one");
        let first = caller.post("/v1/requests", Some("key"), &one).await.expect("it answers");
        assert_eq!(first.status, 201, "{first:?}");
        let other = asked(&wishes[5], "other");
        let taken = caller.post("/v1/requests", Some("key"), &other).await.expect("it answers");
        taken.assert_problem(422, "L0203");
        // The same text to another route, or with another hold, is another request.
        let held = caller.post("/v1/requests?hold_minutes=5", Some("key"), &one).await;
        held.expect("it answers").assert_problem(422, "L0203");
        let event = r#"{"kind":"cancelled","visit":"one"}"#;
        let event = caller.post("/v1/events", Some("key"), event).await.expect("it answers");
        event.assert_problem(422, "L0203");

        // The id of an event that somebody reported without a key is no key for another.
        let unkeyed = caller.post("/v1/requests", None, &other).await.expect("it answers").json();
        let id = unkeyed["id"].as_str().expect("its id").to_owned();
        let third = asked(&wishes[6], "third");
        let stolen = caller.post("/v1/requests", Some(&id), &third).await.expect("it answers");
        stolen.assert_problem(422, "L0203");
        assert_eq!(caller.get("/readyz").await.status, 200, "nobody else is disturbed");
        let again = caller.post("/v1/requests", Some("key"), &one).await.expect("it answers");
        assert!(again.is_again && again.body == first.body);
        caller.get("/v1/visits/third").await.assert_problem(404, "L0101");
    });
}

#[test]
fn an_address_that_others_can_reach_is_refused() {
    let day = made_up_day("loopback");
    let place = Place::sqlite();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        let day = day.to_str().expect("a path of a test is text");
        let store = place.address();
        let arguments = ["serve", day, "--store", &store, "--listen", address];
        let (_, said) = expect(&rond(&arguments), 2);
        assert!(said.contains("127.0.0.1"), "{said}");
    }
    let Place::Sqlite(folder) = &place else { return };
    let left = std::fs::read_dir(folder).expect("it is there").count();
    assert_eq!(left, 0, "it stored something before it was refused");
}
