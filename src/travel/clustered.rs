//! Legs of so many places that a table of all of them would not fit: exact where they are near,
//! bounded from above where they are far.
//!
//! Places are gathered into neighbourhoods of a few dozen, each with one of its places as centre.
//! Legs within a neighbourhood, and to and from the nearest others, are kept as they are. A far leg
//! is by way of both centres: there is such a road, so it is **never shorter than the truth**; and
//! where the model's legs are shortest ones, it is longer by no more than the way from the one
//! place to its centre and back, and from the other to its centre and back.

use rayon::prelude::*;

use super::leg_table::{LegTable, mixed};
use super::matrix::{Leg, TravelModel};
use crate::domain::{Point, Seconds, TableFingerprint};

/// Most places of a neighbourhood.
const PLACES_MAX: usize = 48;
/// Other neighbourhoods, the nearest first, whose legs are kept exactly, each way.
const NEAR: usize = 24;

/// No block of exact legs.
const FAR: u32 = u32::MAX;

/// See the head of this file.
#[derive(Clone, Debug)]
pub struct Clustered {
    /// Of each place, its neighbourhood and its position there.
    home: Vec<(u32, u32)>,
    /// Of each neighbourhood, its centre's position there.
    centre: Vec<u32>,
    /// From centre to centre.
    between: LegTable,
    /// From neighbourhood to neighbourhood, the position of their exact legs in `blocks`, or `FAR`.
    block: Vec<u32>,
    blocks: Vec<LegTable>,
}

impl Clustered {
    /// The legs of the model between these points.
    pub fn build(model: &dyn TravelModel, points: &[Point]) -> Clustered {
        let mut groups = neighbourhoods(points);
        set_apart_the_cut_off(model, points, &mut groups);
        let mut home = vec![(0, 0); points.len()];
        for (group, members) in groups.iter().enumerate() {
            for (slot, &place) in members.iter().enumerate() {
                home[place] = (group as u32, slot as u32);
            }
        }
        let centre: Vec<u32> = groups.iter().map(|group| centre_of(points, group)).collect();
        let centres: Vec<Point> = groups
            .iter()
            .zip(&centre)
            .map(|(members, &slot)| points[members[slot as usize]])
            .collect();
        let between = LegTable::ask(model, &centres, &centres);
        let pairs = near_pairs(&between);
        let mut block = vec![FAR; groups.len() * groups.len()];
        for (position, &(from, to)) in pairs.iter().enumerate() {
            block[from * groups.len() + to] = position as u32;
        }
        let of = |group: usize| -> Vec<Point> {
            groups[group].iter().map(|&place| points[place]).collect()
        };
        let blocks: Vec<LegTable> =
            pairs.par_iter().map(|&(from, to)| LegTable::ask(model, &of(from), &of(to))).collect();
        Clustered { home, centre, between, block, blocks }
    }

    /// The leg between two places, by position.
    pub fn leg(&self, from: usize, to: usize) -> Option<Leg> {
        if from == to {
            return Some(Leg::NONE);
        }
        self.exact(self.home[from], self.home[to]).unwrap_or_else(|| {
            let ((first, _), (second, _)) = (self.home[from], self.home[to]);
            let out = self.within(first, self.home[from].1, self.centre[first as usize])?;
            let over = self.between.leg(first as usize, second as usize)?;
            let back = self.within(second, self.centre[second as usize], self.home[to].1)?;
            Some(Leg {
                seconds: out.seconds + over.seconds + back.seconds,
                metres: out.metres + over.metres + back.metres,
            })
        })
    }

    /// By how much the leg may be longer than the model's at most, where that has shortest ways.
    pub fn error_max(&self, from: usize, to: usize) -> Option<Seconds> {
        if self.exact(self.home[from], self.home[to]).is_some() {
            return Some(Seconds::ZERO);
        }
        let round = |place: usize| {
            let (group, slot) = self.home[place];
            let centre = self.centre[group as usize];
            let (out, back) =
                (self.within(group, slot, centre)?, self.within(group, centre, slot)?);
            Some(out.seconds + back.seconds)
        };
        Some(round(from)? + round(to)?)
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        let blocks: usize = self.blocks.iter().map(LegTable::bytes).sum();
        self.between.bytes()
            + blocks
            + 8 * self.home.len()
            + 4 * (self.block.len() + self.centre.len())
    }

