//! From text to a JSON document, and a cursor over it that knows where it is.
//!
//! Reading must go on after a fault, so the document is walked with cursors that give what is whole
//! and nothing for what is not; what is not whole has been reported by the schema.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::problem::{E0101, E0102, E0103, E0104, E0105, E0106, Problems};

/// No file larger than this is read.
pub const FILE_BYTES_MAX: usize = 100_000_000;

/// The document of a text; nothing when it is not JSON at all.
pub(super) fn parse(text: &[u8], problems: &mut Problems) -> Option<Value> {
    if text.len() > FILE_BYTES_MAX {
        let cause = format!("the file has {} bytes, more than {FILE_BYTES_MAX}", text.len());
        problems.add(E0105, "", cause, "Split it by delregion or by week");
        return None;
    }
    parse_any_size(text, problems)
}

/// The same for a text of our own: it may be as large as it is.
pub(super) fn parse_any_size(text: &[u8], problems: &mut Problems) -> Option<Value> {
    let text = match std::str::from_utf8(text) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let cause = format!("byte {} is not UTF-8 text", error.valid_up_to());
            problems.add(E0102, "", cause, "Save the file as UTF-8");
            return None;
        }
    };
    if text.trim().is_empty() {
        problems.add(E0101, "", "the file is empty", "Check that it was fully written");
        return None;
    }
    let keys = Keys::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let parsed = ValueSeed { keys: &keys }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value));
    match parsed {
        Ok(value) => {
            for path in keys.repeated.into_inner() {
                let cause = "the object has this key twice";
                problems.add(E0106, path, cause, "Keep one of them");
            }
            Some(value)
        }
        Err(error) => {
            let place = format!("{}:{}", error.line(), error.column());
            let cause = error.to_string();
            if cause.starts_with("recursion limit") {
                problems.add(E0104, place, "nested too deep", "Check what wrote the file");
            } else {
                let action = "Mend the text at this line and column";
                problems.add(E0103, place, format!("not JSON: {cause}"), action);
            }
            None
        }
    }
}

/// The keys on the way to where the parser is, and the paths of keys met twice.
#[derive(Default)]
struct Keys {
    path: RefCell<String>,
    repeated: RefCell<Vec<String>>,
}

impl Keys {
    /// Steps into a key for as long as `inside` runs.
    fn step<T>(&self, key: &str, inside: impl FnOnce() -> T) -> T {
        let length = self.path.borrow().len();
        push_key(&mut self.path.borrow_mut(), key);
        let result = inside();
        self.path.borrow_mut().truncate(length);
        result
    }
}

#[derive(Clone, Copy)]
struct ValueSeed<'k> {
    keys: &'k Keys,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }
    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            let key = items.len().to_string();
            match self.keys.step(&key, || access.next_element_seed(self))? {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let value = self.keys.step(&key, || access.next_value_seed(self))?;
            if fields.contains_key(&key) {
                let path = self.keys.step(&key, || self.keys.path.borrow().clone());
                self.keys.repeated.borrow_mut().push(path);
            } else {
                fields.insert(key, value);
            }
        }
        Ok(Value::Object(fields))
    }
}

/// Adds one step to a JSON pointer (RFC 6901).
fn push_key(path: &mut String, key: &str) {
    path.push('/');
    for character in key.chars() {
        match character {
            '~' => path.push_str("~0"),
            '/' => path.push_str("~1"),
            other => path.push(other),
        }
    }
}

