//! A body that is written to in both languages gets its letter in Welsh and in English, each said to be what it is.

use crate::Desk;
use crate::browser::{Server, form_of, invite, lead, plain, words_of};
use crate::campaign::unzipped;

#[test]
fn a_body_gets_both_letters_with_welsh_dates_and_the_language_of_its_contact_first() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut one, _) = lead(&server);
    let mut two = invite(&mut one, "tobias@office.example", "approver");
    let body = [("name", "Partneriaeth Dyffryn Dychmygol"), ("kind", "other"), ("languages", "en"), ("languages", "cy")];
    one.fill("/bodies/new", "/bodies/new", &body).leads();
    one.fill("/bodies/new", "/bodies/new", &[("name", "Invented Vale Partnership"), ("kind", "other"), ("languages", "en")]).leads();
    for (page, language) in [("/bodies/0/contact", "cy"), ("/bodies/1/contact", "en")] {
        let contact =
            [("name", "Carys Dychmygol"), ("role", "Director"), ("email", "carys@body.example"), ("salutation", "Carys"), ("language", language)];
        one.fill(page, page, &contact).leads();
    }
    let brief = [
        ("title", "Your assessment and your strategy"),
        ("purpose", "To see how areas understand violence and exploitation."),
        ("plan_priority", "Prevention"),
        ("clock", "own"),
        ("days", "28"),
        ("items", "four"),
        ("languages", "en"),
        ("languages", "cy"),
    ];
    one.fill("/campaigns/new", "/campaigns/new", &brief).leads();
    one.fill("/campaigns/0/recipients", "/campaigns/0/recipients", &[("body", "0"), ("body", "1")]).leads();
    let page = one.get("/campaigns/0/letter").body;
    assert!(page.contains("has not been checked by anybody whose language it is"), "{}", words_of(&page));
    let form = form_of(&page, "/campaigns/0/letter").unwrap();
    let rows = "body,contact.address,contact.salutation:cy\nPartneriaeth Dyffryn Dychmygol,1 Stryd Ddychmygol,y Cyfarwyddwr\nInvented Vale Partnership,2 Invented Street,\n";
    let own: Vec<&str> =
        form.iter().filter(|(name, value)| value.is_empty() && name != "rows" && !name.ends_with(":cy")).map(|(name, _)| name.as_str()).collect();
    assert!(own.contains(&"coordinator.role") && form.iter().any(|(name, _)| name == "coordinator.role:cy"), "{own:?}");
    let welsh = [
        ("coordinator.role:cy", "Pennaeth atal"),
        ("evidence.units:cy", "deunaw"),
        ("campaign.title:cy", "Eich asesiad a'ch strategaeth"),
        ("rows", rows),
    ];
    let fields: Vec<(&str, &str)> = own.into_iter().map(|name| (name, "invented words")).chain(welsh).collect();
    one.fill("/campaigns/0/letter", "/campaigns/0/letter", &fields).leads();
    let all = plain(&one.get("/campaigns/0/letters").body);
    assert!(all.contains("3 letters, 3 of them without a gap"), "{}", words_of(&all));
    assert!(all.contains("What all 2 letters say"), "{}", words_of(&all));
    // Who is written to in both languages reads Welsh first.
    let of_both = one.get("/campaigns/0/letters/0").body;
    let (in_welsh, in_english) = (of_both.find("<h2>Welsh").unwrap(), of_both.find("<h2>English").unwrap());
    assert!(in_welsh < in_english && of_both.contains("<article class=\"letter\" lang=\"cy\">"));
    // What stands in the form stays there.
    assert!(one.get("/campaigns/0/letter").body.contains("value=\"Pennaeth atal\""));
    one.fill("/campaigns/0/submit", "/campaigns/0/submit", &[]).leads();
    two.fill("/campaigns/0/approve", "/campaigns/0/approve", &[]).leads();
    one.fill("/campaigns/0/send", "/campaigns/0/send", &[("minutes", "0")]).leads();
    let files = unzipped(&one.get("/campaigns/0/letters.zip").bytes);
    let file = |path: &str| &files.iter().find(|(name, _)| name == path).unwrap_or_else(|| panic!("no {path}")).1;
    let page = file("partneriaeth-dyffryn-dychmygol-cy/letter.html");
    assert!(page.contains("<html lang=\"cy\"") && page.contains("Eich asesiad a"), "{page}");
    let text = file("partneriaeth-dyffryn-dychmygol-cy/letter.txt");
    let months = ["Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"];
    assert!(months.iter().any(|month| text.contains(&format!(" {month} 20"))), "{text}");
    for words in ["Annwyl y Cyfarwyddwr", "deunaw o ardaloedd", "Pennaeth atal", "Yn gywir"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let english = file("partneriaeth-dyffryn-dychmygol-en/letter.txt");
    assert!(english.contains("Dear Carys") && !english.contains("Pennaeth") && !english.contains("Annwyl"));
    assert!(file("invented-vale-partnership-en/letter.html").contains("<html lang=\"en-GB\""));
    assert!(!files.iter().any(|(name, _)| name.starts_with("invented-vale-partnership-cy")));
}
