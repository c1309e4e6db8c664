//! `serve`: the application, for an office or a partnership.

use std::net::IpAddr;

use super::Context;
use crate::problem::Problem;
use crate::reading;
use crate::store::Workspace;
use crate::web::{self, Place};

/// The port where nobody says another.
pub const DEFAULT_PORT: u16 = 8008;

#[derive(clap::Args)]
pub struct Arguments {
    /// The port; 0 takes any that is free
    #[arg(long, default_value_t = DEFAULT_PORT)]
    port: u16,
    /// The address of this computer to listen on
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    listen: IpAddr,
    /// The address that people use, when a web server with a certificate stands before: https://exchange.office.example
    #[arg(long, value_name = "URL")]
    address: Option<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), Problem> {
    let ws = context.workspace()?;
    show(ws, &Place { listen: arguments.listen, port: arguments.port, address: arguments.address.clone() }, context)
}

/// Serves a workspace, and says where.
pub fn show(ws: Workspace, place: &Place, context: &mut Context) -> Result<(), Problem> {
    tell_failures();
    for line in reading::possible().lines() {
        eprintln!("Files that arrive are read by a process of their own. On this computer it is not kept from this: {line}");
    }
    web::serve(ws, place, &mut |address, first| {
        writeln!(context.out, "{address}/")?;
        if let Some(link) = first {
            writeln!(context.out, "{link}")?;
        }
        context.out.flush()?;
        if first.is_some() {
            eprintln!("There is no account yet. The second address opens the first one: it works once, for a week.");
        }
        eprintln!("Serving. Ctrl-C ends it");
        Ok(())
    })
}

/// Lets failures, failed attempts and refused orders be told where the program's messages go: a page says only that something
/// failed. Of other people's code nothing is told, because nobody has looked at what it might hold.
fn tell_failures() {
    let ours = tracing_subscriber::EnvFilter::new("headwater=warn");
    // Somebody who has set another way to tell them keeps it.
    let _ = tracing_subscriber::fmt().with_env_filter(ours).with_writer(std::io::stderr).with_ansi(false).try_init();
}
