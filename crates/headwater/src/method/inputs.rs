//! Reading a method's inputs from JSON, with a sentence for everything that is not as it should be.

use std::path::{Component, Path, PathBuf};

use headwater_statistics::estimate::Confidence;
use serde_json::{Map, Value};

/// The inputs of one method: an object.
pub struct Inputs<'a> {
    object: &'a Map<String, Value>,
    folder: &'a Path,
}

impl<'a> Inputs<'a> {
    /// The inputs in a JSON value; files that it names are looked for in the folder.
    pub fn new(value: &'a Value, folder: &'a Path) -> Result<Self, String> {
        let object = value.as_object().ok_or("The input must be a JSON object: an oracle file or its 'inputs'.")?;
        Ok(Inputs { object, folder })
    }

    /// The inputs in an object within these.
    pub fn within(&self, value: &'a Value) -> Result<Self, String> {
        Self::new(value, self.folder)
    }

    /// A file beside the input, by its name: the name as given, and the path to open.
    ///
    /// An input file may come from a stranger, so it may name files of its own folder and of folders below, and no others.
    pub fn file(&self, key: &str) -> Result<(&'a str, PathBuf), String> {
        let value = self.required(key)?;
        let name = value.as_str().ok_or_else(|| format!("The input '{key}' must be the name of a file; it is {value}."))?;
        if name.is_empty() || Path::new(name).components().any(|part| !matches!(part, Component::Normal(_))) {
            return Err(format!("The input '{key}' must name a file in the folder of the input; it is \"{name}\". Put the file there."));
        }
        Ok((name, self.folder.join(name)))
    }

    /// The value under a key, if it is there and not `null`.
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.object.get(key).filter(|value| !value.is_null())
    }

    /// All keys with their values, in the order given.
    pub fn all(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.object.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// A list of numbers.
    pub fn numbers(&self, key: &str) -> Result<Vec<f64>, String> {
        numbers(key, self.required(key)?)
    }

    /// A list of numbers and gaps.
    pub fn numbers_or_gaps(&self, key: &str) -> Result<Vec<Option<f64>>, String> {
        numbers_or_gaps(key, self.required(key)?)
    }

    /// A list of numbers, if the key is there.
    pub fn optional_numbers(&self, key: &str) -> Result<Option<Vec<f64>>, String> {
        self.get(key).map(|value| numbers(key, value)).transpose()
    }

    /// A number, or a default where the key is not there.
    pub fn number_or(&self, key: &str, default: f64) -> Result<f64, String> {
        self.get(key).map_or(Ok(default), |value| value.as_f64().ok_or_else(|| format!("The input '{key}' must be a number; it is {value}.")))
    }

    /// A list of names; numbers are taken as names, too.
    pub fn names(&self, key: &str) -> Result<Vec<String>, String> {
        let list = array(key, self.required(key)?)?;
        Ok(list.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), String::from)).collect())
    }

    /// The confidence levels asked for under `confidence` (a number or a list), or the given ones.
    pub fn confidences(&self, default: &[f64]) -> Result<Vec<Confidence>, String> {
        let shares = match self.get("confidence") {
            None => default.to_vec(),
            Some(Value::Number(share)) => vec![share.as_f64().unwrap_or(f64::NAN)],
            Some(list) => numbers("confidence", list)?,
        };
        shares.into_iter().map(|share| Confidence::new(share).map_err(|refusal| refusal.to_string())).collect()
    }

    fn required(&self, key: &str) -> Result<&'a Value, String> {
        self.get(key).ok_or_else(|| {
            let found: Vec<&str> = self.object.keys().map(String::as_str).collect();
            format!("The input '{key}' is missing; there are: {}.", found.join(", "))
        })
    }
}

/// A list of numbers under a key.
pub fn numbers(key: &str, value: &Value) -> Result<Vec<f64>, String> {
    numbers_or_gaps(key, value)?
        .into_iter()
        .enumerate()
        .map(|(at, number)| number.ok_or_else(|| format!("Value {} of '{key}' is null; it must be a number.", at + 1)))
        .collect()
}

/// A list of numbers and `null`s under a key.
pub fn numbers_or_gaps(key: &str, value: &Value) -> Result<Vec<Option<f64>>, String> {
    array(key, value)?
        .iter()
        .enumerate()
        .map(|(at, value)| match value {
            Value::Null => Ok(None),
            value => value.as_f64().map(Some).ok_or_else(|| format!("Value {} of '{key}' is {value}; it must be a number.", at + 1)),
        })
        .collect()
}

/// The members of a list under a key.
pub fn array<'a>(key: &str, value: &'a Value) -> Result<&'a Vec<Value>, String> {
    value.as_array().ok_or_else(|| format!("The input '{key}' must be a list; it is {value}."))
}

/// Two lists that belong together one by one.
pub fn same_length(left: (&str, usize), right: (&str, usize)) -> Result<(), String> {
    if left.1 == right.1 {
        Ok(())
    } else {
        Err(format!("'{}' has {} values and '{}' has {}; they must be equally many.", left.0, left.1, right.0, right.1))
    }
}
