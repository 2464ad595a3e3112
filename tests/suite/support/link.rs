//! A link to PostgreSQL that breaks at a chosen message.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;

use super::place::Place;

/// What the link does once, when the message comes by; afterwards it is whole again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Break {
    /// The message does not arrive, and both ends see the link gone.
    Before,
    /// The message arrives, its answer does not.
    After,
    /// The client sees the link gone; the message arrives this much later.
    Late(Duration),
    /// The message does not arrive, and nobody is told.
    Silence,
}

type Plan = Arc<Shared>;

#[derive(Default)]
struct Shared {
    next: Mutex<Option<(&'static [u8], Break)>>,
    is_cut: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
}

/// A link to the server of a place.
pub struct Link {
    at: SocketAddr,
    name: String,
    plan: Plan,
}

impl Link {
    /// A link that is whole.
    pub fn to(place: &Place) -> Link {
        let options: PgConnectOptions = place.address().parse().expect("a place has an address");
        let behind = format!("{}:{}", options.get_host(), options.get_port());
        let name = options.get_database().expect("a database of its own").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let at = listener.local_addr().expect("a port of its own");
        let plan = Plan::default();
        let of_thread = Arc::clone(&plan);
        // It listens as long as the tests run: nobody comes any more once its test has ended.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if of_thread.is_cut.load(Ordering::SeqCst) {
                    continue;
                }
                let Ok(server) = TcpStream::connect(&behind) else { continue };
                pass(client, server, &of_thread);
            }
        });
        Link { at, name, plan }
    }

    /// The address of the database behind it.
    pub fn address(&self) -> String {
        format!("postgres://postgres@{}/{}?sslmode=disable", self.at, self.name)
    }

    /// The link breaks at the next message with these bytes.
    pub fn break_at(&self, message: &'static [u8], how: Break) {
        *self.plan.next.lock().unwrap_or_else(PoisonError::into_inner) = Some((message, how));
    }

    /// The server is gone: every connection ends, and nobody gets another.
    pub fn cut(&self) {
        self.plan.is_cut.store(true, Ordering::SeqCst);
        let mut open = self.plan.open.lock().unwrap_or_else(PoisonError::into_inner);
        for stream in open.drain(..) {
            // It may have ended by itself.
            drop(stream.shutdown(Shutdown::Both));
        }
    }

    /// The server is there again.
    pub fn mend(&self) {
        self.plan.is_cut.store(false, Ordering::SeqCst);
    }
}

fn pass(client: TcpStream, server: TcpStream, plan: &Plan) {
    let both = || Some((client.try_clone().ok()?, server.try_clone().ok()?));
    let (Some(questions), Some(answers), Some(kept)) = (both(), both(), both()) else { return };
    plan.open.lock().unwrap_or_else(PoisonError::into_inner).extend([kept.0, kept.1]);
    let plan = Arc::clone(plan);
    std::thread::spawn(move || {
        // Either end may go away in the middle: that is what the link is for.
        drop(pass_questions(&questions.0, &questions.1, &plan));
        end(&questions);
    });
    std::thread::spawn(move || {
        drop(pass_answers(&answers.1, &answers.0));
        end(&answers);
    });
}

fn end(ends: &(TcpStream, TcpStream)) {
    drop(ends.0.shutdown(Shutdown::Both));
    drop(ends.1.shutdown(Shutdown::Both));
}

fn pass_questions(
    mut client: &TcpStream,
    mut server: &TcpStream,
    plan: &Plan,
) -> std::io::Result<()> {
    let mut piece = [0; 1 << 16];
    loop {
        let count = client.read(&mut piece)?;
        if count == 0 {
            return Ok(());
        }
        match now(plan, &piece[..count]) {
            None => server.write_all(&piece[..count])?,
            Some(Break::Before) => return Ok(()),
            Some(Break::After) => {
                client.shutdown(Shutdown::Both)?;
                server.write_all(&piece[..count])?;
                // The server ends by itself when it finds nobody to read its answer.
                std::thread::sleep(Duration::from_millis(200));
                return Ok(());
            }
            Some(Break::Late(late)) => {
                client.shutdown(Shutdown::Both)?;
                std::thread::sleep(late);
                server.write_all(&piece[..count])?;
                std::thread::sleep(Duration::from_millis(200));
                return Ok(());
            }
            Some(Break::Silence) => {}
        }
    }
}

/// What happens at this message; happens once.
fn now(plan: &Plan, message: &[u8]) -> Option<Break> {
    let mut plan = plan.next.lock().unwrap_or_else(PoisonError::into_inner);
    let (wanted, how) = (*plan)?;
    if !message.windows(wanted.len()).any(|part| part == wanted) {
        return None;
    }
    *plan = None;
    Some(how)
}

fn pass_answers(mut server: &TcpStream, mut client: &TcpStream) -> std::io::Result<()> {
    let mut piece = [0; 1 << 16];
    loop {
        match server.read(&mut piece)? {
            0 => return Ok(()),
            // A client that has gone does not end the server: its commit may be on its way.
            count => drop(client.write_all(&piece[..count])),
        }
    }
}
