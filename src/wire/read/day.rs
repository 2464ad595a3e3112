//! Day files.

use std::collections::{BTreeMap, BTreeSet};

use super::able::{Abilities, Home};
use super::crews::{check_first, count_shifts, crew};
use super::known::Known;
use super::pins::pin;
use super::places::{patient, place};
use super::plan::{PlanReader, Things};
use super::policy::policy;
use super::region::region_reading;
use super::traffic::traffic;
use super::visits::{Filled, VisitReading, visit};
use super::{
    Context, Day, MunicipalityOfPlace, PartCounts, SHIPPED_POLICY, SHIPPED_REGION, every,
    shipped_document,
};
use crate::domain::{
    Calendar, Crew, Facts, Instant, MunicipalityId, Patient, Pin, Place, Plan, Seconds, Span,
    Traffic, VisitId, World, WorldError,
};
use crate::wire::document::Node;
use crate::wire::moment::{moment, span, write};
use crate::wire::problem::{E0301, E0302, E0412, E0413, Note, Problems};

/// No longer stretch is planned at once.
const HORIZON_MAX: Seconds = Seconds::from_minutes(62 * 24 * 60);

/// The day of a document.
pub(super) fn day(root: &Node, problems: &mut Problems) -> Option<Day> {
    let shipped_region = shipped_document(SHIPPED_REGION);
    let shipped_policy = shipped_document(SHIPPED_POLICY);
    let region_node = root.field("region").unwrap_or_else(|| Node::root(&shipped_region));
    let policy_node = root.field("policy").unwrap_or_else(|| Node::root(&shipped_policy));
    let context = context(root, &region_node, &policy_node, problems);
    let counts = part_counts(root);
    let gathered = gather(root, &context, Some(&counts), problems);
    check_kinds(&gathered.visits, &gathered.patients, &context, problems);
    if let Some(crews) = &gathered.crews
        && root.is_list("crews")
    {
        let nodes = root.items("crews");
        let working = crews.iter().zip(&nodes);
        let working = working.filter(|(_, node)| !node.items("shifts").is_empty());
        let working = working.map(|(crew, _)| crew).collect();
        check_abilities(root, &gathered, working, &context, problems);
    }
    let mut notes = Vec::new();
    let previous = root.optional("previous", |root, key| {
        previous(&root.field(key)?, root, &context, &mut notes, problems)
    });
    if !problems.is_empty() {
        return None;
    }
    world(gathered.whole(previous?, context)?, problems).map(|world| Day { world, notes })
}

/// What is whole of the facts of a document; nothing of a list if any of its items is faulty.
pub(super) struct Gathered<'a> {
    as_of: Option<Instant>,
    horizon: Option<Span>,
    places: Option<Vec<Place>>,
    patients: Vec<Option<Patient>>,
    crews: Option<Vec<Crew>>,
    visits: Vec<VisitReading<'a>>,
    pins: Vec<Option<Pin>>,
    traffic: Option<Option<Traffic>>,
    homes: BTreeMap<&'a str, Home>,
}

/// Reads all facts but the policy, the region and the plan before.
pub(super) fn gather<'a>(
    root: &Node<'a>,
    context: &Context<'a>,
    counts: PartCounts,
    problems: &mut Problems,
) -> Gathered<'a> {
    let horizon = horizon(root, &context.calendar, problems);
    let as_of = as_of(root, horizon, &context.calendar, problems);
    let places = every(root.items("places"), |node| place(node, context, problems));
    let of_place = municipality_of_place(root, context);
    let patients = root.items("patients");
    let patients = patients.iter().map(|node| patient(node, context, &of_place, problems));
    let patients = patients.collect();
    let crew_nodes = root.items("crews");
    count_shifts(&crew_nodes, problems);
    Known::of_lists("shift", &crew_nodes, "shifts", problems);
    let crews = every(crew_nodes.clone(), |node| crew(node, context, counts, problems));
    check_first(&crew_nodes, problems);
    let visits = root.items("visits");
    let visits = visits.iter().map(|node| visit(node, context, Filled::default(), problems));
    let visits = visits.collect();
    let pins = root.items("pins");
    let pins = pins.iter().map(|node| pin(node, context, counts, problems)).collect();
    let traffic =
        root.optional("traffic", |root, key| traffic(&root.field(key)?, context, problems));
    let homes = homes(root, context, &of_place);
    Gathered { as_of, horizon, places, patients, crews, visits, pins, traffic, homes }
}

