//! The database goes away and comes back; a commit is torn.

use std::time::Duration;

use super::full_disk::{Asked, assert_all_there, assert_degraded};
use super::served::{Caller, Served, made_up_day, wishes};
use super::stream::Ear;
use crate::support::link::{Break, Link};
use crate::support::place::{Place, run};
use crate::support::program::{expect, rond};

const COMMIT: &[u8] = b"COMMIT\0";

/// A service on a database behind a link; the log must be sound at the end.
fn over_a_link(name: &str, test: impl AsyncFn(&Link, &Caller, &[serde_json::Value])) {
    let day = made_up_day(name);
    let wishes = wishes(&day);
    let Some(place) = Place::postgres(name) else { return };
    let link = Link::to(&place);
    run(async {
        // No tick comes between: the commit that is torn is that of the request.
        let served = Served::start(&day, &link.address(), &["--tick", "60", "--give-out", "none"]);
        let caller = Caller::of(&served.address);
        let first = Asked::like(&wishes[0], "before".to_owned());
        assert_eq!(first.send(&caller).await.status, 201);
        test(&link, &caller, &wishes).await;
        assert!(served.stop().success());
    });
    expect(&rond(&["replay", &place.address()]), 0);
}

#[test]
fn a_database_that_goes_away_and_comes_back_loses_nothing() {
    over_a_link("database_gone", async |link, caller, wishes| {
        let mut acknowledged = Vec::new();
        for round in 0..3 {
            for number in 0..5 {
                let wish = &wishes[round * 5 + number];
                let request = Asked::like(wish, format!("gone-{round}-{number}"));
                let answer = request.send(caller).await;
                assert_eq!(answer.status, 201, "{answer:?}");
                acknowledged.push((request, answer));
            }
            link.cut();
            let refused = Asked::like(&wishes[40 + round], format!("refused-{round}"));
            refused.send(caller).await.assert_problem(503, "L0202");
            assert_degraded(caller).await;
            refused.send(caller).await.assert_problem(503, "L0202");
            tokio::time::sleep(Duration::from_millis(500 * round as u64)).await;
            link.mend();
            let answer = refused.send_until_taken(caller).await;
            assert!(!answer.is_again, "it was refused before: {answer:?}");
            acknowledged.push((refused, answer));
            caller.until("/readyz", |ready| ready.status == 200).await;
        }
        assert_all_there(caller, &acknowledged).await;
    });
}

#[test]
fn a_request_whose_commit_was_torn_is_done_once_and_its_key_tells_the_truth() {
    over_a_link("torn_commit", async |link, caller, wishes| {
        let breaks = [
            (Break::Before, Some(false)),
            (Break::After, Some(true)),
            (Break::Late(Duration::from_millis(700)), None),
            (Break::Silence, Some(false)),
        ];
        let mut acknowledged = Vec::new();
        for (number, (how, is_stored)) in breaks.into_iter().enumerate() {
            let request = Asked::like(&wishes[10 + number], format!("torn-{number}"));
            link.break_at(COMMIT, how);
            request.send(caller).await.assert_problem(503, "L0202");
            let answer = request.send_until_taken(caller).await;
            if let Some(is_stored) = is_stored {
                assert_eq!(answer.is_again, is_stored, "{how:?}: {answer:?}");
            }
            acknowledged.push((request, answer));
        }
        assert_all_there(caller, &acknowledged).await;
    });
}

/// A request was stored though its commit got no answer: listeners never heard of it.
#[test]
fn whoever_listens_hears_of_a_request_whose_commit_was_torn_or_is_told_to_look() {
    over_a_link("torn_and_heard", async |link, caller, wishes| {
        let mut ear = Ear::open(caller, None).await;
        let request = Asked::like(&wishes[20], "torn".to_owned());
        link.break_at(COMMIT, Break::After);
        request.send(caller).await.assert_problem(503, "L0202");
        let answer = request.send_until_taken(caller).await.json();
        let seq = answer["seq"].as_i64().expect("its place in the log");
        let after = Asked::like(&wishes[21], "after".to_owned());
        let last = after.send(caller).await.json()["seq"].as_i64().expect("its place");
        let mut heard = Vec::new();
        while heard.last().is_none_or(|(id, _)| *id < last) {
            let message = ear.next().await.expect("the stream goes on");
            heard.push((message.id, message.event));
        }
        let is_told = heard.iter().any(|(id, event)| {
            (*id == seq && event == "requested") || (*id >= seq && event == "reset")
        });
        assert!(is_told, "{heard:?}");
        // Whoever was away meanwhile is told, too.
        let mut ear = Ear::open(caller, Some(seq - 1)).await;
        let message = ear.next().await.expect("the stream goes on");
        let is_told =
            message.event == "reset" || (message.id, &*message.event) == (seq, "requested");
        assert!(is_told, "{message:?}");
    });
}