/// A value of the document and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> Node<'a> {
    /// The whole document.
    pub(super) fn root(value: &'a Value) -> Node<'a> {
        Node { value, path: String::new() }
    }

    /// Where it stands.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Where a field of it stands, or would stand.
    pub(super) fn path_of(&self, key: &str) -> String {
        let mut path = self.path.clone();
        push_key(&mut path, key);
        path
    }

    /// Is the field given at all, whatever it holds?
    pub(super) fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    /// A field.
    pub(super) fn field(&self, key: &str) -> Option<Node<'a>> {
        Some(Node { value: self.value.get(key)?, path: self.path_of(key) })
    }

    /// Is the field a list?
    pub(super) fn is_list(&self, key: &str) -> bool {
        self.value.get(key).is_some_and(Value::is_array)
    }

    /// The items of a list; none when there is no such list.
    pub(super) fn items(&self, key: &str) -> Vec<Node<'a>> {
        let list = self.value.get(key).and_then(Value::as_array);
        let path = self.path_of(key);
        let nodes = list.into_iter().flatten().enumerate();
        nodes.map(|(at, value)| Node { value, path: format!("{path}/{at}") }).collect()
    }

    /// The text of a field.
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// Its own text.
    pub(super) fn as_text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// The whole number of a field.
    pub(super) fn whole(&self, key: &str) -> Option<i64> {
        whole(self.value.get(key)?)
    }

    /// Its own whole number.
    pub(super) fn as_whole(&self) -> Option<i64> {
        whole(self.value)
    }

    /// The fields of an object in a field, each with its name; none when there is no such object.
    pub(super) fn entries(&self, key: &str) -> Vec<(&'a str, Node<'a>)> {
        let Some(object) = self.field(key) else { return Vec::new() };
        let fields = object.value.as_object().into_iter().flatten();
        let node = |(name, value): (&'a String, &'a Value)| {
            (name.as_str(), Node { value, path: object.path_of(name) })
        };
        fields.map(node).collect()
    }

    /// The whole number of a field, from 0 up to the greatest of 64 bits.
    pub(super) fn natural(&self, key: &str) -> Option<u64> {
        natural(self.value.get(key)?)
    }

    /// Its own whole number, from 0 up to the greatest of 64 bits.
    pub(super) fn as_natural(&self) -> Option<u64> {
        natural(self.value)
    }

    /// Its own number.
    pub(super) fn as_number(&self) -> Option<f64> {
        self.value.as_f64()
    }

    /// The number of a field.
    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.value.get(key)?.as_f64()
    }

    /// The yes or no of a field.
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.value.get(key)?.as_bool()
    }

    /// The texts of a list. A list that is not there is empty; one with a fault is nothing.
    pub(super) fn texts(&self, key: &str) -> Option<Vec<&'a str>> {
        match self.value.get(key) {
            None => Some(Vec::new()),
            Some(list) => list.as_array()?.iter().map(Value::as_str).collect(),
        }
    }

    /// An optional field: `Some(None)` when it is not given, nothing when it is given but faulty.
    pub(super) fn optional<T>(
        &self,
        key: &str,
        read: impl FnOnce(&Self, &str) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.has(key) { read(self, key).map(Some) } else { Some(None) }
    }
}

/// JSON has one kind of number: 30 and 30.0 are the same whole number, to the schema and so to us.
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        let number = value.as_f64()?;
        // Up to 2^53 every whole f64 is exact.
        (number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0).then_some(number as i64)
    })
}

fn natural(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| whole(value).and_then(|number| u64::try_from(number).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &[u8]) -> Vec<(&'static str, String)> {
        let mut problems = Problems::default();
        parse(text, &mut problems);
        problems.into_list().into_iter().map(|problem| (problem.code, problem.path)).collect()
    }

    #[test]
    fn text_that_is_no_json_is_one_problem_with_its_place() {
        assert_eq!(codes(b""), [(E0101, String::new())]);
        assert_eq!(codes(b" \n"), [(E0101, String::new())]);
        assert_eq!(codes(&[0xff, 0xfe]), [(E0102, String::new())]);
        assert_eq!(codes(b"{\n  \"a\": 1,\n}"), [(E0103, "3:1".to_owned())]);
        assert_eq!(codes(b"{} {}"), [(E0103, "1:4".to_owned())]);
        assert_eq!(codes("[".repeat(10_000).as_bytes()), [(E0104, "1:128".to_owned())]);
    }

    #[test]
    fn every_key_met_twice_is_reported_with_its_path() {
        let text = br#"{"a":[{"b":1,"b":2}],"a":3,"c/d":{"~":1,"~":2}}"#;
        let found = codes(text);
        let paths: Vec<&str> = found.iter().map(|(_, path)| path.as_str()).collect();
        assert_eq!(paths, ["/a/0/b", "/a", "/c~1d/~0"]);
    }

    #[test]
    fn whole_numbers_may_have_an_empty_fraction() {
        let value = serde_json::json!({"a": 30.0, "b": 30.5, "c": 1e300, "d": -2});
        let node = Node::root(&value);
        let read = ["a", "b", "c", "d"].map(|key| node.whole(key));
        assert_eq!(read, [Some(30), None, None, Some(-2)]);
    }
}
