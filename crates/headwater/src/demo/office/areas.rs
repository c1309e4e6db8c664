//! Who is in the invented exchange: an office of four, eighteen areas, and three bodies beside them.
//!
//! No name is that of a unit, a force or a person; all addresses are under `.example`, which is nobody's.

/// A body: its name, its kind, the first part of its addresses, its contact and what they are.
pub(super) struct Place {
    /// Its name, as it stands in letters.
    pub(super) name: &'static str,
    /// Its kind, as the form calls it.
    pub(super) kind: &'static str,
    /// Its domain without `.example`.
    pub(super) domain: &'static str,
    /// Who is written to.
    pub(super) contact: &'static str,
    /// What they are.
    pub(super) role: &'static str,
    /// What its letter says of it alone.
    pub(super) known_for: &'static str,
}

const UNIT: &str = "violence-reduction-unit";

const fn unit(name: &'static str, domain: &'static str, contact: &'static str, role: &'static str, known_for: &'static str) -> Place {
    Place { name, kind: UNIT, domain, contact, role, known_for }
}

/// The eighteen areas, in the order of the alphabet, then three bodies of other kinds.
pub(super) const PLACES: [Place; 21] = [
    unit("Aldermarsh Violence Reduction Unit", "aldermarsh", "Juniper Example", "Director", "your night buses with a youth worker on each"),
    unit(
        "Brindlecombe Violence Reduction Partnership",
        "brindlecombe",
        "Caspian Example",
        "Director",
        "your register of places where knives are found",
    ),
    unit(
        "Cawdrey Vale Violence Reduction Unit",
        "cawdreyvale",
        "Hesper Example",
        "Programme manager",
        "your work with the hospital at Cawdrey Bridge",
    ),
    unit("Dyffryn Eirlys Violence Prevention Unit", "dyffryneirlys", "Eluned Enghraifft", "Head of unit", "your bilingual work in schools"),
    unit("Eskerby Violence Reduction Unit", "eskerby", "Linus Example", "Director", "your study of referrals from the ferry port"),
    unit("Fennimore Violence Reduction Partnership", "fennimore", "Odessa Example", "Co-ordinator", "your fishing club for excluded pupils"),
    unit("Gallowmere Violence Reduction Unit", "gallowmere", "Rufus Example", "Director", "the unit you run jointly with Harrowdene"),
    unit("Harrowdene Violence Reduction Unit", "harrowdene", "Tamsin Example", "Deputy director", "the unit you run jointly with Gallowmere"),
    unit("Inglesby Wold Violence Reduction Unit", "inglesby", "Barnabas Example", "Director", "your mapping of empty houses used for exploitation"),
    unit("Jessamy Coast Violence Reduction Partnership", "jessamy", "Phoebe Example", "Director", "your training for hotel staff"),
    unit("Kestrelshire Violence Reduction Unit", "kestrelshire", "Ambrose Example", "Director", "your mentors in custody suites"),
    unit("Lorrimer Violence Reduction Unit", "lorrimer", "Isolde Example", "Data lead", "your quarterly figures, open to all"),
    unit("Mothwick Violence Reduction Partnership", "mothwick", "Fergus Example", "Director", "your panel of parents"),
    unit("Nettlebank Violence Reduction Unit", "nettlebank", "Cordelia Example", "Director", "your street pastors"),
    unit("Oxlip Hundred Violence Reduction Unit", "oxlip", "Gideon Example", "Director", "your work with taxi drivers"),
    unit("Pennywort Violence Reduction Unit", "pennywort", "Marina Example", "Head of unit", "your helpline for siblings"),
    unit("Quillshire Violence Reduction Partnership", "quillshire", "Silas Example", "Director", "your survey of pupils"),
    unit("Wealdmere Violence Reduction Partnership", "wealdmere", "Verity Example", "Director", "your needs assessment, made in the open"),
    Place {
        name: "Kestrelshire Police and Crime Commissioner",
        kind: "local-policing-body",
        domain: "kestrelshire-pcc",
        contact: "Dorian Example",
        role: "Chief executive",
        known_for: "your grants to small charities",
    },
    Place {
        name: "Kestrelshire Constabulary",
        kind: "police-force",
        domain: "kestrelshire-police",
        contact: "Ursula Example",
        role: "Head of safeguarding",
        known_for: "your county lines team",
    },
    Place {
        name: "Mothwick Health Board",
        kind: "health-body",
        domain: "mothwick-health",
        contact: "Piers Example",
        role: "Director of public health",
        known_for: "your injury surveillance",
    },
];

/// The place of each by its number among the bodies.
pub(super) mod at {
    pub const ALDERMARSH: u32 = 0;
    pub const BRINDLECOMBE: u32 = 1;
    pub const CAWDREY_VALE: u32 = 2;
    pub const DYFFRYN_EIRLYS: u32 = 3;
    pub const ESKERBY: u32 = 4;
    pub const FENNIMORE: u32 = 5;
    pub const GALLOWMERE: u32 = 6;
    pub const HARROWDENE: u32 = 7;
    pub const INGLESBY: u32 = 8;
    pub const JESSAMY: u32 = 9;
    pub const KESTRELSHIRE: u32 = 10;
    pub const LORRIMER: u32 = 11;
    pub const MOTHWICK: u32 = 12;
    pub const NETTLEBANK: u32 = 13;
    pub const OXLIP: u32 = 14;
    pub const PENNYWORT: u32 = 15;
    pub const QUILLSHIRE: u32 = 16;
    pub const WEALDMERE: u32 = 17;
    pub const COMMISSIONER: u32 = 18;
    pub const CONSTABULARY: u32 = 19;
    pub const HEALTH_BOARD: u32 = 20;
}

/// What the office calls itself.
pub(super) const OFFICE: &str = "Office of the Invented Commissioner";

/// The domain of its mail.
pub(super) const DOMAIN: &str = "commissioner.example";

/// Where it is.
pub(super) const ADDRESS: &str = "3 Foolscap Yard, Gullhaven (an invented place)";
