//! Reading our own source: every file, and its code without comments and text.

use std::fs;
use std::path::{Path, PathBuf};

/// One file of ours.
pub struct SourceFile {
    /// Its path from the top of the repository, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
    /// The same, with comments and the insides of string and character literals blanked out, so
    /// that what is left is code; every line keeps its place.
    pub code: String,
}

/// The top of the repository.
pub fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file under these folders of the repository, in order of path.
pub fn rust_files(folders: &[&str]) -> Vec<SourceFile> {
    let mut paths = Vec::new();
    for folder in folders {
        gather(&top().join(folder), &mut paths);
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

/// Every file and folder below a folder; nothing when it isn't there.
pub fn gather(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(&path, paths);
        }
        paths.push(path);
    }
}

fn read(path: &Path) -> SourceFile {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let code = code_only(&text);
    let from_top = path.strip_prefix(top()).unwrap_or(path);
    SourceFile { path: from_top.to_string_lossy().replace('\\', "/"), text, code }
}

/// The code of a text: comments and the insides of literals become spaces, newlines stay.
pub fn code_only(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < characters.len() {
        let end = end_of_text(&characters, at);
        if end == at {
            code.push(characters[at]);
            at += 1;
        } else {
            code.extend(characters[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    code
}

/// Where the comment or literal that begins at `at` ends; `at` itself when none begins there.
fn end_of_text(characters: &[char], at: usize) -> usize {
    let rest = &characters[at..];
    match rest {
        ['/', '/', ..] => at + rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
        ['/', '*', ..] => at + find(&rest[2..], &['*', '/']).map_or(rest.len(), |end| end + 4),
        ['"', ..] => at + end_of_quoted(rest, '"'),
        ['r', '"' | '#', ..] if !continues_a_name(characters, at) => at + end_of_raw(rest),
        // A quote begins a character literal, not a lifetime, when it closes within two places.
        ['\'', '\\', ..] => at + end_of_quoted(rest, '\''),
        ['\'', _, '\'', ..] => at + 3,
        _ => at,
    }
}

fn continues_a_name(characters: &[char], at: usize) -> bool {
    at > 0 && (characters[at - 1].is_alphanumeric() || characters[at - 1] == '_')
}

fn end_of_quoted(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            c if c == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of the raw string that begins here; 0 when it is not one (`r#type` is a name).
fn end_of_raw(rest: &[char]) -> usize {
    let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return 0;
    }
    let mut close = vec!['"'];
    close.extend(std::iter::repeat_n('#', hashes));
    let inside = 2 + hashes;
    find(&rest[inside..], &close).map_or(rest.len(), |end| inside + end + close.len())
}

fn find(rest: &[char], wanted: &[char]) -> Option<usize> {
    rest.windows(wanted.len()).position(|window| window == wanted)
}

#[test]
fn code_is_what_is_left_without_comments_and_literals() {
    let text = "let a = \"x // y\"; // why\nlet b = '\"'; let c: &'static str = r#\"}\"#;";
    let code = code_only(text);
    assert_eq!(code.chars().count(), text.chars().count());
    assert!(code.contains("let a =") && code.contains("&'static str ="));
    assert!(!code.contains("why") && !code.contains('"') && !code.contains('}'));
}
