//! From what a reader meets to pages, blocks and words: every reader of text but that of PDF writes through this.
//!
//! Flows lie in flows: a cell in a row, a text box or a footnote in a paragraph. What lies in a paragraph comes behind it, and
//! a row becomes one block when its last cell is known. Whatever a broken file begins and does not end is ended here.

use super::{BlockKind, DocumentText, Limits, PageText, TextBlock, Word};
use crate::Refusal;
use std::ops::Range;

/// A block that is not yet on its page.
#[derive(Debug)]
pub(super) struct Draft {
    kind: BlockKind,
    /// The number that the program sets before it; nothing is written for a number alone.
    label: Option<String>,
    text: String,
    /// Where it is hidden, from left to right.
    hidden: Vec<Range<usize>>,
    /// What comes behind it: text boxes and notes.
    behind: Vec<Draft>,
}

impl Draft {
    fn of(kind: BlockKind) -> Self {
        Self { kind, label: None, text: String::new(), hidden: Vec::new(), behind: Vec::new() }
    }

    fn is_empty(&self) -> bool {
        self.behind.is_empty() && self.text.trim().is_empty()
    }

    fn push(&mut self, c: char, is_visible: bool) {
        let from = self.text.len();
        self.text.push(c);
        if is_visible {
            return;
        }
        match self.hidden.last_mut() {
            Some(last) if last.end == from => last.end = self.text.len(),
            _ => self.hidden.push(from..self.text.len()),
        }
    }

    /// The words of it.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }
}

/// What a flow is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    Page,
    Row,
    Cell,
    Aside,
}

/// Blocks one after another, and the one that is being written.
#[derive(Debug)]
struct Flow {
    within: Within,
    done: Vec<Draft>,
    open: Option<Draft>,
    /// The cells of a row.
    cells: Vec<Vec<Draft>>,
}

impl Flow {
    fn of(within: Within) -> Self {
        Self { within, done: Vec::new(), open: None, cells: Vec::new() }
    }
}