impl Gathered<'_> {
    /// The facts, if all of them are whole.
    pub(super) fn whole(self, previous: Option<Plan>, context: Context) -> Option<Facts> {
        Some(Facts {
            as_of: self.as_of?,
            horizon: self.horizon?,
            places: self.places?,
            patients: self.patients.into_iter().collect::<Option<Vec<_>>>()?,
            visits: self.visits.iter().map(VisitReading::whole).collect::<Option<Vec<_>>>()?,
            crews: self.crews?,
            previous,
            pins: self.pins.into_iter().collect::<Option<Vec<_>>>()?,
            traffic: self.traffic?.unwrap_or_default(),
            policy: context.policy?,
            region: context.region.region,
        })
    }
}

fn context<'a>(
    root: &Node<'a>,
    region_node: &Node<'a>,
    policy_node: &Node<'a>,
    problems: &mut Problems,
) -> Context<'a> {
    let delregioner = Known::of_list("delregion", region_node, "delregioner", problems);
    let municipalities = Known::of_list("municipality", region_node, "municipalities", problems);
    let region = region_reading(region_node, &delregioner, problems);
    // The shipped policy may lend between delregioner that another region does not have: those
    // rows then never apply.
    let lenders = root.has("policy").then_some(&delregioner);
    let policy = policy(policy_node, lenders, problems);
    // Duplicates in the policy have been reported by its reader.
    let mut reported = Problems::default();
    let kinds = Known::of_list("kind", policy_node, "kinds", &mut reported);
    let care_forms = Known::of_list("care form", policy_node, "care_forms", &mut reported);
    Context {
        calendar: Calendar::stockholm(),
        places: Known::of_list("place", root, "places", problems),
        patients: Known::of_list("patient", root, "patients", problems),
        crews: Known::of_list("crew", root, "crews", problems),
        visits: Known::of_list("visit", root, "visits", problems),
        region,
        policy,
        municipalities,
        delregioner,
        kinds,
        care_forms,
    }
}

fn municipality_of_place<'a>(root: &Node<'a>, context: &Context<'a>) -> MunicipalityOfPlace<'a> {
    root.items("places")
        .iter()
        .filter_map(|node| Some((node.text("id")?, node.text("municipality")?)))
        .filter(|(_, municipality)| context.municipalities.contains(municipality))
        .collect()
}

fn horizon(root: &Node, calendar: &Calendar, problems: &mut Problems) -> Option<Span> {
    let node = root.field("horizon")?;
    let horizon = span(&node, calendar, problems)?;
    if horizon.length() > HORIZON_MAX {
        let (days, days_max) = (horizon.length().0 / 86_400, HORIZON_MAX.0 / 86_400);
        let cause = format!("the horizon is {days} days long, more than {days_max}");
        problems.add(E0412, node.path(), cause, "Plan a shorter stretch");
    }
    Some(horizon)
}

fn as_of(
    root: &Node,
    horizon: Option<Span>,
    calendar: &Calendar,
    problems: &mut Problems,
) -> Option<Instant> {
    let as_of = moment(root, "as_of", calendar, problems)?;
    if let Some(horizon) = horizon
        && horizon.to() <= as_of
    {
        let (now, end) = (write(as_of, calendar), write(horizon.to(), calendar));
        let cause = format!("`as_of` is {now}, and the horizon ends {end}");
        problems.add(E0413, "/as_of", cause, "Correct `as_of` or the horizon");
    }
    Some(as_of)
}

/// How many parts each visit has.
fn part_counts<'a>(root: &Node<'a>) -> BTreeMap<&'a str, usize> {
    let visits = root.items("visits");
    visits.iter().filter_map(|node| Some((node.text("id")?, node.items("parts").len()))).collect()
}

