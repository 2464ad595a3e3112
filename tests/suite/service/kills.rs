//! The service is killed in the middle of its work, again and again, and started on what it has
//! stored. What it has acknowledged is there, once; what it has not can be sent again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::served::{Answer, Caller, PATIENCE, Served, made_up_day, wishes};
use super::times;
use crate::support::dice::Dice;
use crate::support::place::{Place, on_both_engines};
use crate::support::program::{expect, rond, text};

/// So many send at the same time.
const SENDERS: usize = 4;
/// Of so many visits that are asked for, all but one are cancelled: the day must not fill up.
const ONE_STAYS_IN: usize = 10;

/// Something sent, and what came of it.
#[derive(Clone)]
struct Sent {
    path: &'static str,
    key: String,
    body: String,
    /// The visit that it asks for or cancels.
    visit: String,
    answer: Option<Answer>,
}

impl Sent {
    fn is_acknowledged(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.status == 201)
    }

    fn is_cancellation(&self) -> bool {
        self.path == "/v1/events"
    }

    async fn send(&self, caller: &Caller) -> reqwest::Result<Answer> {
        caller.post(self.path, Some(&self.key), &self.body).await
    }
}

fn request(id: &str, wish: &Value, at: usize) -> Sent {
    let mut visit = wish.clone();
    visit["id"] = id.into();
    let mut body = json!({ "visit": visit });
    if at.is_multiple_of(7) {
        // Of somebody who is new, at an address that is new.
        let home = format!("home-of-{id}");
        let lat = 55.5 + at as f64 % 50.0 / 500.0;
        body["place"] = json!({
            "id": home, "municipality": "1286", "lat": lat, "lon": 13.9,
        });
        body["patient"] = json!({
            "id": format!("patient-of-{id}"), "place": home, "care_form": "enrolled",
        });
        body["visit"]["patient"] = format!("patient-of-{id}").into();
    }
    Sent {
        path: "/v1/requests",
        key: format!("ask-{id}"),
        body: body.to_string(),
        visit: id.to_owned(),
        answer: None,
    }
}

fn cancellation(id: &str) -> Sent {
    Sent {
        path: "/v1/events",
        key: format!("cancel-{id}"),
        body: json!({ "kind": "cancelled", "visit": id }).to_string(),
        visit: id.to_owned(),
        answer: None,
    }
}

/// Asks and cancels until nobody answers any more. Returns all that was sent.
async fn load(caller: Caller, cycle: u64, wishes: Arc<Vec<Value>>) -> Vec<Sent> {
    let all = Arc::new(Mutex::new(Vec::new()));
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let (caller, wishes, all) = (caller.clone(), wishes.clone(), all.clone());
            tokio::spawn(async move {
                for number in 0.. {
                    let id = format!("k{cycle}-{sender}-{number}");
                    let at = cycle as usize * 31 + sender * 7 + number;
                    let mut events = vec![request(&id, &wishes[at % wishes.len()], at)];
                    if number % ONE_STAYS_IN != 0 {
                        events.push(cancellation(&id));
                    }
                    for mut sent in events {
                        sent.answer = sent.send(&caller).await.ok();
                        let is_over = sent.answer.is_none();
                        all.lock().expect("never poisoned").push(sent);
                        if is_over {
                            return;
                        }
                    }
                }
            })
        })
        .collect();
    for sender in senders {
        sender.await.expect("no panic");
    }
    let all = std::mem::take(&mut *all.lock().expect("never poisoned"));
    for sent in all.iter().filter(|sent| sent.answer.is_some()) {
        assert!(sent.is_acknowledged(), "{}: {:?}", sent.body, sent.answer);
    }
    all
}

/// Everything that was sent before a kill, against the service that was started after it.
async fn assert_kept(caller: &Caller, sent: &[Sent]) {
    let known = states(caller).await;
    for sent in sent.iter().filter(|sent| sent.is_acknowledged()) {
        let states = known.get(&sent.visit).map_or(&[][..], Vec::as_slice);
        assert_eq!(states.len(), 1, "{} was acknowledged: {states:?}", sent.key);
        if sent.is_cancellation() {
            assert_eq!(states[0], "cancelled", "{} was acknowledged", sent.key);
        }
    }
    for sent in sent {
        let again = sent.send(caller).await.expect("the service answers");
        assert_eq!(again.status, 201, "{}: {again:?}", sent.key);
        match &sent.answer {
            Some(answer) => {
                assert!(again.is_again, "{} was done twice", sent.key);
                assert_eq!(again.body, answer.body, "{}", sent.key);
            }
            None => {
                let third = sent.send(caller).await.expect("the service answers");
                assert!(third.is_again, "{} was done twice", sent.key);
                assert_eq!(third.body, again.body, "{}", sent.key);
            }
        }
    }
    let known = states(caller).await;
    for sent in sent {
        assert_eq!(known.get(&sent.visit).map(Vec::len), Some(1), "{}", sent.key);
    }
}

