//! The link to the server breaks: what was stored, and does the store know?

use std::time::Duration;

use rond::store::{Seq, Store, StoreError};

use super::{batch, ids_of};
use crate::support::link::{Break, Link};
use crate::support::place::{Place, run};

const COMMIT: &[u8] = b"COMMIT\0";
const BEGIN: &[u8] = b"BEGIN\0";
/// What is bound to the statement that stores the record.
const RECORD: &[u8] = "Ängelholm".as_bytes();

fn over_a_link(test: impl AsyncFn(&Link, &Store)) {
    let Some(place) = Place::postgres("a torn link") else { return };
    let link = Link::to(&place);
    run(async {
        let store = Store::open(&link.address()).await.expect("the link is whole");
        store.append(&batch(&["first"])).await.expect("the link is whole");
        test(&link, &store).await;
        store.close().await;
    });
}

fn is_unknown(outcome: &Result<Seq, StoreError>) -> bool {
    let Err(failure) = outcome else { return false };
    matches!(failure, StoreError::Unknown { .. }) && !failure.may_retry() && !failure.is_fatal()
}

#[test]
fn a_commit_that_never_arrived_is_unknown_and_then_found_not_to_be() {
    over_a_link(async |link, store| {
        link.break_at(COMMIT, Break::Before);
        let outcome = store.append(&batch(&["a"])).await;
        assert!(is_unknown(&outcome), "{outcome:?}");
        assert_eq!(store.find("a").await, Ok(None));
        assert_eq!(store.append(&batch(&["a"])).await, Ok(Seq(2)));
        assert_eq!(ids_of(store).await, ["first", "a"]);
    });
}

#[test]
fn a_commit_whose_answer_was_lost_is_unknown_and_then_found() {
    over_a_link(async |link, store| {
        link.break_at(COMMIT, Break::After);
        let outcome = store.append(&batch(&["a", "b"])).await;
        assert!(is_unknown(&outcome), "{outcome:?}");
        let found = store.find("a").await.expect("the link is whole again");
        assert_eq!(found.map(|record| record.seq), Some(Seq(2)));
        let again = Err(StoreError::DuplicateEvent { event_id: "a".to_owned() });
        assert_eq!(store.append(&batch(&["a", "b"])).await, again);
        assert_eq!(ids_of(store).await, ["first", "a", "b"]);
    });
}

#[test]
fn nobody_is_told_it_is_not_there_while_its_commit_is_on_its_way() {
    over_a_link(async |link, store| {
        link.break_at(COMMIT, Break::Late(Duration::from_secs(1)));
        let outcome = store.append(&batch(&["a"])).await;
        assert!(is_unknown(&outcome), "{outcome:?}");
        let found = store.find("a").await.expect("decided within the time-out");
        assert_eq!(found.map(|record| record.seq), Some(Seq(2)));
    });
}

#[test]
fn a_commit_into_silence_is_unknown_after_a_while() {
    over_a_link(async |link, store| {
        link.break_at(COMMIT, Break::Silence);
        let outcome = store.append(&batch(&["a"])).await;
        assert!(is_unknown(&outcome), "{outcome:?}");
        assert_eq!(store.find("a").await, Ok(None));
        assert_eq!(store.append(&batch(&["a"])).await, Ok(Seq(2)));
    });
}

#[test]
fn whoever_stops_waiting_for_a_commit_can_still_find_out() {
    over_a_link(async |link, store| {
        link.break_at(COMMIT, Break::Late(Duration::from_secs(1)));
        let one = batch(&["a"]);
        // Long enough for the commit to be sent, too short for it to arrive.
        drop(tokio::time::timeout(Duration::from_millis(300), store.append(&one)).await);
        let found = store.find("a").await.expect("decided within the time-out").is_some();
        assert_eq!(found, ids_of(store).await.contains(&"a".to_owned()), "told otherwise");
        store.append(&batch(&["c"])).await.expect("the store goes on");
    });
}

#[test]
fn a_link_lost_before_the_commit_stores_nothing_and_comes_back() {
    over_a_link(async |link, store| {
        link.break_at(RECORD, Break::Before);
        let failure = store.append(&batch(&["a"])).await.expect_err("the link broke");
        assert!(matches!(failure, StoreError::Unavailable { .. }), "{failure:?}");
        assert!(failure.may_retry());
        assert_eq!(store.find("a").await, Ok(None));
        assert_eq!(store.append(&batch(&["a"])).await, Ok(Seq(2)));
    });
}

#[test]
fn a_link_lost_between_two_calls_is_not_noticed() {
    over_a_link(async |link, store| {
        link.break_at(BEGIN, Break::Before);
        assert_eq!(store.append(&batch(&["a"])).await, Ok(Seq(2)));
        assert_eq!(ids_of(store).await, ["first", "a"]);
    });
}
