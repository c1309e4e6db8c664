//! From letters to text: letters to words, words to lines, lines to blocks in reading order.
//!
//! A PDF knows no words. A word ends where there is a space, or where the next letter stands farther away than letters of one
//! word do. The thresholds are parts of the size of the letters: what is set wide apart, or drawn letter by letter to fit a line,
//! stays one word up to a fifth of it.

use super::drawing::{Drawing, Letter};
use super::unseen::Unseen;
use crate::text::{Area, BlockKind, PageText, TextBlock, Word};
use kurbo::Vec2;

/// A gap that ends a word.
const WORD_GAP: f64 = 0.2;
/// A gap that ends a stretch of a line: the next column, or the next cell of a table.
const STRETCH_GAP: f64 = 1.6;
/// How far letters of one line may stand above or below each other: footnote marks do.
const ON_ONE_LINE: f64 = 0.45;
/// The distance of lines, in parts of the size of their letters, beyond which a new block begins.
const BLOCK_GAP: f64 = 1.75;
/// How much larger than most of the page the letters of a heading are.
const HEADING: f64 = 1.15;

/// A word: its letters, and where it stands.
struct Piece {
    text: String,
    area: Area,
    n_letters: usize,
    /// Its letters that nobody sees, and why the first of them is not seen.
    n_unseen: usize,
    unseen: Option<Unseen>,
}

impl Piece {
    fn of(letter: &Letter, unseen: Option<Unseen>) -> Self {
        Self { text: letter.text.clone(), area: letter.area(), n_letters: 1, n_unseen: usize::from(unseen.is_some()), unseen }
    }

    fn push(&mut self, letter: &Letter, unseen: Option<Unseen>) {
        self.text.push_str(&letter.text);
        self.area = self.area.around(letter.area());
        self.n_letters += 1;
        self.n_unseen += usize::from(unseen.is_some());
        self.unseen = self.unseen.or(unseen);
    }

    /// Why it is not seen: at least half of it is not.
    fn hidden(&self) -> Option<Unseen> {
        self.unseen.filter(|_| self.n_unseen * 2 >= self.n_letters)
    }
}

/// Words side by side, without a gap as between columns.
struct Stretch {
    words: Vec<Piece>,
    along: Vec2,
    /// The distance of its line from the corner of the page, across its direction.
    line: f64,
    /// Where it begins and ends along its direction.
    begin: f64,
    end: f64,
    size: f64,
}

/// The words of a page that nobody sees, in the order of drawing: why, and where.
pub fn unseen_words(drawing: &Drawing, unseen: &[Option<Unseen>]) -> Vec<(Unseen, Area)> {
    let words = stretches(&drawing.letters, unseen).into_iter().flat_map(|stretch| stretch.words);
    words.filter_map(|word| Some((word.hidden()?, word.area))).collect()
}

/// The text of a page; `unseen` says of each of its letters why nobody sees it.
pub fn page_text(drawing: &Drawing, unseen: &[Option<Unseen>]) -> PageText {
    let mut page = PageText { size: Some(drawing.size), n_unknown: drawing.n_unknown, ..PageText::default() };
    let stretches = in_reading_order(stretches(&drawing.letters, unseen));
    let usual = usual_size(&stretches);
    for block in blocks(stretches) {
        let kind = block.kind(usual);
        block.write(kind, &mut page);
    }
    page
}

/// Across the direction of a line, downwards for one that runs to the right.
fn across(along: Vec2) -> Vec2 {
    Vec2::new(-along.y, along.x)
}

fn stretches(letters: &[Letter], unseen: &[Option<Unseen>]) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    let mut is_within_word = false;
    for (letter, unseen) in letters.iter().zip(unseen.iter().copied()) {
        let is_space = letter.text.chars().all(char::is_whitespace);
        let along = letter.along();
        let (begin, line) = (letter.at.to_vec2().dot(along), letter.at.to_vec2().dot(across(along)));
        let end = begin + letter.advance.hypot();
        let last = found.last_mut().filter(|last| {
            let size = last.size.max(letter.size);
            let gap = begin - last.end;
            last.along.dot(along) > 0.999 && (line - last.line).abs() < ON_ONE_LINE * size && gap < STRETCH_GAP * size && gap > -0.5 * size
        });
        match last {
            _ if is_space => {
                // A space is no word; a stretch goes on behind it.
                if let Some(last) = last {
                    last.end = last.end.max(end);
                }
                is_within_word = false;
            }
            Some(last) => {
                let gap = begin - last.end;
                match last.words.last_mut() {
                    Some(word) if is_within_word && gap < WORD_GAP * letter.size => {
                        word.push(letter, unseen);
                    }
                    _ => last.words.push(Piece::of(letter, unseen)),
                }
                last.end = last.end.max(end);
                // A footnote mark is smaller than its line.
                last.size = last.size.max(letter.size);
                is_within_word = true;
            }
            None => {
                found.push(Stretch { words: vec![Piece::of(letter, unseen)], along, line, begin, end, size: letter.size });
                is_within_word = true;
            }
        }
    }
    found
}

