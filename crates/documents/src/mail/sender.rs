//! Is the sender who it says it is? What servers found out, and what speaks against it.
//!
//! Anyone can write "Authentication-Results: …; dmarc=pass" into a message. Only what our own server wrote counts, which
//! puts its result above everything that was there before.

use super::Mail;
use super::field::Fields;

/// One result of one server's look at the sender (RFC 8601).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticationResult {
    /// The server that says so, by its own word; empty if it gives no name, as Exchange Online does not.
    pub server: String,
    /// `dmarc`, `dkim`, `spf` or another method.
    pub method: String,
    /// `pass`, `fail`, `none` or another result.
    pub result: String,
    /// The domain the result is about, in small letters; empty if none is named.
    pub domain: String,
    /// How many Received fields stand above it: each server adds one when it hands the message on.
    pub n_hops_since: usize,
}

/// What our own server found out about the sender's domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SenderEvidence {
    /// It vouches for the domain in From.
    Vouched,
    /// It found that the message does not come from there.
    Denied,
    /// It said nothing that settles it.
    Silent,
}

/// Something that speaks against the sender being who it says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpoofSign {
    /// No address stands in From.
    NoSender,
    /// Several addresses, or several fields, stand in From: programs show different ones.
    SeveralSenders,
    /// The name before the address holds another address.
    AddressInName {
        /// The domain in the name.
        shown: String,
        /// The domain of the address.
        real: String,
    },
    /// Answers would go to another domain.
    OtherReplyDomain {
        /// The domain of Reply-To.
        replies: String,
        /// The domain of From.
        from: String,
    },
    /// Failures would be told to another domain; so it is also with lists and mailing services.
    OtherReturnDomain {
        /// The domain of Return-Path.
        returns: String,
        /// The domain of From.
        from: String,
    },
    /// The domain holds letters beyond English ones, which may look like others.
    ForeignLetters {
        /// The domain, as written.
        domain: String,
    },
    /// A server, ours or not, writes that a check failed.
    FailedCheck {
        /// Which server.
        server: String,
        /// Which check.
        method: String,
    },
}

impl SpoofSign {
    /// The sign in a sentence.
    ///
    /// ```
    /// use headwater_documents::mail::SpoofSign;
    /// let sign = SpoofSign::OtherReplyDomain { replies: "example.com".into(), from: "example.org".into() };
    /// assert_eq!(sign.words(), "answers would go to example.com, though it says it comes from example.org");
    /// ```
    pub fn words(&self) -> String {
        match self {
            Self::NoSender => "it names no sender".to_owned(),
            Self::SeveralSenders => "it names several senders, and mail programs show different ones".to_owned(),
            Self::AddressInName { shown, real } => format!("the sender's name shows an address at {shown}, but the address is at {real}"),
            Self::OtherReplyDomain { replies, from } => format!("answers would go to {replies}, though it says it comes from {from}"),
            Self::OtherReturnDomain { returns, from } => {
                format!("failures would be told to {returns}, though it says it comes from {from}; mailing services do so too")
            }
            Self::ForeignLetters { domain } => format!("the sender's domain {domain} holds letters that may look like others"),
            Self::FailedCheck { server, method } => {
                let server = if server.is_empty() { "a server that gives no name" } else { server };
                format!("{server} writes that the check {method} of the sender failed")
            }
        }
    }
}

impl Mail {
    /// What `our_server` (the name by which our own mail server signs its results; empty for Exchange Online, which gives
    /// none) found out about the sender.
    ///
    /// Its results count only as the topmost ones, added at one hop; results of others and results further down may be the
    /// sender's own invention. A pass of DMARC for the domain in From vouches for it, as does a pass of DKIM or SPF for the same domain, one
    /// above or one below it. A message with several senders is never vouched for.
    pub fn sender_evidence(&self, our_server: &str) -> SenderEvidence {
        let hop = self.authentication.first().map(|result| result.n_hops_since);
        let ours = self.authentication.iter().take_while(|result| result.server.eq_ignore_ascii_case(our_server) && Some(result.n_hops_since) == hop);
        let [from] = self.from.as_slice() else { return SenderEvidence::Silent };
        let from = from.domain();
        if from.is_empty() || self.signs.contains(&SpoofSign::SeveralSenders) {
            return SenderEvidence::Silent;
        }
        let (mut vouched, mut denied) = (false, false);
        for result in ours {
            match (result.method.as_str(), result.result.as_str()) {
                // DMARC is the verdict over the other two; a pass for another domain than the one we read is none.
                ("dmarc", "pass") if result.domain.is_empty() || result.domain == from => return SenderEvidence::Vouched,
                ("dmarc", "fail") => return SenderEvidence::Denied,
                ("dkim" | "spf", "pass") => vouched |= are_related(&result.domain, &from),
                ("spf", "fail") => denied |= are_related(&result.domain, &from),
                _ => {}
            }
        }
        match (vouched, denied) {
            (true, _) => SenderEvidence::Vouched,
            (false, true) => SenderEvidence::Denied,
            (false, false) => SenderEvidence::Silent,
        }
    }
}