/// Writes pages.
pub(super) struct Writer<'a> {
    limits: &'a Limits,
    n_bytes: usize,
    n_words: usize,
    document: DocumentText,
    page: PageText,
    flows: Vec<Flow>,
    /// Whether what is written now can be seen.
    pub(super) is_visible: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            n_bytes: 0,
            n_words: 0,
            document: DocumentText::default(),
            page: PageText::default(),
            flows: vec![Flow::of(Within::Page)],
            is_visible: true,
        }
    }

    /// Begins a block, and ends the one before it.
    pub(super) fn begin(&mut self, kind: BlockKind) {
        self.end();
        self.flow().open = Some(Draft::of(kind));
    }

    /// Says better what the block is.
    pub(super) fn kind(&mut self, kind: BlockKind) {
        if let Some(open) = &mut self.flow().open {
            open.kind = kind;
        }
    }

    /// What the open block is.
    pub(super) fn open_kind(&self) -> Option<BlockKind> {
        self.flows.last()?.open.as_ref().map(|open| open.kind)
    }

    /// Whether an item was begun and nothing written in it.
    pub(super) fn is_at_begin_of_item(&self) -> bool {
        let open = self.flows.last().and_then(|flow| flow.open.as_ref());
        open.is_some_and(|open| matches!(open.kind, BlockKind::Item(_)) && open.text.is_empty())
    }

    /// Sets a number before the block.
    pub(super) fn label(&mut self, label: &str) -> Result<(), Refusal> {
        let label: String = label.chars().filter_map(as_text).collect();
        let label = label.trim();
        if let Some(open) = self.flow().open.as_mut().filter(|_| !label.is_empty()) {
            open.label = Some(label.to_owned());
            self.n_bytes += label.len();
            self.spend_words(label.split_whitespace().count())?;
        }
        Ok(())
    }

    /// Writes text; a break or a tab in it counts as a space.
    pub(super) fn text(&mut self, text: &str) -> Result<(), Refusal> {
        self.n_bytes += text.len();
        let mut n_words = 0;
        let mut was_space = true;
        let is_visible = self.is_visible;
        let open = self.open();
        for c in text.chars() {
            let Some(c) = as_text(c) else { continue };
            let is_space = c.is_whitespace();
            n_words += usize::from(was_space && !is_space);
            was_space = is_space;
            open.push(c, is_visible);
        }
        self.spend_words(n_words)
    }

    /// Counts words, and what takes as much room as one.
    fn spend_words(&mut self, n: usize) -> Result<(), Refusal> {
        self.n_words += n;
        if self.n_words > self.limits.most_words || self.n_bytes > self.limits.most_text_bytes {
            return Err(Refusal::new(
                format!("the document holds more than {} words or {} bytes of text", self.limits.most_words, self.limits.most_text_bytes),
                "ask for it in several files; rows and sheets that are not needed can be deleted",
            ));
        }
        Ok(())
    }

    /// Writes text in which white space is one space, as in HTML.
    pub(super) fn flowing(&mut self, text: &str) -> Result<(), Refusal> {
        let mut rest = text;
        while !rest.is_empty() {
            let n = rest.find(is_html_space).unwrap_or(rest.len());
            let (word, after) = rest.split_at(n);
            if !word.is_empty() {
                self.text(word)?;
            }
            rest = after.trim_start_matches(is_html_space);
            if rest.len() < after.len() {
                self.space();
            }
        }
        Ok(())
    }

    /// A space, unless there is one, or nothing is written yet.
    fn space(&mut self) {
        let is_visible = self.is_visible;
        if let Some(open) = self.flow().open.as_mut().filter(|open| !open.text.is_empty() && !open.text.ends_with([' ', '\n', '\t'])) {
            open.push(' ', is_visible);
        }
    }

    /// Writes a tab.
    pub(super) fn tab(&mut self) {
        let is_visible = self.is_visible;
        self.n_bytes += 1;
        self.open().push('\t', is_visible);
    }

    /// Ends the line within the block.
    pub(super) fn line(&mut self) {
        let is_visible = self.is_visible;
        self.n_bytes += 1;
        self.open().push('\n', is_visible);
    }

    /// A letter was met of which nobody can say which it is.
    pub(super) fn unknown(&mut self) {
        self.page.n_unknown += 1;
    }

    /// Ends the block, if one is open.
    pub(super) fn end(&mut self) {
        let Some(draft) = self.flow().open.take().filter(|draft| !draft.is_empty()) else { return };
        self.place(vec![draft], None);
    }

    pub(super) fn begin_row(&mut self) -> Result<(), Refusal> {
        self.end();
        if self.flow().within == Within::Row {
            self.end_row();
        }
        self.spend_words(1)?;
        self.flows.push(Flow::of(Within::Row));
        Ok(())
    }

    pub(super) fn begin_cell(&mut self) -> Result<(), Refusal> {
        if self.flow().within != Within::Row {
            self.begin_row()?;
        }
        self.spend_words(1)?;
        self.flows.push(Flow::of(Within::Cell));
        Ok(())
    }

    pub(super) fn end_cell(&mut self) {
        if self.lies_within(Within::Cell) {
            self.end_flow(Within::Cell);
        }
    }

    pub(super) fn end_row(&mut self) {
        if self.lies_within(Within::Row) {
            self.end_flow(Within::Row);
        }
    }

    /// Writes a row of a sheet: its cells, each with whether it can be seen.
    pub(super) fn row<'t>(&mut self, cells: impl Iterator<Item = (&'t str, bool)>) -> Result<(), Refusal> {
        self.begin(BlockKind::Row);
        for (number, (cell, is_visible)) in cells.enumerate() {
            self.spend_words(1)?;
            if number > 0 {
                self.is_visible = true;
                self.tab();
            }
            self.is_visible = is_visible;
            self.text(cell)?;
        }
        self.is_visible = true;
        self.end();
        Ok(())
    }

    /// Begins what comes behind the open block: a text box, a note.
    pub(super) fn begin_aside(&mut self) {
        self.flows.push(Flow::of(Within::Aside));
    }

    /// Ends it; all blocks of it become of one kind, if one is named.
    pub(super) fn end_aside(&mut self, kind: Option<BlockKind>) {
        let drafts = self.take_aside();
        self.place(drafts, kind);
    }

    /// Ends it and hands it over.
    pub(super) fn take_aside(&mut self) -> Vec<Draft> {
        while self.flows.len() > 1 {
            let within = self.flow().within;
            if within == Within::Aside {
                self.end();
                return self.flows.pop().map_or_else(Vec::new, |flow| flow.done);
            }
            self.end_flow(within);
        }
        Vec::new()
    }

    /// Puts blocks where the writer stands: behind the open block, or on the page.
    pub(super) fn place(&mut self, drafts: Vec<Draft>, kind: Option<BlockKind>) {
        let mut drafts = drafts;
        if let Some(kind) = kind {
            drafts.iter_mut().for_each(|draft| draft.kind = kind);
        }
        let flow = self.flow();
        match (&mut flow.open, flow.within) {
            (Some(open), _) => open.behind.append(&mut drafts),
            (None, Within::Page) => drafts.into_iter().for_each(|draft| self.write(draft)),
            (None, _) => flow.done.append(&mut drafts),
        }
    }

    /// Ends the page, whatever is open on it.
    pub(super) fn end_page(&mut self, name: Option<String>) -> Result<(), Refusal> {
        while self.flows.len() > 1 {
            let within = self.flow().within;
            if within == Within::Aside { self.end_aside(None) } else { self.end_flow(within) }
        }
        self.end();
        if self.document.pages.len() == self.limits.most_pages {
            return Err(Refusal::new(format!("the document has more than {} pages", self.limits.most_pages), "ask for it in several files"));
        }
        self.spend_words(1)?;
        self.document.pages.push(PageText { name, ..std::mem::take(&mut self.page) });
        Ok(())
    }

    /// Says something of the document, once.
    pub(super) fn remark(&mut self, remark: impl Into<String>) {
        let remark = remark.into();
        if !self.document.remarks.contains(&remark) {
            self.document.remarks.push(remark);
        }
    }

    /// The document, after its last page was ended.
    pub(super) fn finish(self) -> DocumentText {
        self.document
    }

    fn flow(&mut self) -> &mut Flow {
        if self.flows.is_empty() {
            self.flows.push(Flow::of(Within::Page));
        }
        let last = self.flows.len() - 1;
        &mut self.flows[last]
    }

    /// The open block; text in a row and in no cell is in a cell of its own.
    fn open(&mut self) -> &mut Draft {
        if self.flow().within == Within::Row {
            self.flows.push(Flow::of(Within::Cell));
        }
        self.flow().open.get_or_insert_with(|| Draft::of(BlockKind::Paragraph))
    }

    /// Whether there is such a flow before the next aside, within which everything that began has to end.
    fn lies_within(&self, within: Within) -> bool {
        self.flows.iter().rev().take_while(|flow| flow.within != Within::Aside).any(|flow| flow.within == within)
    }

    /// Ends the innermost flow of this kind, and what lies in it.
    fn end_flow(&mut self, wanted: Within) {
        loop {
            self.end();
            if self.flows.len() < 2 {
                return;
            }
            let Some(flow) = self.flows.pop() else { return };
            match flow.within {
                Within::Cell => match self.flows.last_mut() {
                    Some(row) if row.within == Within::Row => row.cells.push(flow.done),
                    _ => self.place(flow.done, None),
                },
                Within::Row => {
                    let drafts = row_of(flow.cells);
                    self.place(drafts, None);
                }
                Within::Page | Within::Aside => self.place(flow.done, None),
            }
            if flow.within == wanted {
                return;
            }
        }
    }

    /// Puts a block on the page, and what comes behind it.
    fn write(&mut self, draft: Draft) {
        let page = &mut self.page;
        // An empty cell at the beginning of a row keeps the others in their columns.
        let trimmed = if draft.kind == BlockKind::Row { draft.text.trim_start_matches(' ') } else { draft.text.trim_start() };
        let skipped = draft.text.len() - trimmed.len();
        let trimmed = trimmed.trim_end();
        if !trimmed.is_empty() {
            let start = page.text.len();
            if let Some(label) = draft.label {
                let is_visible = draft.hidden.first().is_none_or(|first| *first != (skipped..skipped + trimmed.len()));
                add_words(page, &label, |_| is_visible);
                page.text.push(' ');
            }
            let mut hidden = draft.hidden.iter().peekable();
            add_words(page, trimmed, |word| {
                while hidden.next_if(|range| range.end <= word.start + skipped).is_some() {}
                hidden.peek().is_none_or(|range| range.start >= word.end + skipped)
            });
            page.blocks.push(TextBlock { kind: draft.kind, range: start..page.text.len() });
            page.text.push('\n');
        }
        for behind in draft.behind {
            self.write(behind);
        }
    }
}

