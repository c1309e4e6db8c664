//! Last year's strategies of all eighteen areas, read and coded: what each answers to the letter, in its own words.
//!
//! Three of them are coded blind by two people, who differ once; it is decided and settled. This year's first answers are being
//! coded blind and are not finished.

use crate::demo::office::areas::{PLACES, at};
use crate::demo::office::papers::document;
use crate::demo::office::rounds::{LAST, N_AREAS, STRATEGY};
use crate::demo::office::scene::{Scene, Story};
use crate::problem::Problem;
use crate::search::tokens::tokens;
use crate::web::reading::{codebook, coding, round, rounds};

/// What one area says: its priority, what it does, what came of it, and what it says of exploitation with the code of that.
struct Strategy {
    priority: &'static str,
    action: &'static str,
    progress: &'static str,
    exploitation: Option<(&'static str, &'static str)>,
}

const SLAVERY: &str = "Modern slavery and exploitation";
const DRIVER: &str = "Exploitation as a driver of violence";
const SUSPECTS: &str = "Victims treated as suspects";

const fn says(priority: &'static str, action: &'static str, progress: &'static str, exploitation: Option<(&'static str, &'static str)>) -> Strategy {
    Strategy { priority, action, progress, exploitation }
}

/// The strategies, in the order of the areas.
const STRATEGIES: [Strategy; N_AREAS as usize] = [
    says(
        "Our first priority is violence on night buses between young people who do not live where they fight.",
        "A youth worker rides on each of eleven night buses.",
        "Since April they have met 340 young people, and nobody was hurt on those lines in May.",
        Some(("Two in five boys whom we meet there run errands for county lines, and most of the fights are about debts.", DRIVER)),
    ),
    says(
        "We put first the places where knives are found: nine parks and two car parks.",
        "Each place on our register is walked every week, and its lights are mended within five days.",
        "Finds fell from 31 to 19 in the first half of the year.",
        None,
    ),
    says(
        "Priority is given to people who come to hospital with wounds for the second time.",
        "Navigators work in the emergency department at Cawdrey Bridge on every night of the week.",
        "Of 112 people whom they met, 74 took up help.",
        Some(("Nurses ask three questions about exploitation, and referred seven people to the National Referral Mechanism.", SLAVERY)),
    ),
    says(
        "Our priority is exclusion from school, in both languages.",
        "Mentors in eleven schools work in Welsh and in English.",
        "Exclusions for violence fell by a fifth in those schools.",
        Some(("Children who travel to the coast for others are treated as victims first, and the panel decides within 45 days.", SUSPECTS)),
    ),
    says(
        "First comes what arrives by ferry: weapons, debts, and people who are made to carry both.",
        "Staff of the port are trained to see exploitation, and a room is kept for people who ask for help.",
        "Fourteen people asked in six months.",
        Some(("Trafficking through the port feeds violence on our estates, as those who owe are made to fight for those who lend.", DRIVER)),
    ),
    says(
        "We care first for boys of twelve to fourteen who are out of school.",
        "A fishing club takes in excluded pupils on four days of the week.",
        "Thirty-one came, and twenty-two are back in school.",
        None,
    ),
    says(
        "With Harrowdene we put first violence between two towns that share a railway.",
        "One team works in both towns, with one budget.",
        "It is too early to say what came of it.",
        Some(("Most children who are exploited here live in one town and are found in the other, and neither knew.", SLAVERY)),
    ),
    says(
        "With Gallowmere we put first violence between two towns that share a railway.",
        "Guards on trains report what they see to one number.",
        "It took 57 reports in the first quarter.",
        Some(("Reports of the guards led to nine children who had been reported missing in Gallowmere.", SLAVERY)),
    ),
    says(
        "Our priority is empty houses that somebody else has moved into.",
        "We mapped 64 of them with landlords and the council, and visit each twice a year.",
        "Eleven people who had been driven out of their homes are back in them.",
        Some(("In a third of these houses we found cuckooing, which brings knives to streets that had none.", DRIVER)),
    ),
    says(
        "Violence in hotels and holiday flats comes first.",
        "Staff of 40 hotels were trained, and a card with three questions lies at each desk.",
        "They rang us 26 times last summer.",
        Some(("Half of the calls were about girls who were sexually exploited, and two led to arrests.", SLAVERY)),
    ),
    says(
        "We put first the hour after arrest.",
        "Mentors meet people under 25 in the custody suites.",
        "One in three still sees the mentor after six months.",
        Some(("Solicitors tell us that the defence of section 45 is seldom thought of before the first interview, and mentors now ask.", SUSPECTS)),
    ),
    says(
        "Our priorities follow from figures that we publish every quarter: robbery, and violence in the home.",
        "An analyst is shared by police, council and health.",
        "All partners gave their data for the first time.",
        None,
    ),
    says(
        "The unit is being set up, and its first priority is to hear parents.",
        "A panel of parents meets every month.",
        "It has met three times.",
        None,
    ),
    says(
        "Our priority is Friday and Saturday night in one street.",
        "Street pastors and a medical tent stand there from ten to four.",
        "Ambulance calls fell by a quarter.",
        None,
    ),
    says(
        "We put first people who are driven to violence, in both senses.",
        "Taxi drivers are trained and have a line of their own.",
        "Of 88 calls 17 were about children alone at night.",
        Some(("Drivers are asked to take children to places for others, and five told us of the same address.", SLAVERY)),
    ),
    says(
        "Brothers and sisters of those who were hurt come first.",
        "A helpline for siblings is open after school.",
        "It had 210 calls, most of them from sisters.",
        None,
    ),
    says(
        "Our priority is what pupils tell us, which is not what we had thought.",
        "We asked 6,100 pupils and will ask them again.",
        "One in nine had carried something to feel safe.",
        Some(("One in forty said that an adult outside the family had asked them to hold or carry something for money.", SLAVERY)),
    ),
    says(
        "We put first what our assessment, made in the open, found to be first: violence by people whom the victim knows.",
        "Eleven meetings were held in village halls.",
        "The strategy was changed twice because of them.",
        None,
    ),
];

