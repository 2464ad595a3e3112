//! How much a server is asked for at a time.

/// Rows and columns of a block at first: as many as OSRM allows when nobody says otherwise.
const AT_FIRST: usize = 100;
/// And at last: larger ones cost the server less for each leg, but leave us long without an answer.
const AT_LAST: usize = 250;

/// Rows and columns of a block. It grows while a server answers, so that the first answers come
/// soon, and shrinks when one says that it was asked for too much.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct BlockSize {
    side: usize,
    side_max: usize,
}

impl BlockSize {
    pub(super) fn at_first() -> BlockSize {
        BlockSize { side: AT_FIRST, side_max: AT_LAST }
    }

    /// Rows of a block at most.
    pub(super) fn side(self) -> usize {
        self.side
    }

    /// Legs of a block at most.
    pub(super) fn legs(self) -> usize {
        self.side * self.side
    }

    /// A block was answered.
    pub(super) fn answered(&mut self, legs: usize) {
        if 2 * legs > self.legs() {
            self.side = (2 * self.side).min(self.side_max);
        }
    }

    /// A block of so many legs was too much. Is there any that is less?
    pub(super) fn refused(&mut self, legs: usize) -> bool {
        // Another block may have taught it already.
        if legs <= self.legs() {
            self.side_max = (legs.isqrt().min(self.side) / 2).max(1);
            self.side = self.side_max;
        }
        legs > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_with_full_blocks_and_ends_below_what_was_refused() {
        let mut size = BlockSize::at_first();
        size.answered(20);
        assert_eq!(size.side(), AT_FIRST, "little was asked");
        size.answered(AT_FIRST * AT_FIRST);
        assert_eq!(size.side(), 2 * AT_FIRST);
        assert!(size.refused(4 * AT_FIRST * AT_FIRST));
        size.answered(AT_FIRST * AT_FIRST);
        assert_eq!(size.side(), AT_FIRST, "it has been told");
    }

    #[test]
    fn one_leg_refused_is_the_end() {
        let mut size = BlockSize::at_first();
        let mut refusals = 0;
        let mut legs = 49;
        while size.refused(legs) {
            assert!(size.legs() < legs);
            legs = size.legs();
            refusals += 1;
        }
        assert_eq!((legs, refusals), (1, 2));
    }
}
