//! How the parts of a visit meet, and whether they can.

use super::{checked_minutes, every, position};
use crate::domain::{Meeting, Seconds, Span};
use crate::wire::document::Node;
use crate::wire::problem::{E0303, E0502, E0503, E0504, E0505, Problems};

/// The meetings of a visit with so many parts. Not given means that all parts start together.
/// Nothing if any of them is faulty.
pub(super) fn meetings(
    visit: &Node,
    part_count: usize,
    problems: &mut Problems,
) -> Option<Vec<Meeting>> {
    if !visit.has("meetings") {
        let together =
            |second| Meeting { first: 0, second, lag_min: Seconds::ZERO, lag_max: Seconds::ZERO };
        return Some((1..part_count).map(together).collect());
    }
    // A visit without parts has been reported as such.
    if part_count == 0 || !visit.is_list("meetings") {
        return None;
    }
    every(visit.items("meetings"), |node| meeting(node, part_count, problems))
}

fn meeting(node: &Node, part_count: usize, problems: &mut Problems) -> Option<Meeting> {
    let mut part = |key: &str| {
        let at = position(node, key)?;
        if at >= part_count {
            let cause = format!("the visit has {part_count} parts, counted from 0, and no {at}");
            problems.add(E0303, node.path_of(key), cause, "Name a part of this visit");
            return None;
        }
        Some(at)
    };
    let (first, second) = (part("first"), part("second"));
    let lag = lag(node, problems);
    let (first, second, (lag_min, lag_max)) = (first?, second?, lag?);
    if first == second {
        let cause = format!("part {first} cannot meet itself");
        let action = "Let `first` and `second` be different parts";
        problems.add(E0505, node.path(), cause, action);
        return None;
    }
    Some(Meeting { first, second, lag_min, lag_max })
}

fn lag(node: &Node, problems: &mut Problems) -> Option<(Seconds, Seconds)> {
    if !node.has("lag_minutes") {
        return Some((Seconds::ZERO, Seconds::ZERO));
    }
    let bounds = every(node.items("lag_minutes"), |item| checked_minutes(item.as_whole()?))?;
    let &[least, greatest] = bounds.as_slice() else { return None };
    if least > greatest {
        let cause = format!(
            "the least lag, {} minutes, is greater than the greatest, {}",
            least.0 / 60,
            greatest.0 / 60
        );
        problems.add(E0502, node.path_of("lag_minutes"), cause, "Write [least, greatest]");
        return None;
    }
    Some((least, greatest))
}

/// So long a lag that it ties nothing.
const UNTIED: i64 = i64::MAX / 8;

/// Can the parts meet, and within the windows? `services` are the lengths of the parts, those that
/// are known.
pub(super) fn check(
    visit: &Node,
    services: &[Option<Seconds>],
    meetings: &[Meeting],
    windows: &[Span],
    problems: &mut Problems,
) {
    // The schema bounds the number of parts; beyond it the work would grow with its cube.
    const PARTS_MAX: usize = 50;
    if services.len() > PARTS_MAX || meetings.is_empty() {
        return;
    }
    let longest = longest_lags(services.len(), meetings);
    if (0..services.len()).any(|part| longest[part][part] < 0) {
        let path = visit.path_of("meetings");
        let cause = "no times of the parts keep all the meetings of this visit";
        problems.add(E0503, path, cause, "Remove or change one of them");
        return;
    }
    for (at, meeting) in meetings.iter().enumerate() {
        let (first, second) = (meeting.first, meeting.second);
        let lags = (-longest[second][first], longest[first][second]);
        let (Some(before), Some(after)) = (services[first], services[second]) else { continue };
        let is_possible = |one: Span, other: Span| {
            let starts = Span::new(one.from(), one.to() - before);
            let next_starts = Span::new(other.from(), other.to() - after);
            starts.zip(next_starts).is_some_and(|(starts, next_starts)| {
                (next_starts.to() - starts.from()).0 >= lags.0
                    && (next_starts.from() - starts.to()).0 <= lags.1
            })
        };
        // A part that fits into no window has been reported as such.
        let fits = |service: Seconds| windows.iter().any(|span| span.length() >= service);
        if !fits(before) || !fits(after) {
            continue;
        }
        if !windows.iter().any(|one| windows.iter().any(|other| is_possible(*one, *other))) {
            let cause = format!(
                "no two starts within the windows lie {} to {} minutes apart",
                lags.0 / 60,
                lags.1 / 60
            );
            let path = format!("{}/{at}/lag_minutes", visit.path_of("meetings"));
            problems.add(E0504, path, cause, "Change the lag or the windows");
        }
    }
}