/// Whether two domains are one, or one lies below the other.
fn are_related(a: &str, b: &str) -> bool {
    let below = |inner: &str, outer: &str| inner.strip_suffix(outer).is_some_and(|rest| rest.ends_with('.'));
    // A domain without a point would be above every other in it.
    !a.is_empty() && !b.is_empty() && (a == b || a.contains('.') && b.contains('.') && (below(a, b) || below(b, a)))
}

/// The results in all Authentication-Results fields, in their order.
pub(super) fn results(fields: &Fields) -> Vec<AuthenticationResult> {
    let mut out = Vec::new();
    let mut n_hops_since = 0;
    for (name, value) in fields.iter() {
        n_hops_since += usize::from(name == "received");
        if name != "authentication-results" {
            continue;
        }
        let value = without_comments(value);
        let mut parts = value.split(';').map(str::trim).peekable();
        // Exchange Online begins with its first result and gives no name.
        let named = parts.next_if(|first| !first.contains('='));
        let server = named.and_then(|first| first.split_whitespace().next()).unwrap_or_default().to_ascii_lowercase();
        for part in parts {
            let mut words = part.split_whitespace();
            let Some((method, result)) = words.next().and_then(|word| word.split_once('=')) else { continue };
            // "header.from=", "header.d=", "smtp.mailfrom=": an address or a domain.
            let named = words.filter_map(|word| word.split_once('=')).find(|(name, _)| {
                ["header.from", "header.d", "header.i", "smtp.mailfrom", "smtp.helo"].contains(&name.to_ascii_lowercase().as_str())
            });
            let domain = named.map_or("", |(_, value)| value.rsplit_once('@').map_or(value, |(_, domain)| domain));
            out.push(AuthenticationResult {
                server: server.clone(),
                method: method.split('/').next().unwrap_or(method).to_ascii_lowercase(),
                result: result.to_ascii_lowercase(),
                domain: domain.trim_matches(['"', '<', '>', '.']).to_lowercase(),
                n_hops_since,
            });
        }
    }
    out
}

