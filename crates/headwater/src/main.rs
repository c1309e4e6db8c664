//! Headwater: from partners' data to a published Strategic Needs Assessment, in one program.
//!
//! This crate is the one that touches the world: files, clock, network, terminal. It thinks about nothing: what a file
//! means is `prevention`'s, what a number means is `statistics`', and what may leave is decided by `release`.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod clearing;
mod cli;
mod config;
mod confined;
mod demo;
mod edition;
mod evidence;
mod intake;
mod mail;
mod measures;
mod method;
mod pages;
mod passages;
mod people;
mod problem;
mod reading;
mod redaction;
mod refi;
mod screening;
mod search;
mod secret;
mod serve;
mod store;
mod translations;
mod web;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == confined::COMMAND) {
        return ExitCode::from(confined::work(&arguments[1..], &reading::TASKS));
    }
    let mut out = io::stdout().lock();
    let outcome = cli::run(&mut out).and_then(|()| Ok(out.flush()?));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) if problem.is_reader_gone() => ExitCode::SUCCESS,
        Err(problem) => {
            let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            problem::print(&problem, io::stderr().is_terminal() && !no_colour);
            ExitCode::from(problem.exit_code())
        }
    }
}
