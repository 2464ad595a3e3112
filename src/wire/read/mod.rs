//! From files to the nouns of `domain`. Every fault of a file is found in one reading.
//!
//! The schema finds what has not the right shape; then the document is walked once more, whatever
//! is whole in it is read, and what the shape cannot say is checked: ids, times, windows, meetings,
//! who can do what. A fault is reported once, where it is; what follows from it is not.

mod able;
mod crews;
mod day;
mod event;
mod known;
mod meetings;
mod pins;
mod places;
mod plan;
mod policy;
mod region;
mod snapshot;
mod traffic;
mod travel;
mod visits;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

use super::document::{Node, parse};
use super::problem::{
    E0205, E0207, E0406, E0407, E0408, E0409, E0410, E0411, E0412, E0413, E0503, E0504, E0601,
    Note, Problem, Problems,
};
use super::schema::{Checker, Format, is_of_format};
use crate::domain::{Calendar, Plan, Policy, Region, Seconds, World};

pub use event::{REPORT_BYTES_MAX, Stamp, Terms, read_event, read_report};
pub use snapshot::{SnapshotParts, read_snapshot};

/// The priority of a visit whose file gives none.
pub(super) const PRIORITY_DEFAULT: u8 = 2;

/// What a day file holds.
#[derive(Clone, Debug)]
pub struct Day {
    /// The facts, complete and consistent.
    pub world: World,
    /// What was read and kept, yet should be shown: a previous plan that speaks of things gone.
    pub notes: Vec<Note>,
}

/// The day of a day file, or every problem that it has.
pub fn read_day(text: impl AsRef<[u8]>) -> Result<Day, Vec<Problem>> {
    read(text.as_ref(), Format::Day, day::day)
}

/// The plan of a plan file for this world, or every problem that it has. Whether the plan is legal
/// is for `rules` to say; here it only has to speak of things that there are.
pub fn read_plan(text: impl AsRef<[u8]>, world: &World) -> Result<Plan, Vec<Problem>> {
    read(text.as_ref(), Format::Plan, |root, problems| {
        let things = plan::Things::of_world(world);
        let mut reader = plan::PlanReader::new(world.calendar(), &things, None);
        reader.plan(root, problems)
    })
}

/// The policy of a policy file, or every problem that it has.
pub fn read_policy(text: impl AsRef<[u8]>) -> Result<Policy, Vec<Problem>> {
    read(text.as_ref(), Format::Policy, |root, problems| policy::policy(root, None, problems))
}

/// The region of a region file, or every problem that it has.
pub fn read_region(text: impl AsRef<[u8]>) -> Result<Region, Vec<Problem>> {
    read(text.as_ref(), Format::Region, region::region)
}

/// The agreement in Skåne, which holds when a day file brings no policy of its own.
pub fn shipped_policy() -> &'static Policy {
    static POLICY: LazyLock<Policy> = LazyLock::new(|| {
        // The file is part of the program; a test reads it.
        read_policy(SHIPPED_POLICY).expect("the shipped policy is whole")
    });
    &POLICY
}

/// Skåne, which is planned when a day file brings no region of its own.
pub fn shipped_region() -> &'static Region {
    static REGION: LazyLock<Region> = LazyLock::new(|| {
        // The file is part of the program; a test reads it.
        read_region(SHIPPED_REGION).expect("the shipped region is whole")
    });
    &REGION
}

const SHIPPED_POLICY: &str = include_str!("../../../data/policy/skane.json");
const SHIPPED_REGION: &str = include_str!("../../../data/regions/skane.json");

/// The document of a file that the program carries.
fn shipped_document(text: &str) -> Value {
    // The file is part of the program; a test reads it.
    serde_json::from_str(text).expect("shipped files are JSON")
}

