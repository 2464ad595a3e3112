//! The room through its own doors, against a slow oracle, on real extracts and on broken files.

mod extracts;
mod files;
mod oracle;
