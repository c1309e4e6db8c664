//! Events of reading. Each is looked at before anything is changed.

use super::{Fit, Stamp, State, next_on, require};
use crate::exchange::event::{
    CodeChanged, CodeEntered, CodeRetired, CodebookIssued, CodingEntered, CodingRemoved, DocumentRead, FieldChanged, FieldEntered, FieldExtracted,
    FieldRetired, RoundBegun, RoundConflictDecided, RoundDocumentFinished, RoundGivenUp, RoundSettled, SuggestionDismissed,
};
use crate::exchange::id::{CodeId, CodingId, DocumentId, RoundId};
use crate::exchange::publication::PublicationState;
use crate::exchange::reading::Reading;
use crate::exchange::reading::codebook::{CodeEntry, Codebook, Drafted, Issue, MOST_LEVELS};
use crate::exchange::reading::coding::{Coding, Extraction, Origin};
use crate::exchange::reading::round::{Decided, Round, RoundEnd, Settled};

const NO_CODE: &str = "there is no such code";
const NO_FIELD: &str = "there is no such field";
const NO_CODING: &str = "there is no such coding";
const NO_ROUND: &str = "there is no such round";
const NOT_ISSUED: &str = "it is not in the version of the codebook by which people code";
const NOT_READABLE: &str = "the document is not screened, or is held";
const NOT_OPEN: &str = "the round is over";

/// Whether a code may stand where its entry says.
fn stands(book: &Codebook, id: CodeId, entry: &CodeEntry) -> Fit {
    let Some(parent) = entry.parent else { return Ok(()) };
    require(book.code(parent).is_some_and(|it| it.retired.is_none()), "there is no such code to stand under")?;
    let mut line = vec![id];
    let mut next = Some(parent);
    while let Some(above) = next {
        require(!line.contains(&above), "a code cannot stand under itself")?;
        line.push(above);
        next = book.code(above).and_then(|it| it.entry.parent);
    }
    let depth_below = (0..).map(CodeId).zip(book.codes()).filter(|(_, it)| it.retired.is_none()).map(|(below, _)| levels_under(book, id, below));
    require(line.len() + depth_below.max().unwrap_or(0) <= MOST_LEVELS, "codes would stand deeper than six levels")
}

/// How many levels a code stands below another; 0 if it does not.
fn levels_under(book: &Codebook, top: CodeId, id: CodeId) -> usize {
    let mut next = Some(id);
    let mut n = 0;
    while let Some(at) = next.filter(|_| n <= MOST_LEVELS) {
        if at == top {
            return n;
        }
        n += 1;
        next = book.code(at).and_then(|it| it.entry.parent);
    }
    0
}

impl State {
    /// What people read, coded and compared.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// A document that people may read, as the first with its bytes.
    fn may_be_coded(&self, id: DocumentId) -> Fit {
        let document = self.document(id).ok_or("there is no such document")?;
        require(document.same_as.is_none(), "the same file came before, and is coded there")?;
        require(document.screening.is_readable(), NOT_READABLE)?;
        require(!matches!(document.publication.state, PublicationState::Erased { .. }), "the document was erased")
    }

    fn is_issued(&self, code: CodeId) -> Fit {
        require(self.reading.codebook.current().is_some_and(|issue| issue.code(code).is_some()), NOT_ISSUED)
    }

