//! Where travel times came from, in a line or a few.

use std::fmt::Write;

use super::words;
use crate::domain::{PlaceId, Plan, Provenance, Served, Traffic, World};

/// Places that are each named; more are counted.
const NAMED_MAX: usize = 5;

/// One line per source: `osrm, asked Tue 10 Mar 09:40`. The first carries the heading.
pub fn lines(world: &World, provenance: &Provenance) -> String {
    let mut text = String::new();
    for (at, served) in provenance.served.iter().enumerate() {
        let lead = if at == 0 { "travel times: " } else { "              " };
        let _ = writeln!(text, "  {lead}{}", line(world, served, provenance.served.len() > 1));
    }
    text.push_str(&traffic(world));
    let mut shown: Vec<&str> = Vec::new();
    for attribution in provenance.served.iter().filter_map(|served| served.attribution.as_deref()) {
        if !shown.contains(&attribution) {
            shown.push(attribution);
            let _ = writeln!(text, "  {attribution}");
        }
    }
    text
}

/// What stands where a plan's own times are not those of the table it is judged by.
pub fn changed(world: &World, plan: &Plan, now: &Provenance) -> Option<String> {
    let made_with = plan.travel.as_ref()?;
    (made_with.fingerprint != now.fingerprint).then(|| {
        let then = &made_with.served[0];
        format!(
            "Note: the plan was made with other travel times ({}{}) than those here ({}); legs may \
             differ for that alone.\n",
            made_with.profile,
            asked(world, then),
            now.profile,
        )
    })
}

/// What slows driving down, if anything is known to.
fn traffic(world: &World) -> String {
    let Traffic { hours, incidents } = &world.traffic;
    if world.traffic.is_even() {
        return String::new();
    }
    let mut text = format!("  traffic: {}", words::count(hours.len(), "recurring row"));
    for incident in incidents {
        let until = words::day_and_clock(world, incident.span.to());
        let (reason, percent) = (&incident.reason, incident.percent);
        let _ = write!(text, "; {reason} ({percent} % of the time until {until})");
    }
    text + "\n"
}

fn line(world: &World, served: &Served, is_one_of_several: bool) -> String {
    let mut text = served.source.clone();
    if is_one_of_several {
        let _ = write!(text, " for {}", words::count(served.count, "place"));
    }
    if let Some(data) = &served.data {
        let _ = write!(text, ", roads of {data}");
    }
    text.push_str(&asked(world, served));
    if !served.places.is_empty() {
        let _ = write!(text, " ({})", some_of(&served.places));
    }
    if let Some(why) = &served.why {
        let _ = write!(text, "; {}: {}", why.code, why.text);
    }
    text
}

fn asked(world: &World, served: &Served) -> String {
    let Some(fetched) = served.fetched else { return String::new() };
    let when = words::day_and_clock(world, fetched);
    let how = if served.is_stored { "stored" } else { "asked" };
    format!(", {how} {when}")
}

fn some_of(places: &[PlaceId]) -> String {
    let named: Vec<&str> = places.iter().take(NAMED_MAX).map(PlaceId::as_str).collect();
    let more = places.len() - named.len();
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{rest}", named.join(", "))
}
