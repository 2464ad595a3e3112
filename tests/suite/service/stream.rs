//! The stream: whoever was away hears each thing once, or is told that she has to look.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, Response};
use rond::domain::{CrewId, Event, Point, Recorded, Seconds};
use rond::live::{self, Answered, GivingOut, HandClock, LiveSettings, NewReport, Outcome, Service};
use rond::store::Store;
use rond::wire::read_day;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::clock::travel;
use super::full_disk::Asked;
use super::served::{Caller, PATIENCE, Served, made_up_day, wishes};
use crate::support::place::{on_both_engines, run};

/// A message of the stream.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: i64,
    pub event: String,
    pub data: String,
}

/// Whoever listens.
pub struct Ear {
    answer: Response,
    text: String,
}

impl Ear {
    /// Listens from after this place in the log on, or from now on.
    pub async fn open(caller: &Caller, after: Option<i64>) -> Ear {
        let mut call = caller.call(Method::GET, "/v1/stream").timeout(PATIENCE * 10);
        if let Some(after) = after {
            call = call.header("Last-Event-ID", after.to_string());
        }
        let answer = call.send().await.expect("the service answers");
        assert_eq!(answer.status(), 200);
        Ear { answer, text: String::new() }
    }

    /// The next message; nothing when the stream ends.
    pub async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let message: String = self.text.drain(..end + 2).collect();
                match read(&message) {
                    Some(message) => return Some(message),
                    // A sign of life.
                    None => continue,
                }
            }
            let piece = tokio::time::timeout(PATIENCE, self.answer.chunk()).await;
            let piece = piece.expect("something comes").ok()??;
            self.text.push_str(&String::from_utf8_lossy(&piece));
        }
    }

    /// The messages up to this place in the log.
    async fn upto(&mut self, last: i64) -> Vec<Message> {
        let mut messages: Vec<Message> = Vec::new();
        while messages.last().is_none_or(|message| message.id < last) {
            messages.push(self.next().await.expect("the stream goes on"));
        }
        messages
    }
}

fn read(message: &str) -> Option<Message> {
    let field = |name: &str| message.lines().find_map(|line| line.strip_prefix(name));
    Some(Message {
        id: field("id: ")?.parse().expect("a place in the log"),
        event: field("event: ")?.to_owned(),
        data: field("data: ")?.to_owned(),
    })
}

fn requested(messages: &[Message]) -> Vec<i64> {
    messages.iter().filter(|m| m.event == "requested").map(|m| m.id).collect()
}

#[test]
fn whoever_comes_back_with_her_last_id_hears_each_message_once() {
    let day = made_up_day("stream");
    let wishes = wishes(&day);
    on_both_engines("stream", async |place| {
        let served = Served::start(&day, &place.address(), &["--tick", "1"]);
        let caller = Caller::of(&served.address);
        let mut ear = Ear::open(&caller, None).await;
        let (mut seqs, mut heard) = (Vec::new(), Vec::new());
        for number in 0..24 {
            let asked = Asked::like(&wishes[number], format!("heard-{number}"));
            let answer = asked.send(&caller).await.json();
            seqs.push(answer["seq"].as_i64().expect("its place in the log"));
            if number % 6 == 5 {
                heard.extend(ear.upto(seqs[number - 3]).await);
                // Gone in the middle, and some happen before she is back.
                drop(ear);
                let asked = Asked::like(&wishes[30 + number], format!("missed-{number}"));
                let answer = asked.send(&caller).await.json();
                seqs.push(answer["seq"].as_i64().expect("its place in the log"));
                let last: &Message = heard.last().expect("she has heard something");
                ear = Ear::open(&caller, Some(last.id)).await;
                heard.extend(ear.upto(*seqs.last().expect("some")).await);
            }
        }
        assert_eq!(requested(&heard), seqs, "each once, and in order");
        let ids: Vec<i64> = heard.iter().map(|message| message.id).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
        assert!(heard.iter().all(|message| message.event != "reset"));
        for message in &heard {
            let data: serde_json::Value = serde_json::from_str(&message.data).expect("JSON");
            assert_eq!((&data["seq"], &data["kind"]), (&json!(message.id), &json!(message.event)));
        }
        assert!(served.stop().success());
        assert!(ear.next().await.is_none(), "a service that stops ends its streams");

        let served = Served::start(&day, &place.address(), &["--tick", "1"]);
        let caller = Caller::of(&served.address);
        let last = heard.last().expect("some").id;
        for old in [0, 1, seqs[0], last - 1, i64::MAX] {
            let mut ear = Ear::open(&caller, Some(old)).await;
            let message = ear.next().await.expect("she is told");
            assert_eq!(message.event, "reset", "after {old} of {last}: {message:?}");
            let now = caller.get("/readyz").await.json()["seq"].as_i64().expect("a place");
            assert!(message.id >= last && message.id <= now, "{message:?}");
        }
    });
}

