//! `rond serve`: the service that a dispatch centre runs all day.

mod demo;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::travel::RoadsArgument;
use super::{Answer, files};
use crate::api;
use crate::domain::Seconds;
use crate::live::{self, Clock, GivingOut, LiveSettings, PlayedClock, StartError, SteadyClock};
use crate::store::Store;

/// So many seconds of the demo's day go by in a second.
const DEMO_SPEED: f64 = 60.0;

/// What `rond serve` is asked.
#[derive(Args)]
pub struct ServeArguments {
    /// The day file that the log begins with; not needed when the store holds a day already
    #[arg(value_name = "DAY.json", conflicts_with = "demo")]
    day: Option<PathBuf>,
    /// Listen on this address of this machine; port 0 takes any that is free
    #[arg(long, value_name = "A", default_value = "127.0.0.1:8080", env = "ROND_LISTEN")]
    listen: SocketAddr,
    /// Store events here: sqlite:FILE or postgres://…
    #[arg(long, value_name = "URL", default_value = "sqlite:rond.db")]
    #[arg(env = "ROND_STORE", hide_env_values = true)]
    store: String,
    /// Time goes on in the plan every so many seconds
    #[arg(long, value_name = "S", default_value_t = 30)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=60))]
    tick: u16,
    /// Which better plans go straight to the crews
    #[arg(long, value_enum, default_value_t = GiveOut::Calm)]
    give_out: GiveOut,
    /// A made-up day that plays itself; nobody in it is real, and nothing of it is kept
    #[arg(long)]
    demo: bool,
    /// Time goes on from where the day begins, or was left, instead of from now: for trying a day
    /// out
    #[arg(long)]
    played: bool,
    /// So many seconds of a day that is played go by in a second [default: 1; 60 with --demo]
    #[arg(long, value_name = "X", value_parser = super::plan::positive)]
    speed: Option<f64>,
    #[command(flatten)]
    roads: RoadsArgument,
}

#[derive(Clone, Copy, ValueEnum)]
enum GiveOut {
    /// Those that disturb nobody, or save an unplanned promise; the others are suggested
    Calm,
    /// All that are worth their disturbance
    All,
    /// None: each is suggested
    None,
}

/// Serves until it is told to stop.
pub fn run(arguments: &ServeArguments) -> Result<Answer, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|why| Failure::Outside(format!("no threads: {why}")))?;
    runtime.block_on(serve(arguments))
}

async fn serve(arguments: &ServeArguments) -> Result<Answer, Failure> {
    let outside = |why: &dyn std::fmt::Display| Failure::Outside(why.to_string());
    let listener = api::listen(arguments.listen).await.map_err(|why| match why {
        api::ServeError::NotLoopback(_) => Failure::Input(why.to_string()),
        api::ServeError::Address(..) => outside(&why),
    })?;
    let demo = arguments.demo.then(demo::Demo::made_up).transpose()?;
    let day = match (&arguments.day, &demo) {
        (Some(path), _) => Some(files::read_day(path)?),
        (None, Some(demo)) => Some(demo.day.clone()),
        (None, None) => None,
    };
    let url = demo.as_ref().map_or(arguments.store.clone(), |demo| demo.store.clone());
    let store = Store::open(&url).await.map_err(|why| outside(&why))?;
    let clock: Arc<dyn Clock> = if arguments.played || arguments.demo {
        let left = live::left_at(&store, day.as_ref()).await.map_err(|why| outside(&why))?;
        let speed = if arguments.demo { DEMO_SPEED } else { 1.0 };
        Arc::new(PlayedClock::start(left, arguments.speed.unwrap_or(speed)))
    } else {
        Arc::new(SteadyClock::start())
    };
    let settings = LiveSettings {
        store,
        day,
        travel: arguments.roads.source()?,
        clock: clock.clone(),
        tick: Seconds(i64::from(arguments.tick)),
        giving_out: match arguments.give_out {
            GiveOut::Calm => GivingOut::Calm,
            GiveOut::All => GivingOut::All,
            GiveOut::None => GivingOut::None,
        },
    };
    let (service, running) = live::start(settings).await.map_err(|why| match why {
        StartError::OtherDay => Failure::Input(why.to_string()),
        StartError::Recover(live::RecoverError::Empty) => {
            Failure::Input("the store holds no day yet: name a day file, or try --demo".to_owned())
        }
        StartError::Recover(_) => outside(&why),
    })?;
    files::print(&format!("rond listens on http://{}\n", listener.address))?;
    if let Some(demo) = demo {
        tokio::spawn(demo.play(service.clone(), clock));
    }
    let stopping = service.clone();
    let stop = async move {
        tokio::select! {
            () = told_to_stop() => {}
            () = stopping.stopping() => {}
        }
        stopping.stop();
    };
    api::serve(listener, service, stop).await.map_err(|why| outside(&why))?;
    running.ended().await.map_err(|why| outside(&why))?;
    Ok(Answer::Done)
}

/// Returns when somebody presses Ctrl-C, or the system asks the process to end.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = tokio::signal::ctrl_c().await;
    }
}
