//! What storage answers in XML, as a small tree. No entity is expanded but XML's own five.

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;

/// How deep an answer may be nested; none that storage gives has more than five.
const DEEPEST: usize = 16;

/// One element.
#[derive(Debug, Default)]
pub struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

impl Element {
    /// Reads an answer; none where it is not XML.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::from_str(std::str::from_utf8(bytes).ok()?);
        // The first is what holds the root.
        let mut open = vec![Element::default()];
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) if open.len() <= DEEPEST => open.push(Element { name: name(start.local_name().as_ref()), ..Self::default() }),
                Event::Start(_) => return None,
                Event::Empty(empty) => {
                    let empty = Element { name: name(empty.local_name().as_ref()), ..Self::default() };
                    open.last_mut()?.children.push(empty);
                }
                Event::End(_) => {
                    let done = open.pop()?;
                    open.last_mut()?.children.push(done);
                }
                Event::Text(text) => open.last_mut()?.text.push_str(&text.xml10_content()),
                Event::CData(text) => open.last_mut()?.text.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let text = &mut open.last_mut()?.text;
                    match reference.resolve_char_ref().ok()? {
                        Some(letter) => text.push(letter),
                        None => text.push_str(resolve_xml_entity(&reference)?),
                    }
                }
                Event::Eof => break,
                Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_) => {}
            }
        }
        let mut all = open.pop()?;
        if open.is_empty() && all.children.len() == 1 { all.children.pop() } else { None }
    }

    /// Whether it has this name.
    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// Every child of a name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of a name; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.all(name).next().map_or("", |child| child.text.trim())
    }
}

fn name(name: &str) -> String {
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_with_its_names_and_entities() {
        let list = Element::read(
            b"<?xml version=\"1.0\"?>\n<L xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><T> a&amp;b&#43; </T><C><K>1</K></C><C><K><![CDATA[2]]></K></C><E/></L>",
        )
        .unwrap();
        assert!(list.is("L"));
        assert_eq!(list.text("T"), "a&b+");
        assert_eq!(list.all("C").map(|it| it.text("K")).collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!((list.text("E"), list.text("none")), ("", ""));
    }

    #[test]
    fn what_is_no_answer_is_refused_and_not_expanded() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\">]><a>&b;</a>";
        let deep = "<a>".repeat(100);
        for bytes in [&b""[..], b"503", b"<a>", b"<a></b>", b"<a/><b/>", b"\xff<a/>", bomb.as_bytes(), deep.as_bytes()] {
            assert!(Element::read(bytes).is_none(), "{}", String::from_utf8_lossy(bytes));
        }
    }

    /// What answers are made of, as a pattern.
    const PIECES: &str = "<a>|</a>|<b c='d'/>|&amp;|&#6;|&#x110000;|&x;|<!--|-->|<!\\[CDATA\\[|]]>|<\\?x|<!DOCTYPE|\\PC";

    proptest::proptest! {
        #[test]
        fn whatever_is_answered_is_read_or_refused(pieces in proptest::collection::vec(PIECES, 0..40)) {
            if let Some(all) = Element::read(pieces.concat().as_bytes()) {
                all.text("b");
            }
        }
    }
}
