//! `rond loadtest`: requests to a service of this machine, each sent at its moment whether or not
//! those before are answered, and timed from that moment on: a service that is late cannot hide it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use clap::Args;
use reqwest::{Client, Url};
use serde_json::{Value, json};

use super::failure::Failure;
use super::{Answer, files};
use crate::domain::World;

/// What `rond loadtest` is asked.
#[derive(Clone, Args)]
pub struct LoadtestArguments {
    /// The service, such as http://127.0.0.1:8080
    #[arg(value_name = "URL")]
    service: Url,
    /// The day file that it serves: visits like those in it are asked for
    #[arg(value_name = "DAY.json")]
    day: PathBuf,
    /// For so many seconds
    #[arg(long, value_name = "S", default_value_t = 60)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
    /// Visits asked for per second, each cancelled later
    #[arg(long, value_name = "N", default_value_t = 20.0)]
    requests: f64,
    /// Each is cancelled so many seconds after its answer
    #[arg(long, value_name = "S", default_value_t = 30)]
    cancel_after: u64,
    /// Positions reported per second
    #[arg(long, value_name = "N", default_value_t = 0.0)]
    positions: f64,
    /// Stop lists read per second
    #[arg(long, value_name = "N", default_value_t = 0.0)]
    reads: f64,
    /// Listeners to the stream
    #[arg(long, value_name = "N", default_value_t = 0)]
    listeners: usize,
    /// First number of the ids of visits, so that two runs do not ask for the same ones
    #[arg(long, value_name = "K", default_value_t = 0)]
    first: u64,
}

/// No more are under way at a time: what cannot be sent is counted as lost.
const UNDER_WAY_MAX: u64 = 20_000;

/// Sends, and says how long answers took.
pub fn run(arguments: &LoadtestArguments) -> Result<Answer, Failure> {
    let is_here = arguments
        .service
        .host_str()
        .is_some_and(|host| ["127.0.0.1", "localhost", "[::1]"].contains(&host));
    if !is_here {
        return Err(Failure::Input("only a service of this machine is loaded".to_owned()));
    }
    let world = files::read_day(&arguments.day)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|why| Failure::Outside(format!("no threads: {why}")))?;
    let report = runtime.block_on(load(arguments, &world))?;
    files::print(&format!("{report}\n"))?;
    Ok(Answer::Done)
}

/// What all senders share.
struct Load {
    client: Client,
    service: Url,
    kinds: BTreeMap<&'static str, Mutex<Kind>>,
    under_way: AtomicU64,
    acknowledged: Mutex<BTreeMap<i64, Instant>>,
    heard: Mutex<Vec<f64>>,
}

/// How one kind of request fared.
#[derive(Default)]
struct Kind {
    milliseconds: Vec<f64>,
    statuses: BTreeMap<u16, u64>,
    failed: u64,
    lost: u64,
}

async fn load(arguments: &LoadtestArguments, world: &World) -> Result<Value, Failure> {
    // It may have been installed before; whichever it is serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().timeout(Duration::from_secs(30)).build();
    let client = client.map_err(|why| Failure::Outside(why.to_string()))?;
    let kinds = ["request", "cancel", "position", "read"];
    let load = Arc::new(Load {
        client,
        service: arguments.service.clone(),
        kinds: kinds.into_iter().map(|kind| (kind, Mutex::default())).collect(),
        under_way: AtomicU64::new(0),
        acknowledged: Mutex::default(),
        heard: Mutex::default(),
    });
    for _ in 0..arguments.listeners {
        tokio::spawn(listen(load.clone()));
    }
    let length = Duration::from_secs(arguments.seconds);
    let wishes = wishes(world);
    let crews: Vec<String> = world.crews.iter().map(|crew| crew.id.to_string()).collect();
    let shifts = world.crews.iter().flat_map(|crew| &crew.shifts);
    let shifts: Vec<String> = shifts.map(|shift| shift.id.to_string()).collect();
    let cancel_after = Duration::from_secs(arguments.cancel_after);
    let (own, first) = (load.clone(), arguments.first);
    let requests = evenly(arguments.requests, length, move |number, due| {
        let (load, wish) = (own.clone(), wishes[number as usize % wishes.len()].clone());
        async move { load.ask_and_cancel(first + number, wish, due, cancel_after).await }
    });
    let own = load.clone();
    let positions = evenly(arguments.positions, length, move |number, due| {
        let (load, crew) = (own.clone(), crews[number as usize % crews.len()].clone());
        let shift = number as f64 % 1000.0 / 1e5;
        let body = json!({
            "kind": "position", "crew": crew, "lat": 55.6 + shift, "lon": 13.5 + shift,
        });
        async move { drop(load.post("position", "/v1/events", None, &body, due).await) }
    });
    let own = load.clone();
    let reads = evenly(arguments.reads, length, move |number, due| {
        let (load, shift) = (own.clone(), shifts[number as usize % shifts.len()].clone());
        async move { load.read(&shift, due).await }
    });
    tokio::join!(requests, positions, reads);
    let waiting = Instant::now();
    while load.under_way.load(Ordering::Relaxed) > 0 && waiting.elapsed() < cancel_after * 2 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(load.report(length))
}

/// Visits like those of the day, to be asked for.
fn wishes(world: &World) -> Vec<Value> {
    let wish = |visit: &crate::domain::Visit| {
        let part = |part: &crate::domain::Part| {
            json!({
                "role": part.role.as_str(),
                "skills": part.skills.iter().map(|skill| skill.as_str()).collect::<Vec<_>>(),
                "service_minutes": part.service.minutes_begun(),
            })
        };
        let parts: Vec<Value> = visit.parts.iter().map(part).collect();
        json!({ "patient": visit.patient.as_str(), "kind": visit.kind.as_str(), "parts": parts })
    };
    world.visits.iter().map(wish).collect()
}

