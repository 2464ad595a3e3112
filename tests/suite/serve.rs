//! The service through its doors: requests with options, the same request twice, a new start, and
//! the day once more from its log.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::support::place;
use crate::support::program::{expect, folder, rond, text};

/// The service, until it is dropped.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(arguments: &[&str]) -> Served {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rond"))
            .arg("serve")
            .args(arguments)
            .args(["--listen", "127.0.0.1:0", "--played"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program that was just built runs");
        let mut line = String::new();
        let out = child.stdout.take().expect("it was asked for");
        BufReader::new(out).read_line(&mut line).expect("it says where it listens");
        let address = line.trim().rsplit(' ').next().expect("a line").to_owned();
        assert!(address.starts_with("http://"), "{line}");
        Served { child, address }
    }

    /// Status, whether it is an answer given before, and the answer.
    async fn ask(&self, path: &str, key: Option<&str>, body: Option<&Value>) -> (u16, bool, Value) {
        // It may have been installed before; whichever it is serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::new();
        let address = format!("{}{path}", self.address);
        let mut request = match body {
            None => client.get(address),
            Some(body) => client
                .post(address)
                .header("Content-Type", "application/json")
                .body(body.to_string()),
        };
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let answer = request.send().await.expect("it answers");
        let again = answer.headers().contains_key("idempotent-replayed");
        let status = answer.status().as_u16();
        let bytes = answer.bytes().await.expect("a whole answer");
        (status, again, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended; a test that needs to know has looked.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn generated(at: &Path) -> String {
    let day = at.join("day.json");
    let made = rond(&[
        "generate",
        "--delregion",
        "Sydost",
        "--date",
        "2026-11-30",
        "--seed",
        "1",
        "--out",
        text(&day),
    ]);
    expect(&made, 0);
    text(&day).to_owned()
}

fn wish(day: &str, id: &str) -> Value {
    let text = std::fs::read(day).expect("it was written");
    let day: Value = serde_json::from_slice(&text).expect("it is JSON");
    let like = &day["visits"][0];
    json!({ "visit": {
        "id": id, "patient": like["patient"], "kind": like["kind"], "parts": like["parts"],
    }, "tell": ["patient"] })
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill_and_the_log_gives_the_same_plan() {
    let at = folder("serve", "acknowledged");
    let day = generated(&at);
    let store = format!("sqlite:{}", at.join("log.db").display());
    place::run(async {
        let served = Served::start(&[&day, "--store", &store, "--give-out", "none"]);
        let body = wish(&day, "nytt");
        let (status, _, options) = served.ask("/v1/requests?dry_run=true", None, Some(&body)).await;
        assert_eq!(status, 200, "{options}");
        let (status, again, first) = served.ask("/v1/requests", Some("k-1"), Some(&body)).await;
        assert_eq!((status, again), (201, false), "{first}");
        assert_eq!(first["options"], options["options"], "what is offered is what is had");
        let chosen = &first["chosen"];
        assert_eq!(chosen["slots"], options["options"][0]["slots"]);
        assert_eq!(
            chosen["tiers"], options["options"][0]["tiers"],
            "the price offered is realised"
        );
        let other = wish(&day, "annat");
        let (status, _, problem) = served.ask("/v1/requests", Some("k-1"), Some(&other)).await;
        assert_eq!((status, &problem["code"]), (422, &json!("L0203")));
        let (_, _, before) = served.ask("/v1/plan", None, None).await;
        drop(served);

        let served = Served::start(&["--store", &store, "--give-out", "none"]);
        let (_, _, after) = served.ask("/v1/plan", None, None).await;
        assert_eq!(before["lists"], after["lists"]);
        let (status, again, second) = served.ask("/v1/requests", Some("k-1"), Some(&body)).await;
        assert_eq!((status, again, second), (201, true, first));
        let (status, _, visit) = served.ask("/v1/visits/nytt", None, None).await;
        assert_eq!((status, &visit["state"]), (200, &json!("planned")), "{visit}");
        let cancelled = json!({ "kind": "cancelled", "visit": "nytt" });
        let (status, _, answer) = served.ask("/v1/events", None, Some(&cancelled)).await;
        assert_eq!(status, 201, "{answer}");
        let (status, _, answer) = served.ask("/v1/events", None, Some(&cancelled)).await;
        assert_eq!(status, 201, "a second cancellation changes nothing: {answer}");
    });
    let (out, _) = expect(&rond(&["replay", &store, "--json"]), 0);
    let report: Value = serde_json::from_str(&out).expect("a line of JSON");
    assert_eq!(report["legal"], json!(true), "{report}");
}

#[test]
fn a_service_without_sign_in_is_not_offered_to_other_machines() {
    let at = folder("serve", "loopback");
    let store = format!("sqlite:{}", at.join("log.db").display());
    let refused = rond(&["serve", "--store", &store, "--listen", "0.0.0.0:0"]);
    let (_, err) = expect(&refused, 2);
    assert!(err.contains("sign-in"), "{err}");
}
