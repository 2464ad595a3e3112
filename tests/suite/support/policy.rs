//! A policy in code, of the same shape as the one that ships.

use rond::domain::{
    AreaRule, CareForm, CareFormId, CrewKindId, DayClass, DeadlineRule, Hours, KindId, Lateness,
    Policy, Prices, Promise, Responsibility, RoleId, RuleId, Scope, Seconds, Tier, VisitKind,
};

/// Unplanned within two hours, planned within five working days, deaths and preventive visits
/// without a promise; nurses in their municipality, doctors and läkarbilar in their delregion.
pub fn test_policy() -> Policy {
    Policy {
        name: "test".to_owned(),
        kinds: kinds(),
        care_forms: care_forms(),
        promises: vec![unplanned(), planned()],
        areas: vec![
            area("doctor", Scope::OwnDelregion),
            area("läkarbil", Scope::OwnDelregion),
            area("nurse", Scope::OwnMunicipality),
            area("therapist", Scope::OwnMunicipality),
        ],
        lending: Vec::new(),
        responsibility: responsibility(),
        rest: Seconds::from_minutes(11 * 60),
        told_tolerance: Seconds::from_minutes(10),
        prices: prices(),
    }
}

/// These minutes of the day, on days of this class.
pub fn hours(class: DayClass, from_minute: u16, to_minute: u16) -> Hours {
    Hours { days: vec![class], from_minute, to_minute }
}

fn kinds() -> Vec<VisitKind> {
    let kind =
        |id: &str, points| VisitKind { id: KindId::new(id), unassigned: (Tier::Planned, points) };
    vec![kind("unplanned", 100), kind("planned", 100), kind("death", 150), kind("preventive", 100)]
}

fn care_forms() -> Vec<CareForm> {
    let form = |id: &str, kinds: &[&str]| CareForm {
        id: CareFormId::new(id),
        kinds: kinds.iter().map(KindId::new).collect(),
    };
    vec![form("enrolled", &[]), form("temporary", &["unplanned", "death"]), form("risk", &[])]
}

fn unplanned() -> Promise {
    Promise {
        id: RuleId::new("within-two-hours"),
        kind: KindId::new("unplanned"),
        care_form: None,
        priority: None,
        hours: None,
        deadline: DeadlineRule::Within(Seconds::from_minutes(120)),
        judged_role: RoleId::new("doctor"),
        tier: Tier::Unplanned,
        lateness: Lateness {
            unit: Seconds::from_minutes(1),
            steps: vec![(0, 1), (30, 1), (60, 2)],
            cap: 600,
        },
        deferred: 36_000,
    }
}

fn planned() -> Promise {
    Promise {
        id: RuleId::new("within-five-working-days"),
        kind: KindId::new("planned"),
        care_form: None,
        priority: None,
        hours: None,
        deadline: DeadlineRule::WorkingDays(5),
        judged_role: RoleId::new("doctor"),
        tier: Tier::Planned,
        lateness: Lateness { unit: Seconds::from_minutes(60), steps: vec![(0, 1)], cap: 200 },
        deferred: 36_000,
    }
}

fn area(crew_kind: &str, scope: Scope) -> AreaRule {
    AreaRule { crew_kind: CrewKindId::new(crew_kind), scope }
}

fn responsibility() -> Vec<Responsibility> {
    let row = |care_form: Option<&str>, hours, crew_kind: &str| Responsibility {
        care_form: care_form.map(CareFormId::new),
        role: RoleId::new("doctor"),
        hours,
        crew_kinds: vec![CrewKindId::new(crew_kind)],
    };
    vec![
        row(Some("enrolled"), hours(DayClass::Working, 480, 1080), "doctor"),
        row(None, hours(DayClass::Any, 0, 1440), "läkarbil"),
    ]
}

fn prices() -> Prices {
    Prices {
        told_moved: 10,
        next_stop_changed: 25,
        travel_second: 10,
        waiting_second_region: 4,
        waiting_second_municipality: 3,
        overtime_second: 30,
        border: 6_000,
        continuity_unit: 6_000,
        continuity_other: 12_000,
        continuity_role: RoleId::new("doctor"),
        responsibility: 9_000,
        fairness_minute_squared: 1,
    }
}