/// Begins `rate` tasks a second, each at its own moment, for so long.
async fn evenly<F: Future<Output = ()> + Send + 'static>(
    rate: f64,
    length: Duration,
    task: impl Fn(u64, Instant) -> F,
) {
    if rate <= 0.0 {
        return;
    }
    let begun = Instant::now();
    for number in 0.. {
        let due = begun + Duration::from_secs_f64(number as f64 / rate);
        if due >= begun + length {
            return;
        }
        tokio::time::sleep_until(due.into()).await;
        tokio::spawn(task(number, due));
    }
}

impl Load {
    async fn ask_and_cancel(&self, number: u64, mut wish: Value, due: Instant, after: Duration) {
        let id = format!("load-{number}");
        wish["id"] = id.clone().into();
        let body = json!({ "visit": wish });
        let key = format!("load-request-{number}");
        let answered = self.post("request", "/v1/requests", Some(&key), &body, due).await;
        let Some(answer) = answered else { return };
        if let Some(seq) = answer["seq"].as_i64() {
            let known = self.acknowledged.lock();
            // Nobody panics with the lock held.
            known.expect("never poisoned").insert(seq, Instant::now());
        }
        tokio::time::sleep(after).await;
        let body = json!({ "kind": "cancelled", "visit": id });
        let key = format!("load-cancel-{number}");
        drop(self.post("cancel", "/v1/events", Some(&key), &body, Instant::now()).await);
    }

    async fn post(
        &self,
        kind: &'static str,
        path: &str,
        key: Option<&str>,
        body: &Value,
        due: Instant,
    ) -> Option<Value> {
        let request = self.client.post(self.at(path)).body(body.to_string());
        let mut request = request.header("Content-Type", "application/json");
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let answer = self.timed(kind, request, due).await?;
        serde_json::from_slice(&answer.bytes().await.ok()?).ok()
    }

    async fn read(&self, shift: &str, due: Instant) {
        let mut at = self.at("/v1/shifts/");
        if let Ok(mut path) = at.path_segments_mut() {
            path.pop_if_empty().push(shift).push("stops");
        }
        if let Some(answer) = self.timed("read", self.client.get(at), due).await {
            drop(answer.bytes().await);
        }
    }

    fn at(&self, path: &str) -> Url {
        let mut at = self.service.clone();
        at.set_path(path);
        at
    }

    /// The answer, if it is a good one; every other is counted.
    async fn timed(
        &self,
        kind: &'static str,
        request: reqwest::RequestBuilder,
        due: Instant,
    ) -> Option<reqwest::Response> {
        // Every kind is in the table.
        let of_kind = || self.kinds[kind].lock().expect("never poisoned");
        if self.under_way.fetch_add(1, Ordering::Relaxed) >= UNDER_WAY_MAX {
            self.under_way.fetch_sub(1, Ordering::Relaxed);
            of_kind().lost += 1;
            return None;
        }
        let answer = request.send().await;
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        let mut known = of_kind();
        match answer {
            Err(_) => {
                known.failed += 1;
                None
            }
            Ok(answer) => {
                *known.statuses.entry(answer.status().as_u16()).or_default() += 1;
                let is_good = answer.status().is_success();
                if is_good {
                    known.milliseconds.push(due.elapsed().as_secs_f64() * 1e3);
                }
                is_good.then_some(answer)
            }
        }
    }

    fn report(&self, length: Duration) -> Value {
        let mut report = json!({ "seconds": length.as_secs() });
        for (kind, known) in &self.kinds {
            let known = known.lock().expect("never poisoned");
            let (good, lost) = (known.milliseconds.len(), known.lost);
            if good == 0 && lost == 0 && known.failed == 0 && known.statuses.is_empty() {
                continue;
            }
            report[*kind] = json!({
                "good": good,
                "good_per_second": rounded(good as f64 / length.as_secs_f64()),
                "milliseconds": shares(&known.milliseconds),
                "statuses": known.statuses,
                "failed": known.failed,
                "not_sent": lost,
            });
        }
        let heard = self.heard.lock().expect("never poisoned");
        if !heard.is_empty() {
            report["heard_after_acknowledgement_milliseconds"] = shares(&heard);
        }
        report
    }
}

/// Half, nineteen of twenty, ninety-nine of a hundred, and all took no longer than this.
fn shares(milliseconds: &[f64]) -> Value {
    let mut sorted = milliseconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let last = sorted.len().saturating_sub(1);
        sorted.get(((last as f64) * share).round() as usize).map(|found| rounded(*found))
    };
    json!({ "p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "longest": at(1.0) })
}

fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// Listens, and notes how long after its acknowledgement a request was heard of.
async fn listen(load: Arc<Load>) {
    // A stream has no end, and so no time-out.
    let Ok(client) = Client::builder().build() else { return };
    let Ok(mut answer) = client.get(load.at("/v1/stream")).send().await else { return };
    let mut text = String::new();
    while let Ok(Some(bytes)) = answer.chunk().await {
        text.push_str(&String::from_utf8_lossy(&bytes));
        while let Some(end) = text.find("\n\n") {
            let message: String = text.drain(..end + 2).collect();
            let id = message.lines().find_map(|line| line.strip_prefix("id: "));
            let Some(seq) = id.and_then(|id| id.trim().parse::<i64>().ok()) else { continue };
            let known = load.acknowledged.lock().expect("never poisoned").get(&seq).copied();
            // Heard before the answer was read is heard at once.
            let after = known.map_or(0.0, |known| known.elapsed().as_secs_f64() * 1e3);
            load.heard.lock().expect("never poisoned").push(after);
        }
    }
}
