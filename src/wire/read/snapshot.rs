//! Snapshots: a day that goes on, taken up again.
//!
//! What a snapshot holds has been taken in before, as a day file or as events. So it is held to its
//! shape and to hanging together, and to no more: a service that could not start again because of
//! a fact it once accepted would be worse than any fact.

use std::collections::BTreeMap;

use super::day::{gather, world};
use super::known::Known;
use super::plan::{PlanReader, told_list};
use super::policy::policy;
use super::region::region_reading;
use super::{
    Context, SENSE, SHIPPED_POLICY, SHIPPED_REGION, every, exact, natural, position, read_document,
    shipped_document,
};
use crate::domain::{
    Calendar, CrewId, Instant, Memory, Point, Progress, ShiftId, ShiftPlan, StopWhat, VisitId,
    World,
};
use crate::wire::document::{Node, parse_any_size};
use crate::wire::moment::moment;
use crate::wire::problem::{Problem, Problems};
use crate::wire::schema::{Checker, is_of_format};
use crate::wire::shape::SNAPSHOT;

/// What a snapshot holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SnapshotParts {
    /// The facts.
    pub world: World,
    /// What has been reported besides them.
    pub memory: Memory,
    /// The plan, shift by shift, in the names of the day.
    pub shifts: Vec<ShiftPlan>,
    /// How often the list of each shift has become another.
    pub list_versions: BTreeMap<ShiftId, u64>,
    /// How often the plan has become another.
    pub plan_version: u64,
}

/// The day of a snapshot, exactly as it was set down.
///
/// # Errors
/// Every problem that keeps it from being one.
pub fn read_snapshot(text: impl AsRef<[u8]>) -> Result<SnapshotParts, Vec<Problem>> {
    let mut problems = Problems::default();
    let Some(document) = parse_any_size(text.as_ref(), &mut problems) else {
        return Err(problems.into_list());
    };
    if !is_of_format(&document, SNAPSHOT, &mut problems) {
        return Err(problems.into_list());
    }
    read_document(&document, Checker::of_snapshot(), problems, |root, problems| {
        problems.pass_over(&SENSE);
        snapshot(root, problems)
    })
}

fn snapshot(root: &Node, problems: &mut Problems) -> Option<SnapshotParts> {
    let world = root.field("day").and_then(|day| facts(&day, problems));
    let calendar = Calendar::stockholm();
    let memory = root.field("memory").and_then(|node| memory(&node, &calendar, problems));
    let mut plans = PlanReader::of_anything(&calendar);
    let plan = root.field("plan").and_then(|node| plans.plan(&node, problems));
    let versions = root.entries("list_versions").into_iter().map(|(shift, node)| {
        let path = || node.path().to_owned();
        let version = exact(node.as_natural(), node.as_number(), path, problems)?;
        Some((ShiftId::new(shift), version))
    });
    let list_versions = versions.collect::<Vec<_>>().into_iter().collect::<Option<_>>();
    let plan_version = natural(root, "plan_version", problems);
    Some(SnapshotParts {
        world: world?,
        memory: memory?,
        shifts: plan?.shifts,
        list_versions: list_versions?,
        plan_version: plan_version?,
    })
}

/// The facts of the day. Ids are looked up when they become a world, and not before.
fn facts(day: &Node, problems: &mut Problems) -> Option<World> {
    let shipped_region = shipped_document(SHIPPED_REGION);
    let shipped_policy = shipped_document(SHIPPED_POLICY);
    let region_node = day.field("region").unwrap_or_else(|| Node::root(&shipped_region));
    let policy_node = day.field("policy").unwrap_or_else(|| Node::root(&shipped_policy));
    let delregioner = Known::any("delregion");
    let context = Context {
        calendar: Calendar::stockholm(),
        region: region_reading(&region_node, &delregioner, problems),
        policy: policy(&policy_node, None, problems),
        municipalities: Known::any("municipality"),
        delregioner,
        kinds: Known::any("kind"),
        care_forms: Known::any("care form"),
        places: Known::any("place"),
        patients: Known::any("patient"),
        crews: Known::any("crew"),
        visits: Known::any("visit"),
    };
    let previous = day.optional("previous", |day, key| {
        PlanReader::of_anything(&context.calendar).plan(&day.field(key)?, problems)
    });
    let gathered = gather(day, &context, None, problems);
    world(gathered.whole(previous?, context)?, problems)
}

fn memory(node: &Node, calendar: &Calendar, problems: &mut Problems) -> Option<Memory> {
    let now = moment(node, "now", calendar, problems);
    let cancelled = times(node, "cancelled", "visit", VisitId::new, calendar, problems);
    let held = times(node, "held", "visit", VisitId::new, calendar, problems);
    let progress = every(node.items("progress"), |item| progress(item, calendar, problems));
    let off = times(node, "off", "shift", ShiftId::new, calendar, problems);
    let late = times(node, "late", "shift", ShiftId::new, calendar, problems);
    let positions = every(node.items("positions"), |item| {
        let time = moment(item, "time", calendar, problems)?;
        let point = Point::from_degrees(item.number("lat")?, item.number("lon")?)?;
        Some((CrewId::new(item.text("crew")?), (time, point)))
    });
    let told = every(node.items("told"), |item| {
        let told = told_list(item, calendar, problems);
        Some(((VisitId::new(item.text("visit")?), position(item, "part")?), told?))
    });
    let acknowledged = every(node.items("acknowledged"), |item| {
        let version = natural(item, "list_version", problems);
        Some((ShiftId::new(item.text("shift")?), version?))
    });
    Some(Memory {
        now: now?,
        cancelled: cancelled?,
        held: held?,
        progress: progress?.into_iter().collect(),
        off: off?,
        late: late?,
        positions: positions?.into_iter().collect(),
        told: told?.into_iter().collect(),
        acknowledged: acknowledged?.into_iter().collect(),
    })
}

/// A list of ids, each with a moment.
fn times<'a, Id: Ord>(
    node: &Node<'a>,
    key: &str,
    id_key: &str,
    id: impl Fn(&'a str) -> Id,
    calendar: &Calendar,
    problems: &mut Problems,
) -> Option<BTreeMap<Id, Instant>> {
    let rows = every(node.items(key), |item| {
        let time = moment(item, "time", calendar, problems);
        Some((id(item.text(id_key)?), time?))
    });
    Some(rows?.into_iter().collect())
}

type ProgressRow = ((ShiftId, StopWhat), Progress);

fn progress(node: &Node, calendar: &Calendar, problems: &mut Problems) -> Option<ProgressRow> {
    let mut names = PlanReader::of_anything(calendar);
    let stop = node.field("stop").and_then(|stop| names.stop_name(&stop, problems));
    let mut time =
        |key: &str| node.optional(key, |node, key| moment(node, key, calendar, problems));
    let (under_way, arrived) = (time("under_way"), time("arrived"));
    let (started, finished) = (time("started"), time("finished"));
    let ends = node.optional("overrun", |node, key| {
        let node = node.field(key)?;
        let said = moment(&node, "said", calendar, problems);
        let ends = moment(&node, "ends", calendar, problems);
        Some((said?, ends?))
    });
    let progress = Progress {
        under_way: under_way?,
        arrived: arrived?,
        started: started?,
        ends: ends?,
        finished: finished?,
        admitted: node.flag("admitted")?,
    };
    Some(((ShiftId::new(node.text("shift")?), stop?), progress))
}
