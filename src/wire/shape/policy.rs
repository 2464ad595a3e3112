//! The policy file, `rond-policy`: kinds, care forms, promises, areas, lending, responsibility and
//! prices.

use jiff::civil::Weekday;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{VERSION, minutes, texts};
use crate::domain::{DayClass, DeadlineRule, Hours, Policy, Prices, Promise, Scope, Tier};

/// What the parties have agreed on, and what things are worth against each other.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(title = "rond-policy")]
pub(in crate::wire) struct PolicyFile {
    /// Always `rond-policy`.
    #[schemars(extend("const" = "rond-policy"))]
    format: &'static str,
    /// Always 1.
    #[schemars(extend("const" = 1))]
    version: u32,
    /// What the policy is called.
    #[schemars(length(min = 1, max = 200))]
    name: String,
    /// Kinds of visit.
    #[schemars(length(min = 1, max = 100))]
    kinds: Vec<KindFile>,
    /// Care forms.
    #[schemars(length(min = 1, max = 100))]
    care_forms: Vec<CareFormFile>,
    /// Promises; the first that fits a visit is its promise.
    #[schemars(length(max = 100))]
    promises: Vec<PromiseFile>,
    /// Where each kind of crew may work; a kind not named may work anywhere.
    #[schemars(length(max = 100))]
    areas: Vec<AreaFile>,
    /// Which delregion lends whom to which, and when.
    #[schemars(length(max = 1000))]
    lending: Vec<LendingFile>,
    /// Who should answer for whom at which hours; the first row that fits decides.
    #[schemars(length(max = 100))]
    responsibility: Vec<ResponsibilityFile>,
    /// Daily rest between two shifts that visit anyone.
    #[schemars(range(min = 0, max = 2880))]
    rest_minutes: i64,
    /// A told time moved by more than this, either way, counts as moved.
    #[schemars(range(min = 0, max = 1440))]
    told_tolerance_minutes: i64,
    /// What things are worth against each other in tiers 3 and 4.
    prices: PricesFile,
}

/// A kind of visit.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Kind")]
struct KindFile {
    /// Its id, such as `unplanned`.
    #[schemars(length(min = 1, max = 100))]
    id: String,
    /// Price of leaving one unassigned that no promise covers.
    unassigned: TierPointsFile,
}

/// Points in a tier of the score.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TierPoints")]
struct TierPointsFile {
    tier: TierFile,
    #[schemars(range(min = 0, max = 10_000_000))]
    points: i64,
}

/// A tier of the score, the most important first.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Tier")]
enum TierFile {
    Unplanned,
    Planned,
    Told,
    Cost,
}

/// A care form.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CareForm")]
struct CareFormFile {
    /// Its id, such as `enrolled`.
    #[schemars(length(min = 1, max = 100))]
    id: String,
    /// Kinds of visit that a patient in it can have; empty or absent means every kind.
    #[serde(default)]
    #[schemars(length(max = 100), inner(length(min = 1, max = 100)))]
    kinds: Vec<String>,
}

/// A promise of time. Exactly one of `within_minutes` and `working_days` is given.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Promise")]
struct PromiseFile {
    /// Its name, shown with every deadline it gives.
    #[schemars(length(min = 1, max = 100))]
    id: String,
    /// The kind of visit that it covers.
    #[schemars(length(min = 1, max = 100))]
    kind: String,
    /// The care form it is for; absent means every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    care_form: Option<String>,
    /// The priority it is for; absent means every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 1, max = 9))]
    priority: Option<u8>,
    /// The hours of request it is for; absent means at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "HoursFile")]
    hours: Option<HoursFile>,
    /// The deadline lies so long after the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 1, max = 100_000))]
    within_minutes: Option<i64>,
    /// The deadline is the end of this working day after the day of request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 1, max = 365))]
    working_days: Option<u16>,
    /// The role whose start is judged.
    #[schemars(length(min = 1, max = 100))]
    judged_role: String,
    /// The tier it is priced in.
    #[schemars(extend("enum" = ["unplanned", "planned"]))]
    tier: TierFile,
    /// What lateness costs; unassigned costs the cap plus one.
    lateness: LatenessFile,
    /// Price in tier 4 of leaving the visit for later, when its deadline lies beyond the horizon.
    #[schemars(range(min = 0, max = 10_000_000))]
    deferred: i64,
}

/// Price of lateness: convex in steps, then capped.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Lateness")]
struct LatenessFile {
    /// Lateness is counted in units begun of this length.
    #[schemars(range(min = 1, max = 10_080))]
    unit_minutes: i64,
    /// What the units cost.
    #[schemars(length(min = 1, max = 20))]
    steps: Vec<StepFile>,
    /// No lateness costs more than this.
    #[schemars(range(min = 1, max = 10_000_000))]
    cap: i64,
}