/// The size that most letters of the page have.
fn usual_size(stretches: &[Stretch]) -> f64 {
    let mut sizes: Vec<(f64, usize)> = stretches.iter().map(|it| (it.size, it.words.iter().map(|word| word.text.chars().count()).sum())).collect();
    sizes.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let half = sizes.iter().map(|(_, n)| n).sum::<usize>() / 2;
    let mut so_far = 0;
    sizes
        .into_iter()
        .find(|(_, n)| {
            so_far += n;
            so_far > half
        })
        .map_or(0.0, |(size, _)| size)
}

/// Stretches in the order in which they are read. The order of drawing is kept unless it jumps about the page.
fn in_reading_order(stretches: Vec<Stretch>) -> Vec<Stretch> {
    let jumps = stretches.windows(2).filter(|pair| {
        let (one, next) = (&pair[0], &pair[1]);
        let share = one.end.min(next.end) - one.begin.max(next.begin);
        let down = next.line - one.line;
        // Upwards within the same column, or backwards on the same line, as no reader goes.
        let is_up = share > 0.0 && down < -ON_ONE_LINE * one.size;
        let is_back = share <= 0.0 && down.abs() < ON_ONE_LINE * one.size && next.begin < one.begin;
        one.along.dot(next.along) > 0.999 && (is_up || is_back)
    });
    if jumps.count() * 10 <= stretches.len() {
        return stretches;
    }
    let mut ordered = Vec::with_capacity(stretches.len());
    cut(stretches, 0, &mut ordered);
    ordered
}

/// How deep a page is cut: beyond it the order is from top to bottom, from left to right.
const DEEPEST_CUT: u32 = 40;
/// The least width of a band of white between columns, and between paragraphs, in parts of the size of letters.
const BETWEEN_COLUMNS: f64 = 1.2;
const BETWEEN_PARAGRAPHS: f64 = 0.6;

impl Stretch {
    fn area(&self) -> Area {
        self.words.iter().map(|word| word.area).reduce(Area::around).unwrap_or_default()
    }
}

/// Cuts a page where a band of white runs through all of it, first between columns, then between paragraphs; what cannot be cut
/// is read line by line.
fn cut(mut stretches: Vec<Stretch>, depth: u32, ordered: &mut Vec<Stretch>) {
    let size = usual_size(&stretches);
    let from_left = |area: Area| (f64::from(area.left), f64::from(area.right));
    let from_top = |area: Area| (f64::from(area.top), f64::from(area.bottom));
    for (extent, least) in [(from_left as fn(Area) -> (f64, f64), BETWEEN_COLUMNS), (from_top, BETWEEN_PARAGRAPHS)] {
        let Some(at) = band(&stretches, extent, least * size).filter(|_| depth < DEEPEST_CUT) else { continue };
        let (before, behind) = stretches.into_iter().partition(|it| extent(it.area()).1 <= at);
        cut(before, depth + 1, ordered);
        cut(behind, depth + 1, ordered);
        return;
    }
    stretches.sort_by(|one, other| one.line.total_cmp(&other.line).then(one.begin.total_cmp(&other.begin)));
    ordered.extend(stretches);
}

/// Where the widest band of white begins that is at least so wide and has something on both sides.
fn band(stretches: &[Stretch], extent: fn(Area) -> (f64, f64), least: f64) -> Option<f64> {
    let mut extents: Vec<(f64, f64)> = stretches.iter().map(|it| extent(it.area())).collect();
    extents.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut reached = extents.first()?.1;
    let mut widest: Option<(f64, f64)> = None;
    for (begin, end) in extents {
        let gap = begin - reached;
        if gap >= least && widest.is_none_or(|(width, _)| gap > width) {
            widest = Some((gap, reached));
        }
        reached = reached.max(end);
    }
    widest.map(|(_, at)| at)
}

/// Lines that belong together, each in its stretches.
struct Block {
    lines: Vec<Vec<Stretch>>,
}