async fn report(service: &Service, number: i64, crew: &CrewId) -> i64 {
    let point = Point::from_degrees(55.5, 13.0 + (number % 1_000) as f64 / 1_000.0);
    let event = Event::Position { crew: crew.clone(), point: point.expect("on the globe") };
    let at = service.now() + Seconds(number / 1_000);
    let (id, by) = (Service::new_id(), "car".to_owned());
    let recorded = Recorded { id, valid_at: at, recorded_at: at, by, why: None, event };
    let render = Box::new(|outcome: &Outcome<'_>| Answered {
        status: 201,
        body: outcome.seq.0.to_string(),
        is_again: false,
    });
    let answered = service.report(NewReport { recorded, request_hash: None, render }).await;
    answered.expect("positions are never refused").body.parse().expect("a place in the log")
}

/// A connection that is opened and not read from; little waits in it.
async fn slow_listener(address: std::net::SocketAddr) -> tokio::net::TcpStream {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4_096).expect("a small buffer");
    let mut slow = socket.connect(address).await.expect("the service listens");
    let call = format!("GET /v1/stream HTTP/1.1\r\nHost: {address}\r\n\r\n");
    slow.write_all(call.as_bytes()).await.expect("it is taken");
    slow
}

#[test]
fn a_listener_who_is_too_slow_is_told_so_and_holds_nobody_up() {
    let day_file = made_up_day("slow_listener");
    let day = read_day(std::fs::read(&day_file).expect("it was written")).expect("whole").world;
    let crew = day.crews[0].id.clone();
    let begin = day.as_of;
    run(async {
        let settings = LiveSettings {
            store: Store::open("sqlite::memory:").await.expect("memory is there"),
            day: Some(day),
            travel: travel(),
            clock: Arc::new(HandClock::at(begin)),
            tick: Seconds(60),
            giving_out: GivingOut::None,
        };
        let (service, running) = live::start(settings).await.expect("an empty store");
        let listener = rond::api::listen("127.0.0.1:0".parse().expect("an address"));
        let listener = listener.await.expect("a free port");
        let address = listener.address;
        let stopping = service.clone();
        let stop = async move { stopping.stopping().await };
        let serving = tokio::spawn(rond::api::serve(listener, service.clone(), stop));
        let caller = Caller::of(&format!("http://{address}"));
        let mut slow = slow_listener(address).await;
        let mut quick = Ear::open(&caller, None).await;
        while service.health().listeners < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let hears = tokio::spawn(async move { (quick.upto(60_000).await, quick) });
        let mut last = 0;
        for thousand in 0..60 {
            let mut reports = tokio::task::JoinSet::new();
            for at in 0..1_000 {
                let (service, crew) = (service.clone(), crew.clone());
                let number = thousand * 1_000 + at;
                reports.spawn(async move { report(&service, number, &crew).await });
            }
            last = reports.join_all().await.into_iter().max().expect("some");
        }
        assert!(last >= 60_000);
        let (heard, quick) = hears.await.expect("no panic");
        assert_each_once_or_reset(&heard.iter().map(|m| (m.id, &*m.event)).collect::<Vec<_>>());
        let text = read_all(&mut slow, last).await;
        let messages: Vec<Message> = text.split("\n\n").filter_map(read).collect();
        assert!(messages.iter().any(|message| message.event == "reset"), "she was never told");
        let known: Vec<(i64, &str)> = messages.iter().map(|m| (m.id, &*m.event)).collect();
        assert_each_once_or_reset(&known);
        drop((slow, quick));
        service.stop();
        serving.await.expect("no panic").expect("it serves until then");
        drop(service);
        running.ended().await.expect("the store is whole");
    });
}

/// Ids go up; where one is missing, the listener was told to look at the whole plan.
fn assert_each_once_or_reset(messages: &[(i64, &str)]) {
    let ids: BTreeSet<i64> = messages.iter().map(|(id, _)| *id).collect();
    assert!(ids.len() > 100);
    for pair in messages.windows(2) {
        let (was, now) = (pair[0], pair[1]);
        assert!(was.0 < now.0 || now.1 == "reset", "after {was:?} came {now:?}");
        let is_next = now.0 == was.0 + 1 || now.1 == "reset";
        assert!(is_next, "after {was:?} came {now:?}, and nobody was told");
    }
}

/// Reads slowly what has waited, up to this place in the log.
async fn read_all(slow: &mut tokio::net::TcpStream, last: i64) -> String {
    let mut text = String::new();
    let mut piece = vec![0; 1 << 16];
    let wanted = format!("id: {last}\n");
    while !text.contains(&wanted) {
        let read = tokio::time::timeout(Duration::from_secs(3), slow.read(&mut piece)).await;
        match read {
            Ok(Ok(count)) if count > 0 => text.push_str(&String::from_utf8_lossy(&piece[..count])),
            _ => break,
        }
    }
    // The pieces of the transfer stand between the messages.
    text.lines().filter(|line| line.trim().len() > 4 || line.is_empty()).fold(
        String::new(),
        |mut text, line| {
            text.push_str(line);
            text.push('\n');
            text
        },
    )
}
