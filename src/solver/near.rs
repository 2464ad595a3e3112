//! Where it can pay to look for a place: for every part those that may come just before or just
//! after it, nearest first, and empty routes, one or two of each kind.
//!
//! Nearness is travel one way plus the waiting or lateness that no plan avoids when the one follows
//! the other (T. Vidal, T. G. Crainic, M. Gendreau, C. Prins, Computers & Operations Research
//! 40(1), 2013). Only parts that share a route count. With these lists a step of the search costs
//! the same in a town and in a region.

use rayon::prelude::*;

use super::fit_table::FitTable;
use super::problem::{NEVER, NONE, Problem, RouteSpec};

/// Links kept per part and direction.
const LINKS_MAX: usize = 32;
/// Where crews share work evenly, near by is not all that pays: so many positions are all looked at.
const SHARED_MAX: usize = 400;
/// Kinds of empty routes kept per part.
const KINDS_MAX: usize = 12;
/// The nearest places whose parts are compared at most; those further away are left out unseen.
const PLACES_MAX: usize = 768;
/// Places looked at before it is asked whether those further away can be nearer in time.
const STRIDE: usize = 32;
/// Waiting counts for less than driving: one in this many ticks.
const WAITING_ONE_IN: i64 = 10;
/// Sets of routes at most for which is worked out which of them share a route.
const SETS_MAX: usize = 4_096;

/// A part that may come just before another, or just after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Link(u32);

impl Link {
    fn of(part: u32, comes_before: bool) -> Link {
        Link(part << 1 | u32::from(comes_before))
    }

    /// The other part.
    #[inline]
    pub fn part(self) -> u32 {
        self.0 >> 1
    }

    /// Does the other part come just before?
    #[inline]
    pub fn comes_before(self) -> bool {
        self.0 & 1 == 1
    }
}

/// Lists of different lengths, end to end.
struct Lists<T> {
    entries: Vec<T>,
    firsts: Vec<u32>,
}

impl<T: Copy> Lists<T> {
    fn of(lists: &[Vec<T>]) -> Lists<T> {
        let mut firsts = vec![0];
        for list in lists {
            firsts.push(firsts[firsts.len() - 1] + list.len() as u32);
        }
        Lists { entries: lists.concat(), firsts }
    }

    #[inline]
    fn list(&self, at: u32) -> &[T] {
        &self.entries[self.firsts[at as usize] as usize..self.firsts[at as usize + 1] as usize]
    }
}

/// See the module's head.
pub struct Nearby {
    links: Lists<Link>,
    /// Routes that are alike in all respects, kind by kind.
    kinds: Lists<u32>,
    /// Per part, the kinds of routes that are nearest.
    kinds_of: Lists<u32>,
    fits: FitTable,
}

/// When a part can start at all, and which routes it fits.
struct Times {
    from: i32,
    to: i32,
    due: i32,
    set: u32,
}

impl Nearby {
    /// Finds what is near for every part.
    pub fn of(problem: &Problem) -> Nearby {
        let sets = Sets::of(problem);
        let times: Vec<Times> =
            (0..problem.parts.len()).map(|part| times_of(problem, part, &sets)).collect();
        let parts_at = parts_by_place(problem);
        let places: Vec<Vec<u32>> = (0..problem.places as u32)
            .into_par_iter()
            .map(|place| {
                if parts_at.list(place).is_empty() {
                    Vec::new()
                } else {
                    near_places(problem, place)
                }
            })
            .collect();
        let links: Vec<Vec<Link>> = (0..problem.parts.len() as u32)
            .into_par_iter()
            .map(|part| {
                let near = &places[problem.parts[part as usize].place as usize];
                links_of(problem, part, near, &parts_at, &times, &sets)
            })
            .collect();
        let kinds = kinds_of_routes(problem);
        let kinds_of: Vec<Vec<u32>> = (0..problem.parts.len() as u32)
            .into_par_iter()
            .map(|part| kinds_near(problem, part, &kinds))
            .collect();
        Nearby {
            links: Lists::of(&links),
            kinds: Lists::of(&kinds),
            kinds_of: Lists::of(&kinds_of),
            fits: FitTable::of(problem),
        }
    }

    /// The links of a part, nearest first. Empty where looking everywhere is as fast.
    #[inline]
    pub fn links_of(&self, part: u32) -> &[Link] {
        self.links.list(part)
    }

    /// The nearest kinds of routes for a part, each with all routes that are alike.
    #[inline]
    pub fn kinds_of(&self, part: u32) -> impl Iterator<Item = &[u32]> {
        self.kinds_of.list(part).iter().map(|&kind| self.kinds.list(kind))
    }

