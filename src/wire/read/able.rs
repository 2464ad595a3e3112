//! Is there anyone at all who can do each part? Times are not looked at: whether somebody has the
//! time is what planning finds out.

use std::collections::BTreeMap;

use super::Context;
use super::visits::VisitReading;
use crate::domain::{
    Crew, DelregionId, MUNICIPAL_ROLE, MunicipalityId, Part, Party, Pin, PinWhat, Policy, RoleId,
    Scope, SkillId,
};
use crate::wire::problem::{E0501, E0507, Problems};

/// No visit has more parts; more candidates than this need not be remembered for any part.
const CANDIDATES_MAX: usize = 10;

/// Whose a home is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Home {
    /// The municipality that the place lies in.
    pub(super) place: MunicipalityId,
    /// The municipality whose nurses answer for the patient.
    pub(super) patient: MunicipalityId,
}

/// Who can do what where, remembered for every need met.
pub(super) struct Abilities<'w> {
    policy: &'w Policy,
    crews: Vec<&'w Crew>,
    found: BTreeMap<(RoleId, Vec<SkillId>, Home), Vec<usize>>,
}

impl<'w> Abilities<'w> {
    /// `crews` are those that work at all.
    pub(super) fn new(policy: &'w Policy, crews: Vec<&'w Crew>) -> Abilities<'w> {
        Abilities { policy, crews, found: BTreeMap::new() }
    }

    /// Reports the parts of a visit that nobody can do, and a visit that needs more crews than
    /// there are.
    pub(super) fn check(
        &mut self,
        reading: &VisitReading,
        home: &Home,
        context: &Context,
        pins: &[&Pin],
        problems: &mut Problems,
    ) {
        if pins.iter().any(|pin| pin.what == PinWhat::Unassigned) {
            return;
        }
        let Some(delregion) = context.region.region.delregion_of(&home.place) else { return };
        let mut candidates = Vec::new();
        for (at, (part, node)) in reading.parts.iter().zip(reading.node.items("parts")).enumerate()
        {
            // A part pinned to a crew is done by it, whatever the rules say.
            let is_pinned = pins.iter().any(|pin| {
                matches!(pin.what, PinWhat::Crew(_)) && pin.part.is_none_or(|held| held == at)
            });
            if is_pinned {
                continue;
            }
            let Some(part) = part else { continue };
            let able = self.able(part, home, delregion);
            if able.is_empty() {
                let cause = self.why_nobody(part, home);
                let action = "Add a crew, or correct the role, the skills or the municipality";
                problems.add(E0501, node.path(), cause, action);
            }
            candidates.push(able);
        }
        let is_doable = candidates.iter().all(|able| !able.is_empty());
        let may_share = reading.node.flag("same_crew_allowed") == Some(true);
        if is_doable && !may_share && !can_all_be_given(&candidates) {
            let cause = format!(
                "{} parts need a crew each, and fewer can do them in municipality {}",
                candidates.len(),
                home.place
            );
            let action = "Add a crew, or set `same_crew_allowed` where one may do several parts";
            problems.add(E0507, reading.node.path_of("parts"), cause, action);
        }
    }

    /// The first crews that can do a part in a municipality, at some hour.
    fn able(&mut self, part: &Part, home: &Home, delregion: &DelregionId) -> Vec<usize> {
        let need = (part.role.clone(), part.skills.clone(), home.clone());
        if let Some(found) = self.found.get(&need) {
            return found.clone();
        }
        let able: Vec<usize> = self
            .crews
            .iter()
            .enumerate()
            .filter(|(_, crew)| {
                has_gifts(crew, part)
                    && employer_may_give(crew, part, home)
                    && self.may_work_in(crew, &home.place, delregion)
            })
            .map(|(at, _)| at)
            .take(CANDIDATES_MAX)
            .collect();
        self.found.insert(need, able.clone());
        able
    }

    /// May the crew work there at any hour?
    fn may_work_in(
        &self,
        crew: &Crew,
        municipality: &MunicipalityId,
        delregion: &DelregionId,
    ) -> bool {
        let area = self.policy.areas.iter().find(|area| area.crew_kind == crew.kind);
        match area.map_or(Scope::Anywhere, |area| area.scope) {
            Scope::Anywhere => true,
            Scope::OwnMunicipality => crew.employer == Party::Municipality(municipality.clone()),
            Scope::OwnDelregion => {
                crew.home_delregion == *delregion
                    || self.policy.lending.iter().any(|row| {
                        row.from == crew.home_delregion
                            && row.to == *delregion
                            && row.crew_kinds.contains(&crew.kind)
                    })
            }
        }
    }

    fn why_nobody(&self, part: &Part, home: &Home) -> String {
        let (role, municipality) = (&part.role, &home.place);
        if !self.crews.iter().any(|crew| crew.roles.contains(role)) {
            return format!("no crew with a shift has the role {role}");
        }
        if !self.crews.iter().any(|crew| has_gifts(crew, part)) {
            let skills: Vec<&str> = part.skills.iter().map(SkillId::as_str).collect();
            return format!(
                "no crew with a shift and the role {role} has the skills {}",
                skills.join(", ")
            );
        }
        format!("no crew with a shift, the role {role} and its skills may work in {municipality}")
    }
}

/// What municipal nurses give is given only by those of the patient's own municipality.
fn employer_may_give(crew: &Crew, part: &Part, home: &Home) -> bool {
    part.role.as_str() != MUNICIPAL_ROLE
        || crew.employer == Party::Municipality(home.patient.clone())
}

/// Has the crew the role and the skills?
fn has_gifts(crew: &Crew, part: &Part) -> bool {
    crew.roles.contains(&part.role) && part.skills.iter().all(|skill| crew.skills.contains(skill))
}

/// Can every part have a crew of its own? Augmenting paths (Kuhn 1955).
fn can_all_be_given(candidates: &[Vec<usize>]) -> bool {
    let mut part_of_crew: BTreeMap<usize, usize> = BTreeMap::new();
    (0..candidates.len()).all(|part| {
        let mut tried = Vec::new();
        give(part, candidates, &mut part_of_crew, &mut tried)
    })
}

fn give(
    part: usize,
    candidates: &[Vec<usize>],
    part_of_crew: &mut BTreeMap<usize, usize>,
    tried: &mut Vec<usize>,
) -> bool {
    for &crew in &candidates[part] {
        if tried.contains(&crew) {
            continue;
        }
        tried.push(crew);
        let is_free = match part_of_crew.get(&crew) {
            None => true,
            Some(&other) => give(other, candidates, part_of_crew, tried),
        };
        if is_free {
            part_of_crew.insert(crew, part);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crews_are_given_to_parts_by_moving_others() {
        assert!(can_all_be_given(&[vec![0, 1], vec![0]]));
        assert!(can_all_be_given(&[vec![0, 1], vec![0, 2], vec![0]]));
        assert!(!can_all_be_given(&[vec![0], vec![0]]));
        assert!(!can_all_be_given(&[vec![0, 1], vec![0, 1], vec![1, 0]]));
    }
}
