//! A program watched from outside (`ptrace`): each step by which it writes is counted, and at one of them it dies. The
//! program is the one that is shipped; nothing in it knows of this.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::JoinHandle;

use nix::errno::Errno;
use nix::libc;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::disk::Disk;

/// When and how a program dies.
#[derive(Clone, Copy, Debug)]
pub struct Fate {
    /// At which of its steps, from 0.
    pub at: usize,
    /// How.
    pub how: How,
}

/// How a program dies at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Before the step is done.
    Killed,
    /// When so many bytes of a write are written.
    Torn(u64),
    /// Before the step is done, and with it everything that was not flushed to the disk.
    PowerCut,
}

/// A step by which a program writes.
#[derive(Clone, Debug)]
pub struct Step {
    /// The system's name for it.
    pub call: &'static str,
    /// What is written to: a path below the watched folder, or that it is an answer.
    pub to: String,
    /// How many bytes are written; 0 where it writes none.
    pub n_bytes: u64,
}

/// The steps that a program did, and its exit code if it ended by itself.
pub type Ended = (Vec<Step>, Option<i32>);

/// A program that is being watched.
pub struct Watch {
    pid: Pid,
    thread: JoinHandle<Ended>,
}

impl Watch {
    /// Watches a running program and what it writes below a folder and answers on the network.
    pub fn begin(pid: u32, folder: &Path, fate: Option<Fate>) -> Self {
        let pid = Pid::from_raw(pid.cast_signed());
        let (folder, (ready, is_ready)) = (folder.to_owned(), mpsc::channel());
        let thread = std::thread::spawn(move || {
            attach(pid);
            ready.send(()).unwrap();
            Follower { pid, disk: Disk::of(&folder), folder, fate, steps: Vec::new(), within: HashMap::new() }.follow()
        });
        is_ready.recv().expect("the system lets nobody watch a program: ptrace must be allowed for this test");
        Self { pid, thread }
    }

    /// Ends the program, if it has not died, and tells the steps it did until then.
    pub fn end(self) -> Ended {
        let _ = kill(self.pid, Signal::SIGKILL);
        self.died()
    }

    /// Waits until the program has ended, and tells the steps it did until then.
    pub fn died(self) -> Ended {
        self.thread.join().unwrap()
    }
}

/// Every thread there is; those to come are attached by the system.
fn attach(pid: Pid) {
    let options = Options::PTRACE_O_TRACESYSGOOD | Options::PTRACE_O_TRACECLONE | Options::PTRACE_O_EXITKILL;
    let mut attached = Vec::new();
    loop {
        let threads = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
        let threads = threads.map(|it| Pid::from_raw(it.unwrap().file_name().to_str().unwrap().parse().unwrap()));
        let new: Vec<Pid> = threads.filter(|thread| !attached.contains(thread)).collect();
        if new.is_empty() {
            return;
        }
        for thread in new {
            // One that ended meanwhile, or was attached as another's child, is no fault.
            if ptrace::seize(thread, options).is_ok() {
                let _ = ptrace::interrupt(thread);
            }
            attached.push(thread);
        }
    }
}

/// A call that a thread is in.
#[derive(Clone, Debug)]
pub struct Call {
    /// What it does to which file.
    pub does: Does,
    /// The step that is made of it, if it is one.
    step: Option<Step>,
    /// Whether the program dies when the call is done.
    is_last: bool,
}

/// What a call does to files below the folder.
#[derive(Clone, Debug)]
pub enum Does {
    /// Nothing that matters.
    Nothing,
    /// Changes the bytes of a file.
    Write(PathBuf),
    /// Flushes a file or a folder, as it was when the call began.
    Flush(PathBuf),
    /// Changes what is in folders under these names.
    Names(Vec<PathBuf>),
}

struct Follower {
    pid: Pid,
    folder: PathBuf,
    fate: Option<Fate>,
    disk: Disk,
    steps: Vec<Step>,
    within: HashMap<Pid, Call>,
}

impl Follower {
    fn follow(mut self) -> Ended {
        let mut code = None;
        loop {
            // Only children of this thread: the tests beside this one have programs of their own.
            match waitpid(None, Some(WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD)) {
                Ok(WaitStatus::PtraceSyscall(thread)) => {
                    if let Some(call) = self.within.remove(&thread) {
                        self.after(thread, &call);
                    } else {
                        let call = self.before(thread);
                        self.within.insert(thread, call);
                    }
                    let _ = ptrace::syscall(thread, None);
                }
                Ok(WaitStatus::Stopped(thread, signal)) => drop(ptrace::syscall(thread, signal)),
                Ok(WaitStatus::PtraceEvent(thread, ..)) => drop(ptrace::syscall(thread, None)),
                Ok(ended @ (WaitStatus::Exited(thread, _) | WaitStatus::Signaled(thread, ..))) => {
                    code = if let WaitStatus::Exited(_, code) = ended { Some(code) } else { None };
                    self.within.remove(&thread);
                    if thread == self.pid {
                        break;
                    }
                }
                Ok(_) | Err(Errno::EINTR) => {}
                Err(_) => break,
            }
        }
        if matches!(self.fate, Some(Fate { at, how: How::PowerCut }) if at < self.steps.len()) {
            self.disk.cut();
        }
        (self.steps, code)
    }

