//! The published values that concern an area: which file speaks, which areas lie in it, and England beside them.

use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use crate::place::{AreaCode, Kind as AreaKind};
use crate::source::Kind;
use crate::source::fingertips::Value as Published;
use std::collections::{BTreeMap, BTreeSet};

/// England's code.
pub(super) const ENGLAND: &str = "E92000001";

/// What an indicator is of: its number, sex and age.
pub(super) type Series<'a> = (u32, &'a str, &'a str);

/// The published values of the areas at hand and of England, one for each series, area and period.
pub(super) struct Shelf<'a> {
    pub values: BTreeMap<(Series<'a>, &'a str, u32), (&'a Published, usize)>,
    names: BTreeMap<u32, &'a str>,
    /// Areas of the scope that have values, the widest first, then by name.
    pub areas: Vec<&'a str>,
}

impl<'a> Shelf<'a> {
    pub fn of(setting: &Setting<'a>, scope: &Scope) -> Self {
        let nesting = &setting.evidence.nesting;
        let within: BTreeSet<AreaCode> =
            scope.lsoas.iter().filter_map(|lsoa| nesting.parent(setting.counted.lsoas[*lsoa], AreaKind::LocalAuthority)).collect();
        let is_within = |code: &str| code.parse().is_ok_and(|code| within.contains(&code));
        let rows = || setting.evidence.fingertips.iter().flat_map(|file| file.read.values.iter().map(move |value| (value, file.extract)));
        // A county is in the look-ups of no LSOA; the file says which districts it is the parent of.
        let mut children: BTreeMap<&str, (BTreeSet<&str>, bool)> = BTreeMap::new();
        for (value, _) in rows() {
            let county = children.entry(value.parent_code.as_str()).or_insert((BTreeSet::new(), true));
            county.0.insert(value.area_code.as_str());
            county.1 &= is_within(&value.area_code);
        }
        let is_county =
            |code: &str| code.starts_with("E10") && children.get(code).is_some_and(|(districts, all_within)| *all_within && districts.len() > 1);
        let mut values: BTreeMap<(Series<'a>, &'a str, u32), (&'a Published, usize)> = BTreeMap::new();
        let mut areas: BTreeMap<&str, (bool, &str)> = BTreeMap::new();
        for (value, extract) in rows().filter(|(value, _)| value.category.is_none()) {
            let code = value.area_code.as_str();
            if code != ENGLAND && !is_within(code) && !is_county(code) {
                continue;
            }
            if code != ENGLAND {
                areas.insert(code, (!is_county(code), value.area_name.as_str()));
            }
            // The file added last speaks; the same area under another type of area has the same value.
            let key = ((value.indicator, value.sex.as_str(), value.age.as_str()), code, value.period_order);
            values.insert(key, (value, extract));
        }
        let mut order: Vec<(&str, (bool, &str))> = areas.into_iter().collect();
        order.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.cmp(b.0)));
        let names = setting.evidence.fingertips.iter().flat_map(|file| file.read.indicators.iter().map(|(id, name)| (*id, name.as_str()))).collect();
        Self { values, names, areas: order.into_iter().map(|(code, _)| code).collect() }
    }

    /// What is published of the areas at hand, England's own figures not counted.
    pub fn series(&self) -> Vec<Series<'a>> {
        let known: BTreeSet<Series<'a>> = self.values.keys().filter(|(_, code, _)| *code != ENGLAND).map(|(series, ..)| *series).collect();
        known.into_iter().collect()
    }

    /// The periods of a series, oldest first, with their names for reading.
    pub fn periods(&self, series: Series<'a>) -> Vec<(u32, &'a str)> {
        let known: BTreeMap<u32, &str> = self
            .values
            .iter()
            .filter(|((s, code, _), _)| *s == series && *code != ENGLAND)
            .map(|((.., order), (v, _))| (*order, v.period.as_str()))
            .collect();
        known.into_iter().collect()
    }

    pub fn extracts(&self, of: &[Series<'a>]) -> BTreeSet<(usize, Kind)> {
        self.values.iter().filter(|((series, ..), _)| of.contains(series)).map(|(_, (_, extract))| (*extract, Kind::Fingertips)).collect()
    }

    pub fn name(&self, series: Series<'a>) -> String {
        self.names.get(&series.0).map_or_else(|| format!("Indicator {}", series.0), |name| (*name).to_owned())
    }

    /// The area's name as the files have it, or its code.
    pub fn area_name(&self, series: Series<'_>, code: &str) -> String {
        let of_area = self.values.iter().find(|((s, known, _), _)| *s == series && *known == code);
        of_area.map_or_else(|| code.to_owned(), |(_, (value, _))| value.area_name.clone())
    }
}
