//! The largest part of the network within which every place can be reached from every other.

use super::turns::Turn;

/// Which of `count` edges lie in the largest strongly connected part (Tarjan's algorithm, without
/// recursion). Of parts of the same size the one found first.
pub fn largest(count: usize, turns: &[Turn]) -> Vec<bool> {
    let mut first = vec![0_u32; count + 1];
    turns.iter().for_each(|turn| first[turn.from as usize + 1] += 1);
    (0..count).for_each(|at| first[at + 1] += first[at]);

    let mut search = Search {
        order: vec![UNSEEN; count],
        low: vec![0; count],
        open: Vec::new(),
        part: vec![UNSEEN; count],
        sizes: Vec::new(),
        seen: 0,
    };
    for root in 0..count {
        search.explore(root as u32, &first, turns);
    }
    let most = search.sizes.iter().copied().max().unwrap_or_default();
    let largest = search.sizes.iter().position(|&size| size == most).unwrap_or_default() as u32;
    search.part.iter().map(|&part| part == largest).collect()
}

const UNSEEN: u32 = u32::MAX;

struct Search {
    /// When each was seen.
    order: Vec<u32>,
    /// The earliest seen that can be reached from it.
    low: Vec<u32>,
    /// Seen and not yet in a part.
    open: Vec<u32>,
    part: Vec<u32>,
    sizes: Vec<usize>,
    seen: u32,
}

impl Search {
    fn explore(&mut self, root: u32, first: &[u32], turns: &[Turn]) {
        if self.order[root as usize] != UNSEEN {
            return;
        }
        let mut path = vec![(root, first[root as usize])];
        self.enter(root);
        while let Some((edge, next)) = path.last_mut() {
            let at = *edge as usize;
            if *next < first[at + 1] {
                let to = turns[*next as usize].to;
                *next += 1;
                if self.order[to as usize] == UNSEEN {
                    self.enter(to);
                    path.push((to, first[to as usize]));
                } else if self.part[to as usize] == UNSEEN {
                    self.low[at] = self.low[at].min(self.order[to as usize]);
                }
                continue;
            }
            path.pop();
            if let Some((before, _)) = path.last() {
                let before = *before as usize;
                self.low[before] = self.low[before].min(self.low[at]);
            }
            if self.low[at] == self.order[at] {
                self.close(at as u32);
            }
        }
    }

    fn enter(&mut self, edge: u32) {
        self.order[edge as usize] = self.seen;
        self.low[edge as usize] = self.seen;
        self.seen += 1;
        self.open.push(edge);
    }

    /// All that was seen since, and is in no part yet, is a part.
    fn close(&mut self, root: u32) {
        let part = self.sizes.len() as u32;
        let mut size = 0;
        while let Some(edge) = self.open.pop() {
            self.part[edge as usize] = part;
            size += 1;
            if edge == root {
                break;
            }
        }
        self.sizes.push(size);
    }
}
