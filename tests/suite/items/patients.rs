//! What is known of a patient: her doctor, her vårdcentral, her care form; and when she has died.

use rond::domain::{CareFormId, CrewId, CrewKindId, KindId, Responsibility, RoleId, Tier, UnitId};

use super::day::{AWAY, BESIDE, Day, FAR_FIRST, NEAR_FIRST, hours, within};

#[test]
fn the_named_doctor_comes() {
    let mut day = Day::two_cars();
    day.patient("home").named_doctor = Some(CrewId::new("away"));
    assert_eq!(day.plan(), AWAY);
    day.patient("home").named_doctor = None;
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn when_the_named_doctor_is_off_another_of_the_unit_comes() {
    let mut day = Day::two_cars();
    day.patient("home").named_doctor = Some(CrewId::new("off today"));
    day.patient("home").unit = Some(UnitId::new("vårdcentral"));
    day.crew("away").unit = Some(UnitId::new("vårdcentral"));
    assert_eq!(day.plan(), AWAY);
    day.crew("away").unit = None;
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn the_care_form_decides_who_answers() {
    let mut day = Day::two_cars();
    day.crew("away").kind = CrewKindId::new("hospital");
    day.facts.policy.responsibility.push(Responsibility {
        care_form: Some(CareFormId::new("temporary")),
        role: RoleId::new("doctor"),
        hours: hours(0, 24),
        crew_kinds: vec![CrewKindId::new("hospital")],
    });
    day.patient("home").care_form = CareFormId::new("temporary");
    assert_eq!(day.plan(), AWAY);
    day.patient("home").care_form = CareFormId::new("enrolled");
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn the_care_form_decides_what_is_promised() {
    let mut day = Day::on_the_way();
    day.promise("other", within(9 * 60)).care_form = Some(CareFormId::new("temporary"));
    day.patient("far").care_form = CareFormId::new("temporary");
    assert_eq!(day.plan(), FAR_FIRST);
    day.patient("far").care_form = CareFormId::new("enrolled");
    assert_eq!(day.plan(), NEAR_FIRST);
}

#[test]
fn a_death_needs_no_nurse_and_no_two_hours() {
    let mut day = Day::on_the_way();
    day.promise("unplanned", within(9 * 60));
    day.visit_named("far").kind = KindId::new("death");
    assert_eq!(day.plan(), NEAR_FIRST);
    day.visit_named("far").kind = KindId::new("unplanned");
    assert_eq!(day.plan(), FAR_FIRST);
}

#[test]
fn a_death_is_not_free_to_leave_for_tomorrow() {
    let mut day = Day::on_the_way();
    day.visit_named("far").kind = KindId::new("death");
    day.crew("car").shifts[0].hours = day.span((8, 0), (10, 0));
    assert_eq!(day.plan(), "car 08:50 far | not near");
    let kinds = day.facts.policy.kinds.iter_mut();
    kinds.for_each(|kind| {
        if kind.id.as_str() == "death" {
            kind.unassigned = (Tier::Cost, 0);
        }
    });
    assert_eq!(day.plan(), "car 08:10 near | not far");
}
