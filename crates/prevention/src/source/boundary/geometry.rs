//! GeoJSON as it streams in: features with their properties as text and their outlines as numbers, nothing else kept.

use super::super::Unreadable;
use super::{MOST_FEATURES, MOST_POSITIONS};
use crate::place::shape::{Polygon, Position, Ring};
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::cell::Cell;
use std::fmt;

/// A feature collection as it stands in the file.
pub(super) struct Document {
    /// The name of the coordinate system, where the file gives one (older files do).
    pub(super) crs: Option<String>,
    pub(super) features: Vec<Feature>,
}

/// One feature.
#[derive(Default)]
pub(super) struct Feature {
    /// Properties whose value is text, in order.
    pub(super) properties: Vec<(String, String)>,
    pub(super) geometry: Geometry,
}

/// The geometry of a feature.
#[derive(Default)]
pub(super) enum Geometry {
    #[default]
    None,
    /// Polygons, one or many.
    Areas(Vec<Polygon>),
    /// Points, lines or a collection.
    Other,
}

impl Document {
    pub(super) fn parse(text: &str) -> Result<Self, Unreadable> {
        let text = text.trim_start_matches('\u{feff}');
        let left = Cell::new(MOST_POSITIONS);
        let mut reader = serde_json::Deserializer::from_str(text);
        let parsed = Collection { left: &left }.deserialize(&mut reader).and_then(|document| reader.end().map(|()| document));
        let not_a_collection = || {
            Unreadable::new(
                "the file is JSON but not a GeoJSON FeatureCollection",
                "export the boundaries as GeoJSON; TopoJSON and single features are not read",
            )
        };
        match parsed {
            Ok(Some(document)) => Ok(document),
            Ok(None) => Err(not_a_collection()),
            Err(error) if error.is_data() && !error.to_string().starts_with("invalid type") => {
                Err(Unreadable::new(format!("the GeoJSON cannot be read: {error}"), "export the boundaries again as GeoJSON"))
            }
            Err(error) if error.is_data() => {
                Err(Unreadable::new(format!("the file is JSON but not a GeoJSON FeatureCollection: {error}"), not_a_collection().remedy))
            }
            Err(error) => Err(Unreadable::new(
                format!("the file is not JSON as far as it goes: {error}"),
                "it may have been cut off while downloading: download it again",
            )),
        }
    }
}

/// The whole file; `None` when it is an object of another type.
struct Collection<'a> {
    left: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Collection<'_> {
    type Value = Option<Document>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Collection<'_> {
    type Value = Option<Document>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut kind, mut crs, mut features) = (String::new(), None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "type" => kind = map.next_value::<Text>()?.0.unwrap_or_default(),
                "crs" => crs = map.next_value::<Crs>()?.0,
                "features" => features = Some(map.next_value_seed(Features { left: self.left })?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(features.filter(|_| kind == "FeatureCollection").map(|features| Document { crs, features }))
    }
}

struct Features<'a> {
    left: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Features<'_> {
    type Value = Vec<Feature>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_> {
    type Value = Vec<Feature>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut features = Vec::new();
        while let Some(feature) = seq.next_element_seed(OneFeature { left: self.left })? {
            if features.len() == MOST_FEATURES {
                return Err(A::Error::custom(format!("it has more than {MOST_FEATURES} features")));
            }
            features.push(feature);
        }
        Ok(features)
    }
}

struct OneFeature<'a> {
    left: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for OneFeature<'_> {
    type Value = Feature;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneFeature<'_> {
    type Value = Feature;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a feature")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut feature = Feature::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "properties" => feature.properties = map.next_value::<Option<Properties>>()?.map(|p| p.0).unwrap_or_default(),
                "geometry" => feature.geometry = map.next_value_seed(OneGeometry { left: self.left })?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(feature)
    }
}

/// The properties whose value is text.
struct Properties(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Properties;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("properties")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut properties = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    if let Text(Some(value)) = map.next_value()? {
                        properties.push((key, value));
                    }
                }
                Ok(Properties(properties))
            }
        }
        deserializer.deserialize_map(Each)
    }
}

