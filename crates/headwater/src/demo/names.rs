//! The invented names and the invented codes.
//!
//! No name here is of a real county, district, ward or force, and every code has the shape of a GSS
//! code but lies far outside the ranges the Office for National Statistics has issued (its LSOA
//! codes end below `E01036000`, its districts below `E07000300`, and so on): all of ours hold `99`
//! after the entity letters, so that no join with a real table can ever succeed.

/// The county, which is also the police force area.
pub(super) const COUNTY: &str = "Wealdmere";
/// The name of the force in the police files.
pub(super) const FORCE: &str = "Wealdmere Police";
/// The area's slug, in file names.
pub(super) const SLUG: &str = "wealdmere";
/// The county's code.
pub(super) const COUNTY_CODE: &str = "E10990001";
/// The police force area's code.
pub(super) const FORCE_AREA_CODE: &str = "E23990001";

/// The county next door, where some records are placed by mistake.
pub(super) const NEIGHBOUR: &str = "Brambleshire";
/// Its force.
pub(super) const NEIGHBOUR_FORCE: &str = "Brambleshire Police";
/// Its police force area's code.
pub(super) const NEIGHBOUR_FORCE_AREA_CODE: &str = "E23990002";
/// Its one district of interest.
pub(super) const NEIGHBOUR_DISTRICT: &str = "Brambleshire Vale";

/// The districts, in code order; each is also a community safety partnership.
pub(super) const DISTRICTS: [&str; 5] = ["Gullhaven", "Quillminster", "Tanglebury", "Dapplewold", "Larkendale"];

/// A district's code; 6 is the neighbour's.
pub(super) fn district_code(number: usize) -> String {
    format!("E0799{number:04}")
}

/// A community safety partnership's code, numbered as its district.
pub(super) fn partnership_code(number: usize) -> String {
    format!("E2299{number:04}")
}

/// A ward's code.
pub(super) fn ward_code(number: usize) -> String {
    format!("E0599{number:04}")
}

/// The code of a small area of 2011; one unchanged in 2021 keeps it.
pub(super) fn lsoa_code(number: usize) -> String {
    format!("E0199{number:04}")
}

/// Where the codes of small areas new in 2021 begin.
pub(super) const FIRST_LSOA_NEW_IN_2021: usize = 5_001;

/// Where the neighbour's small areas begin.
pub(super) const FIRST_LSOA_OF_NEIGHBOUR: usize = 9_001;

const WARD_BEGINNINGS: [&str; 30] = [
    "Amber", "Bracken", "Candle", "Dimble", "Ember", "Fiddle", "Gorsel", "Hedgel", "Inkle", "Jessamy", "Kettle", "Linnet", "Mothel", "Nettle",
    "Osier", "Pippin", "Quiver", "Rushel", "Sorrel", "Teasel", "Umber", "Vetchel", "Whinnel", "Yarrow", "Thimble", "Spindle", "Clover", "Pebble",
    "Saffron", "Tansy",
];
const WARD_ENDINGS: [&str; 5] = ["garth", "fold", "mantle", "steading", "hollow"];

/// The name of the `n`th ward that has no name of its own; none repeats below 150.
pub(super) fn ward_name(n: usize) -> String {
    let beginning = WARD_BEGINNINGS[n % WARD_BEGINNINGS.len()];
    // Stepping the endings by a further one each round keeps every pair different.
    let ending = WARD_ENDINGS[(n + n / WARD_BEGINNINGS.len()) % WARD_ENDINGS.len()];
    format!("{beginning}{ending}")
}

/// Streets that could be anywhere.
pub(super) const STREETS: [&str; 44] = [
    "High Street",
    "Station Road",
    "Church Lane",
    "Mill Lane",
    "North Street",
    "South Street",
    "East Street",
    "West Street",
    "Green Lane",
    "School Lane",
    "New Road",
    "Park Road",
    "Park Avenue",
    "The Crescent",
    "Orchard Close",
    "Meadow Way",
    "Chapel Street",
    "Bridge Street",
    "Market Street",
    "Mount Pleasant",
    "Chestnut Close",
    "Beech Drive",
    "Elm Grove",
    "Oak Way",
    "Willow Walk",
    "Hawthorn Road",
    "Lark Rise",
    "Heron Close",
    "Plover Drive",
    "Kiln Lane",
    "Quarry Road",
    "Wharf Road",
    "Rope Walk",
    "Tollgate",
    "Windmill Hill",
    "Spring Gardens",
    "The Paddock",
    "Cherry Tree Lane",
    "Long Acre",
    "Back Lane",
    "Hillside",
    "Valley Road",
    "Coppice Way",
    "Priory Close",
];

/// Places that the police files name by their kind and not by their name: `(kind, weight in a
/// town centre, weight elsewhere)`.
pub(super) const VENUES: [(&str, f64, f64); 11] = [
    ("Supermarket", 3.0, 1.5),
    ("Shopping Area", 3.0, 0.3),
    ("Parking Area", 2.0, 1.0),
    ("Nightclub", 2.5, 0.0),
    ("Petrol Station", 0.5, 0.8),
    ("Sports/Recreation Area", 0.5, 1.0),
    ("Park/Open Space", 0.8, 0.8),
    ("Bus/Coach Station", 1.0, 0.1),
    ("Theatre/Concert Hall", 0.8, 0.0),
    ("Hospital", 0.3, 0.1),
    ("Further/Higher Educational Building", 0.6, 0.1),
];