/// Every unit above the `above`-th costs `points` more.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Step")]
struct StepFile {
    #[schemars(range(min = 0, max = 1_000_000))]
    above: i64,
    #[schemars(range(min = 1, max = 10_000_000))]
    points: i64,
}

/// Where a kind of crew may work.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Area")]
struct AreaFile {
    /// The kind of crew.
    #[schemars(length(min = 1, max = 100))]
    crew_kind: String,
    /// Its area.
    scope: ScopeFile,
}

/// The area that a crew is bound to; lending widens only `own_delregion`.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Scope")]
enum ScopeFile {
    OwnMunicipality,
    OwnDelregion,
    Anywhere,
}

/// Crews of `from` may work in `to` at these hours.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Lending")]
struct LendingFile {
    /// The delregion that lends.
    #[schemars(length(min = 1, max = 100))]
    from: String,
    /// The delregion that borrows.
    #[schemars(length(min = 1, max = 100))]
    to: String,
    /// The kinds of crew lent.
    #[schemars(length(min = 1, max = 100), inner(length(min = 1, max = 100)))]
    crew_kinds: Vec<String>,
    /// When.
    hours: HoursFile,
}

/// Who should give a role at these hours.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Responsibility")]
struct ResponsibilityFile {
    /// The care form it is for; absent means every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    care_form: Option<String>,
    /// The role it speaks of.
    #[schemars(length(min = 1, max = 100))]
    role: String,
    /// When.
    hours: HoursFile,
    /// The kinds of crew that answer then.
    #[schemars(length(min = 1, max = 100), inner(length(min = 1, max = 100)))]
    crew_kinds: Vec<String>,
}

/// Hours of the wall clock on some days.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Hours")]
pub(super) struct HoursFile {
    /// The days it holds on: any of these.
    #[schemars(length(min = 1, max = 10))]
    days: Vec<DaysFile>,
    /// From this time of day, `00:00`–`24:00`.
    #[schemars(regex(pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"))]
    from: String,
    /// Up to this time of day, `00:00`–`24:00`.
    #[schemars(regex(pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"))]
    to: String,
}

