//! Writes the invented county of the tests, one exhibit of every kind, as a site: `cargo run --example showcase -- FOLDER`.

// The example touches files; the crate does not.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, dead_code)]

#[path = "../tests/it/county.rs"]
mod county;
#[path = "../tests/it/exhibits.rs"]
mod exhibits;
#[path = "../tests/it/land.rs"]
mod land;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder to write the site to")?;
    for file in headwater_publish::site(&county::wealdmere())? {
        let path = std::path::Path::new(&folder).join(&file.path);
        std::fs::create_dir_all(path.parent().ok_or("a file has a folder")?)?;
        std::fs::write(path, file.bytes)?;
    }
    Ok(())
}
