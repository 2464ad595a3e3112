//! Every test that goes through the public doors of the crate, in one binary.

mod bench_doors;
mod bounds;
mod doors;
mod events;
mod generated_days;
mod items;
mod mutations;
mod properties;
mod published;
mod roads_doors;
mod rolling;
mod routing;
mod service;
mod store;
#[allow(dead_code)]
mod support;
mod tidy;

mod referee;

mod broken_days;
mod serve;
mod snapshots;
mod support_selftest;
mod wire;