    /// A number made of all that is kept.
    pub fn fingerprint(&self) -> TableFingerprint {
        let homes = self.home.iter().map(|&(group, slot)| u64::from(group) << 32 | u64::from(slot));
        let tables = std::iter::once(&self.between).chain(&self.blocks);
        let numbers = homes.chain(tables.map(|table| table.fingerprint().0));
        TableFingerprint(numbers.fold(0, |sum, number| mixed(sum ^ number)))
    }

    /// What is kept of two places; nothing when their neighbourhoods are far from each other.
    fn exact(&self, from: (u32, u32), to: (u32, u32)) -> Option<Option<Leg>> {
        let position = self.block[from.0 as usize * self.centre.len() + to.0 as usize];
        let block = self.blocks.get(position as usize)?;
        Some(block.leg(from.1 as usize, to.1 as usize))
    }

    fn within(&self, group: u32, from: u32, to: u32) -> Option<Leg> {
        if from == to { Some(Leg::NONE) } else { self.exact((group, from), (group, to))? }
    }
}

/// Halves of halves, cut across the longer side, until few enough are left in each.
fn neighbourhoods(points: &[Point]) -> Vec<Vec<usize>> {
    let mut whole = Vec::new();
    let mut halves = vec![(0..points.len()).collect::<Vec<usize>>()];
    while let Some(mut places) = halves.pop() {
        if places.len() <= PLACES_MAX {
            if !places.is_empty() {
                whole.push(places);
            }
            continue;
        }
        let flat = |place: &usize| flat(points[*place]);
        let (north, east) = (span(&places, |p| flat(p).0), span(&places, |p| flat(p).1));
        let along = |place: &usize| if north > east { flat(place).0 } else { flat(place).1 };
        places.sort_by(|a, b| along(a).total_cmp(&along(b)).then(a.cmp(b)));
        let rest = places.split_off(places.len() / 2);
        halves.push(rest);
        halves.push(places);
    }
    whole
}

/// Places without a way to or from their centre get a neighbourhood of their own.
fn set_apart_the_cut_off(model: &dyn TravelModel, points: &[Point], groups: &mut Vec<Vec<usize>>) {
    let cut_off: Vec<Vec<usize>> = groups
        .par_iter()
        .map(|members| {
            let centre = [points[members[centre_of(points, members) as usize]]];
            let of: Vec<Point> = members.iter().map(|&place| points[place]).collect();
            let (out, back) = (model.legs(&of, &centre), model.legs(&centre, &of));
            let legs = out.iter().zip(&back).zip(members).zip(&of);
            let cut = legs.filter(|(((out, back), _), point)| {
                **point != centre[0] && (out.is_none() || back.is_none())
            });
            cut.map(|((_, &place), _)| place).collect()
        })
        .collect();
    for (group, cut_off) in cut_off.into_iter().enumerate() {
        groups[group].retain(|place| !cut_off.contains(place));
        groups.extend(cut_off.into_iter().map(|place| vec![place]));
    }
}

/// The member nearest to the middle, by position.
fn centre_of(points: &[Point], members: &[usize]) -> u32 {
    let all: Vec<(f64, f64)> = members.iter().map(|&place| flat(points[place])).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| all.iter().map(of).sum::<f64>() / all.len() as f64;
    let (north, east) = (mean(|at| at.0), mean(|at| at.1));
    let off = |at: &(f64, f64)| (at.0 - north).hypot(at.1 - east);
    let nearest = (0..all.len()).min_by(|&a, &b| off(&all[a]).total_cmp(&off(&all[b])));
    nearest.unwrap_or(0) as u32
}

