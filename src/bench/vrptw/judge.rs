//! The judge: is a plan legal, and what is its published objective? It reads only the published
//! instance and the published solution, in doubles, never what the solver thought.

use super::instance::{Instance, Objective};

/// Sums of doubles differ by less than this.
const TOLERANCE: f64 = 1e-6;

/// What the judge found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Vehicles in use.
    pub vehicles: usize,
    /// Sum of all legs, from the depot and to it included.
    pub distance: f64,
    /// Customers that no vehicle comes to.
    pub unserved: usize,
    /// What is not legal, in words; empty when all is.
    pub faults: Vec<String>,
}

/// Judges a plan: per vehicle the numbers of its customers in order.
pub fn judge(instance: &Instance, routes: &[Vec<usize>], objective: Objective) -> Verdict {
    let mut verdict = Verdict::default();
    let mut served = vec![false; instance.nodes.len()];
    for route in routes.iter().filter(|route| !route.is_empty()) {
        verdict.vehicles += 1;
        judge_route(instance, route, objective, &mut served, &mut verdict);
    }
    if verdict.vehicles > instance.vehicles {
        verdict.faults.push(format!("{} vehicles are too many", verdict.vehicles));
    }
    verdict.unserved = served[1..].iter().filter(|served| !**served).count();
    verdict
}

fn judge_route(
    instance: &Instance,
    route: &[usize],
    objective: Objective,
    served: &mut [bool],
    verdict: &mut Verdict,
) {
    let depot = &instance.nodes[0];
    let (mut here, mut now, mut load) = (0, depot.ready, 0.0);
    for &customer in route {
        if customer == 0 || customer >= instance.nodes.len() {
            verdict.faults.push(format!("{customer} is no customer"));
            continue;
        }
        if served[customer] {
            verdict.faults.push(format!("{customer} is served twice"));
        }
        served[customer] = true;
        let node = &instance.nodes[customer];
        let leg = instance.distance(here, customer, objective);
        verdict.distance += leg;
        now = (now + leg).max(node.ready);
        if now > node.due + TOLERANCE {
            verdict.faults.push(format!("{customer} starts at {now}, after {}", node.due));
        }
        now += node.service;
        load += node.demand;
        here = customer;
    }
    let leg = instance.distance(here, 0, objective);
    verdict.distance += leg;
    if now + leg > depot.due + TOLERANCE {
        verdict.faults.push(format!("the vehicle of {route:?} is back too late"));
    }
    if load > instance.capacity + TOLERANCE {
        verdict.faults.push(format!("the vehicle of {route:?} carries {load}"));
    }
}
