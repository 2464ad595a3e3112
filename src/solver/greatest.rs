//! The greatest of many numbers, kept while they change.

/// Numbers looked through when the greatest among them falls.
const BLOCK: usize = 64;

/// Numbers no less than 0, and the greatest of each block of them.
pub(super) struct Greatest {
    numbers: Vec<i32>,
    blocks: Vec<i32>,
}

impl Greatest {
    pub fn of_zeros(count: usize) -> Greatest {
        Greatest { numbers: vec![0; count], blocks: vec![0; count.div_ceil(BLOCK)] }
    }

    #[inline]
    pub fn set(&mut self, at: u32, number: i32) {
        let before = std::mem::replace(&mut self.numbers[at as usize], number);
        if before == number {
            return;
        }
        let block = at as usize / BLOCK;
        if number >= self.blocks[block] {
            self.blocks[block] = number;
        } else if before == self.blocks[block] {
            let numbers = self.numbers[block * BLOCK..].iter().take(BLOCK);
            self.blocks[block] = greatest_of(numbers);
        }
    }

    #[inline]
    pub fn greatest(&self) -> i32 {
        greatest_of(self.blocks.iter())
    }
}

fn greatest_of<'n>(numbers: impl Iterator<Item = &'n i32>) -> i32 {
    numbers.fold(0, |greatest, number| greatest.max(*number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg64Mcg;

    #[test]
    fn greatest_equals_a_scan_after_every_change() {
        let mut random = Pcg64Mcg::seed_from_u64(1);
        let mut kept = Greatest::of_zeros(200);
        let mut plain = vec![0; 200];
        for _ in 0..10_000 {
            let at = random.random_range(0..200_usize);
            let number = if random.random_range(0..3) == 0 { random.random_range(0..9) } else { 0 };
            kept.set(at as u32, number);
            plain[at] = number;
            assert_eq!(Some(kept.greatest()), plain.iter().max().copied());
        }
    }
}