/// From each neighbourhood to itself and to the nearest others; and the same ways back.
fn near_pairs(between: &LegTable) -> Vec<(usize, usize)> {
    let count = between.columns();
    let mut pairs = Vec::new();
    for from in 0..count {
        let there = |to: usize| between.leg(from, to).map_or(i64::MAX, |leg| leg.seconds.0);
        let mut others: Vec<usize> = (0..count).filter(|&to| to != from).collect();
        others.sort_by_key(|&to| (there(to), to));
        pairs.push((from, from));
        for &to in others.iter().take(NEAR).filter(|&&to| there(to) < i64::MAX) {
            pairs.extend([(from, to), (to, from)]);
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Kilometres north and east of nowhere in particular.
fn flat(point: Point) -> (f64, f64) {
    (point.lat() * 111.2, point.lon() * 111.2 * point.lat().to_radians().cos())
}

fn span(places: &[usize], along: impl Fn(&usize) -> f64) -> f64 {
    let least = places.iter().map(&along).fold(f64::INFINITY, f64::min);
    places.iter().map(&along).fold(f64::NEG_INFINITY, f64::max) - least
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Metres;
    use crate::travel::Matrix;

    /// Streets north–south and east–west, slower uphill; nobody gets to the island. Every leg is a
    /// shortest one.
    struct Blocks;

    fn microdegrees(point: Point) -> (i64, i64) {
        ((point.lat() * 1e6).round() as i64, (point.lon() * 1e6).round() as i64)
    }

    impl TravelModel for Blocks {
        fn profile(&self) -> &str {
            "blocks"
        }

        fn leg(&self, from: Point, to: Point) -> Option<Leg> {
            let ((north, east), (to_north, to_east)) = (microdegrees(from), microdegrees(to));
            let is_island = |east: i64| east > 14_000_000;
            if is_island(east) != is_island(to_east) {
                return None;
            }
            let (up, down) = ((to_north - north).max(0), (north - to_north).max(0));
            let seconds = 3 * up + 2 * down + (to_east - east).abs();
            Some(Leg { seconds: Seconds(seconds), metres: Metres(up + down) })
        }
    }

    /// A town, villages, and two homes on an island.
    fn places(count: usize) -> Vec<Point> {
        let mut points: Vec<Point> = (0..count as u64)
            .map(|number| {
                let dice = mixed(number);
                let wide = if number % 2 == 0 { 0.02 } else { 1.0 };
                let (north, east) = (dice % 1000, dice / 1000 % 1000);
                let at = |middle: f64, dice: u64| middle + wide * (dice as f64 / 1000.0 - 0.5);
                Point::from_degrees(at(55.7, north), at(13.3, east)).expect("on the globe")
            })
            .collect();
        for lat in [55.6, 55.601] {
            points.push(Point::from_degrees(lat, 14.2).expect("on the globe"));
        }
        points
    }

    #[test]
    fn near_legs_are_exact_and_far_ones_never_too_short_and_within_their_bound() {
        let points = places(3000);
        let clustered = Clustered::build(&Blocks, &points);
        let (mut far, mut exact) = (0, 0);
        for from in (0..points.len()).step_by(7).chain([3000, 3001]) {
            for to in 0..points.len() {
                let truth = Blocks.leg(points[from], points[to]);
                let Some(leg) = clustered.leg(from, to) else {
                    assert_eq!(truth, None, "{from} to {to}");
                    continue;
                };
                let truth = truth.expect("no way where there is none");
                let error = leg.seconds - truth.seconds;
                let most = clustered.error_max(from, to).expect("there is a way");
                assert!(Seconds::ZERO <= error && error <= most, "{from} to {to}: {error:?}");
                exact += usize::from(most == Seconds::ZERO);
                far += usize::from(most > Seconds::ZERO);
            }
        }
        assert!(far > 300_000 && exact > 300_000, "{far} far, {exact} exact");
    }

    #[test]
    fn a_matrix_may_be_kept_so_and_takes_less() {
        let points = places(3000);
        let near = Matrix::of_neighbourhoods(&Blocks, &points);
        let every = Matrix::build(&Blocks, &points);
        assert!(near.bytes() * 3 < every.bytes() * 2, "{} of {}", near.bytes(), every.bytes());
        assert_eq!(near.leg(5, 5), Some(Leg::NONE));
        assert_eq!((near.size(), near.profile()), (every.size(), "blocks"));
        assert_eq!(near.leg(0, 3001), None);
        let again = Matrix::of_neighbourhoods(&Blocks, &points);
        assert_eq!(near.provenance(), again.provenance());
    }

    #[test]
    fn all_of_skane_fits() {
        let near = Matrix::of_neighbourhoods(&Blocks, &places(30_000));
        let megabytes = near.bytes() >> 20;
        assert!((100..400).contains(&megabytes), "{megabytes} MB, not 6 900");
    }

    #[test]
    fn few_places_lose_nothing() {
        for count in [0, 1, 2, 40] {
            let points = places(count);
            let near = Matrix::of_neighbourhoods(&Blocks, &points);
            let every = Matrix::build(&Blocks, &points);
            for from in 0..points.len() {
                for to in 0..points.len() {
                    assert_eq!(near.leg(from, to), every.leg(from, to), "{from} to {to}");
                }
            }
        }
    }
}
