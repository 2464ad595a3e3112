//! `rond replay`: a stored day once more, from its first event to its last. Every snapshot that was
//! kept on the way, and the plan that is shown, must come out the same to the byte.

use clap::Args;

use super::failure::Failure;
use super::travel::RoadsArgument;
use super::{Answer, files};
use crate::domain::Plan;
use crate::live::{GOING_ON, Kept, Opened, RecoverError, replayed};
use crate::replan::rolling::Rolling;
use crate::rules::Verdict;
use crate::store::{Seq, Snapshot, Store};
use crate::wire;

/// What `rond replay` is asked.
#[derive(Args)]
pub struct ReplayArguments {
    /// The store: sqlite:FILE or postgres://…
    #[arg(value_name = "URL")]
    store: String,
    /// Stop after this place in the log
    #[arg(long, value_name = "SEQ")]
    upto: Option<i64>,
    /// Write the plan that comes out
    #[arg(long, value_name = "PLAN.json")]
    out: Option<std::path::PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    roads: RoadsArgument,
}

/// Replays, and says whether all came out the same.
pub fn run(arguments: &ReplayArguments) -> Result<Answer, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|why| Failure::Outside(format!("no threads: {why}")))?;
    runtime.block_on(replay(arguments))
}

async fn replay(arguments: &ReplayArguments) -> Result<Answer, Failure> {
    let outside = |why: &dyn std::fmt::Display| Failure::Outside(why.to_string());
    let store = Store::open_to_read(&arguments.store).await.map_err(|why| outside(&why))?;
    let mut snapshots = store.all_snapshots().await.map_err(|why| outside(&why))?;
    if snapshots.is_empty() {
        return Err(outside(&RecoverError::Empty));
    }
    let first = snapshots.remove(0);
    let travel = arguments.roads.source()?;
    let mut same = 0;
    let mut other = Vec::new();
    let each = |seq: Seq, rolling: &Rolling| {
        for known in snapshots.iter().filter(|known| known.seq == seq) {
            if is_the_same(known, rolling) {
                same += 1;
            } else {
                other.push(seq.0);
            }
        }
        Ok(())
    };
    let begun = std::time::Instant::now();
    let upto = arguments.upto.map(Seq);
    let opened = replayed(&store, &travel, first, upto, each).await;
    let Opened { rolling, seq, .. } = opened.map_err(|why| outside(&why))?;
    let took = begun.elapsed();
    let is_legal = rolling.audit().verdict != Verdict::Illegal;
    let plan = as_text(&rolling);
    if let Some(path) = &arguments.out {
        files::write(path, &plan)?;
    }
    let sum = crc32fast::hash(plan.as_bytes());
    let lines = rolling.lists().count();
    let text = if arguments.json {
        let value = serde_json::json!({
            "events": seq.0,
            "seconds": (took.as_secs_f64() * 1e3).round() / 1e3,
            "plan_checksum": format!("{sum:08x}"),
            "plan_version": rolling.version(),
            "legal": is_legal,
            "snapshots_same": same,
            "snapshots_other": other,
        });
        format!("{value}\n")
    } else {
        let legal = if is_legal { "legal" } else { "NOT LEGAL" };
        format!(
            "{} events in {:.1} s: {lines} lists, {legal}, checksum {sum:08x}\n\
             {same} snapshots are the same to the byte, {} are not\n",
            seq.0,
            took.as_secs_f64(),
            other.len(),
        )
    };
    files::print(&text)?;
    Ok(if other.is_empty() && is_legal { Answer::Done } else { Answer::No })
}

/// Is the plan what the snapshot holds? The facts are part of it.
fn is_the_same(known: &Snapshot, rolling: &Rolling) -> bool {
    known.format == GOING_ON && Kept::of(rolling).text().as_bytes() == known.body
}

/// The plan in the names of the day.
fn as_text(rolling: &Rolling) -> String {
    wire::write_plan(&Plan {
        shifts: rolling.lists().map(|list| (**list).clone()).collect(),
        unassigned: rolling.unassigned().cloned().collect(),
        score: rolling.score(),
        travel: Some(rolling.provenance().clone()),
    })
}
