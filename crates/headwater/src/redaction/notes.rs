//! What a redacted document says about itself, in its own language.

use headwater_documents::remove::Remade;
use headwater_prevention::exchange::publication::OmissionGround;
use headwater_release::LetterLanguage::{self, English, Welsh};
use std::collections::BTreeMap;

/// The title of a document that has none which may be told: in English, in Welsh.
pub const TITLE: [&str; 2] = ["Redacted document", "Dogfen wedi'i golygu"];

/// The heading of a page.
pub fn page(language: LetterLanguage, number: usize) -> String {
    match language {
        English => format!("Page {number}"),
        Welsh => format!("Tudalen {number}"),
    }
}

/// A reason in the words of the mark.
pub fn ground(ground: OmissionGround, language: LetterLanguage) -> &'static str {
    match (language, ground) {
        (English, ground) => ground.words(),
        (Welsh, OmissionGround::NationalSecurity) => "diogelwch gwladol",
        (Welsh, OmissionGround::SafetyOfAPerson) => "diogelwch person",
        (Welsh, OmissionGround::InvestigationOrProsecution) => "ymchwiliad neu erlyniad",
        (Welsh, OmissionGround::PreventionOfCrime) => "atal troseddu",
        (Welsh, OmissionGround::PrisonSecurity) => "diogelwch carchar",
        (Welsh, OmissionGround::PersonalInformation) => "gwybodaeth bersonol",
        (Welsh, OmissionGround::PatientInformation) => "gwybodaeth am glaf",
        (Welsh, OmissionGround::IndividualCase) => "achos unigol",
    }
}

/// What was left out and why, in sentences for readers.
pub fn of(remade: &Remade, language: LetterLanguage) -> Vec<String> {
    let mut by_reason: BTreeMap<usize, usize> = BTreeMap::new();
    remade.counts.iter().for_each(|count| *by_reason.entry(count.reason).or_default() += count.n);
    let reasons = by_reason.iter().filter_map(|(reason, n)| {
        let words = ground(*OmissionGround::ALL.get(*reason)?, language);
        Some(match (language, n) {
            (English, 1) => format!("{words}, in 1 place"),
            (English, n) => format!("{words}, in {n} places"),
            (Welsh, n) => format!("{words}, mewn {n} lle"),
        })
    });
    let reasons = reasons.collect::<Vec<_>>().join("; ");
    let list = |pages: &[usize]| pages.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    let mut notes = Vec::new();
    match language {
        English => {
            notes.push("Made anew from a document that was received, without what may not be published. A mark stands where something was removed and says why; its length says nothing about what stood there.".to_owned());
            notes.extend((!reasons.is_empty()).then(|| format!("Removed: {reasons}.")));
            notes.push("Pictures, comments, form fields, attached files, links and properties of the document are not in it.".to_owned());
            notes.extend((remade.n_hidden > 0).then(|| "Words that readers of the document do not see are left out.".to_owned()));
            notes.extend(
                (!remade.unknown_on.is_empty())
                    .then(|| format!("Letters that no program can tell are left out on page {}.", list(&remade.unknown_on))),
            );
            notes.extend((!remade.wordless.is_empty()).then(|| format!("No words can be read on page {}.", list(&remade.wordless))));
        }
        Welsh => {
            notes.push("Gwnaed o'r newydd o ddogfen a dderbyniwyd, heb yr hyn na ellir ei gyhoeddi. Lle tynnwyd rhywbeth mae marc sy'n dweud pam; nid yw ei hyd yn dweud dim am yr hyn oedd yno.".to_owned());
            notes.extend((!reasons.is_empty()).then(|| format!("Tynnwyd: {reasons}.")));
            notes.push("Nid yw lluniau, sylwadau, meysydd ffurflen, ffeiliau atodol, dolenni na phriodweddau'r ddogfen ynddi.".to_owned());
            notes.extend((remade.n_hidden > 0).then(|| "Gadawyd allan eiriau nad yw darllenwyr y ddogfen yn eu gweld.".to_owned()));
            notes.extend(
                (!remade.unknown_on.is_empty())
                    .then(|| format!("Gadawyd allan lythrennau na all rhaglen eu hadnabod ar dudalen {}.", list(&remade.unknown_on))),
            );
            notes.extend((!remade.wordless.is_empty()).then(|| format!("Ni ellir darllen geiriau ar dudalen {}.", list(&remade.wordless))));
        }
    }
    notes
}
