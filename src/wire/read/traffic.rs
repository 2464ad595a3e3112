//! Traffic: hours and incidents.

use super::policy::hours;
use super::{Context, every};
use crate::domain::{DelregionId, Incident, MunicipalityId, Traffic, TrafficArea, TrafficHours};
use crate::wire::document::Node;
use crate::wire::moment::span;
use crate::wire::problem::{E0602, Problems};

pub(super) fn traffic<'a>(
    node: &Node<'a>,
    context: &Context<'a>,
    problems: &mut Problems,
) -> Option<Traffic> {
    let recurring = every(node.items("hours"), |item| {
        let area = area(item, context, problems);
        let hours = item.field("hours").and_then(|node| hours(&node, problems));
        Some(TrafficHours { area: area?, hours: hours?, percent: percent(item)? })
    });
    let incidents = every(node.items("incidents"), |item| {
        let area = area(item, context, problems);
        let span = span(item, &context.calendar, problems);
        let reason = item.text("reason")?.to_owned();
        Some(Incident { area: area?, span: span?, percent: percent(item)?, reason })
    });
    Some(Traffic { hours: recurring?, incidents: incidents? })
}

/// Everywhere, unless a delregion or a municipality is named.
fn area<'a>(
    node: &Node<'a>,
    context: &Context<'a>,
    problems: &mut Problems,
) -> Option<TrafficArea> {
    let delregion = context.delregioner.named_if_given(node, "delregion", problems);
    let municipality = context.municipalities.named_if_given(node, "municipality", problems);
    match (delregion?, municipality?) {
        (None, None) => Some(TrafficArea::Everywhere),
        (Some(id), None) => Some(TrafficArea::Delregion(DelregionId::new(id))),
        (None, Some(id)) => Some(TrafficArea::Municipality(MunicipalityId::new(id))),
        (Some(_), Some(_)) => {
            let cause = "both a delregion and a municipality are given";
            problems.add(E0602, node.path(), cause, "Keep one of them, or neither for everywhere");
            None
        }
    }
}

fn percent(node: &Node) -> Option<u32> {
    node.whole("percent").and_then(|percent| u32::try_from(percent).ok())
}
