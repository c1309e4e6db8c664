//! The storage that `./test` starts, as tests speak to it beside what they test.

use std::path::PathBuf;

use serde_json::{Value, json};

/// One bucket of it, for one test.
pub struct Shelf {
    /// Its name.
    pub bucket: String,
    /// Where the storage is, what signs for it, and the keys' file.
    pub server: Value,
}

impl Shelf {
    /// A new, empty bucket; none where there is no storage.
    pub fn new(name: &str, keeps_versions: bool) -> Option<Self> {
        let Ok(folder) = std::env::var("HEADWATER_TEST_STORAGE") else {
            eprintln!("skipped: HEADWATER_TEST_STORAGE names no storage; ./test starts one");
            return None;
        };
        let server = serde_json::from_slice(&std::fs::read(PathBuf::from(folder).join("storage.json")).unwrap()).unwrap();
        let shelf = Self { bucket: format!("{name}-{}", std::process::id()), server };
        shelf.order("", &json!({"versions": keeps_versions}));
        Some(shelf)
    }

    /// A word of the server about itself.
    pub fn word(&self, name: &str) -> &str {
        self.server[name].as_str().unwrap()
    }

    fn order(&self, what: &str, order: &Value) {
        ureq::post(format!("{}/-/{}{what}", self.word("http"), self.bucket)).send(order.to_string()).unwrap();
    }

    /// What shall go wrong from now on.
    pub fn play(&self, faults: &Value) {
        self.order("/faults", faults);
    }

    /// Writes other bytes under a key.
    pub fn damage(&self, key: &str, bytes: &str) {
        self.order("/damage", &json!({"key": key, "bytes": bytes}));
    }

    /// Lets time pass for uploads that were not finished.
    pub fn later(&self, hours: u32) {
        self.order("/later", &json!({"hours": hours}));
    }

    fn look(&self, what: &str) -> Value {
        let text = ureq::get(format!("{}/-/{}{what}", self.word("http"), self.bucket)).call().unwrap().body_mut().read_to_string().unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// Every request of a method so far, with its status.
    pub fn seen(&self, method: &str) -> Vec<(String, u64)> {
        let seen = self.look("/seen");
        let of = seen.as_array().unwrap().iter().filter(|it| it["method"] == method);
        of.map(|it| (format!("{}?{}", it["path"].as_str().unwrap(), it["query"].as_str().unwrap()), it["status"].as_u64().unwrap())).collect()
    }

    /// The key and the size of every object that can be seen.
    pub fn objects(&self) -> Vec<(String, u64)> {
        let objects = self.look("/objects");
        objects["objects"].as_array().unwrap().iter().map(|it| (it["key"].as_str().unwrap().to_owned(), it["size"].as_u64().unwrap())).collect()
    }

    /// How many versions of objects are kept, and how many uploads were begun and not finished.
    pub fn unseen(&self) -> (u64, usize) {
        let objects = self.look("/objects");
        (objects["versions"].as_u64().unwrap(), objects["uploads"].as_array().unwrap().len())
    }
}
