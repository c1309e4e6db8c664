//! Accounts: a password (argon2id), an authenticator (TOTP, RFC 6238) and a role, in an erasable record beside the log.
//!
//! | Record | Id | Holds |
//! |---|---|---|
//! | `account` | the person's | role, hash of the password, secret of the authenticator, the last code's step |
//! | `invitation` | SHA-256 of its link | for whom, which role, the authenticator's secret, until when |
//! | `authenticator` | the person's | the secret of a new authenticator until its first code was shown, for which session, until when |
//!
//! A link and a password are never written down, only what they hash to. A code is accepted once: its step is kept.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};

use super::access::Role;
use crate::people;
use crate::problem::{Exit, Problem};
use crate::store::Workspace;
use crate::store::blobs::hex;
use crate::store::log::{Condition, Entry};
use crate::store::records::{Change, Put, Record};

const ACCOUNT: &str = "account";
const INVITATION: &str = "invitation";
const AUTHENTICATOR: &str = "authenticator";

/// The fewest characters of a password: ASVS 5.0 6.2.1 asks for 8 and recommends 15.
pub const SHORTEST_PASSWORD: usize = 12;

/// The most: enough for any phrase, and no way to keep the server busy.
pub const LONGEST_PASSWORD: usize = 128;

/// How long an invitation holds.
const INVITATION_DAYS: i64 = 7;

/// How long the key of a new authenticator may be looked at.
const OFFER_MINUTES: i64 = 10;

/// Bytes of an authenticator's secret: RFC 4226 recommends 20.
const SECRET_BYTES: usize = 20;

/// What a person needs to sign in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// What they may do.
    pub role: Role,
    /// The hash of the password, as a PHC string. Without one nobody can sign in by password: an invented person of the demo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    /// The secret of the authenticator, in base 32.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authenticator: Option<String>,
    /// The step of the last code that was accepted.
    #[serde(default)]
    last_step: u64,
    /// Whether a lead closed it.
    #[serde(default)]
    pub closed: bool,
    /// Whether it belongs to an invented person whom anyone at this computer may play.
    #[serde(default)]
    pub invented: bool,
}

impl Account {
    /// What changes when the account does: a session made under another is over.
    pub fn seal(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        for part in [self.role.words(), self.password.as_deref().unwrap_or_default(), self.authenticator.as_deref().unwrap_or_default()] {
            hash.update(part);
            hash.update([0]);
        }
        hash.finalize().to_vec()
    }

    /// Whether somebody has set a password and an authenticator.
    pub fn can_sign_in(&self) -> bool {
        self.password.is_some() && self.authenticator.is_some()
    }

    /// Whether this is the password. Takes about 30 ms.
    ///
    /// # Errors
    /// The hash that is kept cannot be read.
    pub fn has_password(&self, password: &str) -> Result<bool, Problem> {
        self.password.as_deref().map_or(Ok(false), |hash| is_password(password, hash))
    }

    /// Sets another password, which was found strong enough.
    ///
    /// # Errors
    /// The system gives no chance.
    pub fn set_password(&mut self, password: &str) -> Result<(), Problem> {
        self.password = Some(hashed(password)?);
        Ok(())
    }

    /// Takes away the password and the authenticator: nobody signs in until an invitation is taken up.
    pub fn take_access(&mut self) {
        (self.password, self.authenticator) = (None, None);
    }

    /// Uses up a code of the authenticator, if it is a good one; the account is then to be written.
    ///
    /// # Errors
    /// The secret cannot be read.
    pub fn takes_code(&mut self, code: &str, at: Timestamp) -> Result<bool, Problem> {
        let Some(secret) = self.authenticator.as_deref() else { return Ok(false) };
        let step = step_of(secret, code, at)?.filter(|step| *step > self.last_step);
        self.last_step = step.unwrap_or(self.last_step);
        Ok(step.is_some())
    }

    /// Takes another authenticator, if the code is one of it; the account is then to be written.
    ///
    /// # Errors
    /// The secret cannot be read.
    pub fn takes_authenticator(&mut self, offer: &Offer, code: &str, at: Timestamp) -> Result<bool, Problem> {
        let Some(step) = step_of(&offer.secret, code, at)? else { return Ok(false) };
        (self.authenticator, self.last_step) = (Some(offer.secret.clone()), step);
        Ok(true)
    }
}

