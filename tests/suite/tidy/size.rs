//! How long lines, functions and files may get.

use super::source::{SourceFile, code_only, rust_files};

const LINE_MAX: usize = 100;
const FUNCTION_LINES_MAX: usize = 70;
const FILE_LINES_MAX: usize = 500;

/// Functions that may be longer, each with the reason. The list only gets shorter.
const LONG_FUNCTIONS: &[(&str, &str, &str)] = &[];

/// Files that may be longer, up to how many lines, and why. The list only gets shorter.
const LONG_FILES: &[(&str, usize, &str)] = &[];

#[test]
fn no_line_is_longer_than_a_page_is_wide() {
    let mut complaints = Vec::new();
    for file in rust_files(&["src", "tests", "benches"]) {
        for (number, line) in file.text.lines().enumerate() {
            let length = line.chars().count();
            if length > LINE_MAX {
                complaints.push(format!("{}:{}: {length} characters", file.path, number + 1));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn no_function_is_longer_than_a_screen() {
    let mut complaints = Vec::new();
    for file in rust_files(&["src", "tests", "benches"]) {
        for (name, lines) in functions(&file) {
            let excused = LONG_FUNCTIONS.iter().any(|(p, n, _)| *p == file.path && *n == name);
            if lines > FUNCTION_LINES_MAX && !excused {
                complaints.push(format!("{}: fn {name} has {lines} lines", file.path));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn no_file_holds_more_than_one_idea_by_length() {
    let mut complaints = Vec::new();
    for file in rust_files(&["src", "tests", "benches"]) {
        let lines = file.text.lines().count();
        let excused = LONG_FILES.iter().find(|(path, _, _)| *path == file.path);
        if lines > excused.map_or(FILE_LINES_MAX, |(_, most, _)| *most) {
            complaints.push(format!("{}: {lines} lines", file.path));
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn no_exception_outlives_its_need() {
    let files = rust_files(&["src", "tests", "benches"]);
    for (path, _, reason) in LONG_FILES {
        let still = files
            .iter()
            .any(|file| file.path == *path && file.text.lines().count() > FILE_LINES_MAX);
        assert!(still && !reason.is_empty(), "{path} no longer needs its exception");
    }
    for (path, name, reason) in LONG_FUNCTIONS {
        let still = files.iter().filter(|file| file.path == *path).any(|file| {
            functions(file).iter().any(|(n, lines)| n == name && *lines > FUNCTION_LINES_MAX)
        });
        assert!(still && !reason.is_empty(), "{path}: {name} no longer needs its exception");
    }
}

/// Every function of a file with a body, and its length in lines from `fn` to the closing brace.
fn functions(file: &SourceFile) -> Vec<(String, usize)> {
    let code = &file.code;
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let name: String =
            code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if !name.is_empty()
            && let Some(end) = end_of_body(&code[at..])
        {
            found.push((name, code[at..at + end].matches('\n').count() + 1));
        }
    }
    found
}

/// Where the body that follows a signature ends; nothing when there is no body.
fn end_of_body(code: &str) -> Option<usize> {
    let mut open_braces = 0;
    let mut open_brackets = 0;
    for (at, character) in code.char_indices() {
        match character {
            '(' | '[' => open_brackets += 1,
            ')' | ']' => open_brackets -= 1,
            ';' if open_braces == 0 && open_brackets == 0 => return None,
            '{' => open_braces += 1,
            '}' => {
                open_braces -= 1;
                if open_braces == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[test]
fn a_function_is_measured_from_its_name_to_its_closing_brace() {
    let text = "trait T { fn none(a: [u8; 2]); }\nfn two(a: [u8; 3]) {\n    let b = '}'; }\n";
    let file =
        SourceFile { path: "src/lib.rs".to_owned(), text: text.to_owned(), code: code_only(text) };
    assert_eq!(functions(&file), [("two".to_owned(), 2)]);
}
