//! The best known objective of each instance, from a table beside the instances.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The name of the table beside a set of instances.
const TABLE: &str = "bks.csv";

/// The best known value of an instance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// Its objective.
    pub objective: f64,
    /// Its vehicles, where they come first.
    pub vehicles: Option<usize>,
}

/// Best known values by the name of the instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BestKnown {
    rows: Vec<(String, Known)>,
}

impl BestKnown {
    /// Reads a table with a column `instance` and these others, among more. A row without an
    /// objective says that none is known.
    pub fn read(text: &[u8], columns: (&str, Option<&str>)) -> Result<BestKnown, String> {
        let mut reader = csv::Reader::from_reader(text);
        let mut rows = Vec::new();
        for record in reader.deserialize() {
            let record: BTreeMap<String, String> =
                record.map_err(|why: csv::Error| why.to_string())?;
            let cell = |column: &str| {
                let found = record.get(column).map(|cell| cell.trim());
                found.ok_or_else(|| format!("there is no column {column}"))
            };
            let instance = cell("instance")?;
            let number = |column: &str| -> Result<Option<f64>, String> {
                match cell(column)? {
                    "" => Ok(None),
                    text => text
                        .parse()
                        .map(Some)
                        .map_err(|_| format!("{instance}: {column} is no number: {text}")),
                }
            };
            let vehicles = columns.1.map(number).transpose()?.flatten();
            if let Some(objective) = number(columns.0)? {
                let vehicles = vehicles.map(|count| count as usize);
                rows.push((instance.to_owned(), Known { objective, vehicles }));
            }
        }
        Ok(BestKnown { rows })
    }

    /// The best known value of an instance, if the table has it.
    pub fn of(&self, instance: &str) -> Option<Known> {
        self.rows.iter().find(|(name, _)| name == instance).map(|(_, known)| *known)
    }
}

/// Where the table of an instance may lie: in its folder or in the folder above.
pub fn places_of_table(instance: &Path) -> Vec<PathBuf> {
    instance.ancestors().skip(1).take(2).map(|folder| folder.join(TABLE)).collect()
}

#[cfg(test)]
mod tests {
    use super::{BestKnown, Known, places_of_table};
    use std::path::{Path, PathBuf};

    #[test]
    fn finds_an_instance_by_name_and_ignores_other_columns() {
        let text = b"set,instance,best,method\na,small,12.5,guess\na,big,99,\"a, b\"\na,open,,\n";
        let table = BestKnown::read(text, ("best", None)).expect("a well-formed table");
        let known = |objective| Some(Known { objective, vehicles: None });
        assert_eq!(table.of("small"), known(12.5));
        assert_eq!(table.of("big"), known(99.0));
        assert_eq!(table.of("open"), None);
        assert_eq!(table.of("absent"), None);
    }

    #[test]
    fn vehicles_come_from_a_column_of_their_own() {
        let text = b"instance,routes,length,short\nR1,19,1650.8,1637.7\n";
        let table = BestKnown::read(text, ("length", Some("routes"))).expect("a table");
        assert_eq!(table.of("R1"), Some(Known { objective: 1650.8, vehicles: Some(19) }));
    }

    #[test]
    fn a_table_without_its_columns_or_with_words_for_numbers_is_refused() {
        assert!(BestKnown::read(b"instance,value\nsmall,1\n", ("best", None)).is_err());
        assert!(BestKnown::read(b"instance,best\nsmall,few\n", ("best", None)).is_err());
    }

    #[test]
    fn looks_beside_the_instance_and_one_folder_up() {
        let found = places_of_table(Path::new("sets/one/small.json"));
        assert_eq!(found, [PathBuf::from("sets/one/bks.csv"), PathBuf::from("sets/bks.csv")]);
    }
}
