//! Policies.

use jiff::civil::Weekday;

use super::known::Known;
use super::{every, minutes};
use crate::domain::{
    AreaRule, CareForm, CareFormId, CrewKindId, DayClass, DeadlineRule, DelregionId, Hours, KindId,
    Lateness, Lending, Policy, Prices, Promise, Responsibility, RoleId, RuleId, Scope, Tier,
    VisitKind,
};
use crate::wire::document::Node;
use crate::wire::problem::{E0405, E0602, Problems};

/// The policy of a node. Without `delregioner` the delregioner that lend are taken as they are.
pub(super) fn policy<'a>(
    node: &Node<'a>,
    delregioner: Option<&Known<'a>>,
    problems: &mut Problems,
) -> Option<Policy> {
    let kinds = Known::of_list("kind", node, "kinds", problems);
    let care_forms = Known::of_list("care form", node, "care_forms", problems);
    Known::of_list("promise", node, "promises", problems);
    let kind_list = every(node.items("kinds"), visit_kind);
    let care_form_list = every(node.items("care_forms"), |item| care_form(item, &kinds, problems));
    let promises =
        every(node.items("promises"), |item| promise(item, &kinds, &care_forms, problems));
    let areas = every(node.items("areas"), area);
    let lending = every(node.items("lending"), |item| lending(item, delregioner, problems));
    let responsibility =
        every(node.items("responsibility"), |item| responsibility(item, &care_forms, problems));
    Some(Policy {
        name: node.text("name")?.to_owned(),
        kinds: kind_list?,
        care_forms: care_form_list?,
        promises: promises?,
        areas: areas?,
        lending: lending?,
        responsibility: responsibility?,
        rest: minutes(node, "rest_minutes")?,
        told_tolerance: minutes(node, "told_tolerance_minutes")?,
        prices: prices(&node.field("prices")?)?,
    })
}

fn visit_kind(node: &Node) -> Option<VisitKind> {
    let unassigned = node.field("unassigned")?;
    Some(VisitKind {
        id: KindId::new(node.text("id")?),
        unassigned: (tier(&unassigned)?, unassigned.whole("points")?),
    })
}

fn care_form<'a>(node: &Node<'a>, kinds: &Known<'a>, problems: &mut Problems) -> Option<CareForm> {
    let kinds = kinds.all_named(node, "kinds", problems);
    let kinds = kinds?.into_iter().map(KindId::new).collect();
    Some(CareForm { id: CareFormId::new(node.text("id")?), kinds })
}

fn promise<'a>(
    node: &Node<'a>,
    kinds: &Known<'a>,
    care_forms: &Known<'a>,
    problems: &mut Problems,
) -> Option<Promise> {
    let kind = kinds.named(node, "kind", problems);
    let care_form = care_forms.named_if_given(node, "care_form", problems);
    let hours = node.optional("hours", |node, key| hours(&node.field(key)?, problems));
    let deadline = deadline(node, problems);
    let priority = node.optional("priority", |node, key| u8::try_from(node.whole(key)?).ok());
    let lateness_node = node.field("lateness")?;
    Some(Promise {
        id: RuleId::new(node.text("id")?),
        kind: KindId::new(kind?),
        care_form: care_form?.map(CareFormId::new),
        priority: priority?,
        hours: hours?,
        deadline: deadline?,
        judged_role: RoleId::new(node.text("judged_role")?),
        tier: tier(node)?,
        lateness: lateness(&lateness_node)?,
        deferred: node.whole("deferred")?,
    })
}

fn deadline(node: &Node, problems: &mut Problems) -> Option<DeadlineRule> {
    match (node.has("within_minutes"), node.has("working_days")) {
        (true, false) => minutes(node, "within_minutes").map(DeadlineRule::Within),
        (false, true) => {
            let days = u16::try_from(node.whole("working_days")?).ok()?;
            Some(DeadlineRule::WorkingDays(days))
        }
        (both, _) => {
            let found = if both { "both" } else { "neither" };
            let cause = format!("{found} of `within_minutes` and `working_days` is given");
            problems.add(E0602, node.path(), cause, "Give exactly one of them");
            None
        }
    }
}

fn lateness(node: &Node) -> Option<Lateness> {
    let step = |item: &Node| Some((item.whole("above")?, item.whole("points")?));
    Some(Lateness {
        unit: minutes(node, "unit_minutes")?,
        steps: every(node.items("steps"), step)?,
        cap: node.whole("cap")?,
    })
}

