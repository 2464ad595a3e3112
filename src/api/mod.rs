//! The service over HTTP: every route on one page, one form of error, a document of all of it made
//! from the same table.
//!
//! Flows in: HTTP requests. Flows out: JSON, a stream of what happens, `problem+json` with the same
//! codes as files have. Nobody signs in yet: so the service listens on this machine only, and takes
//! no request that a page from elsewhere could have sent.

mod ask;
mod codes;
mod guard;
mod handle;
mod metrics;
mod openapi;
mod problem;
mod routes;
mod shape;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;

pub use codes::errors_section;
pub use openapi::document;

use crate::live::Service;

/// What every handler has.
#[derive(Clone)]
struct App {
    service: Service,
    /// The plan as it was written last, and the event it knows of.
    plan: Arc<Mutex<Option<(i64, Bytes)>>>,
    metrics: metrics::Metrics,
    streams: Arc<tokio::sync::Semaphore>,
}

/// Why the service cannot be had under an address.
#[derive(Debug)]
pub enum ServeError {
    /// It is not of this machine, and nobody could sign in.
    NotLoopback(SocketAddr),
    /// The system does not give it.
    Address(SocketAddr, std::io::Error),
}

impl std::fmt::Display for ServeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ServeError::NotLoopback(address) => write!(
                f,
                "{address} can be reached from other machines, and sign-in is not there yet: \
                 listen on 127.0.0.1 or [::1]"
            ),
            ServeError::Address(address, why) => write!(f, "cannot listen on {address}: {why}"),
        }
    }
}

/// An address that the service listens on.
pub struct Listener {
    socket: tokio::net::TcpListener,
    /// The address, with the port that the system chose if none was asked for.
    pub address: SocketAddr,
}

/// Takes an address of this machine.
///
/// # Errors
/// A [`ServeError`].
pub async fn listen(address: SocketAddr) -> Result<Listener, ServeError> {
    if !address.ip().is_loopback() {
        return Err(ServeError::NotLoopback(address));
    }
    let failed = |why| ServeError::Address(address, why);
    let socket = tokio::net::TcpListener::bind(address).await.map_err(failed)?;
    let address = socket.local_addr().map_err(failed)?;
    Ok(Listener { socket, address })
}

/// Serves until `stop`; then answers what is under way.
pub async fn serve(
    listener: Listener,
    service: Service,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener.socket, router(service)).with_graceful_shutdown(stop).await
}

/// All routes, with what every request is held to.
fn router(service: Service) -> Router {
    let app = App {
        service,
        plan: Arc::new(Mutex::new(None)),
        metrics: metrics::Metrics::install(),
        streams: Arc::new(tokio::sync::Semaphore::new(handle::STREAMS_MAX)),
    };
    guard::guarded(routes::router(), &app).with_state(app)
}