/// The title of an area's strategy of last year, and its file.
fn names(body: u32) -> (String, String) {
    let place = &PLACES[body as usize];
    (format!("{}: response strategy, last year's", place.name), format!("{}-strategy-last-year.docx", place.domain))
}

/// The sentences of a strategy, in their order.
fn sentences(body: u32) -> Vec<&'static str> {
    let it = &STRATEGIES[body as usize];
    ["Invented, like everything here.", it.priority, it.action, it.progress].into_iter().chain(it.exploitation.map(|(words, _)| words)).collect()
}

/// The first word of a sentence on the page, as the form of coding names it.
fn first_word(body: u32, sentence: &str) -> String {
    let before = sentences(body).into_iter().take_while(|it| *it != sentence);
    let n: usize = tokens(&names(body).0).len() + before.map(|it| tokens(it).len()).sum::<usize>();
    n.to_string()
}

/// Tells of reading.
pub(super) fn tell(story: &mut Story) {
    for body in 0..N_AREAS {
        story.on(404, 9 + i64::from(body % 8), move |scene| sent(scene, body));
    }
    story.on(402, 10, the_codebook);
    story.on(400, 10, |scene| {
        for body in (0..N_AREAS).filter(|body| !BLIND.contains(body)) {
            read(scene, body)?;
        }
        Ok(())
    });
    story.on(399, 10, begin);
    story.on(398, 10, code_blind);
    story.on(396, 10, decide);
    story.on(300, 10, |scene| {
        // What was found missing is drafted, and not issued yet.
        scene.analyst().order(
            codebook::enter_code,
            &[],
            &[
                ("name", "Online"),
                ("parent", &code(scene, "Action")?),
                ("definition", "What is done where people meet online."),
                ("terms", "online\nsocial media"),
            ],
            &[],
        )
    });
}

fn sent(scene: &Scene<'_>, body: u32) -> Result<(), Problem> {
    let place = &PLACES[body as usize];
    let local = place.contact.to_lowercase().replace(' ', ".");
    let from = format!("{local}@{}.example", place.domain);
    let (title, file) = names(body);
    let paper = document("en-GB", &title, &sentences(body))?;
    scene.mail(LAST, body, (place.contact, &from), "Re: your letter", "Our strategy is attached.", vec![(&file, paper)])?;
    scene.file(LAST, &file, (&title, "strategy", "en"), &[(body, STRATEGY)])?;
    scene.permit(&file, "name-only")
}

