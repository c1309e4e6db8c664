//! What lies beside what, and where it gathers: `contiguity`, `local_moran` and `getis_ord`.
//!
//! Input of the first: `x` and `y`, the lower-left corners of unit squares, as in the oracle; or `rings`, for each area a
//! list of rings of `[x, y]` corners, and `step` if wanted. Answer: `queen` and `rook`, for each area the places of its
//! neighbours from 0. Inputs of the other two: `value` and `neighbours`.

use headwater_statistics::neighbour::{self, LocalMoran, METRES_STEP, Moments, Neighbours, Outline};
use serde_json::{Map, Value, json};

use super::answer::{Answer, number};
use super::inputs::{Inputs, array, numbers, same_length};

/// The corners of one ring.
type Ring = Vec<[f64; 2]>;

/// One of the two sets of moments.
type Which = fn(&LocalMoran) -> &Moments;

/// One finding about an area.
type Finding<T> = (&'static str, fn(&T) -> Option<f64>);

/// Which areas touch, at a corner (queen) or along an edge (rook).
pub fn contiguity(inputs: &Inputs) -> Result<Answer, String> {
    let areas = areas(inputs)?;
    let step = inputs.number_or("step", METRES_STEP)?;
    let outlines: Vec<Outline> = areas.iter().map(|rings| Outline { rings: rings.iter().map(Vec::as_slice).collect() }).collect();
    let mut answer = Answer::default();
    for (key, found) in [("queen", neighbour::queen(&outlines, step)), ("rook", neighbour::rook(&outlines, step))] {
        let found = found.map_err(|fault| fault.to_string())?;
        let lists: Vec<Vec<u32>> = (0..found.areas()).map(|area| found.of(area).to_vec()).collect();
        answer.set(key, json!(lists));
    }
    Ok(answer)
}

/// The rings of each area.
fn areas(inputs: &Inputs) -> Result<Vec<Vec<Ring>>, String> {
    if let Some(list) = inputs.get("rings") {
        return array("rings", list)?.iter().map(rings_of).collect();
    }
    let (x, y) = (inputs.numbers("x")?, inputs.numbers("y")?);
    same_length(("x", x.len()), ("y", y.len()))?;
    let square = |x: f64, y: f64| vec![vec![[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0], [x, y]]];
    Ok(x.into_iter().zip(y).map(|(x, y)| square(x, y)).collect())
}

fn rings_of(area: &Value) -> Result<Vec<Ring>, String> {
    let corner = |pair: &Value| match numbers("rings", pair)?[..] {
        [x, y] => Ok([x, y]),
        _ => Err(format!("A corner in 'rings' must be two numbers; one is {pair}.")),
    };
    let ring = |ring: &Value| array("rings", ring)?.iter().map(corner).collect();
    array("rings", area)?.iter().map(ring).collect()
}

/// Whether each area is like or unlike its neighbours.
pub fn local_moran(inputs: &Inputs) -> Result<Answer, String> {
    let (values, neighbours) = map(inputs)?;
    let mut answer = Answer::default();
    let found = match neighbour::local_moran(&values, &neighbours) {
        Ok(found) => found,
        Err(refusal) => {
            for key in ["conditional", "total", "quadrant_mean"] {
                answer.set(key, Value::Null);
                answer.refuse(key, &refusal);
            }
            return Ok(answer);
        }
    };
    let moments: [(&str, Which); 2] = [("conditional", |area| &area.conditional), ("total", |area| &area.total)];
    for (key, of) in moments {
        let mut table = Map::new();
        let mut put = |key: &str, get: &dyn Fn(&LocalMoran) -> Option<f64>| {
            table.insert(key.into(), found.iter().map(|area| get(area).map_or(Value::Null, number)).collect());
        };
        put("Ii", &|area| Some(area.i));
        put("E", &|area| Some(of(area).expected));
        put("Var", &|area| Some(of(area).variance));
        put("Z", &|area| of(area).z);
        put("p", &|area| of(area).p);
        answer.set(key, table);
    }
    answer.set("quadrant_mean", found.iter().map(|area| area.quadrant.name()).collect::<Vec<_>>());
    note_islands(&mut answer, &neighbours);
    Ok(answer)
}

/// Hot and cold spots: Gi of each area's neighbours, and Gi* of the area with its neighbours.
pub fn getis_ord(inputs: &Inputs) -> Result<Answer, String> {
    let (values, neighbours) = map(inputs)?;
    let mut answer = Answer::default();
    for (key, found) in [("gi", neighbour::gi(&values, &neighbours)), ("gi_star", neighbour::gi_star(&values, &neighbours))] {
        let found = match found {
            Ok(found) => found,
            Err(refusal) => {
                answer.set(key, Value::Null);
                answer.refuse(key, &refusal);
                continue;
            }
        };
        let columns: [Finding<neighbour::GetisOrd>; 4] = [("share", |g| g.share), ("expected", |g| g.expected), ("Z", |g| g.z), ("p", |g| g.p)];
        let mut table = Map::new();
        for (name, get) in columns {
            let column = found.iter().map(|area| area.as_ref().and_then(get).map_or(Value::Null, number));
            table.insert(name.into(), column.collect());
        }
        answer.set(key, table);
    }
    note_islands(&mut answer, &neighbours);
    Ok(answer)
}

/// Values and who neighbours whom.
fn map(inputs: &Inputs) -> Result<(Vec<f64>, Neighbours), String> {
    let values = inputs.numbers("value")?;
    let lists = inputs.get("neighbours").ok_or("The input 'neighbours' is missing: a list of places for each area.")?;
    let mut places = Vec::new();
    for (area, list) in array("neighbours", lists)?.iter().enumerate() {
        let list: Option<Vec<usize>> =
            array("neighbours", list)?.iter().map(|place| place.as_u64().and_then(|place| usize::try_from(place).ok())).collect();
        places.push(list.ok_or_else(|| format!("List {} of 'neighbours' must hold whole numbers from 0.", area + 1))?);
    }
    same_length(("value", values.len()), ("neighbours", places.len()))?;
    let neighbours = Neighbours::from_lists(&places).map_err(|refusal| refusal.to_string())?;
    Ok((values, neighbours))
}

fn note_islands(answer: &mut Answer, neighbours: &Neighbours) {
    let islands = neighbours.islands().len();
    if islands > 0 {
        answer.note(format!("{islands} areas have no neighbours: they stay in the mean and get no p-value."));
    }
}
