//! House rules, held as tests: which room may use which, how long things may get, what a core room
//! must never touch, and that the documents speak of what is there.

mod documents;
mod forbidden;
mod rooms;
mod size;
mod source;