    fn round_mut(&mut self, id: RoundId) -> Result<&mut Round, &'static str> {
        self.reading.rounds.get_mut(id.index()).ok_or(NO_ROUND)
    }

    pub(super) fn code_entered(&mut self, event: CodeEntered, stamp: Stamp) -> Fit {
        let book = &mut self.reading.codebook;
        next_on(&book.codes, event.code.index())?;
        stands(book, event.code, &event.entry)?;
        book.codes.push(Drafted { entry: *event.entry, retired: None, changed: stamp.seq });
        Ok(())
    }

    pub(super) fn code_changed(&mut self, event: CodeChanged, stamp: Stamp) -> Fit {
        let book = &mut self.reading.codebook;
        require(book.code(event.code).ok_or(NO_CODE)?.retired.is_none(), "the code is retired")?;
        stands(book, event.code, &event.entry)?;
        book.codes[event.code.index()] = Drafted { entry: *event.entry, retired: None, changed: stamp.seq };
        Ok(())
    }

    pub(super) fn code_retired(&mut self, event: CodeRetired, stamp: Stamp) -> Fit {
        let book = &mut self.reading.codebook;
        require(book.code(event.code).ok_or(NO_CODE)?.retired.is_none(), "the code is retired already")?;
        let with_those_below: Vec<CodeId> = (0..)
            .map(CodeId)
            .zip(&book.codes)
            .filter(|(id, it)| it.retired.is_none() && (*id == event.code || levels_under(book, event.code, *id) > 0))
            .map(|(id, _)| id)
            .collect();
        for id in with_those_below {
            let code = &mut book.codes[id.index()];
            (code.retired, code.changed) = (Some(event.reason.clone()), stamp.seq);
        }
        Ok(())
    }

    pub(super) fn field_entered(&mut self, event: FieldEntered, stamp: Stamp) -> Fit {
        let fields = &mut self.reading.codebook.fields;
        next_on(fields, event.field.index())?;
        fields.push(Drafted { entry: *event.entry, retired: None, changed: stamp.seq });
        Ok(())
    }

    pub(super) fn field_changed(&mut self, event: FieldChanged, stamp: Stamp) -> Fit {
        let field = self.reading.codebook.fields.get_mut(event.field.index()).ok_or(NO_FIELD)?;
        require(field.retired.is_none(), "the field is retired")?;
        (field.entry, field.changed) = (*event.entry, stamp.seq);
        Ok(())
    }

    pub(super) fn field_retired(&mut self, event: FieldRetired, stamp: Stamp) -> Fit {
        let field = self.reading.codebook.fields.get_mut(event.field.index()).ok_or(NO_FIELD)?;
        require(field.retired.is_none(), "the field is retired already")?;
        (field.retired, field.changed) = (Some(event.reason), stamp.seq);
        Ok(())
    }

    pub(super) fn codebook_issued(&mut self, event: CodebookIssued, stamp: Stamp) -> Fit {
        let book = &mut self.reading.codebook;
        require(event.version == book.version() + 1, "its number is not the next")?;
        let codes = book.codes_in_use();
        let fields = book.fields_in_use().map(|(id, entry)| (id, entry.clone())).collect();
        book.issues.push(Issue { note: event.note, by: stamp.by, at: stamp.at, codes, fields, seq: stamp.seq });
        Ok(())
    }

    pub(super) fn coding_entered(&mut self, event: CodingEntered, stamp: Stamp) -> Fit {
        next_on(&self.reading.codings, event.coding.index())?;
        self.may_be_coded(event.document)?;
        require(event.place.is_sound(), "it is no place of a document")?;
        let (origin, version) = match event.round {
            None => {
                self.is_issued(event.code)?;
                let origin = if event.suggested { Origin::Suggestion } else { Origin::Person };
                (origin, self.reading.codebook.version())
            }
            Some(id) => {
                let round = self.reading.round(id).ok_or(NO_ROUND)?;
                require(round.is_open(), NOT_OPEN)?;
                require(round.coders.contains(&stamp.by), "it is not theirs to code")?;
                require(round.documents.contains(&event.document) && round.codes.contains(&event.code), "it is not part of the round")?;
                require(!round.has_finished(stamp.by, event.document), "they have finished it")?;
                (Origin::Blind(id), round.version)
            }
        };
        let twin = |(_, it): (CodingId, &Coding)| {
            (it.place, it.code, it.origin.round()) == (event.place, event.code, event.round) && (event.round.is_none() || it.by == stamp.by)
        };
        require(!self.reading.codings_of(event.document).any(twin), "it is coded so already")?;
        self.add_coding(Coding {
            document: event.document,
            place: event.place,
            code: event.code,
            origin,
            note: event.note,
            by: stamp.by,
            at: stamp.at,
            version,
            removed: false,
            changed: stamp.seq,
        });
        Ok(())
    }

    fn add_coding(&mut self, coding: Coding) {
        let id = CodingId(self.reading.codings.len() as u32);
        self.reading.by_document.entry(coding.document).or_default().push(id);
        self.reading.codings.push(coding);
    }

    pub(super) fn coding_removed(&mut self, event: CodingRemoved, stamp: Stamp) -> Fit {
        let coding = self.reading.coding(event.coding).ok_or(NO_CODING)?;
        require(!coding.removed, "it was taken back already")?;
        match coding.origin {
            Origin::Settled(_) => return Err("it was settled in a round"),
            Origin::Blind(id) => {
                let round = self.reading.round(id).ok_or(NO_ROUND)?;
                require(coding.by == stamp.by, "it is somebody else's")?;
                require(round.is_open() && !round.has_finished(stamp.by, coding.document), NOT_OPEN)?;
            }
            Origin::Person | Origin::Suggestion => {}
        }
        let coding = &mut self.reading.codings[event.coding.index()];
        (coding.removed, coding.changed) = (true, stamp.seq);
        Ok(())
    }

    pub(super) fn suggestion_dismissed(&mut self, event: SuggestionDismissed, _stamp: Stamp) -> Fit {
        self.may_be_coded(event.document)?;
        require(event.segment.is_sound(), "it is no place of a document")?;
        require(self.reading.codebook.code(event.code).is_some(), NO_CODE)?;
        self.reading.dismissed.insert((event.document, event.code, event.segment));
        Ok(())
    }

    pub(super) fn document_read(&mut self, event: DocumentRead, stamp: Stamp) -> Fit {
        self.may_be_coded(event.document)?;
        let mark = (event.document, stamp.by);
        require(event.read != self.reading.read.contains(&mark), "they have said so already")?;
        if event.read {
            self.reading.read.insert(mark);
            self.reading.read_at.push((event.document, stamp.by, stamp.at));
        } else {
            self.reading.read.remove(&mark);
            self.reading.read_at.retain(|(document, person, _)| (*document, *person) != mark);
        }
        Ok(())
    }

    pub(super) fn field_extracted(&mut self, event: FieldExtracted, stamp: Stamp) -> Fit {
        self.may_be_coded(event.document)?;
        require(event.place.is_sound(), "it is no place of a document")?;
        let book = &self.reading.codebook;
        require(book.current().is_some_and(|issue| issue.field(event.field).is_some()), NOT_ISSUED)?;
        let version = book.version();
        self.reading.extractions.push(Extraction {
            document: event.document,
            field: event.field,
            value: event.value,
            place: event.place,
            by: stamp.by,
            at: stamp.at,
            version,
            changed: stamp.seq,
        });
        Ok(())
    }

    pub(super) fn round_begun(&mut self, event: RoundBegun, stamp: Stamp) -> Fit {
        next_on(&self.reading.rounds, event.round.index())?;
        require(has_each_once(&event.codes) && has_each_once(&event.documents) && has_each_once(&event.coders), "something is in it twice")?;
        require(event.coders.len() >= 2, "it has fewer than two coders")?;
        require(!event.codes.is_empty() && !event.documents.is_empty(), "it has no codes or no documents")?;
        event.codes.iter().try_for_each(|code| self.is_issued(*code))?;
        event.documents.iter().try_for_each(|document| self.may_be_coded(*document))?;
        let version = self.reading.codebook.version();
        self.reading.rounds.push(Round {
            title: event.title,
            codes: event.codes,
            documents: event.documents,
            sample: event.sample,
            coders: event.coders,
            version,
            finished: Default::default(),
            decided: Vec::new(),
            end: None,
            by: stamp.by,
            at: stamp.at,
            changed: stamp.seq,
        });
        Ok(())
    }

    pub(super) fn round_document_finished(&mut self, event: RoundDocumentFinished, stamp: Stamp) -> Fit {
        let round = self.round_mut(event.round)?;
        require(round.is_open(), NOT_OPEN)?;
        require(round.coders.contains(&stamp.by) && round.documents.contains(&event.document), "it is not theirs to code")?;
        require(!round.has_finished(stamp.by, event.document), "they have finished it already")?;
        round.finished.insert((stamp.by, event.document));
        round.changed = stamp.seq;
        Ok(())
    }

    pub(super) fn round_conflict_decided(&mut self, event: RoundConflictDecided, stamp: Stamp) -> Fit {
        let round = self.round_mut(event.round)?;
        require(round.is_compared() && round.end.is_none(), "not all have finished it, or it is over")?;
        require(round.documents.contains(&event.document) && round.codes.contains(&event.code), "it is not part of the round")?;
        require(event.place.is_sound(), "it is no place of a document")?;
        round.decided.push(Decided {
            document: event.document,
            place: event.place,
            code: event.code,
            applies: event.applies,
            note: event.note,
            by: stamp.by,
            at: stamp.at,
        });
        round.changed = stamp.seq;
        Ok(())
    }

    pub(super) fn round_settled(&mut self, event: RoundSettled, stamp: Stamp) -> Fit {
        let round = self.round_mut(event.round)?;
        require(round.is_compared() && round.end.is_none(), "not all have finished it, or it is over")?;
        let is_part = |it: &Settled| round.documents.contains(&it.document) && round.codes.contains(&it.code) && it.place.is_sound();
        require(event.settled.iter().all(is_part), "something of it is not part of the round")?;
        require(has_each_once(&event.settled), "something is in it twice")?;
        round.end = Some(RoundEnd::Settled { by: stamp.by, at: stamp.at });
        round.changed = stamp.seq;
        let version = round.version;
        for it in event.settled {
            self.add_coding(Coding {
                document: it.document,
                place: it.place,
                code: it.code,
                origin: Origin::Settled(event.round),
                note: None,
                by: stamp.by,
                at: stamp.at,
                version,
                removed: false,
                changed: stamp.seq,
            });
        }
        Ok(())
    }

    pub(super) fn round_given_up(&mut self, event: RoundGivenUp, stamp: Stamp) -> Fit {
        let round = self.round_mut(event.round)?;
        require(round.end.is_none(), NOT_OPEN)?;
        (round.end, round.changed) = (Some(RoundEnd::GivenUp { reason: event.reason }), stamp.seq);
        Ok(())
    }
}

/// Whether nothing is in a list twice.
fn has_each_once<T: Ord>(things: &[T]) -> bool {
    let mut sorted: Vec<&T> = things.iter().collect();
    sorted.sort_unstable();
    sorted.windows(2).all(|pair| pair[0] != pair[1])
}
