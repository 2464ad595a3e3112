//! A proxy before a routing server that does what goes wrong in the world.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What goes wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Nothing: questions go to the server behind, and answers come back.
    Nothing,
    /// The question is taken, and no answer comes.
    Silence,
    /// An HTTP status and a page.
    Status(u16),
    /// The answer ends in its middle.
    CutOff,
    /// Success, and a page.
    NotJson,
    /// Success, and JSON of another shape.
    OtherJson,
    /// More was asked than is allowed, however little it was.
    TooBig,
    /// The first coordinate has no road near it, whichever it is.
    NoSegment,
    /// There is no way from anywhere to anywhere.
    NoWay,
    /// Every other question fails.
    EveryOther,
}

/// A proxy that listens until it is dropped.
pub struct FaultProxy {
    at: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    behind: Option<SocketAddr>,
    fault: Mutex<Fault>,
    questions: AtomicUsize,
    has_ended: AtomicBool,
}

impl FaultProxy {
    /// A proxy; without a server behind, it can only do what goes wrong.
    pub fn start(behind: Option<SocketAddr>, fault: Fault) -> FaultProxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let at = listener.local_addr().expect("a port of its own");
        let shared = Arc::new(Shared {
            behind,
            fault: Mutex::new(fault),
            questions: AtomicUsize::new(0),
            has_ended: AtomicBool::new(false),
        });
        let of_thread = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if of_thread.has_ended.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&of_thread);
                // Whoever asks may have gone away: then there is nobody to tell.
                std::thread::spawn(move || drop(serve(stream, &shared)));
            }
        });
        FaultProxy { at, shared }
    }

    /// Its address, as the program is given it.
    pub fn address(&self) -> String {
        format!("http://{}", self.at)
    }

    /// From now on this goes wrong.
    pub fn set(&self, fault: Fault) {
        *self.shared.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// How many questions have come.
    pub fn questions(&self) -> usize {
        self.shared.questions.load(Ordering::SeqCst)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.shared.has_ended.store(true, Ordering::SeqCst);
        // Wakes the thread that listens, so that it ends.
        drop(TcpStream::connect(self.at));
    }
}

fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let Some(question) = head(&mut stream)? else { return Ok(()) };
    let number = shared.questions.fetch_add(1, Ordering::SeqCst);
    let fault = *shared.fault.lock().unwrap_or_else(PoisonError::into_inner);
    match fault {
        Fault::EveryOther if number % 2 == 1 => {}
        Fault::Nothing => {}
        Fault::Silence => {
            while !shared.has_ended.load(Ordering::SeqCst) && is_open(&stream) {
                std::thread::sleep(Duration::from_millis(10));
            }
            return Ok(());
        }
        Fault::CutOff => {
            let start = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"code\":\"Ok\",\"durat";
            stream.write_all(start.as_bytes())?;
            return stream.shutdown(Shutdown::Both);
        }
        Fault::Status(status) => return answer(&mut stream, status, "<html>Oops</html>"),
        Fault::NotJson => return answer(&mut stream, 200, "<html>Welcome</html>"),
        Fault::OtherJson => return answer(&mut stream, 200, r#"{"code":"Ok","durations":[[1]]}"#),
        Fault::EveryOther => return answer(&mut stream, 502, "<html>Bad gateway</html>"),
        Fault::TooBig => {
            let text = r#"{"code":"TooBig","message":"Too many table coordinates"}"#;
            return answer(&mut stream, 400, text);
        }
        Fault::NoSegment => {
            let text = r#"{"code":"NoSegment",
                "message":"Could not find a matching segment for coordinate 0"}"#;
            return answer(&mut stream, 400, text);
        }
        Fault::NoWay => return answer(&mut stream, 200, &nowhere(&question)),
    }
    let Some(behind) = shared.behind else { return answer(&mut stream, 503, "nothing behind") };
    let mut server = TcpStream::connect(behind)?;
    let (first, _) = question.split_once("\r\n").unwrap_or((&question, ""));
    write!(server, "{first}\r\nHost: {behind}\r\nConnection: close\r\n\r\n")?;
    // Not `io::copy`: it hands sockets to the kernel, and not every kernel passes all on.
    let mut piece = [0; 4096];
    loop {
        match server.read(&mut piece)? {
            0 => return stream.shutdown(Shutdown::Both),
            count => stream.write_all(&piece[..count])?,
        }
    }
}

/// The head of a question; nothing when whoever knocked asks nothing.
fn head(stream: &mut TcpStream) -> std::io::Result<Option<String>> {
    let mut head = Vec::new();
    let mut piece = [0; 4096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece)? {
            0 => return Ok(None),
            count => head.extend_from_slice(&piece[..count]),
        }
    }
    Ok(Some(String::from_utf8_lossy(&head).into_owned()))
}

/// Nothing is said after a question, so there is something to read only when the other end closes.
fn is_open(stream: &TcpStream) -> bool {
    let waits = stream.set_nonblocking(true);
    let is_open = stream.peek(&mut [0]).is_err_and(|e| e.kind() == std::io::ErrorKind::WouldBlock);
    waits.is_ok() && is_open
}

fn answer(stream: &mut TcpStream, status: u16, text: &str) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status} As It Is\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    )?;
    stream.shutdown(Shutdown::Both)
}

/// A table of the size asked for, with no way in it.
fn nowhere(question: &str) -> String {
    let count = |key: &str| {
        let (_, list) = question.split_once(key).unwrap_or_default();
        list.split(['&', ' ']).next().unwrap_or_default().split(';').count()
    };
    let (rows, columns) = (count("sources="), count("destinations="));
    let table = vec![vec![serde_json::Value::Null; columns]; rows];
    let snapped = vec![serde_json::json!({ "distance": 1.5 }); rows];
    serde_json::json!({ "code": "Ok", "durations": table, "distances": table, "sources": snapped })
        .to_string()
}
