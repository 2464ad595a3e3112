//! Where a plan's travel times came from.

use super::{every, position};
use crate::domain::{Calendar, PlaceId, Provenance, Served, TableFingerprint, Why};
use crate::wire::document::Node;
use crate::wire::moment::moment;
use crate::wire::problem::Problems;

/// The field `travel` of a plan. Its places need not be there any more: it says what was.
pub(super) fn provenance(
    plan: &Node,
    key: &str,
    calendar: &Calendar,
    problems: &mut Problems,
) -> Option<Provenance> {
    let node = plan.field(key)?;
    let served = every(node.items("served"), |item| served(item, calendar, problems))?;
    if served.is_empty() {
        return None;
    }
    Some(Provenance {
        profile: node.text("profile")?.to_owned(),
        fingerprint: TableFingerprint::parse(node.text("fingerprint")?)?,
        served,
    })
}

fn served(node: &Node, calendar: &Calendar, problems: &mut Problems) -> Option<Served> {
    let fetched = node.optional("fetched", |node, key| moment(node, key, calendar, problems));
    let why = node.optional("why", |node, key| {
        let why = node.field(key)?;
        Some(Why { code: why.text("code")?.to_owned(), text: why.text("text")?.to_owned() })
    });
    let owned = |key: &str| node.text(key).map(str::to_owned);
    Some(Served {
        source: node.text("source")?.to_owned(),
        data: owned("data"),
        fetched: fetched?,
        is_stored: node.flag("stored").unwrap_or(false),
        count: position(node, "count")?,
        places: node.texts("places")?.into_iter().map(PlaceId::new).collect(),
        why: why?,
        attribution: owned("attribution"),
    })
}