/// Text, or nothing for a value of any other type.
struct Text(Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
                Ok(Text(Some(text.to_owned())))
            }

            fn visit_unit<E: Error>(self) -> Result<Text, E> {
                Ok(Text(None))
            }

            fn visit_bool<E: Error>(self, _: bool) -> Result<Text, E> {
                Ok(Text(None))
            }

            fn visit_i64<E: Error>(self, _: i64) -> Result<Text, E> {
                Ok(Text(None))
            }

            fn visit_u64<E: Error>(self, _: u64) -> Result<Text, E> {
                Ok(Text(None))
            }

            fn visit_f64<E: Error>(self, _: f64) -> Result<Text, E> {
                Ok(Text(None))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Text, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Text(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Text(None))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// The name of a coordinate system: `{"type": "name", "properties": {"name": …}}`.
struct Crs(Option<String>);

impl<'de> Deserialize<'de> for Crs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Named {
            properties: Option<Properties>,
        }
        let named = Option::<Named>::deserialize(deserializer)?;
        let properties = named.and_then(|n| n.properties).map(|p| p.0).unwrap_or_default();
        Ok(Self(properties.into_iter().find(|(key, _)| key == "name").map(|(_, value)| value)))
    }
}

struct OneGeometry<'a> {
    left: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for OneGeometry<'_> {
    type Value = Geometry;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for OneGeometry<'_> {
    type Value = Geometry;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a geometry")
    }

    fn visit_unit<E: Error>(self) -> Result<Geometry, E> {
        Ok(Geometry::None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Geometry, A::Error> {
        let (mut kind, mut nested) = (String::new(), None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "type" => kind = map.next_value::<Text>()?.0.unwrap_or_default(),
                // The type may come after the coordinates: they are read as nested lists of any depth up to four.
                "coordinates" => nested = Some(map.next_value_seed(Nested { depth: 4, left: self.left })?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let wrong = || A::Error::custom(format!("the coordinates of a {kind} are not nested as that type needs"));
        match (kind.as_str(), nested) {
            ("Polygon", Some(Node::List(rings))) => Ok(Geometry::Areas(vec![polygon(rings).ok_or_else(wrong)?])),
            ("MultiPolygon", Some(Node::List(parts))) => {
                let polygons = parts.into_iter().map(|part| if let Node::List(rings) = part { polygon(rings) } else { None });
                Ok(Geometry::Areas(polygons.collect::<Option<_>>().ok_or_else(wrong)?))
            }
            ("Polygon" | "MultiPolygon", None) => Ok(Geometry::None),
            ("Polygon" | "MultiPolygon", Some(_)) => Err(wrong()),
            _ => Ok(Geometry::Other),
        }
    }
}

fn polygon(rings: Vec<Node>) -> Option<Polygon> {
    rings
        .into_iter()
        .map(|ring| match ring {
            Node::List(positions) => {
                positions.into_iter().map(|node| if let Node::Position(p) = node { Some(p) } else { None }).collect::<Option<Ring>>()
            }
            _ => None,
        })
        .collect()
}

/// Coordinates of any nesting.
enum Node {
    Number(f64),
    Position(Position),
    List(Vec<Node>),
}

#[derive(Clone, Copy)]
struct Nested<'a> {
    depth: u8,
    left: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Nested<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("coordinates")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Node, E> {
        Ok(Node::Number(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Number(number as f64))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Number(number as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        if self.depth == 0 {
            return Err(A::Error::custom("coordinates are nested more than four deep"));
        }
        let inner = Nested { depth: self.depth - 1, left: self.left };
        let Some(first) = seq.next_element_seed(inner)? else {
            return Ok(Node::List(Vec::new()));
        };
        if let Node::Number(x) = first {
            let Some(y) = seq.next_element::<f64>()? else {
                return Err(A::Error::custom("a position has one number instead of two"));
            };
            // A third number is a height.
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            let left = self.left.get().checked_sub(1).ok_or_else(|| A::Error::custom(format!("it has more than {MOST_POSITIONS} positions")))?;
            self.left.set(left);
            return Ok(Node::Position([x, y]));
        }
        let mut list = vec![first];
        while let Some(next) = seq.next_element_seed(inner)? {
            list.push(next);
        }
        Ok(Node::List(list))
    }
}
