//! `serve-site`: show a folder of pages in a browser on this computer.

use std::path::{Path, PathBuf};

use super::Context;
use crate::problem::Problem;
use crate::serve;

/// Show a folder of pages in a browser on this computer
///
/// Only this computer can reach it. Ctrl-C ends it.
#[derive(clap::Args)]
pub struct Arguments {
    /// The folder with the pages
    dir: PathBuf,
    /// The port; 0 takes any that is free
    #[arg(long, default_value_t = DEFAULT_PORT)]
    port: u16,
}

/// The port where none is named.
pub const DEFAULT_PORT: u16 = 8007;

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), Problem> {
    show(&arguments.dir, arguments.port, context)
}

/// Serves a folder until Ctrl-C, and prints its address once it can be reached.
pub fn show(folder: &Path, port: u16, context: &mut Context) -> Result<(), Problem> {
    serve::site(folder, port, &mut |address| {
        writeln!(context.out, "http://{address}/")?;
        context.out.flush()?;
        eprintln!("Serving {}. Ctrl-C ends it", folder.display());
        Ok(())
    })
}
