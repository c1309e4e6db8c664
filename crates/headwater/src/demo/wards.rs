//! Wards: cells gathered in fours that hang together.

use std::collections::BTreeSet;

use super::county::{NEIGHBOURHOODS, Ward};
use super::mesh::Mesh;
use super::names;

/// Gathers cells into wards of about four that hang together: the named ones first, then the rest
/// of each district from its edge inwards.
pub(super) fn draw(mesh: &Mesh, district_of: &[usize]) -> (Vec<Ward>, Vec<usize>) {
    const CELLS_PER_WARD: usize = 4;
    let mut free: BTreeSet<usize> = (0..mesh.n_cells).collect();
    let mut groups: Vec<(usize, Vec<usize>, Option<&str>)> = Vec::new();
    for place in &NEIGHBOURHOODS {
        let mut by_distance: Vec<usize> = free.iter().copied().filter(|&cell| district_of[cell] == place.district).collect();
        by_distance.sort_by(|&a, &b| {
            let km = |cell: usize| mesh.seeds[cell].distance_km(place.at);
            km(a).total_cmp(&km(b))
        });
        by_distance.truncate(CELLS_PER_WARD);
        by_distance.iter().for_each(|cell| {
            free.remove(cell);
        });
        groups.push((place.district, by_distance, Some(place.name)));
    }
    let free_beside = |free: &BTreeSet<usize>, cell: usize| -> Vec<usize> {
        mesh.neighbours(cell).filter(|other| free.contains(other) && district_of[*other] == district_of[cell]).collect()
    };
    // Start where there is least room, so that no cell is left alone.
    while let Some(start) = free.iter().copied().min_by_key(|&cell| (district_of[cell], free_beside(&free, cell).len(), cell)) {
        let mut group = vec![start];
        free.remove(&start);
        while group.len() < CELLS_PER_WARD {
            let next = group.iter().flat_map(|&cell| free_beside(&free, cell)).min_by_key(|&cell| (free_beside(&free, cell).len(), cell));
            let Some(next) = next else { break };
            free.remove(&next);
            group.push(next);
        }
        groups.push((district_of[start], group, None));
    }
    // A ward of one or two cells joins the smallest unnamed ward beside it.
    let mut small: Vec<usize> = (0..groups.len()).filter(|&g| groups[g].1.len() < 3).collect();
    while let Some(g) = small.pop() {
        let beside = groups
            .iter()
            .enumerate()
            .filter(|(other, group)| {
                *other != g
                    && group.0 == groups[g].0
                    && group.2.is_none()
                    && groups[g].1.iter().any(|&cell| mesh.neighbours(cell).any(|n| group.1.contains(&n)))
            })
            .min_by_key(|(other, group)| (group.1.len(), *other))
            .map(|(other, _)| other);
        if let Some(other) = beside {
            let cells = std::mem::take(&mut groups[g].1);
            groups[other].1.extend(cells);
            small.retain(|&s| s != other);
        }
    }
    groups.retain(|group| !group.1.is_empty());
    // Numbered from north to south within a district, as a map is read.
    groups.sort_by(|a, b| {
        let north = |cells: &[usize]| cells.iter().map(|&c| mesh.seeds[c].y).sum::<f64>() / cells.len() as f64;
        (a.0.cmp(&b.0)).then(north(&b.1).total_cmp(&north(&a.1)))
    });
    let mut wards: Vec<Ward> = Vec::new();
    let mut n_unnamed = 0;
    for (district, mut cells, name) in groups {
        cells.sort_unstable();
        let number = 1 + wards.iter().filter(|w| w.district == district).count();
        let name = name.map_or_else(
            || {
                n_unnamed += 1;
                names::ward_name(n_unnamed - 1)
            },
            str::to_owned,
        );
        wards.push(Ward { code: names::ward_code(wards.len() + 1), name, district, number, cells });
    }
    let neighbourhoods = NEIGHBOURHOODS.iter().filter_map(|place| wards.iter().position(|ward| ward.name == place.name)).collect();
    (wards, neighbourhoods)
}