    /// [`Problem::fit_of`], from a table where there is one.
    #[inline]
    pub fn fit_of(&self, problem: &Problem, part: u32, route: u32) -> Option<u32> {
        self.fits.fit_of(problem, part, route)
    }
}

fn times_of(problem: &Problem, part: usize, sets: &Sets) -> Times {
    let fits = problem.fitting[part].iter().map(|&(_, fit)| &problem.fits[fit as usize]);
    let to = fits.clone().map(|fit| fit.to).max().unwrap_or(-NEVER);
    Times {
        from: fits.map(|fit| fit.from).min().unwrap_or(NEVER),
        to,
        due: problem.parts[part].due.min(to),
        set: sets.of_part[part],
    }
}

fn parts_by_place(problem: &Problem) -> Lists<u32> {
    let mut lists = vec![Vec::new(); problem.places];
    for (part, spec) in problem.parts.iter().enumerate() {
        lists[spec.place as usize].push(part as u32);
    }
    Lists::of(&lists)
}

fn near_places(problem: &Problem, place: u32) -> Vec<u32> {
    let row = &problem.travel[place as usize * problem.places..][..problem.places];
    let mut places: Vec<u32> = (0..problem.places as u32).collect();
    if places.len() > PLACES_MAX {
        places.select_nth_unstable_by_key(PLACES_MAX, |&other| (row[other as usize], other));
        places.truncate(PLACES_MAX);
    }
    places.sort_unstable_by_key(|&other| (row[other as usize], other));
    places
}

/// The nearest parts in both directions, turn about.
fn links_of(
    problem: &Problem,
    part: u32,
    near: &[u32],
    parts_at: &Lists<u32>,
    times: &[Times],
    sets: &Sets,
) -> Vec<Link> {
    let routes = problem.fitting[part as usize].len();
    let per_route = problem.parts.len() / problem.routes.len().max(1) + 1;
    let is_cheap = routes * per_route <= 2 * LINKS_MAX;
    if is_cheap || (problem.fairness != 0 && routes * per_route <= SHARED_MAX) {
        return Vec::new();
    }
    let (own, spec) = (&times[part as usize], &problem.parts[part as usize]);
    let mut before: Vec<(i64, u32)> = Vec::new();
    let mut after: Vec<(i64, u32)> = Vec::new();
    for (at, &place) in near.iter().enumerate() {
        if at % STRIDE == STRIDE - 1 {
            let least = i64::from(problem.travel(spec.place, place));
            let further = [&mut before, &mut after].map(keep_nearest);
            if further.iter().all(|&furthest| furthest <= least) {
                break;
            }
        }
        for &other in parts_at.list(place) {
            let its = &times[other as usize];
            let is_same_visit = problem.parts[other as usize].visit == spec.visit;
            if is_same_visit || !sets.share_a_route(own.set, its.set) {
                continue;
            }
            before.extend(nearness(problem, (other, its), (part, own)).map(|cost| (cost, other)));
            after.extend(nearness(problem, (part, own), (other, its)).map(|cost| (cost, other)));
        }
    }
    for list in [&mut before, &mut after] {
        keep_nearest(list);
        list.sort_unstable();
    }
    let mut links = Vec::with_capacity(before.len() + after.len());
    for at in 0..before.len().max(after.len()) {
        links.extend(before.get(at).map(|&(_, other)| Link::of(other, true)));
        links.extend(after.get(at).map(|&(_, other)| Link::of(other, false)));
    }
    links
}

/// Drops all but the nearest; says how far the furthest of them is, when there are enough.
fn keep_nearest(list: &mut Vec<(i64, u32)>) -> i64 {
    if list.len() > LINKS_MAX {
        list.select_nth_unstable(LINKS_MAX - 1);
        list.truncate(LINKS_MAX);
    }
    let furthest = list.iter().map(|entry| entry.0).max().unwrap_or(i64::MAX);
    if list.len() < LINKS_MAX { i64::MAX } else { furthest }
}

/// Ticks that it costs at least when one part follows the other; `None` when it cannot.
fn nearness(problem: &Problem, first: (u32, &Times), then: (u32, &Times)) -> Option<i64> {
    let (spec, next) = (&problem.parts[first.0 as usize], &problem.parts[then.0 as usize]);
    let gap = problem.gap(spec.place, next.place);
    let through = i64::from(spec.service) + i64::from(gap);
    let early = i64::from(first.1.from) + through;
    if gap >= NEVER || early > i64::from(then.1.to) {
        return None;
    }
    let lateness = (early - i64::from(then.1.due)).max(0);
    let waiting = (i64::from(then.1.from) - i64::from(first.1.due) - through).max(0);
    Some(i64::from(gap) + lateness + waiting / WAITING_ONE_IN)
}