/// The greatest lag from each part to each other that the meetings together allow (shortest paths
/// between all pairs; Floyd 1962). A negative one from a part to itself is a contradiction.
fn longest_lags(part_count: usize, meetings: &[Meeting]) -> Vec<Vec<i64>> {
    let mut longest = vec![vec![UNTIED; part_count]; part_count];
    for (part, row) in longest.iter_mut().enumerate() {
        row[part] = 0;
    }
    for meeting in meetings {
        let forward = &mut longest[meeting.first][meeting.second];
        *forward = (*forward).min(meeting.lag_max.0);
        let backward = &mut longest[meeting.second][meeting.first];
        *backward = (*backward).min(-meeting.lag_min.0);
    }
    for by in 0..part_count {
        for from in 0..part_count {
            for to in 0..part_count {
                let detour = longest[from][by].saturating_add(longest[by][to]);
                // Sums of the unreachable and a negative lag are still unreachable.
                if detour < longest[from][to] && detour < UNTIED / 2 {
                    longest[from][to] = detour;
                }
            }
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::Instant;

    fn codes(parts: usize, meetings: serde_json::Value, windows: &[(i64, i64)]) -> Vec<String> {
        let visit = json!({ "meetings": meetings });
        let node = Node::root(&visit);
        let mut problems = Problems::default();
        let minute = |minutes: i64| Instant(minutes * 60);
        let windows: Vec<Span> =
            windows.iter().filter_map(|&(a, b)| Span::new(minute(a), minute(b))).collect();
        if let Some(read) = super::meetings(&node, parts, &mut problems) {
            let services = vec![Some(Seconds::from_minutes(30)); parts];
            check(&node, &services, &read, &windows, &mut problems);
        }
        let list = problems.into_list().into_iter();
        list.map(|problem| format!("{} {}", problem.code, problem.path)).collect()
    }

    #[test]
    fn meetings_that_can_be_kept_are_no_problem() {
        let day = [(480, 960)];
        assert!(codes(2, json!([{"first": 0, "second": 1}]), &day).is_empty());
        let chain = json!([
            {"first": 0, "second": 1, "lag_minutes": [10, 20]},
            {"first": 1, "second": 2, "lag_minutes": [10, 20]},
            {"first": 0, "second": 2, "lag_minutes": [40, 60]},
        ]);
        assert!(codes(3, chain, &day).is_empty());
        let over_lunch = json!([{"first": 0, "second": 1, "lag_minutes": [120, 180]}]);
        assert!(codes(2, over_lunch, &[(480, 540), (600, 700)]).is_empty());
    }

    #[test]
    fn a_lag_that_the_windows_leave_no_room_for_is_reported() {
        let apart = json!([{"first": 0, "second": 1, "lag_minutes": [31, 60]}]);
        assert_eq!(codes(2, apart.clone(), &[(480, 540)]), ["E0504 /meetings/0/lag_minutes"]);
        assert!(codes(2, apart, &[(480, 541)]).is_empty());
    }

    #[test]
    fn meetings_that_contradict_one_another_are_reported_once() {
        let circle = json!([
            {"first": 0, "second": 1, "lag_minutes": [10, 20]},
            {"first": 1, "second": 2, "lag_minutes": [10, 20]},
            {"first": 0, "second": 2, "lag_minutes": [0, 15]},
        ]);
        assert_eq!(codes(3, circle, &[(480, 500)]), ["E0503 /meetings"]);
    }

    #[test]
    fn meetings_of_parts_that_are_not_there_are_reported() {
        let wrong = json!([
            {"first": 0, "second": 2},
            {"first": 1, "second": 1},
            {"first": 0, "second": 1, "lag_minutes": [5, 4]},
        ]);
        let expected =
            ["E0303 /meetings/0/second", "E0505 /meetings/1", "E0502 /meetings/2/lag_minutes"];
        assert_eq!(codes(2, wrong, &[]), expected);
    }
}
