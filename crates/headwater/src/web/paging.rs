//! Long lists, a page at a time.

use std::ops::Range;

use maud::{Markup, html};

use super::visit::Visit;

/// Which of `n` things stand on the page that is asked for: the first `per` of them, or those of a later page.
pub fn range(visit: &Visit, n: usize, per: usize) -> Range<usize> {
    range_of(visit.query.text("page"), n, per)
}

fn range_of(page: &str, n: usize, per: usize) -> Range<usize> {
    let last = n.saturating_sub(1) / per;
    let page = page.parse::<usize>().unwrap_or(1).saturating_sub(1).min(last);
    page * per..n.min((page + 1) * per)
}

/// Says which of `n` things stand on the page, with the way to the others; nothing where all of them do.
pub fn ways(visit: &Visit, n: usize, per: usize) -> Markup {
    let shown = range(visit, n, per);
    let page = shown.start / per + 1;
    let at = |page: usize| format!("{}?page={page}", visit.path);
    html! {
        @if n > per {
            nav.pages aria-label="Pages of this list" {
                p { (shown.start + 1) " to " (shown.end) " of " (n) "." }
                ul {
                    @if page > 1 { li { a rel="prev" href=(at(page - 1)) { "Newer" } } }
                    @if shown.end < n { li { a rel="next" href=(at(page + 1)) { "Older" } } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thing_stands_on_one_page_and_no_page_is_beyond_the_last() {
        for (n, per) in [(0_usize, 50), (1, 50), (50, 50), (51, 50), (149, 50)] {
            let n_pages = n.div_ceil(per).max(1);
            let all: Vec<usize> = (1..=n_pages).flat_map(|page| range_of(&page.to_string(), n, per)).collect();
            assert_eq!(all, (0..n).collect::<Vec<_>>());
            for odd in ["99999", "18446744073709551615"] {
                assert_eq!(range_of(odd, n, per), range_of(&n_pages.to_string(), n, per));
            }
            for odd in ["", "0", "-1", "x"] {
                assert_eq!(range_of(odd, n, per), range_of("1", n, per));
            }
        }
    }
}
