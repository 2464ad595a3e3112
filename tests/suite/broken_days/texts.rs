//! Texts that are no day file at all: the reading stops, quickly.

use crate::wire::SIX_VISITS;

/// Checks all of them and says how many they are.
pub fn check_all() -> usize {
    let noise: String = (0..10_000_000u32)
        .map(|at| char::from(b' ' + (at.wrapping_mul(2_654_435_761) >> 24) as u8 % 95))
        .collect();
    let truncated = &SIX_VISITS[..SIX_VISITS.len() / 2];
    let truncated_at = format!("{}:", truncated.lines().count());
    let deep = "[".repeat(1_000_000);
    let twice = SIX_VISITS.replace("\"version\": 1,", "\"version\": 1, \"version\": 1,");
    let many_numbers = format!("{{\"visits\": [{}0]}}", "1,".repeat(200_000));
    let many_parts = format!("{{\"visits\": [{{\"parts\": [{}0]}}]}}", "1,".repeat(5_000_000));
    let cases: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        ("empty", Vec::new(), "E0101", ""),
        ("only white space", b" \n\t\n".to_vec(), "E0101", ""),
        ("not UTF-8", vec![b'{', 0xc3, 0x28, b'}'], "E0102", ""),
        ("10 MB of noise", noise.into_bytes(), "E0103", "1:"),
        ("10 MB of zero bytes", vec![0; 10_000_000], "E0103", "1:"),
        ("cut off in the middle", truncated.as_bytes().to_vec(), "E0103", &truncated_at),
        ("a comma too many", b"{\"format\": \"rond-day\",}".to_vec(), "E0103", "1:23"),
        ("two documents", format!("{SIX_VISITS}{{}}").into_bytes(), "E0103", ""),
        ("a number beyond all numbers", b"{\"version\": 1e999}".to_vec(), "E0103", "1:"),
        ("nested a million deep", deep.into_bytes(), "E0104", "1:"),
        ("more than is read", vec![b' '; 100_000_001], "E0105", ""),
        ("a key twice", twice.into_bytes(), "E0106", "/version"),
        ("another kind of file", b"{\"format\": \"rond-plan\"}".to_vec(), "E0107", "/format"),
        ("a version to come", b"{\"version\": 2}".to_vec(), "E0108", "/version"),
        ("null", b"null".to_vec(), "E0201", ""),
        ("a list", b"[1, 2, 3]".to_vec(), "E0201", ""),
        ("five million parts", many_parts.into_bytes(), "E0207", "/visits/0/parts"),
        ("far too many visits", many_numbers.into_bytes(), "E0207", "/visits"),
    ];
    let count = cases.len();
    for (name, text, code, path) in cases {
        let problems = super::problems(name, &text);
        assert_eq!(problems.len(), 1, "{name}: {}", crate::wire::lines(&problems));
        assert_eq!(problems[0].code, code, "{name}: {}", problems[0]);
        assert!(problems[0].path.starts_with(path), "{name}: {}", problems[0]);
    }
    count
}
