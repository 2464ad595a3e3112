//! What is wrong with a file: the table of codes, and the list that gathers every problem of a
//! reading.

use std::fmt;

/// One fault of a file, said so that the person who wrote it can mend it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Problem {
    /// Where: a JSON pointer such as `/visits/3/parts/0/role`; the empty pointer is the whole file.
    /// Text that is no JSON at all has a line and a column instead: `12:7`.
    pub path: String,
    /// Which kind of fault, as in `docs/errors.md`.
    pub code: &'static str,
    /// What is wrong, with the values of the file.
    pub cause: String,
    /// What to do about it.
    pub action: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.path.is_empty() { "the whole file" } else { &self.path };
        write!(f, "{} at {place}: {}. {}.", self.code, self.cause, self.action)
    }
}

/// Something that was read and kept, yet that the reader of the output should know of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// Where, as a JSON pointer.
    pub path: String,
    /// What was found, and what became of it.
    pub text: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Note at {}: {}.", self.path, self.text)
    }
}

/// One row of the table of codes.
#[derive(Clone, Copy, Debug)]
pub struct CodeEntry {
    /// `E0101`
    pub code: &'static str,
    /// What is wrong, for any file.
    pub cause: &'static str,
    /// What to do, for any file.
    pub action: &'static str,
}

macro_rules! codes {
    ($($name:ident = $cause:literal, $action:literal;)*) => {
        $(pub(super) const $name: &str = stringify!($name);)*

        /// Every code there is, in order. `docs/errors.md` shows the same table.
        pub const CODES: &[CodeEntry] = &[
            $(CodeEntry { code: stringify!($name), cause: $cause, action: $action },)*
        ];
    };
}

codes! {
    E0101 = "The file is empty", "Check that the right file was given and fully written";
    E0102 = "The file is not UTF-8 text", "Save it as UTF-8";
    E0103 = "The text is not JSON; reading stops here",
        "Mend the text at the line and column given";
    E0104 = "The JSON is nested deeper than any file of ours", "Check what wrote the file";
    E0105 = "The file is larger than the program reads", "Split it by delregion or by week";
    E0106 = "An object has the same key twice", "Keep one of them";
    E0107 = "The file is of another kind", "Give a file whose `format` is the one asked for";
    E0108 = "The file is of a version that this program does not know",
        "Use a newer program, or write the version asked for";
    E0109 = "There are more problems than are listed", "Mend those listed and read the file again";
    E0201 = "A value is of the wrong type", "Write a value of the type asked for";
    E0202 = "A field is missing", "Add it";
    E0203 = "A field is not known", "Remove it, or correct its spelling";
    E0204 = "A word is none of those allowed", "Write one of those listed";
    E0205 = "A number is too small or too large", "Write a number within the bounds given";
    E0206 = "A text does not look as it must", "Write it in the form given";
    E0207 = "There are too few or too many of something", "Keep within the bounds given";
    E0301 = "An id is used twice", "Give each its own id";
    E0302 = "An id names nothing in the file", "Correct the id, or add what it should name";
    E0303 = "A position points past the end of a list", "Count from 0 to the last one";
    E0401 = "No calendar or clock has this date and time", "Correct the date or the time";
    E0402 = "The clock skips this time: it lies in the hour lost to summer time",
        "Write the time that the clock shows instead, one hour later";
    E0403 = "The offset is not that of Swedish time at this moment",
        "Write the time with the offset that holds then, +01:00 in winter and +02:00 in summer";
    E0404 = "The time lies outside the years that can be planned", "Correct the year";
    E0405 = "Something ends before it starts, or at once", "Let `to` be later than `from`";
    E0406 = "A part takes longer than every window of the home",
        "Widen a window or shorten the part";
    E0407 = "Two windows of the home overlap", "Join them into one";
    E0408 = "Every window closes before the visit was requested",
        "Correct `requested_at` or the windows";
    E0409 = "Two shifts of a crew overlap", "Move or shorten one of them";
    E0410 = "A break cannot be had", "Let it fit into its window, and the window into the shift";
    E0411 = "A shift is longer than a day and a night", "Split it into several shifts";
    E0412 = "The horizon is longer than can be planned at once", "Plan a shorter stretch";
    E0413 = "Nothing is left to plan: the horizon ends before `as_of`",
        "Correct `as_of` or the horizon";
    E0501 = "No crew in the file can do this part",
        "Add a crew, or correct the role, the skills or \
        the municipality, or pin the part to a crew";
    E0502 = "The least lag of a meeting is greater than its greatest", "Write [least, greatest]";
    E0503 = "The meetings of a visit contradict one another", "Remove or change one of them";
    E0504 = "The lag of a meeting cannot be met within the windows of the home",
        "Change the lag or the windows";
    E0505 = "A meeting is of a part with itself", "Let `first` and `second` be different parts";
    E0506 = "The care form does not allow this kind of visit",
        "Correct the kind, or the patient's care form, or the policy";
    E0507 = "There are fewer crews than the visit needs at once",
        "Add a crew, or set `same_crew_allowed` where one crew may do several parts";
    E0508 = "A part comes first twice", "Name each part once, on the shift that is to do it first";
    E0601 = "A place lies outside the region", "Check that latitude and longitude are right and \
        not exchanged";
    E0602 = "Exactly one of several fields must be given", "Keep one of those listed";
    E0603 = "Two fields do not agree", "Correct one of them";
}

