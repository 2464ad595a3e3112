//! The line on standard error that shows that the search is working, when somebody is looking.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::print::words::tiers;
use crate::domain::TIERS;

/// A bar of so many steps; nothing at all when standard error is not a terminal.
pub fn bar(steps: u64) -> ProgressBar {
    let bar = if io::stderr().is_terminal() {
        ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::stderr())
    } else {
        ProgressBar::hidden()
    };
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {percent:>3} %  {msg}") {
        bar.set_style(style);
    }
    bar
}

/// Steps of the bar.
const STEPS: u64 = 1000;

/// A progress line of the search.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// An empty one.
    pub fn begin() -> Progress {
        Progress { bar: bar(STEPS) }
    }

    /// Shows the share of the budget used and the best score so far.
    pub fn show(&self, share: f64, score: &[i64; TIERS]) {
        self.bar.set_position((share.clamp(0.0, 1.0) * STEPS as f64) as u64);
        self.bar.set_message(format!("tiers {}", tiers(score)));
    }

    /// Takes the line away.
    pub fn end(self) {
        self.bar.finish_and_clear();
    }
}