fn read<T>(
    text: &[u8],
    format: Format,
    interpret: impl FnOnce(&Node, &mut Problems) -> Option<T>,
) -> Result<T, Vec<Problem>> {
    let mut problems = Problems::default();
    let Some(document) = parse(text, &mut problems) else { return Err(problems.into_list()) };
    if !is_of_format(&document, format.name(), &mut problems) {
        return Err(problems.into_list());
    }
    read_document(&document, Checker::of_format(format), problems, interpret)
}

/// What the document holds, or every problem of it: those found before, those of its shape, and
/// those that only reading it finds.
fn read_document<'a, T>(
    document: &'a Value,
    checker: &Checker,
    mut problems: Problems,
    interpret: impl FnOnce(&Node<'a>, &mut Problems) -> Option<T>,
) -> Result<T, Vec<Problem>> {
    if !checker.is_of_bounded_size(document, &mut problems) {
        return Err(problems.into_list());
    }
    checker.check(document, &mut problems);
    match interpret(&Node::root(document), &mut problems) {
        Some(result) if problems.is_empty() => Ok(result),
        _ => {
            problems.must_not_be_empty();
            Err(problems.into_list())
        }
    }
}

/// Reads every item, those after a faulty one too; nothing if any of them is faulty.
fn every<'a, T>(nodes: Vec<Node<'a>>, read: impl FnMut(&Node<'a>) -> Option<T>) -> Option<Vec<T>> {
    let count = nodes.len();
    let whole: Vec<T> = nodes.iter().filter_map(read).collect();
    (whole.len() == count).then_some(whole)
}

/// A length in whole minutes. None in any file of ours comes near this bound, and below it no
/// reckoning overflows.
fn minutes(node: &Node, key: &str) -> Option<Seconds> {
    node.whole(key).and_then(checked_minutes)
}

fn checked_minutes(minutes: i64) -> Option<Seconds> {
    const MINUTES_MAX: i64 = 1_000_000_000;
    (-MINUTES_MAX..=MINUTES_MAX).contains(&minutes).then(|| Seconds::from_minutes(minutes))
}

/// A position in a list.
fn position(node: &Node, key: &str) -> Option<usize> {
    node.whole(key).and_then(|number| usize::try_from(number).ok())
}

/// A whole number from 0 on, to its last digit.
fn natural(node: &Node, key: &str, problems: &mut Problems) -> Option<u64> {
    exact(node.natural(key), node.number(key), || node.path_of(key), problems)
}

/// A whole number; reported when the schema lets pass what no whole number of ours holds.
fn exact<T>(
    found: Option<T>,
    number: Option<f64>,
    path: impl FnOnce() -> String,
    problems: &mut Problems,
) -> Option<T> {
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    if found.is_none() && number.is_some_and(|number| number.abs() > EXACT_MAX) {
        let cause = "the number is not known to its last digit, or too large";
        problems.add(E0205, path(), cause, "Write all its digits, without a point");
    }
    found
}

/// Faults of sense. Whoever writes a file is helped by hearing of them; what has been taken in
/// already is not held to them: it is so, and must be read again.
const SENSE: [&str; 12] =
    [E0207, E0406, E0407, E0408, E0409, E0410, E0411, E0412, E0413, E0503, E0504, E0601];

/// What all readers of a day and of events look at.
struct Context<'a> {
    calendar: Calendar,
    region: region::RegionReading,
    policy: Option<Policy>,
    municipalities: known::Known<'a>,
    delregioner: known::Known<'a>,
    kinds: known::Known<'a>,
    care_forms: known::Known<'a>,
    places: known::Known<'a>,
    patients: known::Known<'a>,
    crews: known::Known<'a>,
    visits: known::Known<'a>,
}

/// The municipality of each place whose municipality there is.
type MunicipalityOfPlace<'a> = BTreeMap<&'a str, &'a str>;

/// How many parts each visit has; nothing when whoever takes the facts in looks at that.
type PartCounts<'c> = Option<&'c BTreeMap<&'c str, usize>>;