/// A class of days; `working` is as the law says.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Days")]
enum DaysFile {
    Any,
    Working,
    NonWorking,
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// Points of tiers 3 and 4.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Prices")]
struct PricesFile {
    /// Tier 3, per audience told of a stop whose time moved or whose crew changed.
    #[schemars(range(min = 0, max = 10_000_000))]
    told_moved: i64,
    /// Tier 3, per shift under way whose next stop is another than before.
    #[schemars(range(min = 0, max = 10_000_000))]
    next_stop_changed: i64,
    /// Tier 4, per second driven.
    #[schemars(range(min = 0, max = 100_000))]
    travel_second: i64,
    /// Tier 4, per second that a Region crew waits at a door.
    #[schemars(range(min = 0, max = 100_000))]
    waiting_second_region: i64,
    /// Tier 4, per second that a municipal crew waits at a door.
    #[schemars(range(min = 0, max = 100_000))]
    waiting_second_municipality: i64,
    /// Tier 4, per second back after the shift's end.
    #[schemars(range(min = 0, max = 100_000))]
    overtime_second: i64,
    /// Tier 4, per part done across a delregion border.
    #[schemars(range(min = 0, max = 10_000_000))]
    border: i64,
    /// Tier 4, when another crew of the patient's unit comes than the named doctor.
    #[schemars(range(min = 0, max = 10_000_000))]
    continuity_unit: i64,
    /// Tier 4, when a crew from outside the unit comes.
    #[schemars(range(min = 0, max = 10_000_000))]
    continuity_other: i64,
    /// The role that continuity speaks of.
    #[schemars(length(min = 1, max = 100))]
    continuity_role: String,
    /// Tier 4, per part given by a kind of crew that does not answer at that hour.
    #[schemars(range(min = 0, max = 10_000_000))]
    responsibility: i64,
    /// Tier 4, per square of the minutes at patients' sides, summed per shift.
    #[schemars(range(min = 0, max = 100_000))]
    fairness_minute_squared: i64,
}

impl From<&Policy> for PolicyFile {
    fn from(policy: &Policy) -> PolicyFile {
        PolicyFile {
            format: "rond-policy",
            version: VERSION,
            name: policy.name.clone(),
            kinds: policy
                .kinds
                .iter()
                .map(|kind| KindFile {
                    id: kind.id.to_string(),
                    unassigned: TierPointsFile {
                        tier: TierFile::from(kind.unassigned.0),
                        points: kind.unassigned.1,
                    },
                })
                .collect(),
            care_forms: policy
                .care_forms
                .iter()
                .map(|form| CareFormFile { id: form.id.to_string(), kinds: texts(&form.kinds) })
                .collect(),
            promises: policy.promises.iter().map(PromiseFile::from).collect(),
            areas: policy
                .areas
                .iter()
                .map(|area| AreaFile {
                    crew_kind: area.crew_kind.to_string(),
                    scope: ScopeFile::from(area.scope),
                })
                .collect(),
            lending: policy
                .lending
                .iter()
                .map(|row| LendingFile {
                    from: row.from.to_string(),
                    to: row.to.to_string(),
                    crew_kinds: texts(&row.crew_kinds),
                    hours: HoursFile::from(&row.hours),
                })
                .collect(),
            responsibility: policy
                .responsibility
                .iter()
                .map(|row| ResponsibilityFile {
                    care_form: row.care_form.as_ref().map(ToString::to_string),
                    role: row.role.to_string(),
                    hours: HoursFile::from(&row.hours),
                    crew_kinds: texts(&row.crew_kinds),
                })
                .collect(),
            rest_minutes: minutes(policy.rest),
            told_tolerance_minutes: minutes(policy.told_tolerance),
            prices: PricesFile::from(&policy.prices),
        }
    }
}

impl From<&Promise> for PromiseFile {
    fn from(promise: &Promise) -> PromiseFile {
        let (within_minutes, working_days) = match promise.deadline {
            DeadlineRule::Within(length) => (Some(minutes(length)), None),
            DeadlineRule::WorkingDays(count) => (None, Some(count)),
        };
        let steps = promise.lateness.steps.iter();
        PromiseFile {
            id: promise.id.to_string(),
            kind: promise.kind.to_string(),
            care_form: promise.care_form.as_ref().map(ToString::to_string),
            priority: promise.priority,
            hours: promise.hours.as_ref().map(HoursFile::from),
            within_minutes,
            working_days,
            judged_role: promise.judged_role.to_string(),
            tier: TierFile::from(promise.tier),
            lateness: LatenessFile {
                unit_minutes: minutes(promise.lateness.unit),
                steps: steps.map(|&(above, points)| StepFile { above, points }).collect(),
                cap: promise.lateness.cap,
            },
            deferred: promise.deferred,
        }
    }
}

impl From<&Prices> for PricesFile {
    fn from(prices: &Prices) -> PricesFile {
        PricesFile {
            told_moved: prices.told_moved,
            next_stop_changed: prices.next_stop_changed,
            travel_second: prices.travel_second,
            waiting_second_region: prices.waiting_second_region,
            waiting_second_municipality: prices.waiting_second_municipality,
            overtime_second: prices.overtime_second,
            border: prices.border,
            continuity_unit: prices.continuity_unit,
            continuity_other: prices.continuity_other,
            continuity_role: prices.continuity_role.to_string(),
            responsibility: prices.responsibility,
            fairness_minute_squared: prices.fairness_minute_squared,
        }
    }
}

impl From<Tier> for TierFile {
    fn from(tier: Tier) -> TierFile {
        match tier {
            Tier::Unplanned => TierFile::Unplanned,
            Tier::Planned => TierFile::Planned,
            Tier::Told => TierFile::Told,
            Tier::Cost => TierFile::Cost,
        }
    }
}

impl From<Scope> for ScopeFile {
    fn from(scope: Scope) -> ScopeFile {
        match scope {
            Scope::OwnMunicipality => ScopeFile::OwnMunicipality,
            Scope::OwnDelregion => ScopeFile::OwnDelregion,
            Scope::Anywhere => ScopeFile::Anywhere,
        }
    }
}

impl From<&Hours> for HoursFile {
    fn from(hours: &Hours) -> HoursFile {
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        HoursFile {
            days: hours.days.iter().map(|&class| DaysFile::from(class)).collect(),
            from: clock(hours.from_minute),
            to: clock(hours.to_minute),
        }
    }
}

impl From<DayClass> for DaysFile {
    fn from(class: DayClass) -> DaysFile {
        match class {
            DayClass::Any => DaysFile::Any,
            DayClass::Working => DaysFile::Working,
            DayClass::NonWorking => DaysFile::NonWorking,
            DayClass::Weekday(Weekday::Monday) => DaysFile::Monday,
            DayClass::Weekday(Weekday::Tuesday) => DaysFile::Tuesday,
            DayClass::Weekday(Weekday::Wednesday) => DaysFile::Wednesday,
            DayClass::Weekday(Weekday::Thursday) => DaysFile::Thursday,
            DayClass::Weekday(Weekday::Friday) => DaysFile::Friday,
            DayClass::Weekday(Weekday::Saturday) => DaysFile::Saturday,
            DayClass::Weekday(Weekday::Sunday) => DaysFile::Sunday,
        }
    }
}

impl PolicyFile {
    /// The file as a JSON value.
    pub(in crate::wire) fn into_value(self) -> Value {
        // Only maps with keys that are no texts fail to serialise, and there are none.
        serde_json::to_value(self).expect("shapes have text keys only")
    }
}
