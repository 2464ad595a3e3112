//! The documents speak of what is there: dependencies, rooms, links.

use std::fs;
use std::path::PathBuf;

use super::source::{gather, top};

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = read("Cargo.toml");
    let architecture = read("docs/architecture.md");
    let mut section = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section.ends_with("dependencies]")
            && let Some((name, _)) = line.split_once('=')
        {
            let row = format!("| `{}` |", name.trim());
            assert!(architecture.contains(&row), "docs/architecture.md has no row {row}");
        }
    }
}

#[test]
fn every_room_stands_in_the_architecture() {
    let architecture = read("docs/architecture.md");
    let entries = fs::read_dir(top().join("src")).expect("src is part of the repository");
    for entry in entries.flatten().filter(|entry| entry.path().is_dir()) {
        let row = format!("| `{}/` |", entry.file_name().to_string_lossy());
        assert!(architecture.contains(&row), "docs/architecture.md has no row {row}");
    }
}

#[test]
fn every_code_stands_in_the_documents() {
    let made = rond::wire::errors_page()
        + rond::roads::ERRORS_SECTION
        + &rond::routing::errors_section()
        + &rond::api::errors_section()
        + &rond::store::errors_section();
    assert_eq!(read("docs/errors.md"), made, "docs/errors.md is made from these tables");
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    let mut pages = vec![top().join("README.md")];
    gather(&top().join("docs"), &mut pages);
    gather(&top().join("data"), &mut pages);
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    let mut complaints = Vec::new();
    for page in pages {
        let text = fs::read_to_string(&page).expect("a page that was just listed");
        let folder = page.parent().map(PathBuf::from).unwrap_or_default();
        for target in links(&text) {
            if !folder.join(&target).exists() {
                complaints.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(complaints.is_empty(), "dead links:\n{}", complaints.join("\n"));
}

/// The targets of the links of a page that lead to files of ours, without their anchors.
fn links(text: &str) -> Vec<String> {
    text.match_indices("](")
        .filter_map(|(at, _)| text[at + 2..].split_once(')'))
        .map(|(target, _)| target.split('#').next().unwrap_or_default().to_owned())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(top().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