    fn before(&mut self, thread: Pid) -> Call {
        let mut call = Call { does: Does::Nothing, step: None, is_last: false };
        let Ok(mut registers) = ptrace::getregs(thread) else { return call };
        (call.does, call.step) = self.read(thread, &registers).unwrap_or((Does::Nothing, None));
        if matches!(self.fate, Some(fate) if fate.at < self.steps.len()) {
            // It is dying: what other threads still do is not counted.
            return call;
        }
        if let Some(step) = call.step.clone() {
            let fate = self.fate.filter(|fate| fate.at == self.steps.len());
            self.steps.push(step);
            match fate.map(|fate| fate.how) {
                None => {}
                Some(How::Torn(n_bytes)) => {
                    registers.rdx = n_bytes;
                    ptrace::setregs(thread, registers).unwrap();
                    call.is_last = true;
                }
                Some(How::Killed | How::PowerCut) => {
                    let _ = kill(self.pid, Signal::SIGKILL);
                    return call;
                }
            }
        }
        if matches!(self.fate, Some(Fate { how: How::PowerCut, .. })) {
            self.disk.before(thread, &call.does);
        }
        call
    }

    fn after(&mut self, thread: Pid, call: &Call) {
        if call.is_last {
            let _ = kill(self.pid, Signal::SIGKILL);
        } else if matches!(self.fate, Some(Fate { how: How::PowerCut, .. })) {
            let done = ptrace::getregs(thread).is_ok_and(|registers| registers.rax.cast_signed() >= 0);
            self.disk.after(thread, &call.does, done);
        }
    }

    /// What a call does, and the step that it is.
    fn read(&self, thread: Pid, registers: &libc::user_regs_struct) -> Option<(Does, Option<Step>)> {
        let number = registers.orig_rax.cast_signed();
        let arguments = [registers.rdi, registers.rsi, registers.rdx, registers.r10];
        let below = |path: PathBuf| path.starts_with(&self.folder).then_some(path);
        let opened = |descriptor: u64| fs::read_link(format!("/proc/{thread}/fd/{descriptor}")).ok();
        let named = |folder: Option<u64>, at: u64| below(self.path(thread, folder, at)?);
        let told =
            |call, path: &Path, n_bytes| Some(Step { call, to: path.strip_prefix(&self.folder).unwrap_or(path).display().to_string(), n_bytes });
        let write = |call: &'static str, n_bytes: u64| {
            let to = opened(arguments[0])?;
            if to.to_str().is_some_and(|to| to.starts_with("socket:")) {
                return Some((Does::Nothing, Some(Step { call, to: "an answer".to_owned(), n_bytes: 0 })));
            }
            let to = below(to)?;
            Some((Does::Write(to.clone()), told(call, &to, n_bytes)))
        };
        let names = |call: &'static str, paths: Vec<PathBuf>| {
            let step = told(call, paths.first()?, 0);
            Some((Does::Names(paths), step))
        };
        match number {
            libc::SYS_write => write("write", arguments[2]),
            libc::SYS_pwrite64 => write("pwrite64", arguments[2]),
            libc::SYS_writev => write("writev", 0),
            libc::SYS_pwritev => write("pwritev", 0),
            libc::SYS_sendto => write("sendto", 0),
            libc::SYS_sendmsg => write("sendmsg", 0),
            libc::SYS_ftruncate => write("ftruncate", 0),
            libc::SYS_fallocate => write("fallocate", 0),
            libc::SYS_copy_file_range => {
                let to = below(opened(arguments[2])?)?;
                Some((Does::Write(to.clone()), told("copy_file_range", &to, 0)))
            }
            libc::SYS_fsync | libc::SYS_fdatasync => {
                let to = below(opened(arguments[0])?)?;
                Some((Does::Flush(to.clone()), told("fsync", &to, 0)))
            }
            libc::SYS_fchmod => Some((Does::Nothing, told("fchmod", &below(opened(arguments[0])?)?, 0))),
            libc::SYS_rename => names("rename", vec![named(None, arguments[0])?, named(None, arguments[1])?]),
            libc::SYS_renameat | libc::SYS_renameat2 => {
                names("rename", vec![named(Some(arguments[0]), arguments[1])?, named(Some(arguments[2]), arguments[3])?])
            }
            libc::SYS_link => names("link", vec![named(None, arguments[1])?]),
            libc::SYS_linkat => names("link", vec![named(Some(arguments[2]), arguments[3])?]),
            libc::SYS_unlink => names("unlink", vec![named(None, arguments[0])?]),
            libc::SYS_unlinkat => names("unlink", vec![named(Some(arguments[0]), arguments[1])?]),
            libc::SYS_rmdir => names("rmdir", vec![named(None, arguments[0])?]),
            libc::SYS_mkdir => names("mkdir", vec![named(None, arguments[0])?]),
            libc::SYS_mkdirat => names("mkdir", vec![named(Some(arguments[0]), arguments[1])?]),
            libc::SYS_open | libc::SYS_openat => {
                let (path, flags) = if number == libc::SYS_open {
                    (named(None, arguments[0])?, arguments[1])
                } else {
                    (named(Some(arguments[0]), arguments[1])?, arguments[2])
                };
                let has = |flag: i32| flags & u64::from(flag.cast_unsigned()) != 0;
                match path.exists() {
                    false if has(libc::O_CREAT) => names("create", vec![path]),
                    true if has(libc::O_TRUNC) => Some((Does::Write(path.clone()), told("truncate", &path, 0))),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The path that a thread named.
    fn path(&self, thread: Pid, folder: Option<u64>, at: u64) -> Option<PathBuf> {
        let mut bytes = vec![0; 512];
        // It may lie at the end of what can be read.
        let memory = fs::File::open(format!("/proc/{thread}/mem")).ok()?;
        let n = memory.read_at(&mut bytes, at).ok()?;
        let text = std::str::from_utf8(bytes[..n].split(|byte| *byte == 0).next()?).ok()?;
        let from = match folder {
            Some(descriptor) if descriptor as i32 != libc::AT_FDCWD => format!("/proc/{thread}/fd/{descriptor}"),
            _ => format!("/proc/{thread}/cwd"),
        };
        Some(fs::read_link(from).ok()?.join(text))
    }
}
