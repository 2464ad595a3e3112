//! Routes that are alike: while they are empty, one of them stands for all.
//!
//! Published fleets are of one kind, and so are many crews of a region. A visit costs the same on
//! every empty route of a kind, so a walk over positions needs only the first of them, or as many
//! as the visit needs crews.

use super::problem::{NONE, Problem, RouteSpec};

/// Classes of routes between which no part sees a difference while they are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Alike {
    /// Per route its class; [`NONE`] if it is like no other.
    pub class_of: Vec<u32>,
    /// Number of classes.
    pub classes: usize,
}

impl Alike {
    /// Sorts the routes of a problem by kind. A route of a crew that has others, or that was
    /// promised a next stop, is like no other.
    pub fn of(problem: &Problem) -> Alike {
        let count = problem.routes.len();
        let mut class_of = vec![NONE; count];
        let mut kinds: Vec<RouteSpec> = Vec::new();
        for route in routes_by_themselves(problem) {
            // Crews are told apart by number alone.
            let kind = RouteSpec { crew: 0, ..problem.routes[route].clone() };
            let at = kinds.iter().position(|other| *other == kind).unwrap_or(kinds.len());
            class_of[route] = at as u32;
            if at == kinds.len() {
                kinds.push(kind);
            }
        }
        let mut alike = Alike { class_of, classes: kinds.len() };
        alike.drop_singles();
        let mut fit_at = vec![NONE; count];
        let mut seen: &[(u32, u32)] = &[];
        for fitting in &problem.fitting {
            if alike.classes == 0 {
                break;
            }
            // Parts that fit nowhere tell no routes apart, nor do those that fit as the last did.
            if *seen == **fitting {
                continue;
            }
            seen = fitting;
            fit_at.fill(NONE);
            for &(route, fit) in fitting {
                fit_at[route as usize] = fit;
            }
            alike.split_by(&fit_at);
        }
        alike
    }

    /// Parts classes in which not all have the same value.
    fn split_by(&mut self, value: &[u32]) {
        let mut first = vec![NONE; self.classes];
        let mut is_split = false;
        for (route, &class) in self.class_of.iter().enumerate() {
            if class == NONE {
                continue;
            }
            let seen = &mut first[class as usize];
            if *seen == NONE {
                *seen = route as u32;
            }
            is_split |= value[*seen as usize] != value[route];
        }
        if !is_split {
            return;
        }
        let mut keys: Vec<(u32, u32)> = Vec::new();
        for (route, class) in self.class_of.iter_mut().enumerate() {
            if *class == NONE {
                continue;
            }
            let key = (*class, value[route]);
            let at = keys.iter().position(|other| *other == key).unwrap_or(keys.len());
            if at == keys.len() {
                keys.push(key);
            }
            *class = at as u32;
        }
        self.classes = keys.len();
        self.drop_singles();
    }

    /// Leaves only classes of two and more, numbered anew.
    fn drop_singles(&mut self) {
        let mut sizes = vec![0; self.classes];
        for &class in self.class_of.iter().filter(|class| **class != NONE) {
            sizes[class as usize] += 1;
        }
        let mut number = vec![NONE; self.classes];
        self.classes = 0;
        for class in &mut self.class_of {
            if *class == NONE {
                continue;
            }
            let old = *class as usize;
            if sizes[old] > 1 && number[old] == NONE {
                number[old] = self.classes as u32;
                self.classes += 1;
            }
            *class = number[old];
        }
    }
}

/// Routes of crews that have no other, tied to no route by a rest, with no next stop told.
fn routes_by_themselves(problem: &Problem) -> Vec<usize> {
    let mut crews: Vec<u32> = problem.routes.iter().map(|route| route.crew).collect();
    crews.sort_unstable();
    let is_by_itself = |&route: &usize| {
        let spec = &problem.routes[route];
        let from = crews.partition_point(|crew| *crew < spec.crew);
        let has_one = crews.get(from + 1) != Some(&spec.crew);
        has_one && spec.rest_to.is_empty() && spec.next_stop == NONE
    };
    (0..problem.routes.len()).filter(is_by_itself).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{part_at, problem_of_routes, route};
    use super::*;

    #[test]
    fn routes_of_a_kind_share_a_class_and_others_have_none() {
        let mut problem = problem_of_routes(5);
        problem.routes[2].latest += 1;
        let alike = Alike::of(&problem);
        assert_eq!((alike.class_of, alike.classes), (vec![0, 0, NONE, 0, 0], 1));
    }

    #[test]
    fn a_part_that_fits_two_routes_otherwise_tells_them_apart() {
        let mut problem = problem_of_routes(4);
        part_at(&mut problem, 1, 0);
        problem.fits.push(problem.fits[0]);
        let other = problem.fits.len() as u32 - 1;
        problem.fitting[0][2].1 = other;
        problem.fitting[0].remove(3);
        assert_eq!(Alike::of(&problem).class_of, [0, 0, NONE, NONE]);
    }

    #[test]
    fn shifts_of_one_crew_are_not_alike() {
        let mut problem = problem_of_routes(2);
        problem.routes.push(route(1));
        assert_eq!(Alike::of(&problem).class_of, [NONE, NONE, NONE]);
    }
}