const PAGE_HEAD: &str = "\
# What can be wrong with a file

A reading reports every problem at once, each with its code, its path (a JSON pointer), its cause
and an action. Only text that is no JSON at all stops the reading (E0101–E0105), and so does a file
of another kind or version (E0107, E0108) or with far more items than can be planned (E0207). What
follows from a fault already reported is not reported again. The exit code is 2. Events and reports
are read in the same way.

| code | cause | action |
|---|---|---|
";

/// The page `docs/errors.md`, made from the table.
pub fn errors_page() -> String {
    let mut page = String::from(PAGE_HEAD);
    for entry in CODES {
        page.push_str(&format!("| {} | {} | {} |\n", entry.code, entry.cause, entry.action));
    }
    page
}

/// More problems than this are counted, not listed.
pub const PROBLEMS_MAX: usize = 1_000;

/// Every problem of a reading, in the order found.
#[derive(Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
    unlisted: usize,
    passed_over: &'static [&'static str],
}

impl Problems {
    pub(super) fn add(
        &mut self,
        code: &'static str,
        path: impl Into<String>,
        cause: impl Into<String>,
        action: impl Into<String>,
    ) {
        if self.passed_over.contains(&code) {
            return;
        }
        if self.list.len() >= PROBLEMS_MAX {
            self.unlisted += 1;
            return;
        }
        self.list.push(Problem {
            path: path.into(),
            code,
            cause: cause.into(),
            action: action.into(),
        });
    }

    /// From now on, problems with these codes are no problems.
    pub(super) fn pass_over(&mut self, codes: &'static [&'static str]) {
        self.passed_over = codes;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// A file that cannot be made sense of is never passed over in silence, should the checks have
    /// missed the reason.
    pub(super) fn must_not_be_empty(&mut self) {
        if self.is_empty() {
            let cause = "the file cannot be read, for a reason that no check has found";
            self.add(E0603, "", cause, "Report this as a fault of the program, with the file");
        }
    }

    /// The problems, in the order found.
    pub(super) fn into_list(mut self) -> Vec<Problem> {
        if self.unlisted > 0 {
            let (listed, unlisted) = (self.list.len(), self.unlisted);
            self.list.push(Problem {
                path: String::new(),
                code: E0109,
                cause: format!(
                    "at least {unlisted} more problems were found than the {listed} listed"
                ),
                action: "Mend those listed and read the file again".to_owned(),
            });
        }
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_errors_shows_the_table_of_codes() {
        let page = include_str!("../../docs/errors.md");
        let is_made = page.starts_with(&errors_page());
        assert!(is_made, "docs/errors.md must start with the page made from the table");
    }

    #[test]
    fn codes_are_in_order_and_each_has_a_cause_and_an_action() {
        assert!(CODES.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert!(CODES.iter().all(|entry| !entry.cause.is_empty() && !entry.action.is_empty()));
    }

    #[test]
    fn problems_beyond_the_bound_are_counted() {
        let mut problems = Problems::default();
        for at in 0..PROBLEMS_MAX + 5 {
            problems.add(E0201, format!("/{at}"), "cause", "action");
        }
        let list = problems.into_list();
        assert_eq!(list.len(), PROBLEMS_MAX + 1);
        assert_eq!(list[PROBLEMS_MAX].code, E0109);
        assert!(list[PROBLEMS_MAX].cause.starts_with("at least 5 more"));
    }
}