/// Sets of routes that parts fit, and which of them share a route.
struct Sets {
    of_part: Vec<u32>,
    count: usize,
    /// Row by row; empty where there are too many sets.
    share: Vec<bool>,
}

impl Sets {
    fn of(problem: &Problem) -> Sets {
        let routes = |part: u32| problem.fitting[part as usize].iter().map(|entry| entry.0);
        let mut sorted: Vec<u32> = (0..problem.parts.len() as u32).collect();
        sorted.sort_by(|&one, &other| routes(one).cmp(routes(other)));
        let mut of_part = vec![0; problem.parts.len()];
        let mut firsts: Vec<u32> = Vec::new();
        for &part in &sorted {
            if firsts.last().is_none_or(|&first| !routes(first).eq(routes(part))) {
                firsts.push(part);
            }
            of_part[part as usize] = firsts.len() as u32 - 1;
        }
        let count = firsts.len();
        let mut share = Vec::new();
        if count <= SETS_MAX {
            let rows = firsts.par_iter().map(|&one| {
                let mut is_in = vec![false; problem.routes.len()];
                routes(one).for_each(|route| is_in[route as usize] = true);
                let shares = |&other: &u32| routes(other).any(|route| is_in[route as usize]);
                firsts.iter().map(shares).collect::<Vec<bool>>()
            });
            share = rows.collect::<Vec<_>>().concat();
        }
        Sets { of_part, count, share }
    }

    #[inline]
    fn share_a_route(&self, one: u32, other: u32) -> bool {
        self.share.is_empty() || self.share[one as usize * self.count + other as usize]
    }
}

/// Routes that are alike in all respects, crews apart: empty, one of them stands for all.
fn kinds_of_routes(problem: &Problem) -> Vec<Vec<u32>> {
    let mut fits = vec![Vec::new(); problem.routes.len()];
    for (part, fitting) in problem.fitting.iter().enumerate() {
        for &(route, fit) in fitting {
            fits[route as usize].push((part as u32, fit));
        }
    }
    let mut is_after_rest = vec![false; problem.routes.len()];
    for &(later, _) in problem.routes.iter().flat_map(|route| &route.rest_to) {
        is_after_rest[later as usize] = true;
    }
    // What stands alone carries its own number and equals no other.
    let key = |route: u32| {
        let spec = &problem.routes[route as usize];
        let is_alone =
            !spec.rest_to.is_empty() || is_after_rest[route as usize] || spec.next_stop != NONE;
        (key_of(spec), if is_alone { route } else { NONE })
    };
    let breaks = |route: u32| {
        let breaks = &problem.routes[route as usize].breaks;
        breaks.iter().map(|rest| (rest.from, rest.to, rest.length))
    };
    let order = |one: &u32, other: &u32| {
        let keys = key(*one).cmp(&key(*other));
        let keys = keys.then_with(|| breaks(*one).cmp(breaks(*other)));
        keys.then_with(|| fits[*one as usize].cmp(&fits[*other as usize]))
    };
    let mut sorted: Vec<u32> = (0..problem.routes.len() as u32).collect();
    sorted.sort_by(order);
    let alike = sorted.chunk_by(|one, other| order(one, other).is_eq());
    alike.map(<[u32]>::to_vec).collect()
}

fn key_of(spec: &RouteSpec) -> [i64; 10] {
    [
        i64::from(spec.start_place),
        i64::from(spec.end_place),
        i64::from(spec.from),
        i64::from(spec.to),
        i64::from(spec.latest),
        spec.travel_price,
        spec.waiting_price,
        spec.overtime_price,
        i64::from(spec.slot),
        spec.load_max,
    ]
}

/// The kinds of empty routes that come cheapest to a part.
fn kinds_near(problem: &Problem, part: u32, kinds: &[Vec<u32>]) -> Vec<u32> {
    let place = problem.parts[part as usize].place;
    let nearness = |kind: u32| {
        // No kind is empty.
        let route = kinds[kind as usize][0];
        let fit = &problem.fits[problem.fit_of(part, route)? as usize];
        let spec = &problem.routes[route as usize];
        let there = i64::from(problem.gap(spec.start_place, place));
        let back = i64::from(problem.gap(place, spec.end_place));
        let due = i64::from(problem.parts[part as usize].due);
        let late = (there + i64::from(spec.from)).max(i64::from(fit.from)) - due;
        Some((there + back + late.max(0), kind))
    };
    let mut near: Vec<(i64, u32)> = (0..kinds.len() as u32).filter_map(nearness).collect();
    if near.len() > KINDS_MAX {
        near.select_nth_unstable(KINDS_MAX);
        near.truncate(KINDS_MAX);
    }
    near.sort_unstable();
    near.into_iter().map(|(_, kind)| kind).collect()
}
