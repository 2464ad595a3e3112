//! How often who asks for what. Assumptions, not published figures, unless it says so: they give
//! days that look like those in the agreement's follow-ups, and a scenario will replace them.

/// Rates per week and shares per mille.
#[derive(Clone, Debug)]
pub struct Rates {
    /// Planned visits a week per 1 000 enrolled.
    pub planned_per_1000_enrolled: u64,
    /// Unplanned visits a week per 1 000 enrolled.
    pub unplanned_per_1000_enrolled: u64,
    /// Unplanned visits a week per 100 000 inhabitants to patients that are not enrolled but have
    /// municipal home nursing.
    pub temporary_per_100000: u64,
    /// Unplanned visits a week per 100 000 inhabitants to others, who can't get to open care.
    pub other_per_100000: u64,
    /// Preventive visits a week per 100 000 inhabitants to risk groups.
    pub preventive_per_100000: u64,
    /// Deaths at home a week per 100 000 inhabitants. Follow-ups of 2017: about a quarter of what
    /// a läkarbil is sent out for.
    pub deaths_per_100000: u64,
    /// Homes outside localities. SCB 2020: 8.5 % of the inhabitants of Skåne.
    pub rural: u64,
    /// Enrolled patients that live in a SÄBO.
    pub in_sabo: u64,
    /// Enrolled patients per SÄBO.
    pub patients_per_sabo: u64,
    /// Planned visits made as a round at a SÄBO, several patients on one day.
    pub planned_as_round: u64,
    /// Unplanned visits by day and evening where the municipal nurse meets the doctor.
    pub unplanned_joint: u64,
    /// Planned visits where the municipal nurse meets the doctor.
    pub planned_joint: u64,
    /// Planned visits by a nurse alone.
    pub planned_nurse: u64,
    /// Planned joint visits where a physiotherapist comes as well, where there is one.
    pub planned_three: u64,
    /// Joint visits where the nurse starts before the doctor.
    pub nurse_first: u64,
    /// Planned visits that need a skill of the nurse.
    pub nurse_skill: u64,
    /// Planned visits that need a skill of the doctor.
    pub doctor_skill: u64,
    /// Planned visits asked for during the period itself, due after it.
    pub planned_new: u64,
    /// Enrolled patients at home with a named doctor. National goal: 55 %.
    pub named_doctor: u64,
    /// Enrolled patients in a SÄBO with a named doctor. National goal: 80 %.
    pub named_doctor_sabo: u64,
}

impl Rates {
    /// A region on its way: a third of all visits joint, most of them planned.
    pub fn on_the_way() -> Rates {
        Rates {
            planned_per_1000_enrolled: 170,
            unplanned_per_1000_enrolled: 70,
            temporary_per_100000: 12,
            other_per_100000: 3,
            preventive_per_100000: 15,
            deaths_per_100000: 7,
            rural: 85,
            in_sabo: 300,
            patients_per_sabo: 24,
            planned_as_round: 250,
            unplanned_joint: 550,
            planned_joint: 280,
            planned_nurse: 300,
            planned_three: 110,
            nurse_first: 200,
            nurse_skill: 120,
            doctor_skill: 40,
            planned_new: 100,
            named_doctor: 550,
            named_doctor_sabo: 800,
        }
    }
}

/// Weight of each hour of a working day for what can't wait.
pub(super) const HOURS_WORKING: [u64; 24] =
    [1, 1, 1, 1, 1, 1, 2, 5, 9, 11, 11, 10, 9, 10, 9, 8, 7, 6, 5, 5, 4, 3, 2, 1];

/// Weight of each hour of any other day: less in all, later, flatter.
pub(super) const HOURS_OFF: [u64; 24] =
    [1, 1, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 7, 7, 7, 6, 6, 6, 5, 5, 4, 3, 2, 1];