fn check_kinds(
    visits: &[VisitReading],
    patients: &[Option<Patient>],
    context: &Context,
    problems: &mut Problems,
) {
    let patients: BTreeMap<&str, &Patient> =
        patients.iter().flatten().map(|patient| (patient.id.as_str(), patient)).collect();
    for visit in visits {
        if let Some(patient) = visit.patient.and_then(|id| patients.get(id)) {
            visit.check_kind(patient, context, problems);
        }
    }
}

/// Can every part be done by anyone? Asked only when all crews are known, and all pins of the
/// visit: one that could not be read might be the one that can, or that says who does it.
fn check_abilities(
    root: &Node,
    gathered: &Gathered,
    crews: Vec<&Crew>,
    context: &Context,
    problems: &mut Problems,
) {
    let Some(policy) = &context.policy else { return };
    let mut pins_of: BTreeMap<&VisitId, Vec<&Pin>> = BTreeMap::new();
    let mut unclear = BTreeSet::new();
    for (pin, node) in gathered.pins.iter().zip(root.items("pins")) {
        match pin {
            Some(pin) => pins_of.entry(&pin.visit).or_default().push(pin),
            None => unclear.extend(node.text("visit")),
        }
    }
    let mut abilities = Abilities::new(policy, crews);
    for visit in &gathered.visits {
        let home = visit.patient.and_then(|patient| gathered.homes.get(patient));
        let (Some(home), Some(id)) = (home, visit.node.text("id")) else { continue };
        if unclear.contains(id) {
            continue;
        }
        let pins = pins_of.get(&VisitId::new(id)).map_or(&[][..], Vec::as_slice);
        abilities.check(visit, home, context, pins, problems);
    }
}

/// The home of every patient whose municipality, and that of the place, there are.
fn homes<'a>(
    root: &Node<'a>,
    context: &Context<'a>,
    of_place: &MunicipalityOfPlace<'a>,
) -> BTreeMap<&'a str, Home> {
    let home = |node: &Node<'a>| {
        let place = of_place.get(node.text("place")?)?;
        let patient = if node.has("municipality") {
            node.text("municipality").filter(|id| context.municipalities.contains(id))?
        } else {
            place
        };
        let (place, patient) = (MunicipalityId::new(place), MunicipalityId::new(patient));
        Some((node.text("id")?, Home { place, patient }))
    };
    root.items("patients").iter().filter_map(home).collect()
}

fn previous(
    node: &Node,
    root: &Node,
    context: &Context,
    notes: &mut Vec<Note>,
    problems: &mut Problems,
) -> Option<Plan> {
    let ids = |key| root.items(key).iter().filter_map(|item| item.text("id")).collect();
    let crews = root.items("crews");
    let things = Things {
        places: ids("places"),
        crews: ids("crews"),
        visits: part_counts(root),
        shifts: crews
            .iter()
            .flat_map(|crew| crew.items("shifts").into_iter().map(move |shift| (crew, shift)))
            .filter_map(|(crew, shift)| {
                Some((shift.text("id")?, (crew.text("id")?, shift.items("breaks").len())))
            })
            .collect(),
    };
    PlanReader::new(&context.calendar, &things, Some(notes)).plan(node, problems)
}

/// The facts as a world. The checks above find all that could stop it; should one of them have a
/// gap, the fault is reported and not passed on.
pub(super) fn world(facts: Facts, problems: &mut Problems) -> Option<World> {
    match World::new(facts) {
        Ok(world) => Some(world),
        Err(errors) => {
            for error in errors {
                let (code, cause) = match error {
                    WorldError::Duplicate { what, id } => {
                        (E0301, format!("another {what} has the id {id:?} already"))
                    }
                    WorldError::Unknown { what, id } => {
                        (E0302, format!("no {what} has the id {id:?}"))
                    }
                };
                problems.add(code, "", cause, "Correct the id");
            }
            None
        }
    }
}
