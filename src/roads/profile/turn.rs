//! What a turn costs.

/// Weight, in tenths of a second, of turning into a road that is only for those with business
/// there: high enough that nobody drives through, finite so that all can be reached.
pub const RESTRICTED_TENTHS: u64 = 32_767;

/// The most that a turn costs, in seconds.
const MOST: f64 = 7.5;
/// Right turns are easier than left ones.
const BIAS: f64 = 1.075;
/// A left turn waits for oncoming traffic.
const ONCOMING: f64 = 2.0;
/// Turning round.
const ROUND: f64 = 20.0;

/// What a turn looks like.
#[derive(Clone, Copy, Debug)]
pub struct TurnShape {
    /// Degrees, to the right positive; 180 for turning round.
    pub angle: f64,
    /// Back along the road one came by.
    pub turns_round: bool,
    /// How many roads meet there.
    pub roads: usize,
    /// From or to a roundabout.
    pub roundabout: bool,
    /// On or off a ferry.
    pub changes_mode: bool,
}

/// Tenths of a second that the turn itself takes, obstacles apart: a curve that rises from nothing
/// straight on to its most at sharp turns.
pub fn turn_tenths(turn: TurnShape) -> u64 {
    if turn.roads <= 2 && !turn.changes_mode && !turn.turns_round {
        return 0;
    }
    let angle = turn.angle.abs();
    let exponent = if turn.angle >= 0.0 {
        13.0 / BIAS * angle / 180.0 - 6.5 * BIAS
    } else {
        13.0 * BIAS * angle / 180.0 - 6.5 / BIAS
    };
    let mut seconds = MOST / (1.0 + (-exponent).exp());
    if turn.angle < 0.0 && !turn.turns_round && turn.roads > 2 && !turn.roundabout {
        seconds += ONCOMING / (1.0 + (3.25 - 13.0 * angle / 180.0).exp());
    }
    if turn.turns_round {
        seconds += ROUND;
    }
    (seconds * 10.0).round() as u64
}

#[cfg(test)]
mod tests {
    use super::{TurnShape, turn_tenths};

    fn at(angle: f64) -> u64 {
        turn_tenths(TurnShape {
            angle,
            turns_round: false,
            roads: 4,
            roundabout: false,
            changes_mode: false,
        })
    }

    #[test]
    fn left_costs_more_than_right_and_straight_on_next_to_nothing() {
        assert!(at(0.0) <= 1);
        assert!(at(-90.0) > at(90.0));
        assert!(at(170.0) >= 70);
    }

    #[test]
    fn a_bend_without_a_junction_costs_nothing() {
        let bend = TurnShape {
            angle: 90.0,
            turns_round: false,
            roads: 2,
            roundabout: false,
            changes_mode: false,
        };
        assert_eq!(turn_tenths(bend), 0);
        assert!(turn_tenths(TurnShape { turns_round: true, angle: 180.0, ..bend }) > 270);
    }
}
