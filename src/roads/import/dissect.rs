//! In which order segments are contracted: the map is halved again and again where the fewest
//! roads cross, and the roads cut come after both halves (nested dissection).
//!
//! Inertial flow (Schild & Sommer, 2015) on junctions; the cut segments part the edges as well, so
//! that the order serves the network of edges and turns (Buchhold, Wagner, Zeitz & Zündorf, 2020).

use super::flow::{Cut, Link, Net, Role};

/// A part of the map.
pub struct Part {
    /// East and north of each junction, on any plane.
    pub places: Vec<[i64; 2]>,
    /// The segments.
    pub links: Vec<Link>,
}

/// Parts this small are taken as they are.
const SMALL: usize = 3;

/// Sources and sinks are each this share of the junctions.
const END_SHARE: f64 = 0.25;

/// The segments of a part, first contracted first.
pub fn order(part: Part) -> Vec<u32> {
    let plain = |links: &[Link]| links.iter().map(|link| link.segment).collect();
    if part.places.len() <= SMALL || part.links.len() <= SMALL {
        return plain(&part.links);
    }
    let Some(cut) = halve(&part) else { return plain(&part.links) };
    let (near, far, between) = split(part, &cut.near);
    let (mut near, far) = if near.links.len() + far.links.len() > 2_000 {
        rayon::join(|| order(near), || order(far))
    } else {
        (order(near), order(far))
    };
    near.extend(far);
    near.extend(between);
    near
}

/// The narrowest cut of four directions; of those alike the most even.
fn halve(part: &Part) -> Option<Cut> {
    let net = Net::of(part.places.len(), &part.links);
    let mut best: Option<Cut> = None;
    for direction in [[1, 0], [0, 1], [1, 1], [1, -1]] {
        let roles = roles(part, direction);
        let bound = best.as_ref().map_or(u32::MAX, |cut| cut.width + 1);
        let Some(cut) = net.cut(&roles, bound) else { continue };
        let evenness = |cut: &Cut| cut.near_count.min(part.places.len() - cut.near_count);
        let better = best.as_ref().is_none_or(|best| {
            cut.width < best.width || (cut.width == best.width && evenness(&cut) > evenness(best))
        });
        if better {
            best = Some(cut);
        }
    }
    best
}

/// The first and the last junctions in a direction are sources and sinks.
fn roles(part: &Part, [east, north]: [i64; 2]) -> Vec<Role> {
    let count = part.places.len();
    let ends = ((count as f64 * END_SHARE) as usize).max(1);
    let mut order: Vec<(i64, u32)> = part
        .places
        .iter()
        .enumerate()
        .map(|(at, place)| (place[0] * east + place[1] * north, at as u32))
        .collect();
    order.select_nth_unstable(ends - 1);
    order[ends..].select_nth_unstable(count - 2 * ends);
    let mut roles = vec![Role::Between; count];
    order[..ends].iter().for_each(|(_, at)| roles[*at as usize] = Role::Source);
    order[count - ends..].iter().for_each(|(_, at)| roles[*at as usize] = Role::Sink);
    roles
}

/// Both sides as parts of their own, and the segments between them.
fn split(part: Part, near: &[bool]) -> (Part, Part, Vec<u32>) {
    let mut sides = [true, false].map(|_| Part { places: Vec::new(), links: Vec::new() });
    let mut numbers = vec![0_u32; part.places.len()];
    for (at, place) in part.places.iter().enumerate() {
        let side = &mut sides[usize::from(!near[at])];
        numbers[at] = side.places.len() as u32;
        side.places.push(*place);
    }
    let mut between = Vec::new();
    for link in part.links {
        let [one, other] = [link.one, link.other].map(|at| at as usize);
        if near[one] == near[other] {
            let (one, other) = (numbers[one], numbers[other]);
            sides[usize::from(!near[link.one as usize])].links.push(Link { one, other, ..link });
        } else {
            between.push(link.segment);
        }
    }
    let [near, far] = sides;
    (near, far, between)
}

#[cfg(test)]
mod tests {
    use super::{Part, order};
    use crate::roads::import::flow::Link;

    #[test]
    fn every_segment_comes_once_and_the_middle_of_a_grid_last() {
        let side = 8_i64;
        let at = |x: i64, y: i64| (x * side + y) as u32;
        let mut links = Vec::new();
        for x in 0..side {
            for y in 0..side {
                let mut push = |other| {
                    let segment = links.len() as u32;
                    links.push(Link { one: at(x, y), other, segment, width: 2 });
                };
                if x + 1 < side {
                    push(at(x + 1, y));
                }
                if y + 1 < side {
                    push(at(x, y + 1));
                }
            }
        }
        let count = links.len() as u32;
        let places =
            (0..side).flat_map(|x| (0..side).map(move |y| [x * 1_000 + y, y * 1_000])).collect();
        let order = order(Part { places, links });
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..count).collect::<Vec<_>>());
    }
}
