//! Somebody sets the machine's clock while the service runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use rond::api;
use rond::domain::{Instant, Seconds, World};
use rond::live::{self, GivingOut, LiveSettings, Service, SteadyClock, TravelSource};
use rond::replan::rolling::Roads;
use rond::store::{Seq, Store};
use rond::travel::{CoarseRoads, Matrix};
use rond::wire::{read_day, time_text};
use serde_json::{Value, json};

use super::served::{Caller, made_up_day, wishes};
use crate::support::place::{Place, run};

const TWO_HOURS: i64 = 7_200;

/// The approximate roads, as the program has them.
pub fn travel() -> TravelSource {
    let roads: Roads = Arc::new(CoarseRoads::skane());
    Arc::new(move |world: &World| {
        let mut matrix = Matrix::of_places(&*roads, &world.places);
        matrix.make_room();
        Ok((matrix, roads.clone()))
    })
}

/// A wall clock that shows the day's morning, and what somebody has set it to since.
fn wall(begin: Instant, set: Arc<AtomicI64>) -> SteadyClock {
    let begun = std::time::Instant::now();
    SteadyClock::of(Box::new(move || {
        begin + Seconds(begun.elapsed().as_secs() as i64 + set.load(Ordering::SeqCst))
    }))
}

async fn hold(caller: &Caller, wish: &Value, id: &str, until: Instant) {
    let mut visit = wish.clone();
    visit["id"] = id.into();
    let body = json!({ "visit": visit, "held_until": time_text(until) });
    let answer = caller.post("/v1/requests", None, &body.to_string()).await.expect("it answers");
    assert_eq!(answer.status, 201, "{answer:?}");
}

async fn state(caller: &Caller, id: &str) -> String {
    let visit = caller.get(&format!("/v1/visits/{id}")).await.json();
    visit["state"].as_str().expect("a state").to_owned()
}

/// Waits until time has gone on in the plan by so many seconds.
async fn let_go_by(service: &Service, seconds: i64) {
    let from = service.view().at;
    while service.view().at < from + Seconds(seconds) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[test]
fn a_clock_that_is_set_moves_no_plan_and_ends_no_hold() {
    let day_file = made_up_day("clock");
    let wishes = wishes(&day_file);
    let day = read_day(std::fs::read(&day_file).expect("it was written")).expect("whole").world;
    let begin = day.as_of;
    let place = Place::sqlite();
    run(async {
        let set = Arc::new(AtomicI64::new(0));
        let settings = LiveSettings {
            store: Store::open(&place.address()).await.expect("an empty place"),
            day: Some(day),
            travel: travel(),
            clock: Arc::new(wall(begin, set.clone())),
            tick: Seconds(1),
            giving_out: GivingOut::Calm,
        };
        let (service, running) = live::start(settings).await.expect("an empty store");
        let address = "127.0.0.1:0".parse().expect("an address");
        let listener = api::listen(address).await.expect("a free port");
        let caller = Caller::of(&format!("http://{}", listener.address));
        let stopping = service.clone();
        let stop = async move { stopping.stopping().await };
        let serving = tokio::spawn(api::serve(listener, service.clone(), stop));

        hold(&caller, &wishes[0], "long", begin + Seconds(5_400)).await;
        for (number, jump) in [TWO_HOURS, -TWO_HOURS, 0].into_iter().enumerate() {
            let short = format!("short-{number}");
            hold(&caller, &wishes[1], &short, service.now() + Seconds(4)).await;
            set.store(jump, Ordering::SeqCst);
            let_go_by(&service, 2).await;
            assert_eq!(state(&caller, &short).await, "held", "its time is not out");
            let_go_by(&service, 4).await;
            assert_eq!(state(&caller, &short).await, "cancelled", "its time is out");
            assert_eq!(state(&caller, "long").await, "held", "after a jump of {jump}");
            let astray = service.health().clock_astray.0;
            assert!((astray - jump).abs() <= 2, "{astray} after a jump of {jump}");
            let ready = caller.get("/readyz").await;
            assert_eq!(ready.status, 200, "it serves all the same: {ready:?}");
            let says_so = ready.body.contains("the machine's clock is");
            assert_eq!(says_so, jump != 0, "{ready:?}");
        }
        service.stop();
        serving.await.expect("no panic").expect("it serves until then");
        drop(service);
        running.ended().await.expect("the store is whole");
    });
    assert_time_goes_on(&place, begin);
}

/// Time in the log never goes back, and never leaps.
fn assert_time_goes_on(place: &Place, begin: Instant) {
    let records = run(async {
        let store = Store::open_to_read(&place.address()).await.expect("a log");
        let records = store.read_from(Seq::ZERO, 1_000).await.expect("it can be read");
        store.close().await;
        records
    });
    assert!(records.len() > 20, "{}", records.len());
    let times: Vec<i64> = records.iter().map(|record| record.event.recorded_at.0).collect();
    assert!(times.is_sorted(), "time went back: {times:?}");
    let last = Seconds(times[times.len() - 1] / 1_000_000 - begin.0);
    assert!(last < Seconds(1_800), "time has leapt by {last:?}");
}
