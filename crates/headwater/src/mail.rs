//! Mail: letters out, by a server or by hand, and what came in.
//!
//! | File | |
//! |---|---|
//! | `address` | addresses, names beside them, Message-IDs: nothing in them can end a line of a header |
//! | `settings` | `[mail]` of `headwater.toml` |
//! | `compose` | a letter as the bytes of a message |
//! | `by_hand` | messages as a folder for somebody to send from their own mail program |
//! | `send` | one message to an SMTP server, and what the server said |
//! | `outbox` | the letters of a campaign, each kept and told to the log before it goes (decision 0012) |
//! | `desk` | orders at the command line, over the log |
//! | `fetch`, `imap` | what came in, read without changing the mailbox |
//! | `connection` | a line to a server, with TLS |

pub mod address;
pub mod by_hand;
pub mod compose;
pub mod connection;
pub mod desk;
pub mod fetch;
pub mod imap;
pub mod outbox;
pub mod send;
pub mod settings;

/// What a server said, fit to be shown: one line, nothing that steers a terminal, no address of anybody.
fn cleaned(words: &str) -> String {
    /// As much as a person reads.
    const LONGEST: usize = 200;
    let plain: String = words.chars().map(|letter| if letter.is_control() || is_invisible(letter) { ' ' } else { letter }).collect();
    let words: Vec<&str> = plain.split_whitespace().map(|word| if word.contains('@') { "[address]" } else { word }).collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

/// Letters that are not seen and turn the direction of those that are.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests;
