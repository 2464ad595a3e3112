//! The best published objective of each instance, from a table beside the instances.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The name of the table beside a set of instances.
const TABLE: &str = "bks.csv";

/// Best published objectives by the name of the instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BestKnown {
    rows: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Row {
    instance: String,
    best_published: f64,
}

impl BestKnown {
    /// Reads a table with the columns `instance` and `best_published`, among others.
    pub fn read(text: &[u8]) -> Result<BestKnown, csv::Error> {
        let rows: Result<Vec<Row>, csv::Error> =
            csv::Reader::from_reader(text).deserialize().collect();
        Ok(BestKnown { rows: rows? })
    }

    /// The best published objective of an instance, if the table has it.
    pub fn of(&self, instance: &str) -> Option<f64> {
        self.rows.iter().find(|row| row.instance == instance).map(|row| row.best_published)
    }
}

/// Where the table of an instance may lie: in its folder or in the folder above.
pub fn places_of_table(instance: &Path) -> Vec<PathBuf> {
    instance.ancestors().skip(1).take(2).map(|folder| folder.join(TABLE)).collect()
}

#[cfg(test)]
mod tests {
    use super::{BestKnown, places_of_table};
    use std::path::{Path, PathBuf};

    #[test]
    fn finds_an_instance_by_name_and_ignores_other_columns() {
        let text = b"set,instance,best_published,method\na,small,12.5,guess\na,big,99,\"a, b\"\n";
        let table = BestKnown::read(text).expect("a well-formed table");
        assert_eq!(table.of("small"), Some(12.5));
        assert_eq!(table.of("big"), Some(99.0));
        assert_eq!(table.of("absent"), None);
    }

    #[test]
    fn a_table_without_objectives_is_refused() {
        assert!(BestKnown::read(b"instance,value\nsmall,1\n").is_err());
    }

    #[test]
    fn looks_beside_the_instance_and_one_folder_up() {
        let found = places_of_table(Path::new("sets/one/small.json"));
        assert_eq!(found, [PathBuf::from("sets/one/bks.csv"), PathBuf::from("sets/bks.csv")]);
    }
}
