//! Every code of the service, with its status, its cause and what to do: a page of the manual.

const HEAD: &str = "
# What the service answers

Answers of `rond serve` that are no success are `application/problem+json` with one of these codes,
or with one of a file's codes (400) when what was sent is not as it must be.

| code | status | cause | action |
|---|---|---|---|
";

/// Code, status, cause, action.
const CODES: &[(&str, &str, &str, &str)] = &[
    ("L0101", "422, 404", "Nothing has this id", "Correct the id"),
    ("L0102", "409", "Something else has this id already", "Give it its own id"),
    ("L0103", "409", "The visit is cancelled or done", "Ask for a new one"),
    ("L0104", "409", "The visit has begun", "Report what is so instead"),
    ("L0105", "409", "The visit is not held, or the time for it is out", "Ask for it again"),
    ("L0106", "422", "The visit has no part at this position", "Count from 0"),
    ("L0107", "422", "The shift has no break at this position", "Count from 0"),
    ("L0108", "422", "The report is more than a day late", "Nothing can be done about it any more"),
    (
        "L0109",
        "409",
        "The place that was chosen is not free any more",
        "Choose among the options as they are now",
    ),
    ("L0110", "409", "A bound of the service is reached", "End the day, and begin another log"),
    (
        "L0111",
        "409",
        "The plan is another than these orders were found for",
        "Nothing: better ones will be found",
    ),
    ("L0201", "429", "Too much is under way", "Come again after `Retry-After`"),
    (
        "L0202",
        "503",
        "The store cannot be written, or the service is stopping",
        "Come again after `Retry-After`, with the same key",
    ),
    ("L0203", "422", "The key was used for another request", "Give each request its own key"),
    (
        "L0301",
        "400",
        "The path, a header or the query is not as it must be",
        "Correct what is named",
    ),
    ("L0302", "404", "There is no such route", "See /openapi.json"),
    ("L0303", "405", "The route does not answer to this method", "See /openapi.json"),
    (
        "L0304",
        "503",
        "It took too long; whether it was done is not known",
        "Send it again with the same key",
    ),
    (
        "L0305",
        "403",
        "The service was called by a name that is not this machine's, or by a page from elsewhere",
        "Call it from this machine",
    ),
    ("L0306", "415", "The body is not said to be JSON", "Send `Content-Type: application/json`"),
    ("L0307", "413, 400", "The body cannot be read", "Keep within 256 KiB"),
];

/// The part of `docs/errors.md` on answers of the service, made from the table.
pub fn errors_section() -> String {
    CODES.iter().fold(HEAD.to_owned(), |section, (code, status, cause, action)| {
        section + &format!("| {code} | {status} | {cause} | {action} |\n")
    })
}

#[cfg(test)]
mod tests {
    use super::CODES;
    use crate::api::problem::Problem;
    use crate::domain::{Instant, Refusal, ShiftId, VisitId};
    use crate::live::Fault;

    #[test]
    fn every_refusal_stands_in_the_table_with_its_status() {
        let visit = || VisitId::new("v");
        let refusals = [
            Refusal::Unknown { what: "visit", id: String::new() },
            Refusal::Duplicate { what: "visit", id: String::new() },
            Refusal::Over { visit: visit() },
            Refusal::Begun { visit: visit() },
            Refusal::NotHeld { visit: visit() },
            Refusal::NoSuchPart { visit: visit(), part: 0 },
            Refusal::NoSuchBreak { shift: ShiftId::new("s"), index: 0 },
            Refusal::TooLate { valid_at: Instant(0) },
            Refusal::SlotGone { visit: visit() },
            Refusal::Full { what: "visits", bound: 0 },
            Refusal::Outdated,
        ];
        let faults = refusals.into_iter().map(Fault::Refused).chain([
            Fault::Busy,
            Fault::Unavailable { why: String::new() },
            Fault::KeyTaken { key: String::new() },
        ]);
        for fault in faults {
            let code = fault.code();
            let row = CODES.iter().find(|row| row.0 == code).expect(code);
            let status = Problem::from(fault).status().to_string();
            assert!(row.1.contains(&status), "{code}: {status} is none of {}", row.1);
        }
    }
}
