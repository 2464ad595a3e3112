//! Colour, only where somebody sees it.

use std::env;
use std::io::{self, IsTerminal};

/// What a piece of text means; how that looks is decided here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// A heading.
    Strong,
    /// There, but not what one looks for.
    Faint,
    /// Kept, legal.
    Good,
    /// Look at this.
    Warning,
    /// Broken, late.
    Bad,
}

/// A pen that colours, or one that does not.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    is_coloured: bool,
}

impl Ink {
    /// Colour when standard output is a terminal that shows it, and `NO_COLOR` does not forbid it.
    pub fn of_standard_output() -> Ink {
        let forbidden = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        Ink { is_coloured: io::stdout().is_terminal() && !forbidden && !dumb }
    }

    /// The text, coloured if at all.
    pub fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Strong => "1",
            Tone::Faint => "2",
            Tone::Good => "32",
            Tone::Warning => "33",
            Tone::Bad => "1;31",
            Tone::Plain => return text.to_owned(),
        };
        if self.is_coloured && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

#[cfg(test)]
impl Ink {
    /// A pen that never colours.
    pub fn plain() -> Ink {
        Ink { is_coloured: false }
    }
}