/// A letter as it is written; none for marks where a word may be parted, which are no part of it, and for what steers a terminal.
fn as_text(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' => Some(' '),
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => None,
        c if c.is_control() => None,
        c => Some(c),
    }
}

fn is_html_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

/// Adds text and its words to a page.
fn add_words(page: &mut PageText, text: &str, mut is_visible: impl FnMut(&Range<usize>) -> bool) {
    let start = page.text.len();
    page.text.push_str(text);
    let mut from = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (from, c.is_whitespace()) {
            (None, false) => from = Some(at),
            (Some(begin), true) => {
                let range = begin..at;
                page.words.push(Word { is_visible: is_visible(&range), range: start + begin..start + at, area: None });
                from = None;
            }
            _ => {}
        }
    }
}

/// One block of the cells of a row. A row of one cell is no row: tables of one cell are used to frame text.
fn row_of(cells: Vec<Vec<Draft>>) -> Vec<Draft> {
    let mut cells = cells;
    while cells.len() > 1 && cells.last().is_some_and(|cell| cell.iter().all(Draft::is_empty)) {
        cells.pop();
    }
    if cells.len() < 2 {
        return cells.pop().unwrap_or_default();
    }
    let mut row = Draft::of(BlockKind::Row);
    for (number, cell) in cells.into_iter().enumerate() {
        if number > 0 {
            row.push('\t', true);
        }
        let mut is_first = true;
        for draft in cell {
            flatten(draft, &mut is_first, &mut row);
        }
    }
    if row.is_empty() { Vec::new() } else { vec![row] }
}

/// Adds a block to a cell.
fn flatten(draft: Draft, is_first: &mut bool, row: &mut Draft) {
    if !draft.text.trim().is_empty() {
        if !std::mem::take(is_first) {
            row.push(' ', true);
        }
        if let Some(label) = &draft.label {
            label.chars().chain([' ']).for_each(|c| row.push(c, true));
        }
        let mut hidden = draft.hidden.iter().peekable();
        let skipped = draft.text.len() - draft.text.trim_start().len();
        for (at, c) in draft.text.trim().char_indices() {
            let at = at + skipped;
            while hidden.next_if(|range| range.end <= at).is_some() {}
            let is_visible = hidden.peek().is_none_or(|range| range.start > at);
            row.push(if matches!(c, '\t' | '\n') { ' ' } else { c }, is_visible);
        }
    }
    row.behind.extend(draft.behind);
}