fn without_comments(value: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// What speaks against the sender; `n_from_fields` is how often the field From stands in the header.
pub(super) fn signs(mail: &Mail, n_from_fields: usize) -> Vec<SpoofSign> {
    let mut out = Vec::new();
    match mail.from.as_slice() {
        [] => out.push(SpoofSign::NoSender),
        [_] if n_from_fields <= 1 => {}
        _ => out.push(SpoofSign::SeveralSenders),
    }
    if let Some(from) = mail.from.first() {
        let domain = from.domain();
        if domain.is_empty() && !out.contains(&SpoofSign::NoSender) {
            out.push(SpoofSign::NoSender);
        }
        let in_name = from
            .name
            .as_deref()
            .and_then(|name| name.rsplit_once('@'))
            .map(|(_, rest)| rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-')).collect::<String>().to_lowercase());
        if let Some(shown) = in_name.filter(|shown| shown.contains('.') && *shown != domain) {
            out.push(SpoofSign::AddressInName { shown, real: domain.clone() });
        }
        if let Some(replies) = mail.reply_to.iter().map(super::Address::domain).find(|replies| !replies.is_empty() && !are_related(replies, &domain))
        {
            out.push(SpoofSign::OtherReplyDomain { replies, from: domain.clone() });
        }
        let returns = mail.return_path.as_deref().and_then(|path| path.rsplit_once('@')).map(|(_, returns)| returns.to_lowercase());
        if let Some(returns) = returns.filter(|returns| !are_related(returns, &domain)) {
            out.push(SpoofSign::OtherReturnDomain { returns, from: domain.clone() });
        }
        if !domain.is_ascii() || domain.split('.').any(|label| label.starts_with("xn--")) {
            out.push(SpoofSign::ForeignLetters { domain });
        }
    }
    for result in &mail.authentication {
        let sign = SpoofSign::FailedCheck { server: result.server.clone(), method: result.method.clone() };
        if result.result == "fail" && ["dmarc", "dkim", "spf"].contains(&result.method.as_str()) && !out.contains(&sign) {
            out.push(sign);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, read};
    use super::*;

    fn evidence(header: &str) -> SenderEvidence {
        let message = format!("{header}From: Ann <ann@force.example>\r\nSubject: x\r\n\r\n");
        read(message.as_bytes(), &Limits::default()).unwrap().sender_evidence("mx.office.example")
    }

    #[test]
    fn only_the_topmost_word_of_our_own_server_vouches_for_a_sender() {
        let cases = [
            ("", SenderEvidence::Silent),
            ("Authentication-Results: mx.office.example; dmarc=pass (p=reject; x) header.from=force.example\r\n", SenderEvidence::Vouched),
            ("Authentication-Results: MX.office.example 1; dkim=pass header.d=mail.force.example\r\n", SenderEvidence::Vouched),
            ("Authentication-Results: mx.office.example; spf=pass smtp.mailfrom=b@force.example; dkim=none\r\n", SenderEvidence::Vouched),
            (
                "Authentication-Results: mx.office.example; dmarc=fail header.from=force.example; spf=pass smtp.mailfrom=force.example\r\n",
                SenderEvidence::Denied,
            ),
            ("Authentication-Results: mx.office.example; spf=fail smtp.mailfrom=force.example\r\n", SenderEvidence::Denied),
            ("Authentication-Results: mx.office.example; dkim=pass header.d=elsewhere.example\r\n", SenderEvidence::Silent),
            ("Authentication-Results: mx.office.example; dkim=pass header.d=notforce.example\r\n", SenderEvidence::Silent),
            ("Authentication-Results: mx.office.example; dmarc=pass header.from=elsewhere.example\r\n", SenderEvidence::Silent),
            ("Authentication-Results: mx.forged.example; dmarc=pass header.from=force.example\r\n", SenderEvidence::Silent),
            (
                "Authentication-Results: other.example; spf=none\r\nAuthentication-Results: mx.office.example; dmarc=pass header.from=force.example\r\n",
                SenderEvidence::Silent,
            ),
            (
                "Authentication-Results: mx.office.example; spf=none\r\nReceived: by mx\r\nAuthentication-Results: mx.office.example; dmarc=pass header.from=force.example\r\n",
                SenderEvidence::Silent,
            ),
            (
                "From: other@force.example\r\nAuthentication-Results: mx.office.example; dmarc=pass header.from=force.example\r\n",
                SenderEvidence::Silent,
            ),
        ];
        for (header, expected) in cases {
            assert_eq!(evidence(header), expected, "{header}");
        }
    }

    #[test]
    fn a_server_that_gives_no_name_is_read_and_believed_only_if_asked_for() {
        let header = "Authentication-Results: spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=force.example; dkim=fail\r\n header.d=force.example;dmarc=pass action=none\r\n header.from=force.example;\r\n";
        let message = format!("{header}From: Ann <ann@force.example>\r\nSubject: x\r\n\r\n");
        let mail = read(message.as_bytes(), &Limits::default()).unwrap();
        let methods: Vec<_> = mail.authentication.iter().map(|one| (one.server.as_str(), one.method.as_str(), one.result.as_str())).collect();
        assert_eq!(methods, [("", "spf", "pass"), ("", "dkim", "fail"), ("", "dmarc", "pass")]);
        assert_eq!((mail.sender_evidence(""), mail.sender_evidence("mx.office.example")), (SenderEvidence::Vouched, SenderEvidence::Silent));
        assert_eq!(mail.signs[0].words(), "a server that gives no name writes that the check dkim of the sender failed");
    }

    #[test]
    fn each_sign_of_a_false_sender_is_seen_and_an_honest_message_has_none() {
        let signs = |header: &str| read(format!("{header}Subject: x\r\n\r\n").as_bytes(), &Limits::default()).unwrap().signs;
        assert_eq!(signs("Return-Path: <ann@force.example>\r\nFrom: Ann <ann@force.example>\r\nReply-To: <desk@mail.force.example>\r\n"), []);
        assert_eq!(signs("To: x@y.example\r\n"), [SpoofSign::NoSender]);
        assert_eq!(signs("From: a@b.example, c@d.example\r\n"), [SpoofSign::SeveralSenders]);
        assert_eq!(signs("From: a@b.example\r\nFrom: c@b.example\r\n"), [SpoofSign::SeveralSenders]);
        assert_eq!(
            signs("From: \"chief@force.example\" <x@free.example>\r\n"),
            [SpoofSign::AddressInName { shown: "force.example".into(), real: "free.example".into() }]
        );
        assert_eq!(
            signs("From: a@force.example\r\nReply-To: a@free.example\r\n"),
            [SpoofSign::OtherReplyDomain { replies: "free.example".into(), from: "force.example".into() }]
        );
        assert_eq!(
            signs("Return-Path: <b@free.example>\r\nFrom: a@force.example\r\n"),
            [SpoofSign::OtherReturnDomain { returns: "free.example".into(), from: "force.example".into() }]
        );
        assert_eq!(signs("From: a@xn--frce-5ua.example\r\n"), [SpoofSign::ForeignLetters { domain: "xn--frce-5ua.example".into() }]);
        assert_eq!(
            signs("Authentication-Results: mx.example; dkim=fail\r\nFrom: a@force.example\r\n"),
            [SpoofSign::FailedCheck { server: "mx.example".into(), method: "dkim".into() }]
        );
        for sign in signs("Return-Path: <b@c.example>\r\nFrom: \"q@w.example\" <a@b.example>\r\nReply-To: d@e.example\r\n") {
            assert!(!sign.words().ends_with('.') && sign.words().len() > 20);
        }
    }
}
