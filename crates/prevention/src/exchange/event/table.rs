//! The table from which the types of all events, their names in the log, and their readers are made.

/// Kinds of events: the type of each, its name in the log, and what it says, in a sentence.
macro_rules! kinds {
    ($($(#[doc = $about:literal])* $kind:literal $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[doc = $about])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }

            impl $name {
                /// The kind, as the log names it.
                pub const KIND: &'static str = $kind;
                /// What happened, in a sentence.
                pub(super) const ABOUT: &'static str = concat!($($about),*);
            }

            impl From<$name> for Event {
                fn from(event: $name) -> Self {
                    Event::$name(event)
                }
            }
        )*
    };
}

/// All kinds together: those that stand here, and `also` those of other files.
macro_rules! events {
    ($($(#[doc = $about:literal])* $kind:literal $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })* $(also $other:ident)*) => {
        kinds! { $($(#[doc = $about])* $kind $name { $($(#[$field_doc])* $field: $type,)* })* }

        /// One thing that happened in the exchange.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Event {
            $($(#[doc = $about])* $name($name),)*
            $(#[doc = concat!("[`", stringify!($other), "`].")] $other($other),)*
        }

        impl Event {
            /// Every kind, as the log names it.
            pub const KINDS: &'static [&'static str] = &[$($kind,)* $($other::KIND,)*];

            /// The kind, as the log names it.
            pub fn kind(&self) -> &'static str {
                match self { $(Event::$name(_) => $kind,)* $(Event::$other(_) => $other::KIND,)* }
            }

            /// What happened when an event of this kind is in the log, in a sentence; none of a kind that is not the exchange's.
            pub fn about(kind: &str) -> Option<&'static str> {
                match kind {
                    $($kind => Some($name::ABOUT.trim_start()),)*
                    $($other::KIND => Some($other::ABOUT.trim_start()),)*
                    _ => None,
                }
            }

            /// The body, as the log keeps it.
            pub fn body(&self) -> String {
                let body = match self {
                    $(Event::$name(event) => serde_json::to_string(event),)*
                    $(Event::$other(event) => serde_json::to_string(event),)*
                };
                body.expect("every event is made of names, numbers and text, which JSON can hold")
            }

            /// Reads an event from its kind and body.
            pub fn read(kind: &str, body: &str) -> Result<Event, UnreadableEvent> {
                match kind {
                    $($kind => serde_json::from_str::<$name>(body)
                        .map(Event::$name)
                        .map_err(|error| UnreadableEvent::WrongBody { kind: $kind, why: error.to_string() }),)*
                    $($other::KIND => serde_json::from_str::<$other>(body)
                        .map(Event::$other)
                        .map_err(|error| UnreadableEvent::WrongBody { kind: $other::KIND, why: error.to_string() }),)*
                    _ => Err(UnreadableEvent::UnknownKind(kind.chars().take(60).collect())),
                }
            }
        }
    };
}