/// The key of a new authenticator, for ten minutes and one session.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    secret: String,
    session: String,
    until: Timestamp,
}

impl Offer {
    /// The key and what the authenticator reads off the screen.
    ///
    /// # Errors
    /// The names cannot stand in such an address.
    pub fn address(&self, office: &str, name: &str) -> Result<(String, String), Problem> {
        address_of(&self.secret, office, name)
    }
}

/// Makes the key of a new authenticator; an older one is forgotten.
///
/// # Errors
/// The record cannot be written.
pub fn offer_authenticator(ws: &Workspace, person: &str, session: &str, at: Timestamp) -> Result<(), Problem> {
    forget_authenticator(ws, person)?;
    let offer = Offer { secret: secret()?, session: session.to_owned(), until: at + SignedDuration::from_mins(OFFER_MINUTES) };
    ws.records().put(AUTHENTICATOR, person, 0, &written(&offer)?)?;
    Ok(())
}

/// The key of a new authenticator that was made in this session and is still good.
///
/// # Errors
/// The record cannot be read.
pub fn offered_authenticator(ws: &Workspace, person: &str, session: &str, at: Timestamp) -> Result<Option<Offer>, Problem> {
    let offer: Option<Offer> = ws.records().get(AUTHENTICATOR, person)?.as_ref().map(read).transpose()?;
    Ok(offer.filter(|offer| at < offer.until && offer.session == session))
}

/// Forgets the key of a new authenticator.
///
/// # Errors
/// The record cannot be erased.
pub fn forget_authenticator(ws: &Workspace, person: &str) -> Result<(), Problem> {
    ws.records().erase(AUTHENTICATOR, person).map(|_| ())
}

/// An offer of an account, under a link that works once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// Whom it is for; nobody yet for the first account of a workspace, whose owner says who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The role they get.
    pub role: Role,
    /// The secret that their authenticator will hold, in base 32.
    authenticator: String,
    /// Until when it holds.
    pub until: Timestamp,
}

/// The account of an invented person: no password, so that nobody signs in with one; whoever sits at this computer may play them.
pub fn invented(role: Role) -> Account {
    Account { role, password: None, authenticator: None, last_step: 0, closed: false, invented: true }
}

/// The account of a person, and the version of its record.
///
/// # Errors
/// The record cannot be read.
pub fn get(ws: &Workspace, person: &str) -> Result<Option<(Account, i64)>, Problem> {
    ws.records().get(ACCOUNT, person)?.map(|record| Ok((read(&record)?, record.version))).transpose()
}

/// All accounts, by person.
///
/// # Errors
/// The records cannot be read.
pub fn all(ws: &Workspace) -> Result<Vec<(String, Account)>, Problem> {
    ws.records().all(ACCOUNT)?.into_iter().map(|record| Ok((record.id.clone(), read(&record)?))).collect()
}

fn read<T: for<'a> Deserialize<'a>>(record: &Record) -> Result<T, Problem> {
    serde_json::from_str(&record.body).map_err(|_| {
        Problem::new(format!("the record of kind {} and id {} is not one that this version writes", record.kind, record.id))
            .hint("use the version of Headwater that wrote it")
    })
}

fn written(value: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(|error| Problem::while_doing("writing a record", error))
}

/// Writes an account over the version that was read.
///
/// # Errors
/// It was changed meanwhile, or cannot be written.
pub fn put(ws: &Workspace, person: &str, seen: i64, account: &Account) -> Result<(), Problem> {
    match ws.records().put(ACCOUNT, person, seen, &written(account)?)? {
        Put::Kept(_) => Ok(()),
        Put::ChangedMeanwhile => Err(Problem::new("the account was changed by somebody else meanwhile").hint("look at it again")),
    }
}

/// Erases the account of a person, if there is one.
///
/// # Errors
/// The record cannot be erased.
pub fn erase(ws: &Workspace, person: &str) -> Result<(), Problem> {
    ws.records().erase(ACCOUNT, person)?;
    forget_authenticator(ws, person)?;
    uninvite(ws, Some(person))
}

