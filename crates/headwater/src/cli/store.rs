//! `store backup`, `store restore`, `store migrate`: the workspace as a whole.

use std::path::{self, Path, PathBuf};

use serde_json::json;

use super::{Context, counted};
use crate::problem::{Exit, Problem};
use crate::store::Workspace;
use crate::store::blobs::settings::{self, BlobsFile, BucketAddress};
use crate::store::moving::{self, Copied, files};

/// The verbs.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Copy the workspace into a new folder, while others go on working
    ///
    /// The copy is a workspace itself, with its log in log.sqlite and its files in blobs/. Every event and every file in it is checked.
    Backup {
        /// The folder to make
        dir: PathBuf,
    },
    /// Make a workspace from a copy, after checking every event and every file of it
    Restore {
        /// The copy
        from: PathBuf,
        /// The folder to make
        dir: PathBuf,
    },
    /// Move the log and the records to a PostgreSQL database, or the files to S3-compatible storage, or either back
    ///
    /// The events and their hashes stay as they are, and every file is read back and has its hash before anything changes.
    /// Nobody else can work in the workspace meanwhile.
    #[command(
        after_help = "No address holds a password or a key: put PGPASSWORD into the environment, and the keys of the storage into a file or into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    )]
    Migrate {
        /// postgres://USER@localhost/DATABASE, an empty database; or `sqlite`; s3://BUCKET/PREFIX, or `folder`
        to: String,
        #[command(flatten)]
        storage: Storage,
    },
}

/// Runs the command.
pub fn run(command: &Command, context: &mut Context) -> Result<(), Problem> {
    match command {
        Command::Backup { dir } => {
            let ws = context.workspace()?;
            let copied = moving::copy(&ws, dir)?;
            ws.log().append("store.copied", json!({"head_hash": copied.head_hash, "n_files": copied.n_blobs}), &context.shared.actor, context.at)?;
            say(&copied, context)
        }
        Command::Restore { from, dir } => {
            let copied = moving::copy(&Workspace::open(from)?, dir)?;
            say(&copied, context)
        }
        Command::Migrate { to, storage } => match to.strip_prefix("s3://") {
            Some(bucket) => move_files(Some(storage.address(bucket)?), context),
            None if storage.is_given() => Err(Problem::new(format!("{to} takes no --endpoint, --region, --credentials or --ca-file"))
                .hint("they belong to s3://BUCKET/PREFIX")
                .exit(Exit::WrongUse)),
            None if to == "folder" => move_files(None, context),
            None => move_log(to, context),
        },
    }
}

/// Which storage the files go to, beside the bucket.
#[derive(clap::Args)]
pub struct Storage {
    /// Address of the storage: https://s3.office.example; Amazon's for the region where none is given
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// Region of the bucket, such as eu-west-2
    #[arg(long)]
    region: Option<String>,
    /// File with the keys: aws_access_key_id = …, aws_secret_access_key = …; without one they come from the environment
    #[arg(long, value_name = "FILE")]
    credentials: Option<PathBuf>,
    /// Certificate of an authority of your own that signed the storage's
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
}

impl Storage {
    fn is_given(&self) -> bool {
        self.endpoint.is_some() || self.region.is_some() || self.credentials.is_some() || self.ca_file.is_some()
    }

    fn address(&self, bucket: &str) -> Result<BucketAddress, Problem> {
        let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        // In the settings, paths are taken from the workspace; here, from where the command is given.
        let whole = |file: &Option<PathBuf>| {
            let path = |file: &PathBuf| path::absolute(file).map_err(|error| Problem::of_files(format!("looking for {}", file.display()), &error));
            file.as_ref().map(path).transpose()
        };
        let file = BlobsFile {
            endpoint: self.endpoint.clone(),
            bucket: bucket.to_owned(),
            region: self.region.clone(),
            prefix: prefix.to_owned(),
            credentials: whole(&self.credentials)?,
            ca_file: whole(&self.ca_file)?,
        };
        settings::checked("the ", Path::new(""), file).map_err(|problem| problem.exit(Exit::WrongUse))
    }
}

fn move_files(address: Option<BucketAddress>, context: &mut Context) -> Result<(), Problem> {
    let ws = context.workspace()?;
    let was_in_folder = ws.settings().blobs.is_none();
    let n_files = files::migrate(&ws, address.as_ref())?;
    let place = if address.is_some() { "S3" } else { "folder" };
    let ws = Workspace::open(ws.root())?;
    ws.log().append("store.moved", json!({"to": place, "n_files": n_files}), &context.shared.actor, context.at)?;
    if context.shared.json {
        return context.json(&json!({"to": place, "n_files": n_files}));
    }
    let where_to = address.map_or_else(|| "blobs/".to_owned(), |address| address.name());
    writeln!(context.out, "{} in {where_to} now, each read back with the hash it had.", counted(n_files, "file is", "files are"))?;
    eprintln!(
        "{}",
        if was_in_folder {
            "blobs-before-moving/ is used no more: put it where you keep copies, or delete it."
        } else {
            "What is in the bucket is used no more: delete it there."
        }
    );
    Ok(())
}

fn move_log(to: &str, context: &mut Context) -> Result<(), Problem> {
    let ws = context.workspace()?;
    let address = (to != "sqlite").then_some(to);
    let n_events = moving::migrate(&ws, address)?;
    let place = if address.is_some() { "PostgreSQL" } else { "log.sqlite" };
    let ws = Workspace::open(ws.root())?;
    ws.log().append("store.moved", json!({"to": place, "n_events": n_events}), &context.shared.actor, context.at)?;
    if context.shared.json {
        return context.json(&json!({"to": place, "n_events": n_events}));
    }
    let events = counted(n_events.try_into().unwrap_or(usize::MAX), "event is", "events are");
    Ok(writeln!(context.out, "{events} in {place} now, each with the hash it had.")?)
}

fn say(copied: &Copied, context: &mut Context) -> Result<(), Problem> {
    if context.shared.json {
        return context.json(&json!({"n_events": copied.n_events, "head_hash": copied.head_hash, "n_files": copied.n_blobs}));
    }
    writeln!(context.out, "{}", copied.head_hash)?;
    eprintln!(
        "Copied and checked: {} and {}.",
        counted(copied.n_events.try_into().unwrap_or(usize::MAX), "event", "events"),
        counted(copied.n_blobs, "file", "files")
    );
    Ok(())
}
