//! The service as a process, and whoever calls it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;

use crate::support::program::{expect, folder, rond, text};

/// How long a test waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A service that runs until it is stopped, killed or dropped.
pub struct Served {
    child: Child,
    /// Where it is, such as `http://127.0.0.1:40000`.
    pub address: String,
}

impl Served {
    /// Starts the program on a store, and waits until it listens. What it says on standard error
    /// goes to a file beside the day.
    pub fn start(day: &Path, store: &str, more: &[&str]) -> Served {
        let log = File::options().create(true).append(true).open(day.with_extension("log"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_rond"))
            .arg("serve")
            .arg(day)
            .args(["--store", store, "--listen", "127.0.0.1:0", "--played"])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(log.expect("the folder of the day can be written"))
            .spawn()
            .expect("the program that was just built runs");
        let output = child.stdout.take().expect("its output is kept");
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).expect("it says where it listens");
        let address = line.trim().strip_prefix("rond listens on ").map(ToOwned::to_owned);
        let address = address.unwrap_or_else(|| {
            let said = std::fs::read_to_string(day.with_extension("log")).unwrap_or_default();
            panic!("it did not start: {line:?}\n{said}")
        });
        Served { child, address }
    }

    /// Ends it at once, as when the power goes.
    pub fn kill(mut self) {
        self.child.kill().expect("a child can be killed");
        self.child.wait().expect("a killed child ends");
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status();
        assert!(told.is_ok_and(|status| status.success()), "it cannot be told to end");
        self.child.wait().expect("a child that was told to end ends")
    }

    /// Has it ended by itself?
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub kind: String,
    pub is_again: bool,
    pub retry_after: Option<String>,
    pub body: String,
}

impl Answer {
    /// Its body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|why| panic!("{why}: {self:?}"))
    }

    /// Asserts that it is an error in the one form, with this status and code.
    #[track_caller]
    pub fn assert_problem(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.kind.as_str()), (status, "application/problem+json"));
        let problem = self.json();
        assert_eq!(problem["code"], code, "{}", self.body);
        assert_eq!(problem["status"], status, "{}", self.body);
        assert_eq!(problem["type"], format!("urn:rond:problem:{code}"));
        let is_later = [429, 503].contains(&status);
        assert_eq!(self.retry_after.is_some(), is_later, "{self:?}");
    }

    async fn of(response: Response) -> reqwest::Result<Answer> {
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().expect("our headers are text").to_owned())
        };
        Ok(Answer {
            status: response.status().as_u16(),
            kind: header("content-type").unwrap_or_default(),
            is_again: header("idempotent-replayed").as_deref() == Some("true"),
            retry_after: header("retry-after"),
            body: response.text().await?,
        })
    }
}

/// Whoever calls a service.
#[derive(Clone)]
pub struct Caller {
    client: Client,
    address: String,
}

impl Caller {
    /// Calls the service at this address.
    pub fn of(address: &str) -> Caller {
        // As the program itself does; a second call is refused, and means nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().timeout(PATIENCE).build().expect("a client");
        Caller { client, address: address.to_owned() }
    }

    /// A call that is not sent yet.
    pub fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.address))
    }

    /// Sends a call; an error when no whole answer came.
    pub async fn send(&self, call: RequestBuilder) -> reqwest::Result<Answer> {
        Answer::of(call.send().await?).await
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.call(Method::GET, path)).await.expect("the service answers")
    }

    /// Reports, with a key or without.
    pub async fn post(&self, path: &str, key: Option<&str>, body: &str) -> reqwest::Result<Answer> {
        let mut call = self.call(Method::POST, path).header("Content-Type", "application/json");
        if let Some(key) = key {
            call = call.header("Idempotency-Key", key);
        }
        self.send(call.body(body.to_owned())).await
    }

    /// All visits, page by page.
    pub async fn visits(&self) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.get(&format!("/v1/visits?limit=1000{after}")).await.json();
            all.extend(page["visits"].as_array().expect("a list").iter().cloned());
            match page["next_after"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return all,
            }
        }
    }

    /// Asks until the answer is as wanted.
    pub async fn until(&self, path: &str, is_wanted: impl Fn(&Answer) -> bool) -> Answer {
        let begun = Instant::now();
        loop {
            let answer = self.get(path).await;
            if is_wanted(&answer) {
                return answer;
            }
            assert!(begun.elapsed() < PATIENCE, "it never came: {answer:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// A made-up day of the southeast in a folder of the test's own.
pub fn made_up_day(test: &str) -> PathBuf {
    let day = folder("service", test).join("day.json");
    let arguments =
        ["generate", "--delregion", "Sydost", "--date", "2026-11-30", "--seed", "1", "--out"];
    expect(&rond(&[&arguments[..], &[text(&day)]].concat()), 0);
    day
}

/// Visits as they are asked for: those of a day, without their ids, windows and times.
pub fn wishes(day: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(day).expect("the day was just written");
    let day: Value = serde_json::from_str(&text).expect("it is JSON");
    let visits = day["visits"].as_array().expect("a day has visits");
    let wish = |visit: &Value| {
        let fields = ["patient", "kind", "parts", "meetings"].into_iter();
        fields.filter_map(|key| Some((key.to_owned(), visit.get(key)?.clone()))).collect()
    };
    visits.iter().map(wish).collect()
}
