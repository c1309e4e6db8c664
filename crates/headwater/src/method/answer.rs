//! What a method answers: values, refusals, notes.

use std::fmt::Display;

use serde_json::{Map, Value, json};

/// The answer of one method, as it is built up.
#[derive(Default)]
pub struct Answer {
    values: Map<String, Value>,
    list: Option<Vec<Value>>,
    refusals: Vec<Value>,
    notes: Vec<String>,
}

impl Answer {
    /// Put a value under a key.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        self.values.insert(key.into(), value.into());
    }

    /// Answer with a list instead of keys.
    pub fn list(members: Vec<Value>) -> Self {
        Answer { list: Some(members), ..Answer::default() }
    }

    /// Record why the value at `place` is `null`.
    pub fn refuse(&mut self, place: impl Into<String>, refusal: &impl Display) {
        self.refusals.push(refusal_value(place, refusal));
    }

    /// Say something that a reader of the numbers must know.
    pub fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// The answer as JSON.
    pub fn into_value(self) -> Value {
        if let Some(list) = self.list {
            return Value::Array(list);
        }
        let mut values = self.values;
        values.insert("refusals".into(), Value::Array(self.refusals));
        if !self.notes.is_empty() {
            values.insert("notes".into(), json!(self.notes));
        }
        Value::Object(values)
    }
}

/// A refusal as `{where, reason}`.
pub fn refusal_value(place: impl Into<String>, refusal: &impl Display) -> Value {
    json!({ "where": place.into(), "reason": refusal.to_string() })
}

/// A number, or `null` where it is not finite.
pub fn number(value: f64) -> Value {
    json!(value.is_finite().then_some(value))
}
