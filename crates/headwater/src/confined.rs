//! Work on bytes that somebody else made, in a process of its own that can do nothing else.
//!
//! A reader of files can be made to take all memory, all time, or to fall. So it runs as a child: this program again, with a
//! limit on memory and time, and, on Linux, without any call to the system but those for memory and for its own two pipes.
//! The child gets the bytes and gives back bytes; whatever it dies of, the parent has a sentence for it.

mod limits;

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The name of the command by which this program is its own child; not for people.
pub const COMMAND: &str = "work-confined";

/// How much one piece of work may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// The most memory, in MiB of addresses; the program itself needs about 100.
    pub memory_mib: u64,
    /// The most seconds of a processor.
    pub cpu_seconds: u64,
    /// The longest that the parent waits.
    pub wait: Duration,
    /// The most bytes that come back.
    pub answer_bytes: u64,
}

impl Default for Allowed {
    /// 600 MiB, a minute of a processor, three minutes of waiting, 256 MB of answer.
    fn default() -> Self {
        Self { memory_mib: 600, cpu_seconds: 60, wait: Duration::from_secs(180), answer_bytes: 256_000_000 }
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// It took more time than allowed.
    #[error("it takes more than {0} seconds to read")]
    Time(u64),
    /// It wanted more memory than allowed.
    #[error("it takes more than {0} MB of memory to read")]
    Memory(u64),
    /// Its answer is longer than allowed.
    #[error("what is in it is longer than {0} MB")]
    Length(u64),
    /// The reader fell, which a whole file does not make it do.
    #[error("reading it broke the reader, as no whole file does")]
    Broken,
    /// The child could not be begun.
    #[error("the reader could not be started: {0}")]
    NotBegun(#[from] io::Error),
}

/// Has `input`, in its parts, worked on under the name `task`; gives back what the child wrote.
///
/// # Errors
/// See [`Stopped`]; each is about the input, except [`Stopped::NotBegun`].
pub fn run(task: &str, input: &[&[u8]], allowed: &Allowed) -> Result<Vec<u8>, Stopped> {
    let mut child = Command::new(program()?)
        .arg(COMMAND)
        .arg(task)
        .args([allowed.memory_mib, allowed.cpu_seconds].map(|limit| limit.to_string()))
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (Some(mut stdin), Some(stdout), Some(stderr)) = (stdin, stdout, stderr) else { return Err(Stopped::Broken) };
    let child = Mutex::new(child);
    let (done, waiting) = channel::<()>();
    let mut answer = Vec::new();
    let (is_late, said) = std::thread::scope(|scope| {
        // A child that dies early stops listening: what becomes of it is seen below.
        scope.spawn(move || input.iter().try_for_each(|part| stdin.write_all(part)).is_ok());
        let said = scope.spawn(move || last_words(stderr));
        let child = &child;
        let watch = scope.spawn(move || {
            let is_late = waiting.recv_timeout(allowed.wait) == Err(RecvTimeoutError::Timeout);
            if is_late {
                kill(child);
            }
            is_late
        });
        let read = stdout.take(allowed.answer_bytes + 1).read_to_end(&mut answer);
        if read.is_err() || answer.len() as u64 > allowed.answer_bytes {
            kill(child);
        }
        drop(done);
        (watch.join().unwrap_or(false), said.join().unwrap_or_default())
    });
    let status = child.into_inner().unwrap_or_else(PoisonError::into_inner).wait()?;
    if is_late {
        return Err(Stopped::Time(allowed.wait.as_secs()));
    }
    if answer.len() as u64 > allowed.answer_bytes {
        return Err(Stopped::Length(allowed.answer_bytes / 1_000_000));
    }
    if status.success() { Ok(answer) } else { Err(why(status, &said, allowed)) }
}

/// This program. On Linux by the link that still leads to it after another version has taken its place.
fn program() -> io::Result<std::path::PathBuf> {
    if cfg!(target_os = "linux") { Ok("/proc/self/exe".into()) } else { std::env::current_exe() }
}

/// What a child says as it falls: looked through for the reason, and never shown, since it can quote the file.
fn last_words(stderr: impl Read) -> Vec<u8> {
    let mut said = Vec::new();
    // What cannot be read says nothing.
    let _ = stderr.take(10_000).read_to_end(&mut said);
    said
}

fn kill(child: &Mutex<Child>) {
    // It may have ended by itself in the meantime.
    let _ = child.lock().unwrap_or_else(PoisonError::into_inner).kill();
}

/// The exit code by which a child says that it could not be confined.
const NOT_CONFINED: u8 = 70;

fn why(status: ExitStatus, said: &[u8], allowed: &Allowed) -> Stopped {
    const KILLED: i32 = 9;
    const OUT_OF_TIME: i32 = 24;
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal = None;
    if status.code() == Some(i32::from(NOT_CONFINED)) {
        return Stopped::NotBegun(io::Error::other("its limits could not be set"));
    }
    if matches!(signal, Some(KILLED | OUT_OF_TIME)) {
        return Stopped::Time(allowed.cpu_seconds);
    }
    // Rust's words when memory is not to be had.
    const NO_MEMORY: &[u8] = b"memory allocation of";
    if said.windows(NO_MEMORY.len()).any(|words| words == NO_MEMORY) { Stopped::Memory(allowed.memory_mib) } else { Stopped::Broken }
}

/// What the child does: it gives up all it does not need, reads its input, works, and writes the answer. Gives the exit code.
pub fn work(arguments: &[String], tasks: &[(&str, Task)]) -> u8 {
    let [task, memory_mib, cpu_seconds] = arguments else { return NOT_CONFINED };
    let task = tasks.iter().find(|(name, _)| name == task).map(|(_, task)| task);
    let limits = memory_mib.parse::<u64>().ok().zip(cpu_seconds.parse::<u64>().ok());
    let (Some(task), Some((memory_mib, cpu_seconds))) = (task, limits) else { return NOT_CONFINED };
    if let Err(error) = limits::confine(memory_mib, cpu_seconds) {
        eprintln!("{error}");
        return NOT_CONFINED;
    }
    let mut input = Vec::new();
    let read = io::stdin().lock().read_to_end(&mut input);
    if read.is_err() {
        return 1;
    }
    let answer = task(input);
    let mut out = io::stdout().lock();
    u8::from(out.write_all(&answer).and_then(|()| out.flush()).is_err())
}

/// Tries, in the child, what no reader may do, and says line by line what was possible all the same.
pub fn prove(_: Vec<u8>) -> Vec<u8> {
    let mut possible = Vec::new();
    let mut tell = |was_possible: bool, what: &str| {
        if was_possible {
            possible.extend_from_slice(what.as_bytes());
        }
    };
    tell(std::fs::File::open("/").is_ok(), "to open a file\n");
    tell(std::net::UdpSocket::bind("127.0.0.1:0").is_ok(), "to use the network\n");
    tell(program().and_then(|program| Command::new(program).arg("--version").stdout(Stdio::null()).spawn()).is_ok(), "to start a program\n");
    tell(std::thread::Builder::new().spawn(|| ()).is_ok(), "to start a thread\n");
    tell(Vec::<u8>::new().try_reserve_exact(8 << 30).is_ok(), "to take 8 GB of memory\n");
    possible
}

/// One kind of work: bytes in, bytes out.
pub type Task = fn(Vec<u8>) -> Vec<u8>;