fn area(node: &Node) -> Option<AreaRule> {
    let scope = match node.text("scope")? {
        "own_municipality" => Scope::OwnMunicipality,
        "own_delregion" => Scope::OwnDelregion,
        "anywhere" => Scope::Anywhere,
        _ => return None,
    };
    Some(AreaRule { crew_kind: CrewKindId::new(node.text("crew_kind")?), scope })
}

fn lending<'a>(
    node: &Node<'a>,
    delregioner: Option<&Known<'a>>,
    problems: &mut Problems,
) -> Option<Lending> {
    let mut delregion = |key| match delregioner {
        Some(known) => known.named(node, key, problems),
        None => node.text(key),
    };
    let (from, to) = (delregion("from"), delregion("to"));
    let hours = node.field("hours").and_then(|node| hours(&node, problems));
    Some(Lending {
        from: DelregionId::new(from?),
        to: DelregionId::new(to?),
        crew_kinds: node.texts("crew_kinds")?.into_iter().map(CrewKindId::new).collect(),
        hours: hours?,
    })
}

fn responsibility<'a>(
    node: &Node<'a>,
    care_forms: &Known<'a>,
    problems: &mut Problems,
) -> Option<Responsibility> {
    let care_form = care_forms.named_if_given(node, "care_form", problems);
    let hours = node.field("hours").and_then(|node| hours(&node, problems));
    Some(Responsibility {
        care_form: care_form?.map(CareFormId::new),
        role: RoleId::new(node.text("role")?),
        hours: hours?,
        crew_kinds: node.texts("crew_kinds")?.into_iter().map(CrewKindId::new).collect(),
    })
}

pub(super) fn hours(node: &Node, problems: &mut Problems) -> Option<Hours> {
    let days = every(node.items("days"), |item| day_class(item.as_text()?));
    let (from_minute, to_minute) = (clock(node.text("from")?)?, clock(node.text("to")?)?);
    if to_minute <= from_minute {
        let (from, to) = (node.text("from")?, node.text("to")?);
        let cause = format!("the hours end at {to} and start at {from}");
        let action = "Let `to` be later than `from`; hours over midnight are two rows";
        problems.add(E0405, node.path(), cause, action);
        return None;
    }
    Some(Hours { days: days?, from_minute, to_minute })
}

/// Minutes after midnight of a time of day such as `08:00`.
fn clock(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && total <= 1440).then_some(total)
}

fn day_class(text: &str) -> Option<DayClass> {
    Some(match text {
        "any" => DayClass::Any,
        "working" => DayClass::Working,
        "non_working" => DayClass::NonWorking,
        "monday" => DayClass::Weekday(Weekday::Monday),
        "tuesday" => DayClass::Weekday(Weekday::Tuesday),
        "wednesday" => DayClass::Weekday(Weekday::Wednesday),
        "thursday" => DayClass::Weekday(Weekday::Thursday),
        "friday" => DayClass::Weekday(Weekday::Friday),
        "saturday" => DayClass::Weekday(Weekday::Saturday),
        "sunday" => DayClass::Weekday(Weekday::Sunday),
        _ => return None,
    })
}

fn tier(node: &Node) -> Option<Tier> {
    Some(match node.text("tier")? {
        "unplanned" => Tier::Unplanned,
        "planned" => Tier::Planned,
        "told" => Tier::Told,
        "cost" => Tier::Cost,
        _ => return None,
    })
}

fn prices(node: &Node) -> Option<Prices> {
    Some(Prices {
        told_moved: node.whole("told_moved")?,
        next_stop_changed: node.whole("next_stop_changed")?,
        travel_second: node.whole("travel_second")?,
        waiting_second_region: node.whole("waiting_second_region")?,
        waiting_second_municipality: node.whole("waiting_second_municipality")?,
        overtime_second: node.whole("overtime_second")?,
        border: node.whole("border")?,
        continuity_unit: node.whole("continuity_unit")?,
        continuity_other: node.whole("continuity_other")?,
        continuity_role: RoleId::new(node.text("continuity_role")?),
        responsibility: node.whole("responsibility")?,
        fairness_minute_squared: node.whole("fairness_minute_squared")?,
    })
}
