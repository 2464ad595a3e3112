//! The ids that a list gives, and whether a reference is to one of them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::wire::document::Node;
use crate::wire::problem::{E0301, E0302, Problems};

/// The ids of one kind of thing.
pub(super) struct Known<'a> {
    what: &'static str,
    ids: Ids<'a>,
    /// Could every id be read? If not, an id that is not found may be the one that could not be
    /// read, and is not reported.
    is_whole: bool,
}

enum Ids<'a> {
    /// These alone.
    These(BTreeSet<Cow<'a, str>>),
    /// Any: whoever takes the facts in looks at that.
    Any,
}

impl Known<'static> {
    /// These ids alone.
    pub(super) fn these(what: &'static str, ids: impl Iterator<Item = String>) -> Known<'static> {
        Known { what, ids: Ids::These(ids.map(Cow::Owned).collect()), is_whole: true }
    }

    /// Any id at all: what is not known is found by whoever takes the facts in.
    pub(super) fn any(what: &'static str) -> Known<'static> {
        Known { what, ids: Ids::Any, is_whole: true }
    }
}

impl<'a> Known<'a> {
    /// The ids of the items of a list; those used twice are reported.
    pub(super) fn of_list(
        what: &'static str,
        parent: &Node<'a>,
        key: &str,
        problems: &mut Problems,
    ) -> Known<'a> {
        let ids = Ids::These(BTreeSet::new());
        let mut known = Known { what, ids, is_whole: parent.is_list(key) };
        for item in parent.items(key) {
            known.add(&item, problems);
        }
        known
    }

    /// The ids of the items of the lists of every item of a list, all of one kind.
    pub(super) fn of_lists(
        what: &'static str,
        parents: &[Node<'a>],
        key: &str,
        problems: &mut Problems,
    ) -> Known<'a> {
        let mut known = Known { what, ids: Ids::These(BTreeSet::new()), is_whole: true };
        for item in parents.iter().flat_map(|parent| parent.items(key)) {
            known.add(&item, problems);
        }
        known
    }

    fn add(&mut self, item: &Node<'a>, problems: &mut Problems) {
        match item.text("id") {
            None => self.is_whole = false,
            Some(id) => {
                if let Ids::These(ids) = &mut self.ids
                    && !ids.insert(Cow::Borrowed(id))
                {
                    let cause = format!("another {} has the id {id:?} already", self.what);
                    problems.add(E0301, item.path_of("id"), cause, "Give each its own id");
                }
            }
        }
    }

    /// Is the id one of these?
    pub(super) fn contains(&self, id: &str) -> bool {
        match &self.ids {
            Ids::These(ids) => ids.contains(id),
            Ids::Any => true,
        }
    }

    /// The id in a field, if it names one of these; reported if it names nothing.
    pub(super) fn named(
        &self,
        node: &Node<'a>,
        key: &str,
        problems: &mut Problems,
    ) -> Option<&'a str> {
        self.one(node.text(key)?, || node.path_of(key), problems)
    }

    /// The same for an optional field: `Some(None)` when it is not given.
    pub(super) fn named_if_given(
        &self,
        node: &Node<'a>,
        key: &str,
        problems: &mut Problems,
    ) -> Option<Option<&'a str>> {
        node.optional(key, |node, key| self.named(node, key, problems))
    }

    /// The ids in a list, if each names one of these.
    pub(super) fn all_named(
        &self,
        node: &Node<'a>,
        key: &str,
        problems: &mut Problems,
    ) -> Option<Vec<&'a str>> {
        super::every(node.items(key), |item| {
            self.one(item.as_text()?, || item.path().to_owned(), problems)
        })
    }

    fn one<'t>(
        &self,
        id: &'t str,
        path: impl FnOnce() -> String,
        problems: &mut Problems,
    ) -> Option<&'t str> {
        if self.contains(id) {
            return Some(id);
        }
        // An empty id is a fault of shape, reported as such.
        if self.is_whole && !id.is_empty() {
            let cause = format!("no {} has the id {id:.100?}", self.what);
            let action = format!("Correct the id, or add the {}", self.what);
            problems.add(E0302, path(), cause, action);
        }
        None
    }
}