/// The states of each visit, as often as it is there.
async fn states(caller: &Caller) -> BTreeMap<String, Vec<String>> {
    let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    for visit in caller.visits().await {
        known.entry(text(&visit["id"])).or_default().push(text(&visit["state"]));
    }
    known
}

/// Starts the service; how long it took until it showed a plan.
async fn started(day: &Path, place: &Place, more: &[&str]) -> (Served, Caller, Duration) {
    let begun = Instant::now();
    let served = Served::start(day, &place.address(), more);
    let caller = Caller::of(&served.address);
    let plan = caller.get("/v1/plan").await;
    let took = begun.elapsed();
    assert_eq!(plan.status, 200, "{plan:?}");
    assert!(!plan.json()["lists"].as_array().expect("lists").is_empty());
    (served, caller, took)
}

#[test]
fn nothing_acknowledged_is_lost_or_done_twice_when_the_service_is_killed() {
    let day = made_up_day("kills");
    let wishes = Arc::new(wishes(&day));
    on_both_engines("kills", async |place| {
        let mut dice = Dice::new(1);
        let mut starts = Vec::new();
        let (mut acknowledged, mut unanswered) = (0, 0);
        let mut before: Vec<Sent> = Vec::new();
        for cycle in 0..times("ROND_KILLS", 3) {
            let (served, caller, took) = started(&day, place, &["--tick", "1"]).await;
            starts.push(took);
            assert_kept(&caller, &before).await;
            let load = tokio::spawn(load(caller, cycle, wishes.clone()));
            let millis = dice.within(20..=700) as u64;
            tokio::time::sleep(Duration::from_millis(millis)).await;
            served.kill();
            before = load.await.expect("no panic");
            acknowledged += before.iter().filter(|sent| sent.is_acknowledged()).count();
            unanswered += before.iter().filter(|sent| sent.answer.is_none()).count();
        }
        let (served, caller, took) = started(&day, place, &["--tick", "1"]).await;
        starts.push(took);
        assert_kept(&caller, &before).await;
        assert!(served.stop().success());
        let (said, _) = expect(&rond(&["replay", &place.address(), "--json"]), 0);
        starts.sort();
        let (median, longest) = (starts[starts.len() / 2], starts[starts.len() - 1]);
        println!(
            "{} starts: median {median:?}, longest {longest:?}; {acknowledged} acknowledged, \
             {unanswered} unanswered\n{said}",
            starts.len()
        );
        assert!(acknowledged > 0 && unanswered > 0, "nobody was disturbed");
    });
}

/// The lists as text, and the plan that a replay writes.
async fn plan_of(caller: &Caller, place: &Place, out: &Path) -> (String, String) {
    let lists = caller.get("/v1/plan").await.json()["lists"].to_string();
    expect(&rond(&["replay", &place.address(), "--out", text(out)]), 0);
    (lists, std::fs::read_to_string(out).expect("it was just written"))
}

#[test]
fn a_plan_is_the_same_to_the_byte_after_a_stop_and_a_start() {
    let day = made_up_day("stop_and_start");
    let out = day.with_file_name("plan.json");
    let wishes = wishes(&day);
    on_both_engines("stop_and_start", async |place| {
        // Time stands still, and nobody makes the plan better meanwhile.
        let still = ["--speed", "0.001", "--give-out", "none"];
        let (served, caller, _) = started(&day, place, &still).await;
        for number in 0..20 {
            let id = format!("asked-{number}");
            let sent = request(&id, &wishes[number * 3 % wishes.len()], number);
            let answer = sent.send(&caller).await.expect("the service answers");
            assert_eq!(answer.status, 201, "{answer:?}");
        }
        let before = plan_of(&caller, place, &out).await;
        assert!(served.stop().success());
        for start in 0..3 {
            let (served, caller, _) = started(&day, place, &still).await;
            let after = plan_of(&caller, place, &out).await;
            assert!(before.0 == after.0, "start {start}: the lists are others");
            assert!(before.1 == after.1, "start {start}: the plan is another");
            if start == 1 {
                served.kill();
            } else {
                assert!(served.stop().success());
            }
        }
    });
}

#[test]
fn a_service_whose_store_another_has_opened_acknowledges_nothing_more_and_stops() {
    let day = made_up_day("two_services");
    let wishes = wishes(&day);
    on_both_engines("two_services", async |place| {
        let (mut older, caller, _) = started(&day, place, &["--tick", "60"]).await;
        let before = request("before", &wishes[0], 1);
        let before = Sent { answer: before.send(&caller).await.ok(), ..before };
        assert!(before.is_acknowledged());
        let (newer, of_newer, _) = started(&day, place, &["--tick", "60"]).await;
        let refused = request("refused", &wishes[1], 1);
        if let Ok(answer) = refused.send(&caller).await {
            assert_eq!(answer.status, 503, "{answer:?}");
        }
        let begun = Instant::now();
        while !older.has_ended() {
            assert!(begun.elapsed() < PATIENCE, "it goes on without a store");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_kept(&of_newer, &[before]).await;
        let visits = states(&of_newer).await;
        assert!(!visits.contains_key("refused"), "what was refused was stored");
        assert!(newer.stop().success());
    });
}
