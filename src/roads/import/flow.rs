//! The fewest roads that part two ends of a map: maximum flow by shortest augmenting paths (Dinic).

/// A road between two junctions of a part, by their places in the part.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// One end.
    pub one: u32,
    /// The other.
    pub other: u32,
    /// The segment that it is.
    pub segment: u32,
    /// How many edges the segment is: what cutting it costs.
    pub width: u8,
}

/// The links of a part, seen from its junctions: each link is two half-links, `2·link` from `one`
/// and `2·link + 1` from `other`.
pub struct Net {
    first: Vec<u32>,
    halves: Vec<u32>,
    heads: Vec<u32>,
    widths: Vec<u8>,
}

/// What a junction is to a flow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Flow passes.
    Between,
    /// Flow begins here.
    Source,
    /// Flow ends here.
    Sink,
}

/// A cut: which junctions lie on the side of the sources, and what it costs.
pub struct Cut {
    /// Width of the links cut.
    pub width: u32,
    /// On the sources' side.
    pub near: Vec<bool>,
    /// How many those are.
    pub near_count: usize,
}

const UNSEEN: u32 = u32::MAX;

impl Net {
    /// Of this many junctions.
    pub fn of(count: usize, links: &[Link]) -> Net {
        let mut first = vec![0_u32; count + 1];
        let ends = |link: &Link| [link.one, link.other];
        let between = |link: &&Link| link.one != link.other;
        links.iter().filter(between).flat_map(ends).for_each(|end| first[end as usize + 1] += 1);
        (0..count).for_each(|at| first[at + 1] += first[at]);
        let mut next = first.clone();
        let mut halves = vec![0; first[count] as usize];
        let mut heads = vec![0; links.len() * 2];
        for (at, link) in links.iter().enumerate() {
            heads[at * 2] = link.other;
            heads[at * 2 + 1] = link.one;
            if link.one != link.other {
                for (half, end) in ends(link).into_iter().enumerate() {
                    halves[next[end as usize] as usize] = (at * 2 + half) as u32;
                    next[end as usize] += 1;
                }
            }
        }
        let widths = links.iter().flat_map(|link| [link.width; 2]).collect();
        Net { first, halves, heads, widths }
    }

    fn halves(&self, junction: u32) -> &[u32] {
        let at = junction as usize;
        &self.halves[self.first[at] as usize..self.first[at + 1] as usize]
    }

    /// The narrowest cut between sources and sinks; `None` once it is plain that none is narrower
    /// than `bound`.
    pub fn cut(&self, roles: &[Role], bound: u32) -> Option<Cut> {
        let mut flow = Flow {
            net: self,
            roles,
            left: self.widths.clone(),
            levels: Vec::new(),
            next: Vec::new(),
            width: 0,
        };
        while flow.find_levels() {
            flow.augment(bound);
            if flow.width >= bound {
                return None;
            }
        }
        let near: Vec<bool> = flow.levels.iter().map(|&level| level != UNSEEN).collect();
        let near_count = near.iter().filter(|&&near| near).count();
        Some(Cut { width: flow.width, near, near_count })
    }
}

struct Flow<'n> {
    net: &'n Net,
    roles: &'n [Role],
    /// What each half-link can still carry.
    left: Vec<u8>,
    levels: Vec<u32>,
    next: Vec<u32>,
    width: u32,
}

impl Flow<'_> {
    /// How far each junction is from a source by links that can still carry; is a sink reached?
    fn find_levels(&mut self) -> bool {
        self.levels.clear();
        self.levels.resize(self.roles.len(), UNSEEN);
        let mut queue: Vec<u32> = (0..self.roles.len() as u32)
            .filter(|&at| self.roles[at as usize] == Role::Source)
            .collect();
        queue.iter().for_each(|&at| self.levels[at as usize] = 0);
        let (mut at, mut reached) = (0, false);
        while at < queue.len() {
            let here = queue[at];
            at += 1;
            for &half in self.net.halves(here) {
                let head = self.net.heads[half as usize] as usize;
                if self.left[half as usize] > 0 && self.levels[head] == UNSEEN {
                    self.levels[head] = self.levels[here as usize] + 1;
                    reached |= self.roles[head] == Role::Sink;
                    queue.push(head as u32);
                }
            }
        }
        reached
    }

    /// Sends as much as the levels allow, or up to the bound.
    fn augment(&mut self, bound: u32) {
        self.next.clear();
        self.next.extend_from_slice(&self.net.first[..self.roles.len()]);
        let mut path: Vec<u32> = Vec::new();
        for source in 0..self.roles.len() as u32 {
            if self.roles[source as usize] != Role::Source {
                continue;
            }
            while self.width < bound && self.find_path(source, &mut path) {
                let least = path.iter().map(|&half| self.left[half as usize]).min().unwrap_or(0);
                for &half in &path {
                    self.left[half as usize] -= least;
                    self.left[half as usize ^ 1] += least;
                }
                self.width += u32::from(least);
            }
        }
    }

    /// A way from a source to a sink, level by level.
    fn find_path(&mut self, source: u32, path: &mut Vec<u32>) -> bool {
        path.clear();
        let mut here = source;
        loop {
            if self.roles[here as usize] == Role::Sink {
                return true;
            }
            let end = self.net.first[here as usize + 1];
            let next = &mut self.next[here as usize];
            let on = (*next..end).find(|&at| {
                let half = self.net.halves[at as usize] as usize;
                let head = self.net.heads[half] as usize;
                self.left[half] > 0 && self.levels[head] == self.levels[here as usize] + 1
            });
            *next = on.unwrap_or(end);
            match (on, path.pop()) {
                (Some(at), last) => {
                    path.extend(last);
                    let half = self.net.halves[at as usize];
                    path.push(half);
                    here = self.net.heads[half as usize];
                }
                (None, Some(last)) => {
                    here = self.net.heads[last as usize ^ 1];
                    self.next[here as usize] += 1;
                }
                (None, None) => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Link, Net, Role};

    /// Two squares of roads with two roads between them.
    #[test]
    fn the_narrowest_cut_is_found() {
        let link = |one, other, width| Link { one, other, segment: 0, width };
        let links = [
            link(0, 1, 2),
            link(1, 2, 2),
            link(2, 3, 2),
            link(3, 0, 2),
            link(4, 5, 2),
            link(5, 6, 2),
            link(6, 7, 2),
            link(7, 4, 2),
            link(1, 4, 1),
            link(2, 7, 2),
        ];
        let mut roles = vec![Role::Between; 8];
        roles[0] = Role::Source;
        roles[6] = Role::Sink;
        let net = Net::of(8, &links);
        let cut = net.cut(&roles, u32::MAX).unwrap_or_else(|| panic!("there is one"));
        assert_eq!((cut.width, cut.near_count), (3, 4));
        assert!(net.cut(&roles, 3).is_none());
    }
}