fn the_codebook(scene: &Scene<'_>) -> Result<(), Problem> {
    for starter in ["letter", "drivers", "exploitation"] {
        scene.analyst().order(codebook::take, &[("starter", &starter)], &[], &[])?;
    }
    let field =
        [("field_name", "People reached"), ("question", "How many people does the strategy say were reached?"), ("kind", "number"), ("choices", "")];
    scene.analyst().order(codebook::enter_field, &[], &field, &[])?;
    scene.lead().order(codebook::issue, &[], &[("note", "To read last year's strategies by")], &[])
}

/// A code by its name.
fn code(scene: &Scene<'_>, name: &str) -> Result<String, Problem> {
    let known = scene.rehearsal().known();
    let outline = known.state.reading().codebook().outline();
    let found = outline.iter().find(|(_, entry, _)| entry.name.as_str() == name);
    found.map(|(id, ..)| id.0.to_string()).ok_or_else(|| Problem::new(format!("the demo's codebook has no code {name}")))
}

/// The codings of one strategy: sentence and code.
fn codings(body: u32) -> Vec<(&'static str, &'static str)> {
    let it = &STRATEGIES[body as usize];
    [(it.priority, "Priorities"), (it.action, "Action"), (it.progress, "Progress")].into_iter().chain(it.exploitation).collect()
}

/// The analyst codes a strategy and reads it to its end.
fn read(scene: &Scene<'_>, body: u32) -> Result<(), Problem> {
    let id = scene.document(&names(body).1)?;
    for (sentence, of) in codings(body) {
        let form = [("page", "1".to_owned()), ("sentence", first_word(body, sentence)), ("code", code(scene, of)?)];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        scene.analyst().order(coding::code, &[("document", &id)], &form, &[])?;
    }
    scene.analyst().order(coding::mark_read, &[("document", &id)], &[("read", "yes")], &[])
}

/// The areas whose strategies are coded blind.
const BLIND: [u32; 3] = [at::ALDERMARSH, at::ESKERBY, at::INGLESBY];

fn begin(scene: &Scene<'_>) -> Result<(), Problem> {
    let documents: Vec<String> = BLIND.iter().map(|body| Ok(scene.document(&names(*body).1)?.to_string())).collect::<Result<_, Problem>>()?;
    let coders = scene.two_coders();
    let theme = code(scene, "What the letter asks")?;
    let mut form = vec![("title", "Do we read exploitation alike?"), ("sample", "chosen"), ("code", theme.as_str())];
    form.extend(documents.iter().map(|id| ("document", id.as_str())));
    form.extend(coders.iter().map(|id| ("coder", *id)));
    scene.lead().order(rounds::begin, &[], &form, &[])
}

fn code_blind(scene: &Scene<'_>) -> Result<(), Problem> {
    for (number, turn) in [scene.analyst(), scene.lead()].into_iter().enumerate() {
        for body in BLIND {
            let id = scene.document(&names(body).1)?;
            for (sentence, of) in codings(body) {
                // The lead takes what was reached in Eskerby for what is being done there.
                let of = if number == 1 && body == at::ESKERBY && of == "Progress" { "Action" } else { of };
                let form = [("page", "1".to_owned()), ("sentence", first_word(body, sentence)), ("code", code(scene, of)?)];
                let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
                turn.order(coding::code, &[("document", &id)], &form, &[])?;
            }
            turn.order(coding::finish, &[("document", &id), ("round", &0)], &[], &[])?;
        }
    }
    Ok(())
}

fn decide(scene: &Scene<'_>) -> Result<(), Problem> {
    let id = scene.document(&names(at::ESKERBY).1)?;
    let place = format!("1.{}", first_word(at::ESKERBY, STRATEGIES[at::ESKERBY as usize].progress));
    for (of, applies) in [("Action", "no"), ("Progress", "yes")] {
        let form = [
            ("document", id.to_string()),
            ("code", code(scene, of)?),
            ("at", place.clone()),
            ("applies", applies.to_owned()),
            ("note", "It tells of the past.".to_owned()),
            ("number", "1".to_owned()),
        ];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        scene.approver().order(round::decide, &[("round", &0)], &form, &[])?;
    }
    scene.approver().order(round::settle, &[("round", &0)], &[], &[])
}
