//! What a stretch of road costs: weight, time and length in one number.

use crate::domain::{Metres, Seconds};
use crate::travel::Leg;

/// Bits of each of the three fields; the topmost bit stays free, so that two of the greatest values
/// can be added.
const FIELD_BITS: u32 = 21;
const FIELD: u64 = (1 << FIELD_BITS) - 1;

/// Weight, tenths of a second and metres, packed in that order, so that one addition adds all three
/// and the lesser number is the better way: of equal weight the quicker, of equal time the shorter.
///
/// The weight is what is minimised: time, and more of it where a driver would rather not go. A
/// field holds 58 hours or 2 097 km: a region, not a continent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Cost(pub u64);

impl Cost {
    /// Nothing.
    pub const NONE: Cost = Cost(0);
    /// There is no way. Added to itself it stays greater than any way.
    pub const FAR: Cost = Cost(u64::MAX >> 1);
    /// The most that any field can hold.
    pub const FIELD_MOST: u64 = FIELD;

    /// Of these tenths of a second (weight and time) and metres; fields too great are cut to the
    /// greatest.
    pub fn new(weight_tenths: u64, tenths: u64, metres: u64) -> Cost {
        Cost(
            weight_tenths.min(FIELD) << (2 * FIELD_BITS)
                | tenths.min(FIELD) << FIELD_BITS
                | metres.min(FIELD),
        )
    }

    /// The weight in tenths of a second.
    pub fn weight_tenths(self) -> u64 {
        self.0 >> (2 * FIELD_BITS)
    }

    /// The time in tenths of a second.
    pub fn tenths(self) -> u64 {
        self.0 >> FIELD_BITS & FIELD
    }

    /// The length in metres.
    pub fn metres(self) -> u64 {
        self.0 & FIELD
    }

    /// Is there a way at all?
    pub fn is_far(self) -> bool {
        self.0 >= Cost::FAR.0
    }

    /// Both, one after the other.
    pub fn and(self, other: Cost) -> Cost {
        Cost(self.0 + other.0)
    }

    /// What is left without `part`, which must be part of it in every field.
    pub fn without(self, part: Cost) -> Cost {
        debug_assert!(self.holds(part), "{self:?} without {part:?}");
        Cost(self.0 - part.0)
    }

    /// Is every field of `part` at most that of this one?
    pub fn holds(self, part: Cost) -> bool {
        self.weight_tenths() >= part.weight_tenths()
            && self.tenths() >= part.tenths()
            && self.metres() >= part.metres()
    }

    /// The first `share` (0 to 1) of it, every field rounded down.
    pub fn share(self, share: f64) -> Cost {
        let of = |field: u64| ((field as f64 * share) as u64).min(field);
        Cost::new(of(self.weight_tenths()), of(self.tenths()), of(self.metres()))
    }

    /// The greater of each field.
    pub fn most_of_each(self, other: Cost) -> Cost {
        Cost::new(
            self.weight_tenths().max(other.weight_tenths()),
            self.tenths().max(other.tenths()),
            self.metres().max(other.metres()),
        )
    }

    /// As a leg of the table, in whole seconds.
    pub fn leg(self) -> Option<Leg> {
        (!self.is_far()).then(|| Leg {
            seconds: Seconds(((self.tenths() + 5) / 10) as i64),
            metres: Metres(self.metres() as i64),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Cost;

    #[test]
    fn fields_add_and_part_without_touching_one_another() {
        let one = Cost::new(100, 90, 7);
        let two = Cost::new(5, 5, 1_000_000);
        let both = one.and(two);
        assert_eq!((both.weight_tenths(), both.tenths(), both.metres()), (105, 95, 1_000_007));
        assert_eq!(both.without(two), one);
    }

    #[test]
    fn far_twice_is_still_far_and_more_than_any_way() {
        let most = Cost::new(u64::MAX, u64::MAX, u64::MAX);
        assert!(Cost::FAR.and(Cost::FAR).is_far());
        assert!(Cost::FAR.and(most).is_far());
        assert!(Cost::new(1 << 20, 1 << 20, 1 << 20) < Cost::FAR);
    }

    #[test]
    fn shares_never_shrink_along_a_road() {
        let cost = Cost::new(333, 217, 1_999);
        let shares: Vec<Cost> = (0..=50).map(|part| cost.share(f64::from(part) / 50.0)).collect();
        assert!(shares.windows(2).all(|pair| pair[1].holds(pair[0])));
        assert_eq!(shares[50], cost);
    }

    #[test]
    fn tenths_are_rounded_to_seconds() {
        assert_eq!(Cost::new(0, 14, 3).leg().map(|leg| leg.seconds.0), Some(1));
        assert_eq!(Cost::new(0, 15, 3).leg().map(|leg| leg.seconds.0), Some(2));
        assert_eq!(Cost::FAR.leg(), None);
    }
}
