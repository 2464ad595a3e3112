//! The disk of the service is full: it says so, shows the last plan, and goes on when there is
//! room.

use serde_json::{Value, json};

use super::served::{Answer, Caller, Served, made_up_day, wishes};
use super::times;
use crate::support::place::{Place, run};
use crate::support::program::{expect, rond};
use crate::support::small_disk::SmallDisk;

/// Size of the disk, and what of it is taken before the service comes.
const MEGABYTES: usize = 8;
const BALLAST: usize = 5_500_000;

/// A request with its key.
pub struct Asked {
    pub id: String,
    body: String,
}

impl Asked {
    /// A visit like this one, with this id.
    pub fn like(wish: &Value, id: String) -> Asked {
        let mut visit = wish.clone();
        visit["id"] = id.as_str().into();
        Asked { id, body: json!({ "visit": visit }).to_string() }
    }

    /// Sends it; the same key every time.
    pub async fn send(&self, caller: &Caller) -> Answer {
        let key = format!("key-{}", self.id);
        caller.post("/v1/requests", Some(&key), &self.body).await.expect("the service answers")
    }

    /// Sends it until the service takes it.
    pub async fn send_until_taken(&self, caller: &Caller) -> Answer {
        let begun = std::time::Instant::now();
        loop {
            let answer = self.send(caller).await;
            if answer.status != 503 {
                assert_eq!(answer.status, 201, "{answer:?}");
                return answer;
            }
            assert!(begun.elapsed() < super::served::PATIENCE, "it never came back: {answer:?}");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }
}

/// The service cannot store, says so, and still shows the plan.
pub async fn assert_degraded(caller: &Caller) {
    let ready = caller.until("/readyz", |ready| ready.status == 503).await;
    assert!(ready.retry_after.is_some(), "{ready:?}");
    let known = ready.json();
    assert_eq!(known["status"], "degraded");
    assert!(known["degraded"].to_string().contains("store"), "{known}");
    assert_eq!(caller.get("/healthz").await.status, 200);
    let plan = caller.get("/v1/plan").await;
    assert_eq!(plan.status, 200, "{plan:?}");
    let lists = plan.json()["lists"].clone();
    let shift = lists[0]["shift"].as_str().expect("there is a list").replace(' ', "%20");
    let stops = caller.get(&format!("/v1/shifts/{shift}/stops")).await;
    assert_eq!(stops.status, 200, "{stops:?}");
}

/// Every request is there once, with the answer that it was given.
pub async fn assert_all_there(caller: &Caller, asked: &[(Asked, Answer)]) {
    let visits = caller.visits().await;
    for (request, answer) in asked {
        let count = visits.iter().filter(|visit| visit["id"] == request.id.as_str()).count();
        assert_eq!(count, 1, "{} was acknowledged", request.id);
        let again = request.send(caller).await;
        assert!(again.is_again, "{} was done twice: {again:?}", request.id);
        assert_eq!(again.body, answer.body);
    }
}

fn fill_and_make_room(round: u64) {
    let day = made_up_day("full_disk");
    let wishes = wishes(&day);
    let place = Place::sqlite();
    let Place::Sqlite(at) = &place else { return };
    let Some(_disk) = SmallDisk::mounted(at, MEGABYTES) else { return };
    let ballast = at.join("ballast");
    let size = BALLAST + round as usize * 7_919 % 100_000;
    std::fs::write(&ballast, vec![1; size]).expect("there is room for it");
    run(async {
        let mut served = Served::start(&day, &place.address(), &["--tick", "1"]);
        let caller = Caller::of(&served.address);
        let mut acknowledged = Vec::new();
        let refused = loop {
            let number = acknowledged.len();
            assert!(number < 2_000, "the disk is never full");
            let wish = &wishes[number % wishes.len()];
            let request = Asked::like(wish, format!("full-{round}-{number}"));
            let answer = request.send(&caller).await;
            if answer.status != 201 {
                answer.assert_problem(503, "L0202");
                break request;
            }
            acknowledged.push((request, answer));
        };
        assert!(acknowledged.len() > 5, "{}", acknowledged.len());
        assert_degraded(&caller).await;
        refused.send(&caller).await.assert_problem(503, "L0202");
        assert!(!served.has_ended(), "a full disk ends no service");

        std::fs::remove_file(&ballast).expect("it was written before");
        let answer = refused.send_until_taken(&caller).await;
        assert!(!answer.is_again, "it was refused before: {answer:?}");
        acknowledged.push((refused, answer));
        caller.until("/readyz", |ready| ready.status == 200).await;
        assert_all_there(&caller, &acknowledged).await;
        assert!(served.stop().success());
        println!("round {round}: {} acknowledged until the disk was full", acknowledged.len() - 1);
    });
    let (said, _) = expect(&rond(&["replay", &place.address(), "--json"]), 0);
    println!("{said}");
}

#[test]
fn a_service_with_a_full_disk_says_so_and_goes_on_when_there_is_room() {
    for round in 0..times("ROND_FULL_DISKS", 1) {
        fill_and_make_room(round);
    }
}
