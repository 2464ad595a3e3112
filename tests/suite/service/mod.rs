//! The service, and what is done to it in the world: killed, without a disk, without a database,
//! with a clock that jumps, with reports in any order.

mod agreeing;
mod clock;
mod doors;
mod full_disk;
mod kept;
mod kills;
mod mixed;
mod served;
mod stream;
mod torn_link;

use rond::domain::{DelregionId, World};
use rond::simulate::{GenerateRequest, generate};
use rond::wire;

use crate::rolling::day;
use crate::support::events::world_of_minutes;

/// How often a test is repeated: what the environment says, or the number given.
fn times(variable: &str, when_nobody_says: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
        Err(_) => when_nobody_says,
    }
}

/// A made-up day with many joint visits.
fn made_up(seed: u64) -> World {
    let request = GenerateRequest {
        delregioner: vec![DelregionId::new("Sydost")],
        first_date: jiff::civil::date(2026, 11, 30),
        days: 1,
        scale_percent: 100,
        load_percent: 70,
        seed,
    };
    let made = generate(wire::shipped_region_facts(), wire::shipped_policy(), &request);
    World::new(made.expect("a day of the southeast")).expect("it hangs together")
}

/// Days of several sorts, one per seed.
fn world_of(seed: u64) -> World {
    match seed % 3 {
        0 => made_up(seed),
        1 => day(seed).0,
        _ => world_of_minutes(seed),
    }
}
