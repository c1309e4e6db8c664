//! Places on a page that are filled when the whole site is put together: an edition does not know what comes after it.
//!
//! They are comments of HTML. Words from data are escaped, so that nothing else on a page can look like one.

/// Relations to other editions, in the head.
pub(crate) const HEAD: &str = "<!--slot: head-->";
/// Which edition this is, above everything.
pub(crate) const BANNER: &str = "<!--slot: banner-->";
/// Links to the pages about editions, at the foot.
pub(crate) const LINKS: &str = "<!--slot: links-->";
/// What a page about editions is about.
pub(crate) const BODY: &str = "<!--slot: body-->";

/// What goes into the places of one page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filling {
    pub(crate) head: String,
    pub(crate) banner: String,
    pub(crate) links: String,
    pub(crate) body: String,
    /// What is added to the page's title, so that two editions of a page can be told apart in a browser.
    pub(crate) title: String,
}

/// A page with its places filled. A file that is no page is returned as it is.
pub(crate) fn fill(page: &[u8], filling: &Filling) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(page) else { return page.to_vec() };
    // The first title is that of the page; drawings have titles of their own, further down.
    let titled = text.replacen("</title>", &format!("{}</title>", filling.title), 1);
    titled.replace(HEAD, &filling.head).replace(BANNER, &filling.banner).replace(LINKS, &filling.links).replace(BODY, &filling.body).into_bytes()
}
