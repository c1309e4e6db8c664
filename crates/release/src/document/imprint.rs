//! Who publishes, and when: what stands at the foot of every page.

use super::Day;

/// Who publishes a publication, and when; every part may be missing, and pages then say so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imprint {
    /// Who publishes it and answers for it.
    pub publisher: Publisher,
    /// The day of the edition; none before it is published as one.
    pub issued: Option<Day>,
}

/// Who publishes and answers for a publication.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publisher {
    /// The name of the partnership or body.
    pub name: Option<String>,
    /// An e-mail address that someone reads.
    pub email: Option<String>,
    /// A postal address, on one line.
    pub address: Option<String>,
    /// The address at which the first page of the site is to be found, with its folder if it lies in one.
    pub site: Option<String>,
}

impl Publisher {
    /// What readers will miss, in words: "name", "contact e-mail".
    pub fn missing(&self) -> Vec<&'static str> {
        let parts = [("name", &self.name), ("contact e-mail", &self.email), ("address", &self.address)];
        parts.into_iter().filter(|(_, value)| value.is_none()).map(|(words, _)| words).collect()
    }

    /// The folder of the site on its server, with a slash before and after: `/`, or `/needs/`; none when no address is known.
    ///
    /// ```
    /// use headwater_release::Publisher;
    /// let at = |address: &str| Publisher { site: Some(address.into()), ..Publisher::default() }.folder();
    /// assert_eq!(at("https://vru.example"), Some("/".into()));
    /// assert_eq!(at("https://vru.example/needs"), Some("/needs/".into()));
    /// ```
    pub fn folder(&self) -> Option<String> {
        let (_, rest) = self.site.as_deref()?.split_once("://")?;
        let path = rest.split_once('/').map_or("", |(_, path)| path.trim_matches('/'));
        Some(if path.is_empty() { "/".to_owned() } else { format!("/{path}/") })
    }

    /// Whether a reader can reach anyone.
    pub fn can_be_reached(&self) -> bool {
        self.email.is_some() || self.address.is_some()
    }
}