/// Ends the invitations of a person, so that none opens again what was closed.
///
/// # Errors
/// A record cannot be erased.
pub fn uninvite(ws: &Workspace, person: Option<&str>) -> Result<(), Problem> {
    for (id, invitation) in invitations(ws)? {
        if invitation.person.as_deref() == person {
            ws.records().erase(INVITATION, &id)?;
        }
    }
    Ok(())
}

/// Random bytes as hexadecimal digits.
///
/// # Errors
/// The system gives no chance.
pub fn token(n_bytes: usize) -> Result<String, Problem> {
    let mut chance = vec![0; n_bytes];
    getrandom::fill(&mut chance).map_err(|error| Problem::while_doing("asking the system for chance", error))?;
    Ok(hex(&chance))
}

/// What is kept of a secret link.
pub fn kept_of(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Makes an invitation and gives the secret part of its link, which is written down nowhere. An older one for the same person ends.
///
/// # Errors
/// The record cannot be written.
pub fn invite(ws: &Workspace, person: Option<&str>, role: Role, at: Timestamp) -> Result<String, Problem> {
    uninvite(ws, person)?;
    let until = at + SignedDuration::from_hours(24 * INVITATION_DAYS);
    let invitation = Invitation { person: person.map(str::to_owned), role, authenticator: secret()?, until };
    let token = token(20)?;
    ws.records().put(INVITATION, &kept_of(&token), 0, &written(&invitation)?)?;
    Ok(token)
}

/// The invitation of a link, if it still holds.
///
/// # Errors
/// The record cannot be read.
pub fn invitation(ws: &Workspace, token: &str, at: Timestamp) -> Result<Option<Invitation>, Problem> {
    let record = ws.records().get(INVITATION, &kept_of(token))?;
    let invitation: Option<Invitation> = record.as_ref().map(read).transpose()?;
    Ok(invitation.filter(|it| at < it.until))
}

/// All invitations, by what is kept of their links.
///
/// # Errors
/// The records cannot be read.
pub fn invitations(ws: &Workspace) -> Result<Vec<(String, Invitation)>, Problem> {
    ws.records().all(INVITATION)?.into_iter().map(|record| Ok((record.id.clone(), read(&record)?))).collect()
}

impl Invitation {
    /// What the authenticator reads off the screen.
    ///
    /// # Errors
    /// The names cannot stand in such an address.
    pub fn authenticator(&self, office: &str, name: &str) -> Result<(String, String), Problem> {
        address_of(&self.authenticator, office, name)
    }

    /// Whether a code is one of the authenticator's now.
    ///
    /// # Errors
    /// The secret cannot be read.
    pub fn is_code(&self, code: &str, at: Timestamp) -> Result<bool, Problem> {
        Ok(self.step_of(code, at)?.is_some())
    }

    fn step_of(&self, code: &str, at: Timestamp) -> Result<Option<u64>, Problem> {
        step_of(&self.authenticator, code, at)
    }
}

/// The secret of a new authenticator, in base 32.
fn secret() -> Result<String, Problem> {
    let mut secret = vec![0; SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(|error| Problem::while_doing("asking the system for chance", error))?;
    Ok(Secret::from(secret).to_base32())
}

fn address_of(secret: &str, office: &str, name: &str) -> Result<(String, String), Problem> {
    // A colon parts the two in the address.
    let plain = |text: &str| text.replace(':', " ");
    let totp = totp(secret, Some((&plain(office), &plain(name))))?;
    let address = totp.to_url().map_err(|error| Problem::while_doing("writing the authenticator's address", error))?;
    Ok((secret.to_owned(), address))
}

fn totp(secret: &str, names: Option<(&str, &str)>) -> Result<Totp, Problem> {
    let secret = Secret::try_from_base32(secret).map_err(|error| Problem::while_doing("reading the authenticator's secret", error))?;
    let mut builder = Builder::new().with_secret(secret);
    if let Some((office, name)) = names {
        builder = builder.with_issuer(Some(office)).with_account_name(name);
    }
    builder.build().map_err(|error| Problem::while_doing("making the authenticator", error))
}

fn step_of(secret: &str, code: &str, at: Timestamp) -> Result<Option<u64>, Problem> {
    let code: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
    let seconds = u64::try_from(at.as_second()).unwrap_or(0);
    Ok(totp(secret, None)?.check(&code, seconds))
}

/// What is wrong with a password somebody chose, in the words of the page; `about` are words that are easy to guess of them.
pub fn weakness(password: &str, about: &[&str]) -> Option<String> {
    let n = password.chars().count();
    if n < SHORTEST_PASSWORD {
        return Some(format!("Choose a password of {SHORTEST_PASSWORD} characters or more: three or four words are easy to remember"));
    }
    if n > LONGEST_PASSWORD {
        return Some(format!("Choose a password of at most {LONGEST_PASSWORD} characters"));
    }
    let easy = zxcvbn::zxcvbn(password, about).score() < zxcvbn::Score::Three;
    easy.then(|| "Choose a password that is harder to guess: it is much used, or made of names, dates or rows of keys".to_owned())
}

/// Hashes a password: argon2id with 19 MiB, two passes, as OWASP's cheat sheet asks. Takes about 30 ms.
///
/// # Errors
/// The system gives no chance.
pub fn hashed(password: &str) -> Result<String, Problem> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| Problem::while_doing("hashing the password", error))
}

