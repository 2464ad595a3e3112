//! The judge: is a plan legal, and what is its published objective? It reads only the published
//! instance and the published solution, never what the solver thought.

use serde::{Deserialize, Serialize};

use super::instance::{FORBIDDEN, Instance};

/// A solution: per vehicle in use its visits in order, each with its start.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Routes {
    /// One per vehicle in use.
    pub routes: Vec<Vec<(usize, i32)>>,
}

/// What the judge found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Sum of all legs, from the depot and to it included.
    pub travel: i64,
    /// Visits that no vehicle comes to.
    pub unserved: usize,
    /// What is not legal, in words; empty when all is.
    pub faults: Vec<String>,
}

/// Judges a plan.
pub fn judge(instance: &Instance, plan: &Routes) -> Verdict {
    let mut verdict = Verdict::default();
    if plan.routes.len() > instance.vehicles {
        verdict.faults.push(format!("{} vehicles are too many", plan.routes.len()));
    }
    // Start and vehicle per visit.
    let mut served: Vec<Option<(i32, usize)>> = vec![None; instance.visits.len() + 1];
    for (vehicle, route) in plan.routes.iter().enumerate() {
        judge_route(instance, vehicle, route, &mut served, &mut verdict);
    }
    verdict.unserved = served[1..].iter().filter(|start| start.is_none()).count();
    for &[one, other] in &instance.sync_pairs {
        match (served[one], served[other]) {
            (Some(first), Some(second)) => {
                if first.0 != second.0 {
                    verdict.faults.push(format!("{one} and {other} do not start together"));
                }
                if first.1 == second.1 {
                    verdict.faults.push(format!("{one} and {other} are of one vehicle"));
                }
            }
            (None, None) => {}
            _ => verdict.faults.push(format!("of {one} and {other} only one is served")),
        }
    }
    verdict
}

fn judge_route(
    instance: &Instance,
    vehicle: usize,
    route: &[(usize, i32)],
    served: &mut [Option<(i32, usize)>],
    verdict: &mut Verdict,
) {
    let (mut here, mut free) = (0, 0);
    for &(id, start) in route {
        if id == 0 || id > instance.visits.len() {
            verdict.faults.push(format!("{id} is no visit"));
            continue;
        }
        let visit = &instance.visits[id - 1];
        let leg = instance.travel[here][id];
        let mut fault_if = |is_fault: bool, fault: &str| {
            if is_fault {
                verdict.faults.push(format!("{id} {fault}"));
            }
        };
        fault_if(leg >= FORBIDDEN, "is reached by a forbidden leg");
        fault_if(start < free + leg, "starts before the vehicle arrives");
        fault_if(start < visit.window[0] || start > visit.window[1], "starts outside its window");
        fault_if(served[id].is_some(), "is served twice");
        served[id] = Some((start, vehicle));
        verdict.travel += i64::from(leg);
        (here, free) = (id, start + visit.service);
    }
    let leg = instance.travel[here][0];
    verdict.travel += i64::from(leg);
    if free + leg > instance.horizon {
        verdict.faults.push(format!("vehicle {vehicle} is back after the horizon"));
    }
}