fn blocks(stretches: Vec<Stretch>) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    for stretch in stretches {
        let last = found.last_mut();
        let with = last.as_ref().and_then(|block| block.takes(&stretch));
        match (last, with) {
            (Some(block), Some(Place::SameLine)) => {
                // What stood above a row of a table is a block of its own.
                let line = block.lines.pop().unwrap_or_default();
                let is_alone = block.lines.is_empty();
                let row = Block { lines: vec![line.into_iter().chain([stretch]).collect()] };
                if is_alone {
                    *block = row;
                } else {
                    found.push(row);
                }
            }
            (Some(block), Some(Place::NextLine)) => block.lines.push(vec![stretch]),
            _ => found.push(Block { lines: vec![vec![stretch]] }),
        }
    }
    found
}

/// Where a stretch goes on with a block.
enum Place {
    SameLine,
    NextLine,
}

impl Block {
    fn takes(&self, next: &Stretch) -> Option<Place> {
        let line = self.lines.last()?;
        let (first, last) = (line.first()?, line.last()?);
        let (size, apart) = (first.size.max(next.size), next.line - last.line);
        if last.along.dot(next.along) < 0.999 {
            return None;
        }
        if apart.abs() < ON_ONE_LINE * size && next.begin >= last.end {
            return Some(Place::SameLine);
        }
        let is_alike = (first.size - next.size).abs() < 0.1 * size;
        let is_below = apart > 0.0 && apart <= BLOCK_GAP * size;
        let overlaps = next.begin < last.end && first.begin < next.end;
        (is_alike && is_below && overlaps && line.len() == 1 && !begins_item(next)).then_some(Place::NextLine)
    }

    fn kind(&self, usual: f64) -> BlockKind {
        const LONGEST_HEADING: usize = 200;
        if self.lines.iter().any(|line| line.len() > 1) {
            return BlockKind::Row;
        }
        let words = self.lines.iter().flatten().flat_map(|stretch| &stretch.words);
        let n_letters: usize = words.map(|word| word.text.chars().count() + 1).sum();
        let size = self.lines.first().and_then(|line| line.first()).map_or(0.0, |stretch| stretch.size);
        match size / usual.max(f64::MIN_POSITIVE) {
            ratio if ratio < HEADING || n_letters > LONGEST_HEADING => BlockKind::Paragraph,
            ratio if ratio >= 1.6 => BlockKind::Heading(1),
            ratio if ratio >= 1.3 => BlockKind::Heading(2),
            _ => BlockKind::Heading(3),
        }
    }

    fn write(self, kind: BlockKind, page: &mut PageText) {
        let start = page.text.len();
        let mut is_broken = false;
        for (n_line, line) in self.lines.into_iter().enumerate() {
            for (n_stretch, stretch) in line.into_iter().enumerate() {
                for (n_word, word) in stretch.words.into_iter().enumerate() {
                    match (n_line, n_stretch, n_word) {
                        (0, 0, 0) => {}
                        (_, 1.., 0) => page.text.push('\t'),
                        (1.., 0, 0) if is_broken && word.text.starts_with(char::is_alphabetic) => {}
                        _ => page.text.push(' '),
                    }
                    is_broken = ends_broken(&word.text);
                    let begin = page.text.len();
                    // Nothing within a word may look like the end of one.
                    page.text.extend(word.text.chars().filter(|letter| !letter.is_whitespace() && !letter.is_control()));
                    page.words.push(Word { range: begin..page.text.len(), area: Some(word.area), is_visible: word.hidden().is_none() });
                }
            }
        }
        page.blocks.push(TextBlock { kind, range: start..page.text.len() });
        page.text.push('\n');
    }
}

/// Whether a word that ends a line goes on in the next: "Anti-" before "Slavery". The hyphen is kept, because none can tell from
/// the letters whether it belongs to the word ("long-term") or to the line; both halves stay words with places of their own.
fn ends_broken(word: &str) -> bool {
    word.strip_suffix(['-', '\u{2010}']).is_some_and(|before| before.ends_with(char::is_alphabetic))
}

/// Whether a line begins an item of a list: a mark, or a short number or letter with a dot or a bracket.
fn begins_item(stretch: &Stretch) -> bool {
    let Some(first) = stretch.words.first() else { return false };
    let is_mark = matches!(first.text.as_str(), "•" | "●" | "▪" | "■" | "–" | "-" | "o" | "*" | "\u{f0b7}" | "➢" | "✓");
    let name = first.text.trim_start_matches('(');
    let is_number = name.len() <= 5
        && (name.ends_with('.') || name.ends_with(')'))
        && name.trim_end_matches(['.', ')']).chars().all(|it| it.is_ascii_digit() || it.is_ascii_lowercase() || it == '.')
        && name.trim_end_matches(['.', ')']).len() <= 3;
    (is_mark || is_number) && stretch.words.len() > 1
}
