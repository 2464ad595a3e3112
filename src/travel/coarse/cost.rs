//! What a way costs: time first, then length.

/// Milliseconds and metres in one number, so that the least is the fastest, and of equally fast
/// ways the shortest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Cost(u64);

const METRES_BITS: u32 = 28;
const METRES: u64 = (1 << METRES_BITS) - 1;

impl Cost {
    pub(super) const NOTHING: Cost = Cost(0);
    /// No way. Three of them together still fit.
    pub(super) const NO_WAY: Cost = Cost(u64::MAX / 4);

    pub(super) fn new(milliseconds: u64, metres: u64) -> Cost {
        Cost((milliseconds << METRES_BITS) | metres.min(METRES))
    }

    /// Driving so far at one speed.
    pub(super) fn driving(metres: u32, km_h: u32) -> Cost {
        let metres = u64::from(metres);
        Cost::new(metres * 3_600 / u64::from(km_h), metres)
    }

    /// This and then that.
    pub(super) fn and(self, next: Cost) -> Cost {
        Cost(self.0 + next.0)
    }

    pub(super) fn milliseconds(self) -> u64 {
        self.0 >> METRES_BITS
    }

    pub(super) fn metres(self) -> u64 {
        self.0 & METRES
    }

    pub(super) fn is_way(self) -> bool {
        self < Cost::NO_WAY
    }
}
