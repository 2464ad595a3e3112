//! What stands in the way at a point: barriers, gates, lights, signs.

use super::access::{self, Access};
use super::tags::{self, Tags};

/// Something at a point of a road.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Obstacle {
    /// What it is.
    pub kind: ObstacleKind,
    /// For whom.
    pub towards: Towards,
    /// Tenths of a second that it costs to pass.
    pub tenths: u16,
}

/// What stands there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ObstacleKind {
    /// Nobody passes; one may turn round.
    Barrier,
    /// A gate, lights or a sign.
    Delay,
    /// A stop sign.
    Stop,
    /// A stop sign for the lesser road alone.
    MinorStop,
}

/// Whom an obstacle concerns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Towards {
    /// It does not say: everybody, as far as can be told.
    Unsaid,
    /// Everybody.
    Both,
    /// Those who drive along the way.
    Forward,
    /// Those who drive against it.
    Backward,
}

const PASSABLE: [&str; 8] = [
    "cattle_grid",
    "border_control",
    "toll_booth",
    "sally_port",
    "no",
    "entrance",
    "height_restrictor",
    "arch",
];

/// The obstacles that a point's tags tell of.
pub fn obstacles(tags: &Tags<'_>) -> impl Iterator<Item = Obstacle> {
    [barrier(tags), sign(tags)].into_iter().flatten()
}

fn barrier(tags: &Tags<'_>) -> Option<Obstacle> {
    let blocked = Obstacle { kind: ObstacleKind::Barrier, towards: Towards::Both, tenths: 0 };
    if let Some(word) = tags.first_of(&access::HIERARCHY) {
        return (access::access(word) == Access::Closed).then_some(blocked);
    }
    let barrier = tags.get("barrier")?;
    if matches!(barrier, "gate" | "lift_gate") {
        return Some(Obstacle { kind: ObstacleKind::Delay, towards: Towards::Both, tenths: 600 });
    }
    let low = barrier == "height_restrictor"
        && tags.get("maxheight").and_then(tags::metres).is_some_and(|metres| metres < 2.0);
    let passable = PASSABLE.contains(&barrier)
        || tags.is("bollard", "rising")
        || matches!(tags.get("kerb"), Some("lowered" | "flush"))
        || (barrier == "kerb" && tags.is("highway", "crossing"))
        || (barrier == "fence" && matches!(tags.get("sensory"), Some("audible" | "audio")));
    (low || !passable).then_some(blocked)
}

fn sign(tags: &Tags<'_>) -> Option<Obstacle> {
    let mut direction = tags.get("direction");
    let (kind, tenths) = match tags.get("highway")? {
        "traffic_signals" => {
            direction = tags.get("traffic_signals:direction").or(direction);
            (ObstacleKind::Delay, 20)
        }
        "stop" if tags.is("stop", "minor") => (ObstacleKind::MinorStop, 20),
        "stop" => (ObstacleKind::Stop, 20),
        "give_way" => (ObstacleKind::Delay, 10),
        _ => return None,
    };
    let towards = match direction {
        Some("forward") => Towards::Forward,
        Some("backward") => Towards::Backward,
        Some("both") => Towards::Both,
        _ => Towards::Unsaid,
    };
    Some(Obstacle { kind, towards, tenths })
}

#[cfg(test)]
mod tests {
    use super::{Obstacle, ObstacleKind, Towards, obstacles};
    use crate::roads::profile::Tags;

    fn of(tags: &[(&'static str, &'static str)]) -> Vec<Obstacle> {
        obstacles(&Tags(tags.to_vec())).collect()
    }

    #[test]
    fn a_bollard_stops_a_car_and_a_gate_delays_it() {
        assert_eq!(of(&[("barrier", "bollard")])[0].kind, ObstacleKind::Barrier);
        assert_eq!(of(&[("barrier", "gate")])[0].tenths, 600);
        assert_eq!(of(&[("barrier", "cattle_grid")]), []);
        assert_eq!(of(&[("barrier", "bollard"), ("motor_vehicle", "yes")]), []);
        assert_eq!(of(&[("barrier", "gate"), ("access", "no")])[0].kind, ObstacleKind::Barrier);
    }

    #[test]
    fn lights_may_concern_one_way_round_alone() {
        let lights =
            of(&[("highway", "traffic_signals"), ("traffic_signals:direction", "forward")]);
        assert_eq!(
            lights,
            [Obstacle { kind: ObstacleKind::Delay, towards: Towards::Forward, tenths: 20 }]
        );
    }
}
