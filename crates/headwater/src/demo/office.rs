//! The invented office: four people, eighteen areas, two rounds of asking them, and everything that goes wrong in between.
//!
//! It is made by using the pages ([`crate::web::rehearsal`]) and by mail that is taken in as bytes, so that what it shows is
//! what the program does, and a page that breaks breaks here first. The days are counted back from the day of making, not
//! from a fixed one: promises, notices and reminders are measured against today, and a fixed day would turn all of them
//! into "years late". It stays good to look at for about a week; made anew, it is fresh.
//!
//! What happens is always the same. Ids of people and secret links come from the system's chance, as they do at work: they
//! are what nobody may be able to guess, and no page is sorted by them.
//!
//! | part | holds |
//! |---|---|
//! | `areas` | the bodies and the people at them |
//! | `papers`, `mail` | the files and messages they send, as bytes |
//! | `scene` | what somebody does at one time |
//! | `rounds` | campaigns, from a draft to letters that are out; last year's answers |
//! | `answers` | what each body sends this year, and what is made of it |
//! | `silences` | reminders, notices, recommendations |
//! | `reading` | last year's strategies, read and coded |

mod answers;
mod areas;
mod mail;
mod papers;
mod reading;
mod rounds;
mod scene;
mod silences;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use headwater_prevention::definition::SHIPPED;
use headwater_release::Publisher;
use jiff::Timestamp;

use self::scene::{Desk, Story};
use crate::config::Settings;
use crate::problem::Problem;
use crate::store::Workspace;

/// Days before the making on which the workspace begins.
const BEGAN: i32 = 452;

/// Makes the office as a workspace in a folder that is not there yet; a making that is cut short leaves no half office there.
///
/// `address` is where its pages will be served, as it stands in the letters; `at` is the time of making.
///
/// # Errors
/// The folder cannot be written.
pub fn make(folder: &Path, address: &str, at: Timestamp) -> Result<(), Problem> {
    let unfinished = folder.with_extension("unfinished");
    let trouble = |error: &std::io::Error| Problem::of_files(format!("making {}", folder.display()), error);
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(|error| trouble(&error))?;
    }
    fill(&unfinished, address, at)?;
    fs::rename(&unfinished, folder).map_err(|error| trouble(&error))
}

fn fill(folder: &Path, address: &str, at: Timestamp) -> Result<(), Problem> {
    let mut settings = Settings::of_office(areas::OFFICE);
    settings.publisher = Publisher {
        name: Some(areas::OFFICE.to_owned()),
        email: Some(format!("replies@{}", areas::DOMAIN)),
        address: Some(areas::ADDRESS.to_owned()),
        site: None,
    };
    let ws = Workspace::create(folder, &settings, &SHIPPED, "demo", scene::time(at, BEGAN, 9)?)?;
    let desk = Desk::open(ws, address, at)?;
    let mut story = Story::default();
    rounds::tell(&mut story);
    answers::tell(&mut story);
    silences::tell(&mut story);
    reading::tell(&mut story);
    story.play(&desk)
}
