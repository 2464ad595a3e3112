//! The score, tier by tier, with the lines that make it up summed by what they charge for.

use super::ink::{Ink, Tone};
use super::table::{Side, Table, cell, toned};
use super::words;
use crate::domain::Tier;
use crate::rules::{Audit, PRICES};

const COLUMNS: [(&str, Side); 4] =
    [("tier", Side::Left), ("points", Side::Right), ("times", Side::Right), ("for", Side::Left)];

/// Fewer points are better, and an earlier tier outranks all later ones.
pub fn section(ink: Ink, audit: &Audit) -> String {
    let mut table = Table::new(&COLUMNS);
    for tier in Tier::ALL {
        let points = audit.score.tiers[tier.index()];
        let tone = if points > 0 && tier != Tier::Cost { Tone::Warning } else { Tone::Strong };
        table.add(vec![
            toned(Tone::Strong, format!("{} {}", tier.index() + 1, name(tier))),
            toned(tone, words::number(points)),
            cell(""),
            cell(""),
        ]);
        for price in &PRICES {
            let lines =
                audit.lines.iter().filter(|line| line.tier == tier && line.code == price.code);
            let (times, points) =
                lines.fold((0, 0), |(times, points), line| (times + 1, points + line.points));
            if times > 0 {
                table.add(vec![
                    cell(""),
                    cell(words::number(points)),
                    cell(words::number(times)),
                    cell(format!("{}: {}", price.code, price.sentence_en)),
                ]);
            }
        }
    }
    format!("{}\n{}", ink.paint(Tone::Strong, "Score"), table.lines(ink, "  "))
}

/// What a tier is about.
pub fn name(tier: Tier) -> &'static str {
    match tier {
        Tier::Unplanned => "unplanned promises",
        Tier::Planned => "planned promises",
        Tier::Told => "already told",
        Tier::Cost => "cost",
    }
}