/// Makes the account that an invitation offers; the invitation is used up.
///
/// `Ok(false)`: the code is not one of the authenticator's.
///
/// # Errors
/// The invitation was used meanwhile, or a record cannot be written.
pub fn accept(ws: &Workspace, token: &str, person: &str, password: &str, code: &str, at: Timestamp) -> Result<bool, Problem> {
    let used = || Problem::new("this invitation was used, or is no longer good").hint("ask a lead for another").exit(Exit::WrongUse);
    let invitation = invitation(ws, token, at)?.ok_or_else(used)?;
    let Some(last_step) = invitation.step_of(code, at)? else { return Ok(false) };
    let password = Some(hashed(password)?);
    let before = get(ws, person)?;
    let seen = before.as_ref().map_or(0, |(_, version)| *version);
    // Where somebody's access was reset, their role may have been changed since.
    let role = before.filter(|(account, _)| !account.closed).map_or(invitation.role, |(account, _)| account.role);
    let account = Account { role, password, authenticator: Some(invitation.authenticator), last_step, closed: false, invented: false };
    let (event, body, token) = (json!({"person": person, "role": role}), written(&account)?, kept_of(token));
    let entry = Entry { kind: "account.opened", body: &event, actor: person, at };
    // Who erases the invitation has it: of two who press at once, one does. If the program dies, it is as good as before.
    let changes = [Change::Erase { kind: INVITATION, id: &token }, Change::Put { kind: ACCOUNT, id: person, seen, body: &body }];
    if ws.log().write_with(&[entry], &changes, Condition::Always)?.is_none() {
        return Err(used());
    }
    Ok(true)
}

/// Who signs in with this address, password and code; nobody, if any of the three is wrong.
///
/// It takes the same time whether or not there is such a person.
///
/// # Errors
/// The records cannot be read or written.
pub fn who_signs_in(ws: &Workspace, email: &str, password: &str, code: &str, at: Timestamp) -> Result<Option<String>, Problem> {
    let person = people::all(ws)?.into_iter().find(|(_, person)| person.email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(email)));
    let account = match &person {
        Some((id, _)) => get(ws, id)?.filter(|(account, _)| !account.closed),
        None => None,
    };
    // The hash of a password that nobody knows: argon2id over 32 random bytes that were thrown away.
    const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$7y/gu8wsGDfZS7VZ94DNiQ$cz7qnD3E4nOD2dKuJBJP+5babsKipsB8ptCRh1fnAyk";
    let hash = account.as_ref().and_then(|(account, _)| account.password.as_deref()).unwrap_or(NOBODYS);
    let password_is_right = is_password(password, hash)?;
    let (Some((id, _)), Some((mut account, version))) = (person, account) else { return Ok(None) };
    if !password_is_right || !account.takes_code(code, at)? {
        return Ok(None);
    }
    // Two who send the same code at once: the second finds the record changed.
    match ws.records().put(ACCOUNT, &id, version, &written(&account)?)? {
        Put::Kept(_) => Ok(Some(id)),
        Put::ChangedMeanwhile => Ok(None),
    }
}

fn is_password(password: &str, hash: &str) -> Result<bool, Problem> {
    let parsed = PasswordHash::new(hash).map_err(|error| Problem::while_doing("reading the hash of a password", error))?;
    Ok(password.len() <= 4 * LONGEST_PASSWORD && Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}
