//! The table from which the types of all events, their names in the log, and their readers are made.

macro_rules! events {
    ($($(#[doc = $about:literal])* $kind:literal $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[doc = $about])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }

            impl From<$name> for Event {
                fn from(event: $name) -> Self {
                    Event::$name(event)
                }
            }
        )*

        /// One thing that happened in the exchange.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Event { $($(#[doc = $about])* $name($name),)* }

        impl Event {
            /// Every kind, as the log names it.
            pub const KINDS: &'static [&'static str] = &[$($kind,)*];

            /// The kind, as the log names it.
            pub fn kind(&self) -> &'static str {
                match self { $(Event::$name(_) => $kind,)* }
            }

            /// What happened when an event of this kind is in the log, in a sentence; none of a kind that is not the exchange's.
            pub fn about(kind: &str) -> Option<&'static str> {
                match kind {
                    $($kind => Some(concat!($($about),*).trim_start()),)*
                    _ => None,
                }
            }

            /// The body, as the log keeps it.
            pub fn body(&self) -> String {
                let body = match self { $(Event::$name(event) => serde_json::to_string(event),)* };
                body.expect("every event is made of names, numbers and text, which JSON can hold")
            }

            /// Reads an event from its kind and body.
            pub fn read(kind: &str, body: &str) -> Result<Event, UnreadableEvent> {
                match kind {
                    $($kind => serde_json::from_str::<$name>(body)
                        .map(Event::$name)
                        .map_err(|error| UnreadableEvent::WrongBody { kind: $kind, why: error.to_string() }),)*
                    _ => Err(UnreadableEvent::UnknownKind(kind.chars().take(60).collect())),
                }
            }
        }
    };
}
