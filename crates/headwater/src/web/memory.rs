//! How much of what is left here is held in memory at once, by all who leave something.
//!
//! Files go to the disk as they come. To be taken apart and looked into, one is read into memory: whoever comes while others
//! fill it waits.

use std::sync::{Condvar, Mutex, PoisonError};

use super::replies::LOOKED_INTO_BYTES;

/// The memory for files.
#[derive(Default)]
pub struct Memory {
    in_use: Mutex<u64>,
    freed: Condvar,
}

/// Memory that somebody holds until this is dropped.
pub struct Held<'a> {
    memory: &'a Memory,
    n_bytes: u64,
}

impl Memory {
    /// Waits until there is memory for so many bytes. More than there is at all is given to one alone.
    ///
    /// Whoever holds some must not ask for more: two who did could wait for each other.
    pub fn hold(&self, n_bytes: u64) -> Held<'_> {
        let in_use = self.in_use.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |in_use: &mut u64| *in_use > 0 && in_use.saturating_add(n_bytes) > LOOKED_INTO_BYTES;
        let mut in_use = self.freed.wait_while(in_use, is_full).unwrap_or_else(PoisonError::into_inner);
        *in_use += n_bytes;
        Held { memory: self, n_bytes }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *self.memory.in_use.lock().unwrap_or_else(PoisonError::into_inner) -= self.n_bytes;
        self.memory.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    #[test]
    fn who_comes_while_it_is_full_waits_and_small_ones_pass() {
        let memory = Memory::default();
        let first = memory.hold(LOOKED_INTO_BYTES - 10);
        drop(memory.hold(10));
        let (said, heard) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let _second = memory.hold(11);
                said.send(()).unwrap();
            });
            assert!(heard.recv_timeout(Duration::from_millis(100)).is_err(), "it did not wait");
            drop(first);
            heard.recv().unwrap();
        });
        drop(memory.hold(3 * LOOKED_INTO_BYTES));
        assert_eq!(*memory.in_use.lock().unwrap(), 0);
    }
}
