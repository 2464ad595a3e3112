//! Databases for tests, each made for one test and gone after it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::{Connection, Executor, PgConnection, SqliteConnection};

/// Where PostgreSQL is, unless `ROND_TEST_POSTGRES` says so. No password from this machine.
const SERVER: &str = "postgres://postgres@127.0.0.1:5432";

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// A database of a test's own.
pub enum Place {
    /// A folder with a file.
    Sqlite(PathBuf),
    /// A database of this name.
    Postgres(String),
}

impl Place {
    /// A place for a file that is not there yet.
    pub fn sqlite() -> Place {
        let folder = std::env::temp_dir().join(own_name());
        std::fs::create_dir(&folder).expect("the folder for passing files can be written");
        Place::Sqlite(folder)
    }

    /// An empty database; nothing when there is no server, and then the test says what it skips.
    pub fn postgres(test: &str) -> Option<Place> {
        let name = own_name();
        match run(async { ask_server(&format!("CREATE DATABASE \"{name}\"")).await }) {
            Ok(()) => Some(Place::Postgres(name)),
            Err(error) => {
                let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
                assert!(!is_ci, "no PostgreSQL at {}: {error}", server());
                eprintln!("SKIPPED: {test} without PostgreSQL at {}: {error}", server());
                None
            }
        }
    }

    /// Its address, as a store is given it.
    pub fn address(&self) -> String {
        match self {
            Place::Sqlite(folder) => format!("sqlite:{}", folder.join("log.db").display()),
            Place::Postgres(name) => format!("{}/{name}?sslmode=disable", server()),
        }
    }

    /// Runs a statement past the store.
    pub async fn run(&self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        match self {
            Place::Sqlite(_) => {
                let address = format!("{}?mode=rwc", self.address());
                let mut connection = SqliteConnection::connect(&address).await?;
                connection.execute(sql).await?;
                connection.close().await
            }
            Place::Postgres(_) => {
                let mut connection = PgConnection::connect(&self.address()).await?;
                connection.execute(sql).await?;
                connection.close().await
            }
        }
    }

    /// A number or a text that a statement answers, as text, past the store.
    pub async fn ask(&self, sql: &str) -> String {
        let sql = sqlx::AssertSqlSafe(format!("SELECT CAST(({sql}) AS TEXT)"));
        let answer = match self {
            Place::Sqlite(_) => {
                let mut connection =
                    SqliteConnection::connect(&self.address()).await.expect("the file is there");
                sqlx::query_scalar(sql).fetch_one(&mut connection).await
            }
            Place::Postgres(_) => {
                let mut connection =
                    PgConnection::connect(&self.address()).await.expect("the server is there");
                sqlx::query_scalar(sql).fetch_one(&mut connection).await
            }
        };
        answer.expect("a statement that answers something")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        match self {
            Place::Sqlite(folder) => drop(std::fs::remove_dir_all(folder)),
            Place::Postgres(name) => {
                let sql = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
                // A thread of its own, because this may be dropped where a runtime is running.
                let dropped = std::thread::spawn(move || run(ask_server(&sql))).join();
                if !matches!(dropped, Ok(Ok(()))) {
                    eprintln!("a database of a test is left over: {name}");
                }
            }
        }
    }
}

/// Runs a test on a database of each engine.
pub fn on_both_engines(name: &str, test: impl AsyncFn(&Place)) {
    let sqlite = Place::sqlite();
    println!("{name} on SQLite");
    run(test(&sqlite));
    if let Some(postgres) = Place::postgres(name) {
        println!("{name} on PostgreSQL");
        run(test(&postgres));
    }
}

/// Runs to its end what is asynchronous.
pub fn run<T>(what: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("threads can be started");
    runtime.block_on(what)
}

async fn ask_server(sql: &str) -> Result<(), sqlx::Error> {
    let address = format!("{}/postgres?sslmode=disable", server());
    let mut connection = PgConnection::connect(&address).await?;
    connection.execute(sqlx::AssertSqlSafe(sql.to_owned())).await?;
    connection.close().await
}

fn server() -> String {
    std::env::var("ROND_TEST_POSTGRES").unwrap_or_else(|_| SERVER.to_owned())
}

fn own_name() -> String {
    let number = COUNT.fetch_add(1, Ordering::SeqCst);
    format!("rond_store_{}_{number}", std::process::id())
}
