//! What a confined process gives up before it reads a byte.

/// Sets the limits of this process; they cannot be lifted again.
///
/// # Errors
/// The system refuses a limit; then nothing may be read.
#[cfg(target_os = "linux")]
pub fn confine(memory_mib: u64, cpu_seconds: u64) -> Result<(), String> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limits = [
        (Resource::As, memory_mib << 20),
        (Resource::Cpu, cpu_seconds),
        // No file is written, none is opened beyond the pipes, no picture of memory is left behind, no child is begun.
        (Resource::Fsize, 0),
        (Resource::Nofile, 3),
        (Resource::Core, 0),
        (Resource::Nproc, 0),
    ];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) }).map_err(|error| format!("{resource:?}: {error}"))?;
    }
    calls::forbid()
}

/// Elsewhere there are no limits that a process could set for itself without another program; the parent still waits no
/// longer than it said.
///
/// # Errors
/// None.
#[cfg(not(target_os = "linux"))]
pub fn confine(_: u64, _: u64) -> Result<(), String> {
    Ok(())
}

/// The calls that are left, by seccomp: those for memory, for reading and writing what is open already, and for ending.
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod calls {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};
    use std::collections::BTreeMap;

    const ALLOWED: [i64; 27] = [
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_close,
        libc::SYS_fstat,
        libc::SYS_lseek,
        libc::SYS_mmap,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_mprotect,
        libc::SYS_madvise,
        libc::SYS_brk,
        libc::SYS_futex,
        libc::SYS_sched_yield,
        libc::SYS_clock_gettime,
        libc::SYS_getrandom,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_tgkill,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_restart_syscall,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];

    /// Any other call fails as not permitted from now on.
    pub fn forbid() -> Result<(), String> {
        let rules = ALLOWED.iter().map(|call| (*call, Vec::new())).collect::<BTreeMap<_, _>>();
        let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(|error| error.to_string())?;
        let not_permitted = SeccompAction::Errno(libc::EPERM.unsigned_abs());
        let filter = SeccompFilter::new(rules, not_permitted, SeccompAction::Allow, arch).map_err(|error| error.to_string())?;
        let program = BpfProgram::try_from(filter).map_err(|error| error.to_string())?;
        seccompiler::apply_filter(&program).map_err(|error| error.to_string())
    }
}

#[cfg(all(target_os = "linux", not(any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod calls {
    /// No filter is known for this processor: the other limits hold alone.
    pub fn forbid() -> Result<(), String> {
        Ok(())
    }
}
